"""A channel's response to pictures of exactly its receptive field, computed only there and up to its stage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_viz.architecture import layer_table
from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.errors import StageError, require_unit
from alexnet_viz.images import made_grey


class Answer(NamedTuple):
    """A channel's largest value at its stage, and at what its block computes before the ReLU; each (N,)."""

    value: Tensor
    before_relu: Tensor


class FieldResponse:
    """One channel over pictures of one receptive field; from fc1 on of the whole input.

    Convolutions run without padding: the picture is one field and nothing else, as in the middle of a photo.

    Attributes:
        side: Of the pictures in pixels.
    Raises:
        StageError, UnitError: There is no such stage or channel.
    """

    def __init__(self, checkpoint: Checkpoint, stage: str, channel: int) -> None:
        layers = {layer.name: layer for layer in layer_table(checkpoint.model)}
        if stage not in layers:
            raise StageError(stage, checkpoint.model.stage_names)
        layer = layers[stage]
        require_unit("channel", channel, stage, layer.output_shape[0])
        self._checkpoint, self._stage, self._channel = checkpoint, stage, channel
        self._whole = not layer.jump
        self.side = checkpoint.input_rule.size if self._whole else layer.receptive_field

    def __call__(self, pictures: Tensor) -> Answer:
        """Return the answers to pictures (N, 3, side, side) in 0 … 1."""
        rule = self._checkpoint.input_rule
        mean, std = (pictures.new_tensor(each)[:, None, None] for each in (rule.mean, rule.std))
        before = pictures
        if rule.channels == 1:
            pictures = made_grey(pictures)
        for name, output in self._walk((pictures - mean) / std):
            if name.endswith(".conv") or "." not in name:
                before = output
            if name == self._stage:
                return Answer(*(_largest(each[:, self._channel]) for each in (output, before)))
        raise AssertionError(self._stage)

    def _walk(self, x: Tensor) -> Iterator[tuple[str, Tensor]]:
        for name, module in self._checkpoint.model.chain():
            if isinstance(module, nn.Conv2d) and not self._whole:
                x = F.conv2d(x, module.weight, module.bias, module.stride, 0, 1, module.groups)
            else:
                x = module(x)
            yield name, x


def _largest(values: Tensor) -> Tensor:
    return values.flatten(1).amax(dim=1) if values.dim() > 1 else values
