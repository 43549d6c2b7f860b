import math
from collections.abc import Callable

import pytest
import torch

from alexnet_viz.answers import NO_ANSWER, answers
from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.errors import DatasetError
from alexnet_viz.images import InputRule
from alexnet_viz.model import AlexNet
from alexnet_viz.training.datasets.dataset import Split
from alexnet_viz.training.evaluation import Tally, evaluate

METADATA: dict[str, object] = {"input": InputRule().to_record(), "source": "", "epoch": 1}


def always(model: AlexNet, answer: int, logit: float) -> Checkpoint:
    """Return a checkpoint that gives one class a logit, the others 0, whatever it sees."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        model.classification_layer.bias[answer] = logit
    classes = ("ant", "bee", "cat")
    return Checkpoint("mine", model.eval(), classes, "seed", METADATA, torch.device("cpu"), None)


def pictures(*labels: int) -> Split:
    return Split.of_stored(torch.zeros((len(labels), 3, 8, 8), dtype=torch.uint8), torch.tensor(labels))


def test_scores_of_a_network_that_always_says_bee(tiny_network: Callable[..., AlexNet]) -> None:
    checkpoint = always(tiny_network(3), answer=1, logit=math.log(2))  # probabilities 1/4, 1/2, 1/4
    result = evaluate(checkpoint, pictures(0, 1, 1, 1, 0), ("ant", "bee", "cat"))
    assert result.confusion == ((0, 2, 0), (0, 3, 0), (0, 0, 0))
    assert (result.count, result.accuracy) == (5, 0.6)
    assert result.per_class() == {"ant": 0.0, "bee": 1.0, "cat": None}
    assert result.loss == pytest.approx((3 * math.log(2) + 2 * math.log(4)) / 5)
    assert set(result.to_record()) == {"n", "no_answer", "accuracy", "loss", "chance", "per_class", "confusion"}
    # Two ants and three bees: 3/5, and -(2/5 ln 2/5 + 3/5 ln 3/5) = 0.6730.
    assert (result.chance.accuracy, round(result.chance.loss, 4)) == (0.6, 0.6730)


def test_classes_in_another_order_are_the_same_classes(tiny_network: Callable[..., AlexNet]) -> None:
    checkpoint = always(tiny_network(3), answer=1, logit=1.0)
    assert evaluate(checkpoint, pictures(0, 0, 2), ("bee", "cat", "ant")).confusion == ((2, 0, 0), (0, 0, 0), (1, 0, 0))


def test_classes_that_the_checkpoint_does_not_know_are_named(tiny_network: Callable[..., AlexNet]) -> None:
    checkpoint = always(tiny_network(3), answer=1, logit=1.0)
    with pytest.raises(DatasetError, match="has owl, which the checkpoint mine does not know; it knows ant, bee, cat;"):
        evaluate(checkpoint, pictures(0), ("ant", "owl"))


def test_pictures_may_lack_classes_that_the_checkpoint_knows(tiny_network: Callable[..., AlexNet]) -> None:
    """They go by the classes' names, and an answer of a class that is not among them is wrong."""
    checkpoint = always(tiny_network(3), answer=1, logit=math.log(2))  # bee; probabilities 1/4, 1/2, 1/4
    result = evaluate(checkpoint, pictures(0, 0, 1), ("cat", "ant"))
    assert result.classes == ("cat", "ant", "bee")
    assert result.confusion == ((0, 0, 2), (0, 0, 1), (0, 0, 0))
    assert result.per_class() == {"cat": 0.0, "ant": 0.0, "bee": None}
    assert result.loss == pytest.approx(math.log(4))


def test_outputs_that_are_no_numbers_are_no_answer(tiny_network: Callable[..., AlexNet]) -> None:
    # argmax of NaN is 0: "ant" would be right for every ant.
    result = evaluate(always(tiny_network(3), answer=1, logit=math.nan), pictures(0, 0, 1), ("ant", "bee", "cat"))
    assert (result.count, result.no_answer_count, result.accuracy) == (3, 3, 0.0)
    assert result.confusion == ((0, 0, 0),) * 3
    assert result.per_class() == {"ant": 0.0, "bee": 0.0, "cat": None}
    assert math.isnan(result.loss)
    assert result.no_answer_words == "no answer for 3 of 3: its outputs are not numbers"


def test_pictures_without_an_answer_count_as_pictures(tiny_network: Callable[..., AlexNet]) -> None:
    tally = Tally(always(tiny_network(3), answer=1, logit=0.0), ("ant", "bee", "cat"))
    tally.add(torch.tensor([[1.0, 0, 0], [math.inf, 0, 0], [0, 0, 1.0]]), torch.tensor([0, 0, 2]))
    result = tally.evaluation()
    assert (result.count, result.no_answer, result.accuracy) == (3, (1, 0, 0), 2 / 3)
    assert result.loss == pytest.approx(-math.log(math.e / (math.e + 2)))  # of the two that were answered


def test_answers_are_the_largest_logits_where_all_are_numbers() -> None:
    nan, inf = math.nan, math.inf
    logits = torch.tensor([[0.0, 2.0, 1.0], [nan, 1.0, 0.0], [0.0, inf, 0.0], [-inf, 1.0, 0.0], [3.0, 2.0, 1.0]])
    assert answers(logits).tolist() == [1, NO_ANSWER, NO_ANSWER, NO_ANSWER, 0]


def test_outputs_that_are_called_alike_all_count(tiny_network: Callable[..., AlexNet]) -> None:
    checkpoint = always(tiny_network(3), answer=2, logit=math.log(2))  # probabilities 1/4, 1/4, 1/2
    checkpoint.classes = ("ant", "bee", "bee")
    result = evaluate(checkpoint, pictures(0, 0), ("bee",))
    assert result.loss == pytest.approx(math.log(4))
    assert (result.confusion[0], result.per_class()) == ((0, 0, 2), {"bee": 0.0, "ant": None})
