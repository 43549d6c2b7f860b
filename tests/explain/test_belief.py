import pytest
import scipy.stats
import torch
from torch import Tensor, nn

from alexnet_viz.errors import ExplanationError
from alexnet_viz.explain.attribution import Squares
from alexnet_viz.explain.belief import (
    Curves,
    follow,
    in_order,
    judge,
    likeness,
    passes_in_order,
    random_rounds,
    untrained_like,
)
from alexnet_viz.model import AlexNet, initialise
from tests.explain.small_network import small_network

SQUARES = Squares(5, 4.5, 9, 45)  # 25 squares of 9 × 9


class Brightness(nn.Module):
    """Two classes; the first one's logit is the mean of the left column of squares, times ten."""

    def __init__(self) -> None:
        super().__init__()
        self.nothing = nn.Parameter(torch.zeros(1), requires_grad=False)
        self.passes = 0

    def forward(self, images: Tensor) -> Tensor:
        self.passes += 1
        left = images[:, :, :, :9].mean((1, 2, 3))
        return torch.stack([10 * left, torch.zeros_like(left)], 1)


def network() -> AlexNet:
    return Brightness()  # type: ignore[return-value]


def test_the_true_map_covers_at_once_what_counts() -> None:
    # A white picture: p = σ(10). The five squares of the left column are 5 of 25; twenty steps of 1.25 squares cover
    # 1, 2, 4, 5 of them after steps 1 … 4 (1.25, 2.5, 3.75, 5 rounded to even), then nothing more changes: p = 0.5.
    white = torch.ones(3, 45, 45)
    truth = torch.zeros(45, 45)
    truth[:, :9] = 1
    curves = in_order(network(), white, SQUARES, truth)
    left = [10.0, 8.0, 6.0, 2.0, 0.0]
    wanted = torch.sigmoid(torch.tensor(left + [0.0] * 16))
    torch.testing.assert_close(curves.covering[0, :, 0], wanted)
    torch.testing.assert_close(curves.share[0, [0, 1, 4, 20]], torch.tensor([0, 1 / 25, 5 / 25, 1]))
    # A blurred white picture is white: nothing is uncovered.
    torch.testing.assert_close(curves.uncovering[0, :, 0], torch.full((21,), torch.sigmoid(torch.tensor(10.0)).item()))


def test_areas_are_those_of_trapezia() -> None:
    share = torch.tensor([[0.0, 0.5, 1.0]])
    curve = torch.tensor([[[1.0], [0.5], [0.0]]])
    assert Curves(share, curve, 1 - curve).areas(0)[0].tolist() == [0.5]
    bent = torch.tensor([[[1.0], [0.0], [0.0]]])
    assert Curves(share, bent, bent).areas(0)[1].tolist() == [0.25]


def test_the_verdict_counts_deviations() -> None:
    share = torch.tensor([[0.0, 1.0]])
    rounds = Curves(
        share.expand(3, 2), torch.tensor([0.2, 0.4, 0.6])[:, None, None].expand(3, 2, 1), torch.full((3, 2, 1), 0.5)
    )  # covering 0.4 ± 0.2, uncovering 0.5 ± 0

    def verdict(covering: float, uncovering: float) -> str:
        curve = Curves(share, torch.full((1, 2, 1), covering), torch.full((1, 2, 1), uncovering))
        return judge(curve, rounds, 0).words

    assert verdict(0.1, 0.6) == "better than a random map"
    assert verdict(0.25, 0.6) == "better than a random map on one of two counts"
    assert verdict(0.1, 0.4) == "better than a random map on one of two counts"
    assert verdict(0.25, 0.5) == "little more than a random map"


def test_a_network_without_an_answer_is_not_judged() -> None:
    share, half = torch.tensor([[0.0, 1.0]]), torch.full((1, 2, 1), 0.5)
    sound, broken = Curves(share, half, half), Curves(share, half, torch.tensor([[[0.5], [torch.nan]]]))
    for curves, rounds in ((broken, sound), (sound, broken)):
        with pytest.raises(ExplanationError, match="gives no answer to the covered photo"):
            judge(curves, rounds, 0)


def test_random_rounds_are_the_same_every_time_and_few_passes() -> None:
    model = Brightness()
    first = random_rounds(model, torch.ones(3, 45, 45), SQUARES)  # type: ignore[arg-type]
    again = random_rounds(network(), torch.ones(3, 45, 45), SQUARES)
    torch.testing.assert_close(first.covering, again.covering)
    # Two pictures a pass: 21 of the first map are 11 passes, 19 of each other are 10; covering and uncovering.
    assert model.passes == 2 * (11 + 9 * 10)
    assert len({tuple(curve.tolist()) for curve in first.covering[..., 0]}) == 10


def test_curves_pause_before_each_pass() -> None:
    model, seen = Brightness(), []
    random_rounds(model, torch.ones(3, 45, 45), SQUARES, lambda: seen.append(model.passes))  # type: ignore[arg-type]
    assert seen == list(range(passes_in_order(10, torch.device("cpu")))) == list(range(202))


def test_orders_are_followed_each_by_itself() -> None:
    model, white = network(), torch.rand(3, 45, 45)
    orders = torch.stack([torch.arange(25), torch.arange(24, -1, -1)])
    both = follow(model, white, SQUARES, orders)
    for index, order in enumerate(orders):
        alone = follow(model, white, SQUARES, order[None])
        torch.testing.assert_close(both.covering[index], alone.covering[0])
        torch.testing.assert_close(both.uncovering[index], alone.uncovering[0])


@pytest.mark.parametrize("ties", [False, True])
def test_likeness_is_spearmans(ties: bool) -> None:
    generator = torch.Generator().manual_seed(4)
    first, second = torch.randn(2, 5, 5, generator=generator)
    if ties:
        first = first.round()
    theirs = scipy.stats.spearmanr(first.ravel(), second.ravel()).statistic
    ours = likeness(SQUARES, SQUARES.spread(first), SQUARES.spread(second))
    assert ours == pytest.approx(theirs, abs=1e-6)
    assert likeness(SQUARES, torch.zeros(45, 45), SQUARES.spread(second)) == 0


def test_the_untrained_twin_is_drawn_with_seed_0() -> None:
    model = small_network("paper", classes=7)
    twin, wanted = untrained_like(model), small_network("paper", classes=7)
    initialise(wanted, 0)
    assert all(torch.equal(a, b) for a, b in zip(twin.parameters(), wanted.parameters(), strict=True))
    assert not twin.training
