"""Channels switched off, held or doubled: what the rest of the network then computes.

off = Change("block1.relu", 65, 0.0)
altered_stages(checkpoint.model, trace.stages, [off])["logits"]

An alteration is an argument of the walk. Nothing is stored on the network, so that nobody else's is altered, and what
stands before the first altered stage is taken from the trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

import torch
from torch import Tensor, nn

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.device import full_float32
from alexnet_viz.errors import ExplanationError, StageError
from alexnet_viz.explain.attribution import Pause, no_pause, private_copy
from alexnet_viz.model import AlexNet

HELD = "held"  # in place of a factor: every value becomes the channel's mean on this photo
_BATCH = 16  # channels that are switched off at once, each in its own copy of the maps


@dataclass(frozen=True)
class Change:
    """What is done to one channel of one stage.

    Attributes:
        stage: Any stage.
        channel: From 0; of a fully connected stage its unit.
        factor: What its values are multiplied with: 0 switches off, 1 changes nothing, 2 doubles. None holds it.
    """

    stage: str
    channel: int
    factor: float | None

    @classmethod
    def of_text(cls, text: str) -> Change:
        """Return the change of "block1.relu:65=0", or "block1.relu:65=held"; raises ExplanationError."""
        place, _, amount = text.rpartition("=")
        stage, _, channel = place.rpartition(":")
        factor = None if amount == HELD else _number(amount)
        if not stage or not (channel.isascii() and channel.isdigit() and len(channel) < 6) or factor == "":
            example = "block1.relu:65=0 (a factor: 0 is off, 2 doubles) or block1.relu:65=held"
            raise ExplanationError(f"'{text[:60]}' is no change of a channel; write it as {example}")
        return cls(stage, int(channel), factor if isinstance(factor, float) else None)

    @property
    def text(self) -> str:
        """The change as `of_text` reads it."""
        return f"{self.stage}:{self.channel}={HELD if self.factor is None else f'{self.factor:g}'}"


def _number(text: str) -> float | str:
    try:
        value = float(text)
    except ValueError:
        return ""
    return value if isfinite(value) else ""


def altered_stages(model: AlexNet, stages: Mapping[str, Tensor], changes: Sequence[Change]) -> dict[str, Tensor]:
    """Return every stage's output with some channels changed, from the first changed stage on.

    Args:
        model: In eval mode; only read.
        stages: Of the unaltered network on one picture, (C, H, W) or (C,); only read.
        changes: At least one; of two on the same channel the later counts.
    Raises:
        StageError, ExplanationError: There is no such stage, or no such channel.
    """
    check_changes(stages, changes)
    wanted = {(change.stage, change.channel): change for change in changes}
    first = min((stage for stage, _ in wanted), key=list(stages).index)
    device = next(model.parameters()).device
    start = _changed(first, stages[first][None].to(device), stages, wanted.values())
    found = {first: start[0].cpu()}
    with torch.no_grad(), full_float32(device):
        for name, output in tail(model, first, start, lambda at, x: _changed(at, x, stages, wanted.values())):
            found[name] = output[0].cpu()
    return found


def check_changes(stages: Mapping[str, Tensor], changes: Sequence[Change]) -> None:
    """Raise StageError or ExplanationError unless every change names a channel that there is."""
    for change in changes:
        if change.stage not in stages:
            raise StageError(change.stage, tuple(stages))
        count = len(stages[change.stage])
        if not 0 <= change.channel < count:
            raise ExplanationError(
                f"no channel {change.channel} at {change.stage}, which has {count}; choose one from 0 to {count - 1}"
            )


def tail(
    model: AlexNet, stage: str, output: Tensor, alter: Callable[[str, Tensor], Tensor] = lambda _stage, x: x
) -> Iterator[tuple[str, Tensor]]:
    """Yield the stages after `stage`, whose output (N, …) is given; `alter` may change each before it goes on."""
    modules = iter(model.chain())
    for name, _ in modules:
        if name == stage:
            break
    x = output
    for name, module in modules:
        x = module(x)
        if name:
            x = alter(name, x)
            yield name, x


def _changed(stage: str, output: Tensor, unaltered: Mapping[str, Tensor], changes: Iterable[Change]) -> Tensor:
    """Return the output (N, C, …) of a stage with its channels changed; a copy where any is."""
    here = [change for change in changes if change.stage == stage]
    if not here:
        return output
    result = output.clone()
    for change in here:
        if change.factor is None:
            result[:, change.channel] = unaltered[stage][change.channel].mean()
        else:
            result[:, change.channel] *= change.factor
    return result


def costs(
    model: AlexNet,
    stages: Mapping[str, Tensor],
    stage: str,
    progress: Callable[[int], None] = lambda _done: None,
    pause: Pause = no_pause,
) -> Tensor:
    """Return the probabilities (C, K) that are left with each channel of a stage off alone.

    Args:
        model: In eval mode; only read.
        stages: Of the unaltered network on one picture.
        stage: Whose channels are switched off.
        progress: Is told how many channels are done.
        pause: Called before each pass; what it raises ends the work.
    Raises:
        StageError: There is no such stage.
    """
    if stage not in stages:
        raise StageError(stage, tuple(stages))
    device = next(model.parameters()).device
    output, found = stages[stage].to(device), []
    with torch.no_grad(), full_float32(device):
        for first in range(0, len(output), _BATCH):
            pause()
            numbers = torch.arange(first, min(first + _BATCH, len(output)), device=device)
            without = output.repeat(len(numbers), *[1] * output.dim())
            without[torch.arange(len(numbers), device=device), numbers] = 0
            logits = dict(tail(model, stage, without)).get("logits", without)
            found.append(logits.softmax(1).cpu())
            progress(int(numbers[-1]) + 1)
    return torch.cat(found)


def altered_checkpoint(checkpoint: Checkpoint, stages: Mapping[str, Tensor], changes: Sequence[Change]) -> Checkpoint:
    """Return a checkpoint whose network always computes with these changes; it shares the parameters.

    Held channels stay at their mean on the picture of `stages`. To count right answers on a set with.
    """
    check_changes(stages, changes)
    model = private_copy(checkpoint.model)
    layers = dict(model.chain())
    for stage in {change.stage for change in changes}:
        layers[stage].register_forward_hook(_changing(stage, stages, changes))
    return replace(checkpoint, model=model)


def _changing(
    stage: str, stages: Mapping[str, Tensor], changes: Sequence[Change]
) -> Callable[[nn.Module, object, Tensor], Tensor]:
    return lambda _module, _given, output: _changed(stage, output, stages, changes)
