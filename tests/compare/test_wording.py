from collections.abc import Callable

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare.paired_pass import compare_on
from alexnet_viz.compare.unlabelled import compare_pictures
from alexnet_viz.compare.wording import verdict
from tests.compare.conftest import CLASSES, random_pictures
from tests.compare.test_unlabelled import photos


def test_a_network_against_itself_in_words(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    sentence = verdict(compare_on(tiny_checkpoint(), tiny_checkpoint(), random_pictures(8), CLASSES))
    assert sentence.startswith("On 8 pictures A and B are right equally often,")
    assert sentence.endswith(
        "they give the same answer every time. Every stage is the same up to rotation and scale (CKA 1.00)."
    )
    assert verdict() == ""


def test_what_cannot_be_compared_is_said(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    found = compare_on(tiny_checkpoint(), tiny_checkpoint(), random_pictures(8), ("owl", "fox", "elk"))
    assert "same answer every time. the data set has owl" not in verdict(found)
    assert "choose a checkpoint trained on these classes" in verdict(found)


def test_one_picture_is_told_by_its_answers(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    first, second = tiny_checkpoint(0), tiny_checkpoint(0)
    second.classes = ("x", "y", "z")
    found = compare_pictures(first, first, photos(1))
    answer = found.first.top[0][0][0]
    assert verdict(pictures=found).startswith(f"On this picture A and B both say {answer}.")
    other = "xyz"[first.classes.index(answer)]
    sentence = verdict(pictures=compare_pictures(first, second, photos(1)))
    assert sentence.startswith(
        f"On this picture A says {answer} and B says {other}. A and B have 3 classes each, but not"
    )
