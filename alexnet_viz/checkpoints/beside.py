"""Tensors that a training saves beside its network, and which of them may be left out because nothing uses them.

Whatever is not known to be unused stays: a network that computes with it is then refused, never shown without it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Protocol, TypeVar

from alexnet_viz.checkpoints.recognition import some_names
from alexnet_viz.language import said

_COUNTS = ("n_averaged", "num_batches_tracked")  # of averaged weights, of a normalisation's batches
_LOSSES = "loss|criterion|class_weights?|pos_weight"
_COPIES = "(^|_)(ema|swa|averaged?)(_|$)"
_TEACHERS = "(^|_)teacher(_|$)"
_PART = re.compile(r".*[.0-9]")  # before "weight" and "bias"; some averages keep names without their points
_LAYERS = (5, 3)  # convolutions and fully connected ones
_METRICS = ("tp", "fp", "tn", "fn", "correct", "total", "confmat", "mean_value", "sum_value", "max_value", "min_value")


class _Shaped(Protocol):
    @property
    def shape(self) -> tuple[int, ...]: ...


_T = TypeVar("_T", bound=_Shaped)


def of_the_network(tensors: Mapping[str, _T]) -> tuple[dict[str, _T], list[str]]:
    """Return a network's tensors, and the names of those beside it that are left out: copies, losses' weights, metrics.

    A copy is what an average of the weights has under another name, with the same shapes; a teacher may be any network.
    """
    network = {name: tensor for name, tensor in tensors.items() if name.rpartition(".")[2] not in _COUNTS}
    left_out = [*_of_losses(network), *_of_metrics(network)]
    network = {name: tensor for name, tensor in network.items() if name not in left_out}
    copies = _under(network, f"{_COPIES}|{_TEACHERS}")
    own = {name: tensor for name, tensor in network.items() if not any(name in copy for copy in copies.values())}
    if any(len(tensor.shape) == 4 for tensor in own.values()):  # else the copy is all that there is
        for prefix, copy in copies.items():
            if re.search(_TEACHERS, prefix.rpartition(".")[2]) or _parts(copy) == _parts(own):
                left_out += copy
    return {name: tensor for name, tensor in network.items() if name not in left_out}, left_out


def _under(tensors: Mapping[str, _T], pattern: str) -> dict[str, dict[str, _T]]:
    """Return the tensors under each name that has a part of this pattern, by that name: "model.ema"."""
    found: dict[str, dict[str, _T]] = {}
    for name, tensor in tensors.items():
        parts = name.split(".")
        place = next((place for place, part in enumerate(parts, 1) if re.search(pattern, part, re.IGNORECASE)), 0)
        if place:
            found.setdefault(".".join(parts[:place]), {})[name] = tensor
    return found


def _of_losses(tensors: Mapping[str, _Shaped]) -> list[str]:
    """Return the weights of classes that losses have; a loss with matrices may be the network's last layer."""
    losses = _under(tensors, _LOSSES).values()
    return [name for loss in losses if all(len(each.shape) < 2 for each in loss.values()) for name in loss]


def _of_metrics(tensors: Mapping[str, _Shaped]) -> list[str]:
    """Return the counts that metrics keep; a mean is kept with its weight, a single number."""
    counts = [name for name in tensors if name.rpartition(".")[2] in _METRICS]
    weights = [f"{name.rpartition('.')[0]}.weight" for name in counts]
    return [*counts, *(name for name in dict.fromkeys(weights) if name in tensors and tensors[name].shape == ())]


def _parts(tensors: Mapping[str, _Shaped]) -> Counter[tuple[str, tuple[int, ...]]]:
    return Counter((_PART.sub("", name), tuple(tensor.shape)) for name, tensor in tensors.items() if tensor.shape)


def why_several(tensors: Mapping[str, _Shaped]) -> str:
    """Return that a file holds whole networks side by side, and nothing but them; "" where it holds one, or more."""
    matrices = {name: len(tensor.shape) for name, tensor in tensors.items() if len(tensor.shape) in (2, 4)}
    held: dict[str, Counter[int]] = {}
    for name, dimensions in matrices.items():
        for place in (place for place, letter in enumerate(name) if letter == "."):
            held.setdefault(name[:place], Counter())[dimensions] += 1
    whole = [prefix for prefix, count in held.items() if (count[4], count[2]) == _LAYERS]
    outer = [prefix for prefix in whole if prefix.rpartition(".")[0] not in whole]
    if len(outer) < 2 or len(outer) * sum(_LAYERS) < len(matrices):
        return ""
    return said(
        "holds {n} networks whole ({names}), and nothing says which one to show; save the state_dict() of one of them "
        "alone",
        n=len(outer),
        names=some_names(outer),
    )
