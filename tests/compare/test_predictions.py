from collections.abc import Callable

import pytest
import torch

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare.predictions import (
    Agreement,
    Answers,
    AnswersAccumulator,
    Calibration,
    Interval,
    McNemar,
    why_not_comparable,
)
from alexnet_viz.compare.wording import of_no_answer
from alexnet_viz.errors import ComparisonError
from tests.compare.conftest import CLASSES


def test_wilsons_interval_of_eight_in_ten() -> None:
    # Centre (0.8 + z²/20) / (1 + z²/10), half width z / (1 + z²/10) sqrt(0.016 + z²/400), with z = 1.959964.
    share = Interval.of(8, 10)
    assert share.value == 0.8
    assert (share.low, share.high) == (pytest.approx(0.49016, abs=1e-5), pytest.approx(0.94331, abs=1e-5))


@pytest.mark.parametrize(("right", "low", "high"), [(0, 0.0, 3.8415 / 13.8415), (10, 10 / 13.8415, 1.0)])
def test_an_interval_at_the_end_has_a_width(right: int, low: float, high: float) -> None:
    share = Interval.of(right, 10)  # z² / (n + z²) from the end
    assert (share.low, share.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_mcnemar_is_a_fair_coin() -> None:
    first = torch.tensor([True] * 1 + [False] * 5 + [True] * 3 + [False] * 2)
    second = torch.tensor([False] * 1 + [True] * 5 + [True] * 3 + [False] * 2)
    found = McNemar.of(first, second)
    assert (found.only_first, found.only_second, found.both_right, found.both_wrong) == (1, 5, 3, 2)
    assert found.p_value == pytest.approx(2 * (1 + 6) / 64)  # at most one head in six throws, or at most one tail
    assert McNemar.of(first, first).p_value == 1.0


def test_calibration_on_paper() -> None:
    # Bins are fifteenths: 0.2 is the upper end of bin 2, 0.99 and 1.0 are in the last. Of the four answers the two
    # last-bin ones have confidence 0.995 and accuracy 0.5; 0.2 is right, 0.3 wrong.
    probabilities = torch.tensor([0.2, 0.3, 0.99, 1.0], dtype=torch.float64)
    found = Calibration.of(probabilities, torch.tensor([True, False, True, False]))
    assert [number for number, each in enumerate(found.bins) if each.count] == [2, 4, 14]
    assert found.bins[2].accuracy == 1
    assert (found.bins[14].count, found.bins[14].accuracy) == (2, 0.5)
    assert found.bins[14].confidence == pytest.approx(0.995)
    assert (found.bins[0].confidence, found.bins[0].low, found.bins[14].high) == (None, 0, 1)
    assert found.expected_error == pytest.approx((1 * 0.8 + 1 * 0.3 + 2 * 0.495) / 4)


def answers_of(
    make: Callable[..., Checkpoint], first: list[list[float]], second: list[list[float]], labels: list[int]
) -> Answers:
    """Return the answers for probabilities, given in two batches."""
    sums = AnswersAccumulator(make(name="a"), make(name="b"), CLASSES)
    half = len(labels) // 2
    for part in (slice(0, half), slice(half, None)):
        sums.add(torch.tensor(first[part]).log(), torch.tensor(second[part]).log(), torch.tensor(labels[part]))
    return sums.answers()


FIRST = [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6], [0.5, 0.3, 0.2]]
SECOND = [[0.7, 0.2, 0.1], [0.7, 0.2, 0.1], [0.9, 0.05, 0.05], [0.2, 0.5, 0.3]]


def test_everything_about_four_pictures(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    found = answers_of(tiny_checkpoint, FIRST, SECOND, [0, 1, 0, 2])  # A: 0 1 2 0, B: 0 0 0 1
    assert found.first.evaluation.confusion == ((1, 0, 1), (0, 1, 0), (1, 0, 0))
    assert found.second.evaluation.confusion == ((2, 0, 0), (1, 0, 0), (0, 1, 0))
    assert found.confusion_difference() == [[1, 0, -1], [1, -1, 0], [-1, 1, 0]]
    assert (found.count, found.first.accuracy.value, found.second.accuracy.value) == (4, 0.5, 0.5)
    assert found.agreement == 0.25
    assert (found.mcnemar.only_first, found.mcnemar.only_second) == (1, 1)
    assert found.per_class() == [
        {"class": "ant", "count": 2, "a": 0.5, "b": 1.0, "difference": 0.5},
        {"class": "bee", "count": 1, "a": 1.0, "b": 0.0, "difference": -1.0},
        {"class": "cat", "count": 1, "a": 0.0, "b": 0.0, "difference": 0.0},
    ]
    # The smaller probabilities are 0.7 (picture 1), 0.6 (picture 2), 0.5 (picture 3).
    assert [each.index for each in found.disagreements] == [1, 2, 3]
    second = found.disagreements[1]
    assert (second.label, second.first, second.second) == (0, 2, 0)
    assert (second.first_probability, second.second_probability) == (pytest.approx(0.6), pytest.approx(0.9))


def test_the_record_names_classes(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    record = answers_of(tiny_checkpoint, FIRST, SECOND, [0, 1, 0, 2]).to_record()
    assert set(record) == {
        "n", "classes", "agreement", "chance", "mcnemar", "per_class", "confusion_difference", "disagreements",
        "a", "b",
    }  # fmt: skip
    assert record["chance"] == 0.5  # two of the four pictures show the most frequent class
    first = record["disagreements"][0]  # type: ignore[index]
    assert (first["index"], first["label"], first["a"], first["b"]) == (1, "bee", "bee", "ant")
    keys = {"accuracy", "interval", "no_answer", "loss", "confusion", "ece", "calibration"}
    assert set(record["a"]) == keys  # type: ignore[call-overload]


def test_a_class_without_pictures_has_no_difference(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    found = answers_of(tiny_checkpoint, FIRST[:2], SECOND[:2], [0, 1])
    assert found.per_class()[2] == {"class": "cat", "count": 0, "a": None, "b": None, "difference": None}


def test_logits_of_other_orders_are_aligned(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    first, second = tiny_checkpoint(name="a"), tiny_checkpoint(name="b")
    second.classes = ("cat", "ant", "bee")
    sums = AnswersAccumulator(first, second, ("bee", "cat", "ant"))
    sums.add(torch.tensor([[9.0, 0, 0], [0, 9, 0]]), torch.tensor([[0.0, 9, 0], [9, 0, 0]]), torch.tensor([2, 0]))
    found = sums.answers()  # A: ant, bee; B: ant, cat; true: ant, bee
    assert (found.first.accuracy.value, found.second.accuracy.value, found.agreement) == (1.0, 0.5, 0.5)
    [disagreement] = found.disagreements
    assert (disagreement.index, disagreement.first, disagreement.second) == (1, 0, 1)
    agreement = Agreement(first.classes, second.classes)
    agreement.add(torch.tensor([[9.0, 0, 0], [0, 9, 0]]), torch.tensor([[0.0, 9, 0], [9, 0, 0]]))
    assert agreement.share == 0.5
    alike = Agreement(("ant", "bee", "bee"), ("bee", "bee", "ant"))  # each of two that are called alike is its own
    alike.add(torch.eye(3), torch.eye(3)[:, [1, 2, 0]])
    assert alike.share == 1
    assert "B does not know 'bee'" in why_not_comparable(("ant", "bee", "bee"), ("ant", "ant", "bee"))


def test_outputs_that_are_no_numbers_are_no_answers(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    nan = [float("nan")] * 3
    found = answers_of(tiny_checkpoint, FIRST, [nan] * 4, [0, 0, 0, 0])  # A says 0, 1, 2, 0; argmax of NaN is 0
    assert (found.agreement, found.disagreements) == (0.0, ())
    assert (found.mcnemar.only_first, found.mcnemar.only_second, found.mcnemar.p_value) == (2, 0, None)
    assert found.second.accuracy == Interval(0.0, None, None)
    record = found.second.to_record()
    assert (record["accuracy"], record["interval"], record["no_answer"]) == (0.0, None, 4)
    assert all(each.count == 0 for each in found.second.calibration.bins)
    assert of_no_answer(found) == "B gives no answer for 4 of 4: its outputs are not numbers."


def test_one_picture_without_an_answer_is_not_right(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    nan = [float("nan")] * 3
    found = answers_of(tiny_checkpoint, FIRST, [nan, *FIRST[1:]], [0, 1, 2, 0])  # A is always right
    assert (found.agreement, found.second.accuracy.value) == (0.75, 0.75)
    assert (found.mcnemar.only_first, found.mcnemar.p_value) == (1, 1.0)
    assert found.second.accuracy.low is not None
    other = answers_of(tiny_checkpoint, [nan, *FIRST[1:]], FIRST, [0, 1, 2, 0])
    assert [row["count"] for each in (found, other) for row in each.per_class()] == [2, 1, 1] * 2
    agreement = Agreement(CLASSES, CLASSES)
    agreement.add(torch.tensor(FIRST), torch.tensor([nan, *FIRST[1:]]))
    assert agreement.share == 0.75


def test_different_classes_are_refused_in_words(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    ten = tuple("abcdefghij")
    assert why_not_comparable(ten, CLASSES) == (
        "A has 10 classes, B 3; their predictions cannot be put on one axis. Feature maps still can."
    )
    assert why_not_comparable(("cat",), CLASSES).startswith("A has 1 class, B 3; their")
    assert "B does not know 'cat'; their predictions cannot" in why_not_comparable(CLASSES, ("ant", "bee", "cow"))
    assert why_not_comparable(CLASSES, ("cat", "bee", "ant")) == ""
    other = tiny_checkpoint()
    other.classes = ("ant", "bee", "cow")
    with pytest.raises(ComparisonError, match="Feature maps still can"):
        AnswersAccumulator(tiny_checkpoint(), other, CLASSES)
    with pytest.raises(ComparisonError, match="or checkpoints trained on these classes"):
        AnswersAccumulator(tiny_checkpoint(), tiny_checkpoint(), ("ant", "owl"))


def test_no_picture_is_refused(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    with pytest.raises(ComparisonError, match="no picture to compare on"):
        AnswersAccumulator(tiny_checkpoint(), tiny_checkpoint(), CLASSES).answers()
