"""How one value of one stage is computed: its terms, in double precision, from the computed tensors.

    result = trace(checkpoint, image)
    found = number(checkpoint.model, result.stages, result.input, Place("block2.conv", 111, 5, 4))
    found.parts["bias"] + sum(term["sum"] for term in found.parts["terms"])  # found.value

Each stage is explained separately, from the values of the stage before it as they are on the screen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from alexnet_viz.answers import probabilities
from alexnet_viz.errors import StageError, UnitError, require_unit
from alexnet_viz.language import said
from alexnet_viz.model import AlexNet, LocalResponseNorm

INPUT = "input"


@dataclass(frozen=True)
class Place:
    """One value: a channel of a stage and where on its map; fc units have no row and no column."""

    stage: str
    channel: int
    row: int | None = None
    column: int | None = None

    @property
    def index(self) -> tuple[int, ...]:
        """Of the value in its stage: (channel, row, column), or (unit,)."""
        return tuple(each for each in (self.channel, self.row, self.column) if each is not None)


@dataclass(frozen=True)
class Number:
    """One value and what it was made of.

    Attributes:
        place: Which value.
        value: As it was computed.
        kind: "convolution", "fully connected", "relu", "tanh", "norm" or "pool".
        before: The stage that it was computed from, "input" for the first.
        parts: By kind. Convolution: "bias" and "terms", each {"channel", "sum"}; fully connected: "bias" and "terms",
            each {"unit", "sum", "value", "weight"}; the largest first. ReLU and tanh: "before". Norm: "before",
            "neighbours", each {"channel", "value"}, "denominator" and the constants. Pool: "window", "top", "left" and
            the "winner", row and column of the map that is pooled.
    """

    place: Place
    value: float
    kind: str
    before: str
    parts: dict[str, Any]

    def to_record(self) -> dict[str, Any]:
        """Return {"stage", "channel", "row", "column", "value", "kind", "from", …} for JSON."""
        return {**vars(self.place), "value": self.value, "kind": self.kind, "from": self.before, **self.parts}


@dataclass(frozen=True)
class _Step:
    """A stage with the module that computes it and what that is given."""

    module: nn.Module
    before: str
    given: Tensor
    output: Tensor


def number(model: AlexNet, stages: Mapping[str, Tensor], pixels: Tensor, place: Place) -> Number:
    """Return how a value came about.

    Args:
        model: What computed the stages.
        stages: Output by stage, (C, H, W) or (C,), as in a trace.
        pixels: (3, S, S), what the first stage was given.
        place: Which value; without row and column the largest of the channel.
    Raises:
        StageError: The network has no such stage.
        UnitError: The stage has no such channel, row or column.
    """
    step = _step(model, stages, pixels, place.stage)
    place = settled(step.output, place)
    value = float(step.output[place.index])
    kind, parts = _taken_apart(step, place)
    return Number(place, value, kind, step.before, parts)


def products(
    model: AlexNet, stages: Mapping[str, Tensor], pixels: Tensor, place: Place, channel: int
) -> dict[str, Any]:
    """Return the products of one input channel of a convolution's value.

    Args:
        model, stages, pixels, place: As for `number`.
        channel: Of the input; of a convolution in groups one of the value's own group.
    Returns:
        {"channel", "top", "left", "size", "input", "kernel", "products", "sum"}: rows of the kernel's side; top and
        left are the input's row and column of the first product, negative where padding begins; size is the input's
        height and width, beyond which there is padding again.
    Raises:
        StageError: The stage is no convolution, or there is none of this name.
        UnitError: No such place, or the value sees no such channel.
    """
    step = _step(model, stages, pixels, place.stage)
    if not isinstance(step.module, nn.Conv2d):
        raise StageError(place.stage, tuple(name for name in model.stage_names if name.endswith(".conv")))
    place = settled(step.output, place)
    first, count = _group(step.module, place.channel)
    if not first <= channel < first + count:
        raise UnitError(
            said("input channel"),
            channel,
            said("{stage}'s channel {channel}", stage=place.stage, channel=str(place.channel)),
            first,
            first + count - 1,
        )
    top, left = _corner(step.module, place)
    window = _window(step.module, step.given[channel : channel + 1], place)[0]
    kernel = _double(step.module.weight[place.channel, channel - first])
    made = window * kernel
    rows = {"input": window.tolist(), "kernel": kernel.tolist(), "products": made.tolist()}
    size = list(step.given.shape[1:])
    return {"channel": channel, "top": top, "left": left, "size": size, **rows, "sum": float(made.sum())}


def course(model: AlexNet, stages: Mapping[str, Tensor], pixels: Tensor, place: Place) -> list[Number]:
    """Return how a value came about through its whole block, from the convolution to the block's last stage.

    Back from the pooling one value goes on, the winner; forward every value goes into windows, of which the one that
    it stands in the middle of is taken, or the nearest. Where pooling leaves out the last rows and columns, a value of
    theirs goes into no window, and its course ends.
    """
    settled_place = number(model, stages, pixels, place).place
    block = place.stage.rpartition(".")[0] or place.stage
    names = [name for name in model.stage_names if name == block or name.startswith(f"{block}.")]
    here = names.index(place.stage)
    found = [number(model, stages, pixels, settled_place)]
    for name in reversed(names[:here]):
        last = found[0]
        row, column = last.parts.get("winner", (last.place.row, last.place.column))
        found.insert(0, number(model, stages, pixels, Place(name, last.place.channel, row, column)))
    for name in names[here + 1 :]:
        where = _after(model, stages, pixels, replace(found[-1].place, stage=name))
        if where is None:
            break
        found.append(number(model, stages, pixels, where))
    return found


def softmax(logits: Tensor, classes: Iterable[str], unit: int) -> dict[str, Any]:
    """Return how a class's probability is made of the logits.

    Args:
        logits: (K,), finite.
        classes: Their names.
        unit: The class.
    Returns:
        {"largest", "terms": [{"unit", "class", "logit", "exponential"}…] by size, "total", "probability"}; the
        exponentials are of the differences to the largest logit.
    """
    wide = _double(logits)
    shared = wide if len(wide) > 1 else torch.cat([wide, wide.new_zeros(1)])  # a sigmoid is a softmax beside 0
    powers = torch.exp(shared - shared.max())
    terms = [
        {"unit": k, "class": name, "logit": float(wide[k]), "exponential": float(powers[k])}
        for k, name in enumerate(classes)
    ]
    terms.sort(key=lambda term: -float(str(term["exponential"])))
    total = float(powers.sum())
    return {
        "largest": float(shared.max()),
        "terms": terms,
        "total": total,
        "probability": float(probabilities(wide)[unit]),
    }


def settled(output: Tensor, place: Place) -> Place:
    """Return the place with row and column, those of the channel's largest value where none are given.

    Raises:
        UnitError: The stage's output has no such channel, row or column.
    """
    require_unit("channel", place.channel, place.stage, len(output))
    if output.dim() == 1:
        return replace(place, row=None, column=None)
    height, width = output.shape[1:]
    if place.row is None or place.column is None:
        best = int(output[place.channel].nan_to_num(nan=-math.inf).argmax())
        found = (best // width, best % width)
        place = replace(
            place,
            row=found[0] if place.row is None else place.row,
            column=found[1] if place.column is None else place.column,
        )
    require_unit("row", place.row or 0, place.stage, height)
    require_unit("column", place.column or 0, place.stage, width)
    return place


def _step(model: AlexNet, stages: Mapping[str, Tensor], pixels: Tensor, stage: str) -> _Step:
    before = INPUT
    for name, module in model.chain():
        if name and name == stage:  # what lies between two stages has no name
            given = pixels if before == INPUT else stages[before]
            return _Step(module, before, given, stages[name])
        before = name or before
    raise StageError(stage, model.stage_names)


def _taken_apart(step: _Step, place: Place) -> tuple[str, dict[str, Any]]:
    module = step.module
    if isinstance(module, nn.Conv2d):
        return "convolution", _convolution(module, step.given, place)
    if isinstance(module, nn.Linear):
        return "fully connected", _fully_connected(module, step.given, place)
    if isinstance(module, LocalResponseNorm):
        return "norm", _norm(module, step.given, place)
    if isinstance(module, nn.MaxPool2d):
        return "pool", _pool(module, step.given, place)
    return "tanh" if isinstance(module, nn.Tanh) else "relu", {"before": float(step.given[place.index])}


def _convolution(module: nn.Conv2d, given: Tensor, place: Place) -> dict[str, Any]:
    first, count = _group(module, place.channel)
    window = _window(module, given[first : first + count], place)
    sums = (window * _double(module.weight[place.channel])).sum(dim=(1, 2))
    return {"bias": _bias(module, place.channel), "terms": _by_size("channel", sums, first)}


def _fully_connected(module: nn.Linear, given: Tensor, place: Place) -> dict[str, Any]:
    values, weights = _double(given).flatten(), _double(module.weight[place.channel])
    terms = _by_size("unit", values * weights, 0)
    for term in terms:
        term |= {"value": float(values[term["unit"]]), "weight": float(weights[term["unit"]])}
    return {"bias": _bias(module, place.channel), "terms": terms}


def _norm(module: LocalResponseNorm, given: Tensor, place: Place) -> dict[str, Any]:
    assert place.row is not None
    assert place.column is not None
    column = _double(given[:, place.row, place.column])
    low = max(0, place.channel - module.size // 2)
    high = min(len(column), place.channel + (module.size - 1) // 2 + 1)
    energy = float(column[low:high].square().sum())
    neighbours = [{"channel": k, "value": float(column[k])} for k in range(low, high)]
    constants = {"size": module.size, "alpha": module.alpha, "beta": module.beta, "k": module.k}
    denominator = (module.k + module.alpha / module.size * energy) ** module.beta
    return {"before": float(column[place.channel]), "neighbours": neighbours, "denominator": denominator, **constants}


def _pool(module: nn.MaxPool2d, given: Tensor, place: Place) -> dict[str, Any]:
    top, left = _corner(module, place)
    side = _one(module.kernel_size)
    window = given[place.channel, top : top + side, left : left + side]
    best = int(window.argmax())  # of several alike the first; what is not a number wins, as in the pooling
    winner = [top + best // window.shape[1], left + best % window.shape[1]]
    return {"window": window.tolist(), "top": top, "left": left, "winner": winner}


def _after(model: AlexNet, stages: Mapping[str, Tensor], pixels: Tensor, place: Place) -> Place | None:
    """Return the place of a stage that the same place of the stage before goes into, None where it goes into none."""
    step = _step(model, stages, pixels, place.stage)
    if not isinstance(step.module, nn.MaxPool2d) or place.row is None or place.column is None:
        return place
    stride, side = _one(step.module.stride), _one(step.module.kernel_size)
    reach, last = side // 2, step.output.shape[-1] - 1
    if max(place.row, place.column) >= last * stride + side:
        return None
    row, column = (min(last, max(0, (each - reach + stride // 2) // stride)) for each in (place.row, place.column))
    return replace(place, row=row, column=column)


def _group(module: nn.Conv2d, channel: int) -> tuple[int, int]:
    """Return the first input channel that an output channel sees, and how many."""
    count = module.in_channels // module.groups
    return channel // (module.out_channels // module.groups) * count, count


def _corner(module: nn.Conv2d | nn.MaxPool2d, place: Place) -> tuple[int, int]:
    """Return the input's row and column where a window begins; negative where it begins in the padding."""
    assert place.row is not None
    assert place.column is not None
    stride, padding = _one(module.stride), _one(module.padding)
    return place.row * stride - padding, place.column * stride - padding


def _window(module: nn.Conv2d, given: Tensor, place: Place) -> Tensor:
    """Return what a kernel is laid over, (channels, k, k) float64, zero in the padding."""
    top, left = _corner(module, place)
    side = _one(module.kernel_size)
    height, width = given.shape[1:]
    window = torch.zeros((len(given), side, side), dtype=torch.float64)
    rows, columns = (slice(max(0, start), min(size, start + side)) for start, size in ((top, height), (left, width)))
    inside = _double(given[:, rows, columns])
    window[:, rows.start - top : rows.stop - top, columns.start - left : columns.stop - left] = inside
    return window


def _by_size(name: str, sums: Tensor, first: int) -> list[dict[str, Any]]:
    order = sums.abs().nan_to_num(nan=math.inf).argsort(descending=True, stable=True).tolist()
    return [{name: first + place, "sum": float(sums[place])} for place in order]


def _bias(module: nn.Conv2d | nn.Linear, channel: int) -> float:
    return 0.0 if module.bias is None else float(module.bias[channel].detach())


def _double(values: Tensor) -> Tensor:
    return values.detach().to("cpu", torch.float64)


def _one(setting: int | str | tuple[int, ...]) -> int:
    return int(setting if isinstance(setting, int) else setting[0])
