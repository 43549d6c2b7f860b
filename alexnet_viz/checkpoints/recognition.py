"""Which tensor belongs to which layer in a file with unknown names, or why it is no AlexNet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from alexnet_viz.checkpoints.metadata import shorten
from alexnet_viz.language import counted, said, some_of
from alexnet_viz.variants import POOLED_SIDE

CONVOLUTIONS = tuple(f"block{number}.conv_layer" for number in range(1, 6))
FULLY_CONNECTED = ("fc1", "fc2", "classification_layer")
_NAMED = 3  # of missing or superfluous tensors; the others are counted
# As PyTorch's reparametrisations and PEFT's LoRA keep a weight.
_IN_PARTS = {"weight_g", "weight_orig", "weight_mask", "parametrizations", "base_layer", "lora_A", "lora_B"}
_Shapes = Mapping[str, tuple[int, ...]]


def biases_to_make(shapes: _Shapes) -> dict[str, str]:
    """Return the names that the biases of layers would have which have none, and whose they are.

    A layer alone without a bias is a file that lacks one; all convolutions, or all fully connected layers, are a
    definition that says bias=False.
    """
    weights = {dimensions: _weights(shapes, dimensions) for dimensions in (4, 2)}
    if [len(each) for each in weights.values()] != [len(CONVOLUTIONS), len(FULLY_CONNECTED)]:
        return {}
    made: dict[str, str] = {}
    for each in weights.values():
        biases = {f"{weight.removesuffix('.weight')}.bias": weight for weight in each}
        made |= {} if biases.keys() & shapes.keys() else biases
    return made


def written_as_convolutions(shapes: _Shapes) -> list[str]:
    """Return the weights of fully connected layers that are written as convolutions; [] where not all three are.

    A window as large as the maps has one place, so fc1 is the same sums as a convolution of 6 × 6, and the layers
    behind it are convolutions of 1 × 1 (Long, Shelhamer and Darrell, 2015, section 3.1).
    """
    whole = [name for name in _weights(shapes, 4) if shapes[name][2:] in ((POOLED_SIDE, POOLED_SIDE), (1, 1))]
    return whole if len(whole) == len(FULLY_CONNECTED) and not _weights(shapes, 2) else []


def _weights(shapes: _Shapes, dimensions: int) -> list[str]:
    return [name for name, shape in shapes.items() if len(shape) == dimensions and name.endswith(".weight")]


def words_of_biases(made: Mapping[str, str], shapes: _Shapes) -> str:
    """Return which layers have no bias, in a sentence."""
    dimensions = {len(shapes[weight]) for weight in made.values()}
    if len(dimensions) == 2:
        return said("None of its layers has a bias: 0 is taken for each, which computes the same.")
    if 4 in dimensions:
        return said("Its convolutions have no biases: 0 is taken for each, which computes the same.")
    return said("Its fully connected layers have no biases: 0 is taken for each, which computes the same.")


def recognised(shapes: _Shapes, candidates: Iterable[_Shapes]) -> dict[str, str]:
    """Return the file's name for each of our tensors, {} where its tensors are not those of a candidate.

    Args:
        shapes: Of the file's tensors, in their order.
        candidates: Shapes of our tensors by our names, for each network that it may be; -1 fits any number.
    """
    for candidate in candidates:
        names = _matched(shapes, candidate)
        if len(names) == len(candidate) == len(shapes):
            return _last_by_name(names, shapes)
    return {}


def _last_by_name(names: dict[str, str], shapes: _Shapes) -> dict[str, str]:
    """Return the same with fc2 and the last layer changed over where they are alike and the former is called the last.

    With as many classes as units their shapes are the same, and safetensors has them by the alphabet.
    """
    _, second, last = FULLY_CONNECTED
    theirs = names[f"{second}.weight"], names[f"{last}.weight"]
    if shapes[theirs[0]] != shapes[theirs[1]] or not _is_called_last(*theirs) or _is_called_last(*theirs[::-1]):
        return names
    turned = {second: last, last: second}
    return {
        f"{turned.get(layer, layer)}.{part}": name
        for own, name in names.items()
        for layer, _, part in [own.rpartition(".")]
    }


def words_of_the_last(names: Mapping[str, str], shapes: _Shapes) -> str:
    """Return which layer is taken for the last where nothing but its place tells it from fc2; "" where more does."""
    second, last = (names[f"{layer}.weight"] for layer in FULLY_CONNECTED[1:])
    numbered = re.sub("[0-9]+", "", second) == re.sub("[0-9]+", "", last)
    if numbered or shapes[second] != shapes[last] or _is_called_last(last, second) != _is_called_last(second, last):
        return ""
    layer = shorten(last.removesuffix(".weight"))
    return said("Its last two layers have the same shapes: {layer} is taken for the last, by its place.", layer=layer)


def _is_called_last(name: str, other: str) -> bool:
    """Return whether that part of a name in which it differs from another says that it gives the classes."""
    parts = [part for part, its in zip(name.split("."), other.split("."), strict=False) if part != its]
    return re.search("class|cls|head|out|logit|last|final|pred|score", ".".join(parts), re.IGNORECASE) is not None


def why_more(shapes: _Shapes, candidates: Iterable[_Shapes]) -> str:
    """Return what a file has besides all tensors of a candidate; "" where it has those of none."""
    for candidate in candidates:
        names = _matched(shapes, candidate)
        if len(names) == len(candidate):
            more = {name: shape for name, shape in shapes.items() if name not in names.values()}
            return why_besides(more, shapes[names["classification_layer.weight"]][0], "AlexNet")
    return ""


def why_besides(more: _Shapes, outputs: int, kind: str) -> str:
    """Return why a network of a kind with so many outputs is not shown without more that the file holds."""
    behind = [name for name, shape in more.items() if len(shape) == 2 and shape[1] == outputs]
    if behind:
        return said(
            "has {layer} of {shape}, a further layer on the {n} outputs of AlexNet's last one, which no network here "
            "has, so it cannot be shown",
            layer=shorten(behind[0]),
            shape=_times(more[behind[0]]),
            n=outputs,
        )
    return said(
        "holds {names} besides what {kind} has: if it computes with that, it cannot be shown, else leave it out",
        names=some_names(list(more)),
        kind=kind,
    )


def _matched(theirs: _Shapes, ours: _Shapes) -> dict[str, str]:
    """Return the first unused module of its shapes for each of our layers, so that equal shapes go in their order."""
    names: dict[str, str] = {}
    left = [name.removesuffix(".weight") for name in theirs if name.endswith(".weight")]
    for layer in (*CONVOLUTIONS, *FULLY_CONNECTED):
        for module in left:
            pairs = [(f"{layer}.{part}", f"{module}.{part}") for part in ("weight", "bias")]
            if all(_fits(theirs.get(their), ours[own]) for own, their in pairs):
                left.remove(module)
                names |= dict(pairs)
                break
    return names


def _fits(shape: tuple[int, ...] | None, wanted: tuple[int, ...]) -> bool:
    return (
        shape is not None
        and len(shape) == len(wanted)
        and all(want in (-1, side) for side, want in zip(shape, wanted, strict=True))
    )


def why_unknown(shapes: _Shapes) -> str:
    """Return why a file's tensors are no AlexNet that can be shown, by its own names."""
    convolutions = [name for name, shape in shapes.items() if len(shape) == 4]
    linears = [name for name, shape in shapes.items() if len(shape) == 2]
    if not convolutions or not linears:
        return said(
            "holds {names}; AlexNet has five convolutions and three fully connected layers: save the whole "
            "model.state_dict() in one file",
            names=some_names(list(shapes)),
        )
    begin = next((name for name in convolutions if shapes[name][2:] == (11, 11)), convolutions[0])  # in any order
    first = shapes[begin]
    if other := why_turned(begin, first) or why_other_windows(begin, first, len(convolutions)):
        return other
    if (len(convolutions), len(linears)) != (5, 3):
        return said(
            "has {convolutions} and {linears}, AlexNet 5 and 3; it holds {names}",
            convolutions=counted("{n} convolution", "{n} convolutions", len(convolutions)),
            linears=counted("{n} fully connected layer", "{n} fully connected layers", len(linears)),
            names=some_names(list(shapes)),
        )
    if others := [name for name in (*convolutions, *linears) if not name.endswith(".weight")]:
        return said(
            "calls its weights {names}; layers are told here by names that end in .weight and .bias: rename them so "
            "and save it again",
            names=some_names(others),
        )
    bare = [name for name in (*convolutions, *linears) if f"{name.removesuffix('.weight')}.bias" not in shapes]
    if bare:
        return said(
            "has no bias beside {names}, and has some for others; save the whole model.state_dict()",
            names=some_names(bare),
        )
    fc1 = linears[0]
    unfit = why_not_connected(fc1, shapes[fc1], (shapes[fc1][0], shapes[convolutions[-1]][0] * POOLED_SIDE**2))
    widths = ", ".join(str(shapes[name][0]) for name in (*convolutions, *linears))
    return unfit or said(
        "has layers of {widths} channels and units ({names}), which is no variant known here",
        widths=widths,
        names=some_names(list(shapes)),
    )


def why_never(shapes: _Shapes) -> str:
    """Return why no network with such tensors can be shown, whatever else it is; "" where nothing is plain."""
    return _why_normalised(shapes) or _why_in_parts(shapes)


def _why_normalised(shapes: _Shapes) -> str:
    """Return that a network's layers of normalisation are none of AlexNet's: an LRN has no numbers to learn."""
    if found := [name for name in shapes if name.endswith(("running_mean", "moving_mean"))]:
        return said(
            "has batch normalisation ({names}), which no AlexNet here has, so it cannot be shown",
            names=some_names(found),
        )
    biases = {name: f"{name.removesuffix('weight')}bias" for name in shapes if name.endswith("weight")}
    if found := [name for name, bias in biases.items() if len(shapes[name]) == 1 and shapes[name] == shapes.get(bias)]:
        return said(
            "has layers of normalisation ({names}), which no AlexNet here has, so it cannot be shown",
            names=some_names(found),
        )
    return ""


def _why_in_parts(names: Iterable[str]) -> str:
    """Return how to save a network whose weights are computed from several tensors each; "" where none are."""
    found = [name for name in names if not _IN_PARTS.isdisjoint(name.split("."))]
    if not found:
        return ""
    return said(
        "keeps its weights in parts ({names}), as weight normalisation, spectral normalisation, pruning and LoRA do; "
        "remove that from the network, or merge it, and save it again",
        names=some_names(found),
    )


def why_other_windows(name: str, shape: tuple[int, ...], convolutions: int) -> str:
    """Return that a network of so many convolutions begins with other windows than AlexNet; "" where it does not."""
    if len(shape) != 4 or shape[2:] == (11, 11):
        return ""
    about = {"windows": _times(shape[2:]), "layer": shorten(name)}
    if convolutions == len(CONVOLUTIONS) and max(shape[2:]) <= 5:
        return said(
            "begins with windows of {windows} ({layer}), AlexNet's are 11 × 11: another network, for smaller pictures, "
            "which cannot be shown",
            **about,
        )
    return said(
        "begins with windows of {windows} ({layer}), AlexNet's are 11 × 11: another network, which cannot be shown",
        **about,
    )


def why_turned(name: str, shape: tuple[int, ...]) -> str:
    """Return that the weights of the first convolution are in another program's order; "" where they are not."""
    about = {"layer": shorten(name), "shape": _times(shape)}
    if len(shape) == 4 and shape[:2] == (11, 11):
        return said(
            "has {layer} of {shape}, which is the order of TensorFlow and Keras; convert the network to PyTorch's, "
            "also what fc1 takes, and save model.state_dict()",
            **about,
        )
    if len(shape) == 4 and shape[1:3] == (11, 11) and shape[3] <= 4:
        return said(
            "has {layer} of {shape}, its channels last, as MLX and TensorFlow Lite have them; convert the network to "
            "PyTorch's order, also what fc1 takes, and save model.state_dict()",
            **about,
        )
    return ""


def why_not_connected(name: str, shape: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    """Return why the first fully connected layer cannot be AlexNet's, with the arithmetic; "" where its inputs are."""
    if len(shape) != 2 or shape[1] == wanted[1]:
        return ""
    if shape[0] == wanted[1]:
        return said(
            "has {layer} of {shape}, its inputs first, where PyTorch has its outputs first; turn the fully connected "
            "layers' weights with .t() and save it again",
            layer=shorten(name),
            shape=_times(shape),
        )
    channels = wanted[1] // POOLED_SIDE**2
    side = round((shape[1] / channels) ** 0.5)
    spelled = f" = {channels} × {side} × {side}" if channels * side**2 == shape[1] else ""
    ours = f"{channels} × {POOLED_SIDE} × {POOLED_SIDE}"
    return said(
        "has {layer} for {n}{spelled} numbers, where AlexNet's first fully connected layer takes {ours} = {wanted}: it "
        "was made for another size of pictures, or other windows, and cannot be shown",
        layer=shorten(name),
        n=shape[1],
        spelled=spelled,
        ours=ours,
        wanted=wanted[1],
    )


def _times(sides: Sequence[int]) -> str:
    return " × ".join(map(str, sides))


def some_names(names: Sequence[str]) -> str:
    """Return the first few names of tensors, each in short, and the number of the others."""
    return some_of([shorten(name) for name in names], _NAMED)
