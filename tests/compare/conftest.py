"""Checkpoints of tiny networks, and what is done to them."""

from collections.abc import Callable

import pytest
import torch

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.checkpoints.learnt_from import NOTHING
from alexnet_viz.images import InputRule
from alexnet_viz.model import AlexNet
from alexnet_viz.training.datasets.dataset import Split
from tests.training.conftest import _one_thread, tiny_network

__all__ = ["_one_thread", "tiny_network"]

CLASSES = ("ant", "bee", "cat")


@pytest.fixture
def tiny_checkpoint(tiny_network: Callable[..., AlexNet]) -> Callable[..., Checkpoint]:
    """Return a maker of checkpoints, (draw, name, **metadata) -> Checkpoint of three classes."""

    def make(draw: int = 0, name: str = "mine", **metadata: object) -> Checkpoint:
        model = tiny_network(len(CLASSES), draw).eval().requires_grad_(False)
        known = {"epoch": 1, "variant": "seed", "learnt_from": NOTHING.to_text()}
        record = {"input": InputRule().to_record(), "source": "", **known, **metadata}
        return Checkpoint(name, model, CLASSES, "seed", record, torch.device("cpu"), None)

    return make


def shuffled_twin(checkpoint: Checkpoint, order: torch.Tensor, name: str = "twin") -> Checkpoint:
    """Return the same function with the channels of block 3 in another order: channel k is the old channel order[k]."""
    model = AlexNet(checkpoint.model.num_classes, variant=checkpoint.model.variant).eval().requires_grad_(False)
    state = {key: value.clone() for key, value in checkpoint.model.state_dict().items()}
    state["block3.conv_layer.weight"] = state["block3.conv_layer.weight"][order]
    state["block3.conv_layer.bias"] = state["block3.conv_layer.bias"][order]
    state["block4.conv_layer.weight"] = state["block4.conv_layer.weight"][:, order]
    model.load_state_dict(state)
    return Checkpoint(name, model, checkpoint.classes, "seed", checkpoint.metadata, checkpoint.device, None)


def random_pictures(count: int, seed: int = 0) -> Split:
    """Return pictures of coloured blocks with random labels of three classes."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.randint(0, 256, (count, 3, 4, 4), generator=generator, dtype=torch.uint8)
    images = coarse.repeat_interleave(8, dim=2).repeat_interleave(8, dim=3)
    return Split.of_stored(images, torch.randint(0, len(CLASSES), (count,), generator=generator))
