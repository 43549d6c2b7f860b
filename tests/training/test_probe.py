from collections.abc import Callable, Iterator

import pytest
import torch

from alexnet_viz.model import AlexNet
from alexnet_viz.training import probe
from alexnet_viz.training.recipe import Recipe

CPU = torch.device("cpu")


def ticking(*seconds: float) -> Callable[[], float]:
    """Return a clock on which the passes take these times, one after the other."""
    moments = _moments(seconds)
    return lambda: next(moments)


def _moments(seconds: tuple[float, ...]) -> Iterator[float]:
    now = 0.0
    for duration in seconds:
        yield now
        now += duration
        yield now


def test_the_better_time_of_each_counts(tiny_network: Callable[..., AlexNet]) -> None:
    clock = ticking(3, 2, 1, 4)  # fp32, bf16, fp32, bf16
    assert probe.step_times(tiny_network(), Recipe(small_size=67), CPU, clock=clock) == {"fp32": 1.0, "bf16": 2.0}


def test_a_busy_machine_is_measured_once(tiny_network: Callable[..., AlexNet]) -> None:
    clock = ticking(4, 7)  # and no more
    assert probe.step_times(tiny_network(), Recipe(small_size=67), CPU, 4, clock) == {"fp32": 4.0, "bf16": 7.0}


@pytest.mark.parametrize(("bf16", "chosen"), [(0.5, "bf16"), (0.95, "fp32"), (2.0, "fp32")])
def test_bf16_has_to_be_clearly_faster(
    tiny_network: Callable[..., AlexNet], monkeypatch: pytest.MonkeyPatch, bf16: float, chosen: str
) -> None:
    monkeypatch.setattr(probe, "step_times", lambda *_: {"fp32": 1.0, "bf16": bf16})
    assert probe.faster_precision(tiny_network(), Recipe(), CPU) == chosen


def test_the_network_is_left_as_it_was(tiny_network: Callable[..., AlexNet]) -> None:
    model = tiny_network()
    before = [parameter.clone() for parameter in model.parameters()]
    probe.step_times(model, Recipe(small_size=67), CPU)
    for parameter, old in zip(model.parameters(), before, strict=True):
        assert torch.equal(parameter, old)
        assert parameter.grad is None
