"""The variant whose tensors match a file's exactly, or how the file differs from the nearest one."""

from __future__ import annotations

from collections.abc import Mapping

from alexnet_viz.checkpoints.hints import Hints
from alexnet_viz.checkpoints.metadata import MOST_CLASSES, shorten
from alexnet_viz.checkpoints.recognition import (
    some_names,
    why_besides,
    why_not_connected,
    why_other_windows,
    why_turned,
)
from alexnet_viz.checkpoints.shapes import FIRST_WEIGHT, LAST_WEIGHT, StoredTensor, channels_of, tensor_shapes
from alexnet_viz.errors import CheckpointError
from alexnet_viz.language import said
from alexnet_viz.model import TORCHVISION_NAMES
from alexnet_viz.variants import VARIANTS, Variant

WEIGHT_TYPES = ("float16", "bfloat16", "float32", "float64")
TORCHVISION_FIRST = "features.0.weight"
_PARTS = ("weight", "bias")


def fitting_variant(
    found: Mapping[str, StoredTensor], names: Mapping[str, str], wanted: object, hinted: Hints, name: str
) -> Variant:
    """Return the variant that has exactly these tensors: the one wanted, or the first that fits what the names say."""
    if wanted is not None and wanted not in VARIANTS:
        known = ", ".join(VARIANTS)
        raise CheckpointError(
            name,
            said(
                "is of the variant '{wanted}', this version knows {known}; update it",
                wanted=shorten(wanted),
                known=known,
            ),
        )
    candidates = [VARIANTS[str(wanted)]] if wanted is not None else list(VARIANTS.values())
    if LAST_WEIGHT not in found or len(found[LAST_WEIGHT].shape) != 2:
        raise CheckpointError(
            name, said("has no {layer}, so it is no AlexNet; save model.state_dict() of one", layer=LAST_WEIGHT)
        )
    count = found[LAST_WEIGHT].shape[0]
    if not 1 <= count <= MOST_CLASSES:
        raise CheckpointError(
            name,
            said("has {n} classes; a network may have 1 to {most}", n=count, most=MOST_CLASSES),
        )
    agreeing = []
    for variant in candidates:
        shapes = tensor_shapes(variant, count, channels_of(found))
        agreeing.append(sum(entry in found and found[entry].shape == shape for entry, shape in shapes.items()))
        if agreeing[-1] == len(shapes) == len(found) and hinted.suggest(variant):
            _check_types(found, names, name)
            return variant
    nearest = candidates[agreeing.index(max(agreeing))]
    shapes = tensor_shapes(nearest, count, channels_of(found))
    raise CheckpointError(name, _difference(found, names, shapes, nearest, hinted))


def _difference(
    found: Mapping[str, StoredTensor],
    names: Mapping[str, str],
    shapes: Mapping[str, tuple[int, ...]],
    variant: Variant,
    hinted: Hints,
) -> str:
    """Return the sentence that says where a file differs from the variant that it resembles most."""
    kind = said("AlexNet (variant {variant})", variant=variant.name)
    theirs = torchvisions_names(names)
    missing = [theirs.get(entry, entry) for entry in shapes if entry not in found]
    others = {names[entry]: tensor.shape for entry, tensor in found.items() if entry not in shapes}
    if other := _begins_otherwise(found, names):
        return other
    if missing:
        return _lacking(missing, list(others), kind)
    first, wanted = found[FIRST_WEIGHT].shape, shapes[FIRST_WEIGHT]
    if len(first) == 4 and first[1] != wanted[1] and first[:1] + first[2:] == wanted[:1] + wanted[2:]:
        return said(
            "takes pictures of {n} channels, this program shows networks for 3 (RGB) and 1 (grey); choose another file",
            n=first[1],
        )
    for entry, shape in shapes.items():
        if found[entry].shape != shape:
            because = why_not_connected(names[entry], found[entry].shape, shape) if entry == "fc1.weight" else ""
            return because or said(
                "has {layer} of {given}, {kind} has {wanted}; choose another file",
                layer=shorten(names[entry]),
                given=" × ".join(map(str, found[entry].shape[:6])) or said("a single number"),
                kind=kind,
                wanted=" × ".join(map(str, shape)),
            )
    if not others:
        return said(
            "has AlexNet's shapes, but the numbers in its layers' names leave {words}; no variant here is so: if it is "
            "one all the same, choose that",
            words=hinted.words(),
        )
    return why_besides(others, found[LAST_WEIGHT].shape[0], kind)


def _begins_otherwise(found: Mapping[str, StoredTensor], names: Mapping[str, str]) -> str:
    """Return why the first layer is that of another kind of network; "" where it is AlexNet's, or missing.

    Networks of all kinds begin with torchvision's name; one with the article's is compared layer by layer.
    """
    if FIRST_WEIGHT not in found:
        return ""
    name, first = names[FIRST_WEIGHT], found[FIRST_WEIGHT].shape
    convolutions = sum(len(tensor.shape) == 4 for tensor in found.values())
    other = why_other_windows(name, first, convolutions) if name.endswith(TORCHVISION_FIRST) else ""
    return why_turned(name, first) or other


def _lacking(missing: list[str], others: list[str], kind: str) -> str:
    lacking = said("lacks {names}, so it is no {kind}", names=some_names(missing), kind=kind)
    if others:
        lacking = said("{lacking} (it holds {names} besides)", lacking=lacking, names=some_names(others))
    return said("{lacking}; save the whole model.state_dict()", lacking=lacking)


def torchvisions_names(names: Mapping[str, str]) -> dict[str, str]:
    """Return how a file with torchvision's names calls, or would call, each of our tensors; {} for others."""
    if not names.get(FIRST_WEIGHT, "").endswith(TORCHVISION_FIRST):
        return {}
    prefix = names[FIRST_WEIGHT].removesuffix(TORCHVISION_FIRST)
    return {f"{own}.{part}": f"{prefix}{theirs}.{part}" for theirs, own in TORCHVISION_NAMES.items() for part in _PARTS}


def _check_types(found: Mapping[str, StoredTensor], names: Mapping[str, str], name: str) -> None:
    for entry, tensor in found.items():
        if tensor.dtype not in WEIGHT_TYPES:
            kinds = ", ".join(WEIGHT_TYPES)
            raise CheckpointError(
                name,
                said(
                    "holds {layer} as {dtype}; weights are one of {kinds}",
                    layer=shorten(names[entry]),
                    dtype=shorten(tensor.dtype),
                    kinds=kinds,
                ),
            )


def check_choice(found: Mapping[str, StoredTensor], chosen: str, name: str) -> None:
    """Refuse a chosen variant that the tensors of a network are not, naming those that they are."""
    fitting = _alike(found) if chosen else []
    if fitting and chosen not in fitting:
        raise CheckpointError(
            name,
            said(
                "cannot be the variant {chosen}: its layers are those of {names}",
                chosen=chosen,
                names=", ".join(fitting),
            ),
        )


def _alike(found: Mapping[str, StoredTensor]) -> list[str]:
    shapes = {entry: tensor.shape for entry, tensor in found.items()}
    count = (*shapes.get(LAST_WEIGHT, ()), 1)[0]
    channels = channels_of(found)
    return [variant.name for variant in VARIANTS.values() if tensor_shapes(variant, count, channels) == shapes]


def variants_alike(variant: Variant) -> list[Variant]:
    """Return all variants whose tensors have the same shapes, this one among them: a file may be any of these."""
    return [each for each in VARIANTS.values() if tensor_shapes(each, 1) == tensor_shapes(variant, 1)]
