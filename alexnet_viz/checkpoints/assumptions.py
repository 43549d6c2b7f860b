"""What is assumed about a file that does not describe itself, and the sentences that say so."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache

from alexnet_viz.checkpoints.choices import NORMALISATIONS, Choice, normalisation_of
from alexnet_viz.checkpoints.hints import Hints
from alexnet_viz.checkpoints.metadata import shorten
from alexnet_viz.images import InputRule
from alexnet_viz.language import in_a_row, said
from alexnet_viz.variants import Variant

CIFAR10_CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
_IMAGENET_CLASS_COUNT = 1_000
_WITHOUT_DESCRIPTION = "a state dict without a description"
MADE_GREY = said("Its first layer takes one channel: pictures are made grey, 0.299 red + 0.587 green + 0.114 blue.")
OF_CAFFE = said(  # what holds of a network that comes from there; nothing but its layers' names tells it
    "Its layers are named as Caffe's. If it comes from there, choose caffe-alexnet or caffenet where it is in groups, "
    "and Caffe's normalisation: blue, green, red."
)
_NAMES_NOT_KNOWN = "its classes' names are not known"
_AS_CIFAR10 = "its 10 classes are taken for CIFAR-10's, as in the article"
_AS_IMAGENET = "its 1,000 classes are taken for ImageNet's, as in torchvision"
_OF_CLASSES = {
    _NAMES_NOT_KNOWN: said("Its classes' names are not known."),
    _AS_CIFAR10: said("Its 10 classes are taken for CIFAR-10's, as in the article."),
    _AS_IMAGENET: said("Its 1,000 classes are taken for ImageNet's, as in torchvision."),
}
_TORCHVISIONS = ("torchvision", "torchvision-wide")


def assumed_values(variant: Variant, class_count: int, channels: int = 3) -> dict[str, object]:
    """Return classes, input rule and source of a file that holds nothing but tensors."""
    classes, known = [f"class {number}" for number in range(class_count)], _NAMES_NOT_KNOWN
    if variant.name == "seed" and class_count == len(CIFAR10_CLASSES):
        classes, known = list(CIFAR10_CLASSES), _AS_CIFAR10
    elif variant.name in _TORCHVISIONS and class_count == _IMAGENET_CLASS_COUNT and imagenet_classes():
        classes, known = imagenet_classes(), _AS_IMAGENET
    usual = "cifar10" if channels == 3 else "half"  # as most tutorials on grey pictures have it
    if class_count == _IMAGENET_CLASS_COUNT or (variant.name in _TORCHVISIONS and channels == 3):
        usual = "imagenet"
    rule = NORMALISATIONS[usual].rule(variant.input_size, channels)
    source = f"{_WITHOUT_DESCRIPTION}; {known}"
    return {"classes": classes, "input": rule.to_record(), "source": source}


def with_choice(
    values: Mapping[str, object], told: Mapping[str, object], choice: Choice, size: int, channels: int = 3
) -> dict[str, object]:
    """Return what is assumed of a file, then what it says itself, then what was chosen: each goes before the last.

    Args:
        values: As `assumed_values` gives them.
        told: By the file.
        choice: A person's.
        size, channels: Of the network's input.
    """
    merged = {**values, **told}
    if choice.classes:
        merged["classes"] = list(choice.classes)
        if "source" not in told:
            merged["source"] = f"{_WITHOUT_DESCRIPTION}; the names of its classes were given"
    if choice.normalisation:
        merged["input"] = choice.rule(size, channels).to_record()
        merged["normalisation"] = choice.normalisation
    elif choice.variant and "input" in told:
        with suppress(ValueError):  # an unusable rule is refused where every rule is checked
            merged["input"] = InputRule.from_record(told["input"]).of_size(size).to_record()
    return merged


def imagenet_rule(size: int = 224) -> InputRule:
    """Return how torchvision prepares pictures for its networks."""
    return NORMALISATIONS["imagenet"].rule(size)


def assumed_of_network(variant: Variant, alike: list[str], hints: Hints) -> str:
    """Return how the variant was chosen.

    Args:
        variant: The one chosen.
        alike: Names of the others that have the same shapes, and for which the names leave room.
        hints: What the file's names say.
    """
    told = hints.sentences()
    if not alike:
        left_open = hints.left_open()
    elif told:
        left_open = said("Nothing else in the file says which variant it is, or which activation it has")
    else:
        left_open = said("Nothing in the file says which variant it is")
    about = {"told": in_a_row([*told, left_open]), "variant": variant.name, "others": ", ".join(alike)}
    if not alike:
        return said(
            "{told}. Taken for {variant}: {title}, with pictures of {size} pixels and a padding of {padding}.",
            title=variant.title,
            size=variant.input_size,
            padding=variant.convolutions[0].padding,
            **about,
        )
    if len(alike) == 1:
        return said("{told}. Taken for {variant}, but {others} has the same shapes.", **about)
    return said("{told}. Taken for {variant}, but {others} have the same shapes.", **about)


def assumed_of_values(values: Mapping[str, object], known: Container[str]) -> Iterator[str]:
    """Yield what was assumed of pictures and classes.

    Args:
        values: The assumed ones, or those that the file states.
        known: Those of "input" and "classes" that nobody has to assume.
    """
    if "input" not in known:
        rule = InputRule.from_record(values["input"])
        whose = NORMALISATIONS[normalisation_of(rule)].title
        if rule.short_side > rule.size:
            yield said(
                "Pictures are normalised with {whose}, after their short side is fitted to {side} pixels.",
                whose=whose,
                side=rule.short_side,
            )
        else:
            yield said(
                "Pictures are normalised with {whose}. Their middle square is cut out; whether training squashed whole "
                "pictures instead is not in the file.",
                whose=whose,
            )
    if "classes" not in known:
        words = str(values["source"]).partition("; ")[2]
        yield _OF_CLASSES.get(words) or sentence(words)


def still_assumed(sentences: Iterable[str], choice: Choice) -> list[str]:
    """Return those of a kept file's sentences that a choice does not answer."""
    left = list(sentences)
    if choice.variant:
        left = [each for each in left if "Taken for" not in each]
    if choice.normalisation:
        left = [each for each in left if not each.startswith("Pictures are normalised")]
    return [each for each in left if not (choice.classes and "classes" in each)]


def sentence(change: str) -> str:
    """Return what was changed in a file, "torchvision's names are translated", as a sentence."""
    return f"{change[:1].upper()}{change[1:]}."


def where_from(key: str, others: tuple[str, ...]) -> Iterator[str]:
    """Yield under which of a file's keys the weights are, and which others it has."""
    if others:
        left_out = ", ".join(f"'{shorten(other)}'" for other in others[:3])
        if key:
            yield said(
                "It holds several sets of weights: those under '{key}' are shown, not {others}.",
                key=shorten(key),
                others=left_out,
            )
        else:
            yield said("It holds several sets of weights: those at its top are shown, not {others}.", others=left_out)
        yield said("To see others of its weights, save them alone in a file of their own.")
    elif key:
        yield said("Its weights are those under '{key}'.", key=shorten(key))


@lru_cache
def imagenet_classes() -> list[str]:
    """Return ImageNet's 1,000 names as torchvision ships them; [] where torchvision cannot be imported."""
    try:
        from torchvision.models import AlexNet_Weights  # here, because it takes most of a second
    except (ImportError, RuntimeError):  # RuntimeError: built for another version of torch
        return []
    return list(AlexNet_Weights.IMAGENET1K_V1.meta["categories"])
