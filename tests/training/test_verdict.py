import math
from dataclasses import replace

import pytest
import torch

from alexnet_viz.errors import TrainingError
from alexnet_viz.training.chance import Chance, chance_of
from alexnet_viz.training.recipe import Recipe
from alexnet_viz.training.verdict import check_epoch, check_step, verdict

TEN = Chance(0.1, math.log(10))


def test_guessing_scores_the_largest_class_and_the_entropy() -> None:
    # Nine of ten pictures are of class 0: 0.9, and -0.9 ln 0.9 - 0.1 ln 0.1 = 0.0948 + 0.2303 = 0.3251.
    chance = chance_of(torch.tensor([0] * 9 + [1]), 2)
    assert (chance.accuracy, chance.loss) == (pytest.approx(0.9), pytest.approx(0.3251, abs=1e-4))
    assert chance_of(torch.arange(10), 10) == Chance(pytest.approx(0.1), pytest.approx(math.log(10)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rate", "optimiser", "wanted"),
    [(10.0, "sgd", "0.03"), (1e6, "adam", "0.001"), (0.03, "sgd", "0.01"), (0.001, "adam", "0.0003")],
)
def test_a_lower_rate_is_one_that_can_work(rate: float, optimiser: str, wanted: str) -> None:
    recipe = replace(Recipe(), learning_rate=min(rate, 10.0), optimiser=optimiser)
    with pytest.raises(TrainingError, match=rf"is too high for this network; try {wanted}$"):
        check_step(math.nan, 4, 10, recipe)


def test_a_validation_that_is_no_number_ends_the_run() -> None:
    with pytest.raises(TrainingError, match="no number for the held-out images"):
        check_epoch(100, 2.0, math.nan, TEN, Recipe())
    check_epoch(100, 2.0, 21158.0, TEN, Recipe())  # it may come back; what is said at the end is the verdict


def test_an_absurd_validation_is_told_at_the_end() -> None:
    words = verdict(0.3, 21158.0, 1000, TEN, 10, Recipe())
    assert words.startswith("its answers are of no use: the validation loss is 21,158, guessing has 2.30")


@pytest.mark.parametrize(
    ("accuracy", "loss", "is_said"),
    [
        (0.11, 2.303, True),  # of 400 pictures 0.1 ± 0.015 by luck
        (0.14, 2.303, False),
        (0.10, 2.1, False),  # wrong yet, but nearer
    ],
)
def test_a_training_that_ends_at_chance_has_a_verdict(accuracy: float, loss: float, is_said: bool) -> None:
    words = verdict(accuracy, loss, 400, TEN, 10, Recipe())
    assert bool(words) == is_said
    if is_said:
        assert "11 % of the held-out images are right, 10 % would be by guessing" in words


def test_ninety_percent_of_nine_to_one_is_chance() -> None:
    chance = Chance(0.9, 0.3251)
    assert "has not learnt to tell the classes apart" in verdict(0.9, 0.33, 100, chance, 2, Recipe())
