"""A network with the article's windows and hardly any channels: milliseconds a step."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import torch

from alexnet_viz.model import VARIANTS, AlexNet, initialise

CHANNELS = (4, 8, 8, 8, 8)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def tiny_network(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AlexNet]:
    """Return a maker of networks, (classes, seed) -> AlexNet, initialised by the seed."""
    seed_variant = VARIANTS["seed"]
    layers = zip(seed_variant.convolutions, CHANNELS, strict=True)
    few = tuple(replace(layer, out_channels=count) for layer, count in layers)
    variant = replace(seed_variant, convolutions=few, fc_units=16)
    monkeypatch.setitem(VARIANTS, "seed", variant)

    def make(classes: int = 10, seed: int = 0) -> AlexNet:
        model = AlexNet(classes)
        initialise(model, seed)
        return model

    return make
