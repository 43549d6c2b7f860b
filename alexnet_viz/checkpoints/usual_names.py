"""Other programs' names of weights and biases, translated to PyTorch's.

usual_names({"conv1/W": (96, 3, 11, 11), "conv1/b": (96,)})  # {"conv1/W": "conv1.weight", "conv1/b": "conv1.bias"}
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from alexnet_viz.checkpoints.recognition import recognised

_WORDS = {  # the last in a name counts; 0 and 1 are the places in a layer's own list
    "weight": r"(?<![A-Za-z])(?:weights?|kernels?|filters?|w)(?![A-Za-z])|(?<=[./])0$",
    "bias": r"(?<![A-Za-z])(?:bias(?:es)?|b)(?![A-Za-z])|(?<=[./])1$",
}
_BETWEEN = "./_:- "
_Shapes = Mapping[str, tuple[int, ...]]


def usual_names(shapes: _Shapes) -> dict[str, str]:
    """Return what PyTorch would call each tensor; {} where that is plain for not every one, or is so already."""
    if all(name.endswith((".weight", ".bias")) for name in shapes):
        return {}
    return _by_words(shapes) or _by_turns(shapes)


def recognised_as_usual(shapes: _Shapes, candidates: Iterable[_Shapes]) -> dict[str, str]:
    """Return what `recognised` does of a file whose weights and biases have names of another program."""
    theirs = {name: given for given, name in usual_names(shapes).items()}
    found = recognised({name: shapes[given] for name, given in theirs.items()}, candidates)
    return {own: theirs[name] for own, name in found.items()}


def _part(shape: tuple[int, ...]) -> str:
    return "weight" if len(shape) > 1 else "bias"


def _by_words(shapes: _Shapes) -> dict[str, str]:
    """Return names by the word for weights or biases in each, "W_conv1" and "b_conv1"."""
    found = {name: [*re.finditer(_WORDS[_part(shape)], name, re.IGNORECASE)][-1:] for name, shape in shapes.items()}
    if not all(found.values()):
        return {}
    around = {name: (name[: each.start()], name[each.end() :]) for name, (each,) in found.items()}
    tails = {tail for _, tail in around.values()}
    layers = {
        name: (first if len(tails) == 1 else first + tail).strip(_BETWEEN) for name, (first, tail) in around.items()
    }
    names = {name: f"{layer}.{_part(shapes[name])}" for name, layer in layers.items()}
    return names if len(set(names.values())) == len(names) else {}


def _by_turns(shapes: _Shapes) -> dict[str, str]:
    """Return names of tensors in a list, as model.parameters() gives them: a weight and its bias in turns."""
    listed = list(shapes)
    weights = dict(zip(listed[::2], listed[1::2], strict=False))
    in_turns = [_part(shape) for shape in shapes.values()] == ["weight", "bias"] * len(weights)
    if not in_turns or len({re.sub("[0-9]+", "", name) for name in listed}) > 1:
        return {}
    return {
        name: f"{weight}.{part}"
        for weight, bias in weights.items()
        for name, part in ((weight, "weight"), (bias, "bias"))
    }
