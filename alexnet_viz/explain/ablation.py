"""Channels switched off, held or doubled, and what the rest of the network then computes.

off = Change("block1.relu", 65, 0.0)
altered_stages(checkpoint.model, trace.stages, [off])["logits"]

An alteration is an argument of the walk. Nothing is stored on the network, so other users are not affected, and the
stages before the first altered one are taken from the trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from math import isfinite

import torch
from torch import Tensor

from alexnet_viz.answers import probabilities
from alexnet_viz.device import full_float32
from alexnet_viz.errors import ExplanationError, StageError
from alexnet_viz.language import said
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
            raise ExplanationError(
                said(
                    "'{text}' is no change of a channel; write it as block1.relu:65=0 (a factor: 0 is off, 2 doubles) "
                    "or block1.relu:65=held",
                    text=text[:60],
                )
            )
        return cls(stage, int(channel), factor if isinstance(factor, float) else None)

    @property
    def text(self) -> str:
        """The change as `of_text` reads it."""
        return f"{self.stage}:{self.channel}={HELD if self.factor is None else f'{self.factor:g}'}"


def changes_of(text: str) -> list[Change]:
    """Return the changes of "block1.relu:65=0,22=0,block2.relu:3=held": a stage counts until another is named.

    Raises:
        ExplanationError: It is not written so.
    """
    found: list[Change] = []
    for part in text.split(","):
        is_whole = ":" in part or not found
        found.append(Change.of_text(part if is_whole else f"{found[-1].stage}:{part}"))
    return found


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
    first = min((change.stage for change in changes), key=list(stages).index)
    device = next(model.parameters()).device
    start = _changed(first, stages[first][None].to(device), stages, changes)
    found = {first: start[0].cpu()}
    with torch.no_grad(), full_float32(device):
        for name, output in tail(model, first, start, lambda at, x: _changed(at, x, stages, changes)):
            found[name] = output[0].cpu()
    return found


def check_changes(stages: Mapping[str, Sized], changes: Sequence[Change]) -> None:
    """Raise StageError or ExplanationError unless every change names a channel that there is."""
    for change in changes:
        if change.stage not in stages:
            raise StageError(change.stage, tuple(stages))
        count = len(stages[change.stage])
        if not 0 <= change.channel < count:
            raise ExplanationError(
                said(
                    "no channel {channel} at {stage}, which has {count}; choose one from 0 to {last}",
                    channel=str(change.channel),
                    stage=change.stage,
                    count=str(count),
                    last=str(count - 1),
                )
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
    """Return the output (N, C, …) of a stage with its channels changed, of two changes of one by the later.

    A copy where any is changed. What is off is 0, also where it was no number.
    """
    here = {change.channel: change.factor for change in changes if change.stage == stage}
    if not here:
        return output
    result = output.clone()
    for channel, factor in here.items():
        if factor is None:
            result[:, channel] = unaltered[stage][channel].mean()
        elif factor == 0:
            result[:, channel] = 0
        else:
            result[:, channel] *= factor
    return result


def costs(model: AlexNet, stages: Mapping[str, Tensor], stage: str, channels: Sequence[int] | None = None) -> Tensor:
    """Return the probabilities (n, K) that are left with each of some channels of a stage off alone.

    Args:
        model: In eval mode; only read.
        stages: Of the unaltered network on one picture.
        stage: Whose channels are switched off.
        channels: By default all. Who counts a few at a time can say how far it is, and let others go between.
    Raises:
        StageError, ExplanationError: There is no such stage, or no such channel.
    """
    if stage not in stages:
        raise StageError(stage, tuple(stages))
    asked = range(len(stages[stage])) if channels is None else channels
    check_changes(stages, [Change(stage, channel, 0.0) for channel in asked])
    device = next(model.parameters()).device
    output, found = stages[stage].to(device), []
    with torch.no_grad(), full_float32(device):
        for first in range(0, len(asked), _BATCH):
            numbers = torch.tensor(asked[first : first + _BATCH], device=device)
            without = output.repeat(len(numbers), *[1] * output.dim())
            without[torch.arange(len(numbers), device=device), numbers] = 0
            logits = dict(tail(model, stage, without)).get("logits", without)
            found.append(probabilities(logits).cpu())
    return torch.cat(found)


def answers_before_and_after(
    model: AlexNet, stages: Mapping[str, Tensor], changes: Sequence[Change], pictures: Tensor
) -> tuple[Tensor, Tensor]:
    """Return the logits (N, K) of other pictures, unaltered and altered; what stands before the change is shared.

    Args:
        model: In eval mode; only read.
        stages: Of the unaltered network on the picture on whose means the held channels stay.
        changes: At least one.
        pictures: The network's input, (N, 3, S, S), on its device.
    Raises:
        StageError, ExplanationError: There is no such stage, or no such channel.
    """
    check_changes(stages, changes)
    first = min((change.stage for change in changes), key=list(stages).index)
    with torch.no_grad(), full_float32(pictures.device):
        outputs = dict(model.walk(pictures))
        start = _changed(first, outputs[first], stages, changes)
        altered = dict(tail(model, first, start, lambda at, x: _changed(at, x, stages, changes)))
    return outputs["logits"], altered.get("logits", start)


def shares_of_change(before: Mapping[str, Tensor], after: Mapping[str, Tensor]) -> dict[str, float]:
    """Return by stage the root mean square of the change as a share of that before; NaN where it is no number.

    Args:
        before: Stages of the unaltered network.
        after: Those of `altered_stages`.
    """
    return {name: float((output - before[name]).norm() / before[name].norm()) for name, output in after.items()}
