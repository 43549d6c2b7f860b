"""Which network a file holds, from the names and shapes of its tensors, before any number is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import cast

from torch import Tensor

from alexnet_viz.checkpoints.assumptions import (
    MADE_GREY,
    OF_CAFFE,
    assumed_of_network,
    assumed_of_values,
    assumed_values,
    sentence,
    still_assumed,
    with_choice,
)
from alexnet_viz.checkpoints.beside import of_the_network, why_several
from alexnet_viz.checkpoints.choices import NO_CHOICE, Choice, undecided
from alexnet_viz.checkpoints.fitting import (
    TORCHVISION_FIRST,
    check_choice,
    fitting_variant,
    torchvisions_names,
    variants_alike,
)
from alexnet_viz.checkpoints.hints import Hints, hints
from alexnet_viz.checkpoints.metadata import check_classes, decode_metadata, shorten
from alexnet_viz.checkpoints.recognition import (
    biases_to_make,
    recognised,
    some_names,
    why_more,
    why_never,
    why_unknown,
    words_of_biases,
    words_of_the_last,
    written_as_convolutions,
)
from alexnet_viz.checkpoints.shapes import FIRST_WEIGHT, LAST_WEIGHT, RGB, StoredTensor, channels_of, tensor_shapes
from alexnet_viz.checkpoints.usual_names import recognised_as_usual, usual_names
from alexnet_viz.errors import CheckpointError
from alexnet_viz.images import InputRule
from alexnet_viz.language import counted, said
from alexnet_viz.model import torchvision_state_dict
from alexnet_viz.variants import VARIANTS, Variant

_MOST_TENSORS = 1_000
PACKING = "low-rank/1"  # in metadata: some matrices W (m, n) are held as W.left (m, r) and W.right (r, n)
_TORCHVISION_LAST = "classifier.6.weight"
_CHANNELS = (RGB, 1)  # of the first layer: colours, or grey


@dataclass(frozen=True)
class Contents:
    """What a model file holds.

    Attributes:
        variant: The network that its tensors fit.
        classes: One name per logit.
        metadata: What the file says about itself, checked; "variant", "classes", "input", "source" and "assumed", what
            was taken for granted in sentences, are always there.
        names: The file's name of each of the network's tensors.
        factors: For each of those names that the file holds as a product only, its two factors' names.
        bgr: Whether the first layer's weights are for blue, green, red, and have to be turned round.
        made: Those of the names that the file does not hold: biases, which are zero.
    """

    variant: Variant
    classes: tuple[str, ...]
    metadata: dict[str, object]
    names: dict[str, str]
    factors: dict[str, tuple[str, str]] = field(default_factory=dict)
    bgr: bool = False
    made: frozenset[str] = frozenset()


def describe(
    tensors: Mapping[str, StoredTensor], stored: Mapping[str, str] | None, name: str, choice: Choice = NO_CHOICE
) -> Contents:
    """Return which network the tensors are.

    Args:
        tensors: Everything that the file holds, by the file's own names.
        stored: The file's metadata, None where its format has none.
        name: The file as the person knows it.
        choice: What a person says of it; it goes before what is assumed, and before what the file says.
    Raises:
        CheckpointError: No variant of AlexNet has these tensors, or the metadata or the choice say something else.
    """
    if len(tensors) > _MOST_TENSORS:
        raise CheckpointError(name, said("holds {n} tensors, AlexNet has 16; choose another file", n=len(tensors)))
    told = decode_metadata(stored, name)
    factors: dict[str, tuple[str, str]] = {}
    if "packing" in told:
        tensors, factors = _unpacked(tensors, told["packing"], name)
    tensors, left_out = of_the_network(tensors)
    convolved = written_as_convolutions({key: tensor.shape for key, tensor in tensors.items()})
    tensors = {**tensors, **{key: _as_matrix(tensors[key]) for key in convolved}}
    shapes = {key: tensor.shape for key, tensor in tensors.items()}
    made = {} if "variant" in told else biases_to_make(shapes)  # ours say their variant, and have their biases
    zeros = {bias: StoredTensor(tensors[weight].shape[:1], tensors[weight].dtype) for bias, weight in made.items()}
    tensors = {**tensors, **zeros}
    names = _names(tensors, name)
    found = {own: tensors[theirs] for own, theirs in names.items()}
    wanted = choice.variant or told.get("variant")
    usual = usual_names({theirs: shapes.get(theirs, ()) for theirs in names.values()})
    hinted = Hints() if wanted else hints({own: usual.get(theirs, theirs) for own, theirs in names.items()})
    check_choice(found, choice.variant, name)
    variant = fitting_variant(found, names, wanted, hinted, name)
    metadata = _known_and_assumed(found, variant, names, told, choice, hinted)
    read_as = _read_as(names, shapes, convolved, made, left_out)
    metadata["assumed"] = [*read_as, *cast(list[str], metadata["assumed"])]
    classes = tuple(cast(list[str], metadata["classes"]))
    count = found[LAST_WEIGHT].shape[0]
    if choice.classes:
        check_classes(choice.classes, count)
    if len(classes) != count:
        words = counted(
            "has {n} class, but its metadata name {named}; save it again",
            "has {n} classes, but its metadata name {named}; save it again",
            count,
            named=len(classes),
        )
        raise CheckpointError(name, words)
    channels = channels_of(found)
    _check_input(metadata["input"], variant, channels, name)
    return Contents(variant, classes, metadata, names, factors, choice.turns(told, channels), frozenset(made))


def _read_as(
    names: Mapping[str, str],
    shapes: Mapping[str, tuple[int, ...]],
    convolved: Collection[str],
    made: Mapping[str, str],
    left_out: Sequence[str],
) -> list[str]:
    """Return what is done to a file's tensors before they are the network's, in sentences."""
    sentences = []
    if convolved:
        sentences.append(said("Its fully connected layers are written as convolutions, which computes the same."))
    if made:
        sentences.append(words_of_biases(made, shapes))
    if left_out:
        sentences.append(said("It holds {names} beside the network, which is left out.", names=some_names(left_out)))
    if last := words_of_the_last(names, shapes):
        sentences.append(last)
    return sentences


def _as_matrix(tensor: StoredTensor) -> StoredTensor:
    return StoredTensor((tensor.shape[0], prod(tensor.shape[1:])), tensor.dtype)


def _unpacked(
    tensors: Mapping[str, StoredTensor], packing: object, name: str
) -> tuple[dict[str, StoredTensor], dict[str, tuple[str, str]]]:
    """Return the tensors as they are after unpacking, and the factors of those that are products."""
    if packing != PACKING:
        packed = said("is packed as '{packing}', which this version cannot unpack; update it", packing=shorten(packing))
        raise CheckpointError(name, packed)
    plain = {key: tensor for key, tensor in tensors.items() if not key.endswith((".left", ".right"))}
    factors = {}
    for key in sorted({key.rpartition(".")[0] for key in tensors} - {key.rpartition(".")[0] for key in plain}):
        left, right = tensors.get(f"{key}.left"), tensors.get(f"{key}.right")
        if left is None or right is None or len(left.shape) != 2 or len(right.shape) != 2:
            raise CheckpointError(name, said("lacks a factor of {key}; pack it again", key=shorten(key)))
        if left.shape[1] != right.shape[0] or left.shape[1] > min(left.shape[0], right.shape[1]):
            raise CheckpointError(
                name, said("has factors of {key} that do not fit together; pack it again", key=shorten(key))
            )
        plain[key] = StoredTensor((left.shape[0], right.shape[1]), left.dtype)
        factors[key] = (f"{key}.left", f"{key}.right")
    return plain, factors


def _names(tensors: Mapping[str, StoredTensor], name: str) -> dict[str, str]:
    """Return the file's name for each of our tensors: by the names that it has, or by their order and shapes."""
    shapes = {key: tensor.shape for key, tensor in tensors.items()}
    if refused := why_never(shapes) or why_several(tensors):
        raise CheckpointError(name, refused)
    names = _own_names(tensors)
    if not tensors or set(names) == set(tensor_shapes(VARIANTS["seed"], 1)):
        return names
    candidates = [tensor_shapes(each, -1, channels) for channels in _CHANNELS for each in VARIANTS.values()]
    found = recognised(shapes, candidates) or recognised_as_usual(shapes, candidates)
    is_alexnet = FIRST_WEIGHT in names or LAST_WEIGHT in names
    if names.get(FIRST_WEIGHT, "").endswith(TORCHVISION_FIRST):  # VGG and many small networks begin with the same name
        is_alexnet = LAST_WEIGHT in names and shapes[names[FIRST_WEIGHT]][2:] == (11, 11)
    if found or is_alexnet:
        return found or names
    raise CheckpointError(name, why_more(shapes, candidates) or why_unknown(shapes))


def _own_names(tensors: Mapping[str, StoredTensor]) -> dict[str, str]:
    """Return the file's name for each of ours: without a wrapper's prefix, torchvision's translated."""
    prefix = _prefix(tensors)
    names = {name.removeprefix(prefix): name for name in tensors}
    if len(names) < len(tensors):  # with the prefix and without: two networks, or one twice
        names = {name: name for name in tensors}
    if TORCHVISION_FIRST not in names:
        return names
    return cast(dict[str, str], torchvision_state_dict(cast(Mapping[str, Tensor], names)))  # it looks at names only


def _prefix(tensors: Iterable[str]) -> str:
    """Return what a wrapper put before every name: "module." of DataParallel, "model." or "net." of a Lightning module.

    It is what stands before the last layer's name; of several the shortest.
    """
    ends = (LAST_WEIGHT, _TORCHVISION_LAST)
    found = [name.removesuffix(end) for name in tensors for end in ends if name.endswith(end)]
    return min((prefix for prefix in found if prefix == "" or prefix.endswith(".")), key=len, default="")


def _check_input(record: object, variant: Variant, channels: int, name: str) -> None:
    try:
        rule = InputRule.from_record(record)
    except ValueError as error:
        raise CheckpointError(name, said("has unusable metadata: {problem}; save it again", problem=error)) from error
    if rule.size != variant.input_size:
        raise CheckpointError(
            name,
            said(
                "has an input rule for {size} pixels, variant {name} takes {wanted}",
                size=str(rule.size),
                name=variant.name,
                wanted=str(variant.input_size),
            ),
        )
    if rule.channels != channels:
        reason = counted(
            "has an input rule for {n} channel, its first layer takes {wanted}; save it again",
            "has an input rule for {n} channels, its first layer takes {wanted}; save it again",
            rule.channels,
            wanted=channels,
        )
        raise CheckpointError(name, reason)


def _known_and_assumed(
    found: Mapping[str, StoredTensor],
    variant: Variant,
    names: Mapping[str, str],
    told: Mapping[str, object],
    choice: Choice,
    hinted: Hints,
) -> dict[str, object]:
    """Return what the file says, what was chosen, and what is taken for granted, which "source" and "assumed" say."""
    channels = channels_of(found)
    values = assumed_values(variant, found[LAST_WEIGHT].shape[0], channels)
    changes = list(_changes(found, names))
    merged = with_choice(values, told, choice, variant.input_size, channels)
    if "source" not in told:
        merged["source"] = "; ".join([str(merged["source"]), *changes])
    if "assumed" in told:
        sentences = still_assumed(cast(list[str], told["assumed"]), choice)
    else:
        sentences = [] if "variant" in told else list(map(sentence, changes))
        if not choice.variant and "variant" not in told:
            others = [each.name for each in variants_alike(variant) if each != variant and hinted.allow(each)]
            sentences.append(assumed_of_network(variant, others, hinted))
            sentences += [OF_CAFFE] if hinted.of_caffe and others and not choice.bgr else []
        known = {*told, *(["classes"] if choice.classes else []), *(["input"] if choice.normalisation else [])}
        sentences += assumed_of_values(values, known)
    if channels != RGB and MADE_GREY not in sentences:
        sentences.insert(0, MADE_GREY)
    said_of_it = {"chosen": choice.sentences(told, channels), "undecided": undecided(told)}
    more = {key: value for key, value in said_of_it.items() if value}
    return {**merged, "variant": variant.name, "assumed": sentences, **more}


def _changes(found: Mapping[str, StoredTensor], names: Mapping[str, str]) -> Iterator[str]:
    """Yield what is stripped from a file's tensors or converted, in words."""
    theirs = torchvisions_names(names)
    first = FIRST_WEIGHT if theirs != names else TORCHVISION_FIRST
    prefix = names[FIRST_WEIGHT].removesuffix(first)
    if theirs == names or all(given == f"{prefix}{own}" for own, given in names.items()):
        if prefix:
            yield f"names are read without their '{shorten(prefix)}'"
        if theirs == names:
            yield "torchvision's names are translated"
    else:
        layers = (shorten(names[entry].removesuffix(".weight")) for entry in (FIRST_WEIGHT, LAST_WEIGHT))
        yield f"its layers have names of their own ({' … '.join(layers)}) and are told by their order and shapes"
    converted = sorted({tensor.dtype for tensor in found.values()} - {"float32"})
    if converted:
        yield f"{' and '.join(converted)} converted to float32"
