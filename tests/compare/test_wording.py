import json
from collections.abc import Callable
from pathlib import Path

import pytest

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare.paired_pass import compare_on
from alexnet_viz.compare.unlabelled import compare_pictures
from alexnet_viz.compare.wording import photo_words, rates_words, same_words, verdict
from tests.compare.conftest import CLASSES, random_pictures
from tests.compare.test_unlabelled import photos

CASES = json.loads((Path(__file__).parents[1] / "cases" / "comparison_words.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "words"), [("photo", photo_words), ("rates", rates_words), ("same", same_words)])
def test_the_page_says_it_in_the_same_words(name: str, words: Callable[..., str]) -> None:
    assert [words(*given) for *given, _ in CASES[name]] == [said for *_, said in CASES[name]]


def test_one_picture_is_said_in_the_singular() -> None:
    assert same_words(1, 1) == "On 1 picture A and B give the same answer on every one."
    assert rates_words(1, 0, 1, 0).startswith("On 1 picture B is right 100 % of the time and A 0 %;")


def test_a_network_against_itself_in_words(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    sentence = verdict([compare_on(tiny_checkpoint(), tiny_checkpoint(), random_pictures(8), CLASSES)])
    assert sentence.startswith("On 8 pictures A and B are right equally often,")
    assert sentence.endswith(
        "they give the same answer on every one. Every stage is the same up to rotation and scale (CKA 1.00)."
    )
    assert verdict([]) == ""


def test_what_cannot_be_compared_is_said(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    found = compare_on(tiny_checkpoint(), tiny_checkpoint(), random_pictures(8), ("owl", "fox", "elk"))
    assert verdict([found]).startswith(
        "On 8 pictures A and B give the same answer on every one. These pictures show owl, fox, elk; A and B know"
    )
    assert "or checkpoints trained on these classes. Every stage" in verdict([found])


def test_one_picture_is_told_by_its_answers(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    first, second = tiny_checkpoint(0), tiny_checkpoint(0)
    second.classes = ("x", "y", "z")
    found = compare_pictures(first, first, photos(1))
    answer = found.first.top[0][0][0]
    assert verdict([found]).startswith(f"On this photo A and B both say {answer}.")
    other = "xyz"[first.classes.index(answer)]
    sentence = verdict([compare_pictures(first, second, photos(1))])
    assert sentence.startswith(
        f"On this photo A says {answer} and B says {other}. A and B have 3 classes each, but not"
    )


def test_the_photo_and_the_test_set_both_have_their_say(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    first, second = tiny_checkpoint(0), tiny_checkpoint(1)
    on_photo = compare_pictures(first, second, photos(1))
    on_set = compare_on(first, second, random_pictures(8), CLASSES)
    sentence = verdict([on_photo, on_set])
    assert sentence.startswith("On this photo A")
    assert " On 8 pictures " in sentence
    assert sentence.count("most alike at") == 1


def test_a_network_of_no_numbers_gets_no_verdict(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    first, second = tiny_checkpoint(0), tiny_checkpoint(1)
    second.model.classification_layer.bias.fill_(float("nan"))
    sentence = verdict([compare_on(first, second, random_pictures(8), CLASSES)])
    assert sentence.startswith("On 8 pictures B gives no answer")
    assert "right" not in sentence
    assert "chance" not in sentence
    sentence = verdict([compare_pictures(first, first, photos(4)), compare_pictures(second, second, photos(4))])
    missing = "no answer for 4 of 4: its outputs are not numbers."
    assert f"same answer on none. A gives {missing} B gives {missing} Every stage that can be compared is" in sentence
