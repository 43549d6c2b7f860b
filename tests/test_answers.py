"""What a network answers, and how sure it is said to be."""

import math

import pytest
import torch

from alexnet_viz.answers import places_of, probabilities
from alexnet_viz.number_words import percent


def test_beside_other_classes_none_is_certain() -> None:
    # e^-40 is 4e-18: a float32 rounds the rest to 1.
    shares = probabilities(torch.tensor([40.0, 0.0, 0.0]))
    assert 1 - 1e-7 < float(shares[0]) < 1
    assert percent(float(shares[0])) == "> 99.9 %"
    assert float(shares[1]) == pytest.approx(math.exp(-40), rel=1e-5)
    assert percent(float(shares[1])) == "< 0.1 %"


def test_others_are_the_softmax() -> None:
    rows = torch.tensor([[0.0, math.log(3.0)], [1.0, 1.0]])
    torch.testing.assert_close(probabilities(rows), torch.tensor([[0.25, 0.75], [0.5, 0.5]]))
    alone = probabilities(torch.tensor([[math.log(3)], [-math.log(3)], [0.0], [40.0]]))  # beside another that is 0
    torch.testing.assert_close(alone, torch.tensor([[0.75], [0.25], [0.5], [1.0]]))
    assert float(alone[3]) < 1
    assert probabilities(torch.tensor([math.inf])).isnan().all()
    assert probabilities(torch.tensor([math.nan, 1.0])).isnan().all()
    # Who has no answer is not sure of any.
    assert probabilities(torch.tensor([[-math.inf, 1.0], [math.inf, 1.0]])).isnan().all()


def test_classes_that_are_called_alike_have_each_their_own_place() -> None:
    assert places_of(["b", "a", "a"], ["a", "b", "a"]) == [1, 0, 2]
