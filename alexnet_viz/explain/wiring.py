"""A unit's connections: the kernels that feed it, and what it feeds on a photo.

incoming(checkpoint.model, "block2.relu", 111).kernels  # (96, 5, 5)
feeds(checkpoint.model, trace.stages, "block2.relu", 111).terms[0]  # the channel of block 3 that it changes most
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_viz.errors import StageError, require_unit
from alexnet_viz.explain.arithmetic import INPUT
from alexnet_viz.model import AlexNet
from alexnet_viz.variants import POOLED_SIDE


@dataclass(frozen=True, eq=False)
class Incoming:
    """The weights into one unit.

    Attributes:
        source: The stage in front, "input" for the first.
        first: Number of the first channel of that stage that reaches the unit; with groups not all do.
        kernels: (C, k, k) float32, one of each of its channels; 1 × 1 where units feed it.
    """

    source: str
    first: int
    kernels: Tensor


@dataclass(frozen=True)
class Fed:
    """What a channel adds to one unit of the stage behind: on a map at the place where that is most."""

    channel: int
    row: int | None
    column: int | None
    sum: float


@dataclass(frozen=True)
class Feeds:
    """Every unit that takes from a channel, what is changed most first; none behind the logits.

    Attributes:
        source: The stage whose values go on, the last of the channel's block.
        target: The stage that takes them, "" where there is none.
        terms: Of all its units that do.
    """

    source: str
    target: str
    terms: tuple[Fed, ...]


def incoming(model: AlexNet, stage: str, channel: int) -> Incoming:
    """Return the weights into a unit: of its block's convolution, or of its fully connected stage.

    Raises:
        StageError, UnitError: There is no such stage or channel.
    """
    chain = _with_group(model, stage)
    place = next(i for i, (group, _, module) in enumerate(chain) if group == _group(stage) and _has_weights(module))
    module, source = chain[place][2], next((name for _, name, _ in reversed(chain[:place]) if name), INPUT)
    require_unit("channel", channel, stage, len(module.weight))  # type: ignore[arg-type]
    weight = module.weight[channel].detach().float().cpu()  # type: ignore[index]
    if isinstance(module, nn.Conv2d):
        per_group = module.out_channels // module.groups
        return Incoming(source, channel // per_group * len(weight), weight)
    side = POOLED_SIDE if source.startswith("block") else 1
    return Incoming(source, 0, weight.reshape(-1, side, side))


def feeds(model: AlexNet, stages: Mapping[str, Tensor], stage: str, channel: int) -> Feeds:
    """Return what a channel adds to the units behind its block, on the picture of these stages.

    Args:
        model: What computed the stages; only read.
        stages: Output by stage, (C, H, W) or (C,), as in a trace.
        stage, channel: Of the channel; any stage of its block.
    Raises:
        StageError, UnitError: There is no such stage or channel.
    """
    chain = _with_group(model, stage)
    last = max(i for i, (group, name, _) in enumerate(chain) if name and group == _group(stage))
    source = chain[last][1]
    require_unit("channel", channel, stage, len(stages[source]))
    behind = next(((name, module) for _, name, module in chain[last + 1 :] if _has_weights(module)), None)
    if behind is None:
        return Feeds(source, "", ())
    target, module = behind
    values = stages[source][channel].detach().float().cpu()
    terms = _through_convolution(module, values, channel) if isinstance(module, nn.Conv2d) else None
    terms = terms if terms is not None else _through_weights(module, values, channel)
    return Feeds(source, target, tuple(sorted(terms, key=_largest_first)))


def _largest_first(term: Fed) -> float:
    return -abs(term.sum) if math.isfinite(term.sum) else -math.inf  # what is no number must be seen


def _through_convolution(module: nn.Conv2d, values: Tensor, channel: int) -> list[Fed]:
    count, per_group = module.in_channels // module.groups, module.out_channels // module.groups
    first = channel // count * per_group
    weight = module.weight[first : first + per_group, channel % count].detach().float().cpu()
    maps = F.conv2d(values[None, None], weight[:, None], None, module.stride, module.padding)[0]
    width = maps.shape[-1]
    flat = maps.flatten(1)
    places = flat.abs().nan_to_num(nan=-1.0).argmax(dim=1).tolist()
    return [
        Fed(first + number, place // width, place % width, float(flat[number, place]))
        for number, place in enumerate(places)
    ]


def _through_weights(module: nn.Module, values: Tensor, channel: int) -> list[Fed]:
    flat = values.flatten()
    weight = module.weight[:, channel * len(flat) : (channel + 1) * len(flat)].detach().float().cpu()  # type: ignore[index]
    return [Fed(number, None, None, value) for number, value in enumerate((weight @ flat).tolist())]


def _with_group(model: AlexNet, stage: str) -> list[tuple[str, str, nn.Module]]:
    """Return the chain with each module's block; raises StageError where there is no such stage."""
    if stage not in model.stage_names:
        raise StageError(stage, model.stage_names)
    return [(_group(name), name, module) for name, module in model.chain()]


def _group(stage: str) -> str:
    return stage.partition(".")[0]


def _has_weights(module: nn.Module) -> bool:
    return isinstance(module, (nn.Conv2d, nn.Linear))
