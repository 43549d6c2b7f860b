from collections.abc import Callable

import pytest

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare.paired_pass import compare_on
from alexnet_viz.compare.unlabelled import compare_pictures
from alexnet_viz.compare.wording import count, fixed, number, p_value, percent, verdict
from tests.compare.conftest import CLASSES, random_pictures
from tests.compare.test_unlabelled import photos


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        (5.523, "5.52"), (0.34519, "0.345"), (12.51, "12.5"), (123.4, "123"), (58322.6, "58\u202f323"), (0.0, "0"),
        (-0.25, "−0.250"), (0.0004, "< 0.001"), (-0.0004, "> −0.001"), (None, "–"), (float("nan"), "–"),
        (float("-inf"), "−∞"),
    ],
)  # fmt: skip
def test_three_significant_figures(value: float | None, spelled: str) -> None:
    assert number(value) == spelled


def test_shares_counts_and_fixed_decimals() -> None:
    assert [percent(value) for value in (0.4, 0.087, 0.0996, 0.0, 1.0, None)] == [
        "40 %",
        "8.7 %",
        "10 %",
        "0 %",
        "100 %",
        "–",
    ]
    assert [fixed(value) for value in (0.926, -0.021, None)] == ["0.93", "−0.02", "–"]
    assert count(10_000) == "10\u202f000"
    assert [p_value(value) for value in (0.0312, 1.0, 1e-9)] == ["p = 0.031", "p = 1", "p < 0.001"]


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
