"""A person's choices about a file (variant, normalisation, class names), saved beside it.

choice = Choice(variant="paper", normalisation="imagenet", classes=("cat", "dog"))
keep_choice(path, choice)  # model.pth.choices.json, which `load_checkpoint` reads
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypedDict, cast

from alexnet_viz.atomic import replace_json, replacing
from alexnet_viz.checkpoints.metadata import shorten
from alexnet_viz.checkpoints.names_of_classes import doubled
from alexnet_viz.errors import CheckpointError
from alexnet_viz.images import GREY, InputRule
from alexnet_viz.language import counted, said, some_of
from alexnet_viz.strict_json import JsonError, read_json_file
from alexnet_viz.variants import VARIANTS

UNDECIDED = ("variant", "normalisation", "classes")  # what a file may leave open
_FORMAT = "alexnet_viz-choices/1"
_IMAGENET_SHORT_SIDE = 256


@dataclass(frozen=True)
class Normalisation:
    """A usual way to make a network's input of a picture whose values go from 0 to 1.

    Attributes:
        title: For the screen, and in the sentence "Pictures are normalised with …".
        mean, std: Of red, green and blue.
        short_side: To which the picture is fitted before the middle is cut out; 0 is the input's own size.
        bgr: Whether the network takes blue, green and red, in this order.
    """

    title: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    short_side: int = 0
    bgr: bool = False

    def rule(self, size: int, channels: int = 3) -> InputRule:
        """Return how a picture becomes an input of this size, of 3 channels or, made grey, of 1."""
        mean, std = (self.mean, self.std) if channels == len(GREY) else (_grey(self.mean), _grey(self.std))
        return InputRule(size, mean, std, short_side=max(self.short_side, size) if self.short_side else 0)


NORMALISATIONS = {
    "cifar10": Normalisation(said("CIFAR-10's mean and deviation"), InputRule.mean, InputRule.std),
    "imagenet": Normalisation(
        said("ImageNet's mean and deviation"), (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), _IMAGENET_SHORT_SIDE
    ),
    "half": Normalisation(said("mean 0.5 and deviation 0.5, to values from −1 to 1"), (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    "none": Normalisation(said("mean 0 and deviation 1, to values from 0 to 1"), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
    "caffe": Normalisation(
        said("Caffe's: blue, green, red from 0 to 255 less ImageNet's mean"),
        (123 / 255, 117 / 255, 104 / 255),
        (1 / 255, 1 / 255, 1 / 255),
        _IMAGENET_SHORT_SIDE,
        bgr=True,
    ),
}
_BGR = "/bgr"  # behind a normalisation: the network takes blue, green and red


class _Record(TypedDict, total=False):
    format: str
    variant: str
    normalisation: str
    classes: list[str]


@dataclass(frozen=True)
class Choice:
    """What a person has chosen of a file; empty where nothing.

    Attributes:
        variant: A key of `VARIANTS`.
        normalisation: A key of `NORMALISATIONS`, or numbers of one's own: "0.48,0.46,0.41/0.23,0.22,0.23". With "/bgr"
            behind it for a network that takes blue, green, red; numbers of one's own are then in this order as well.
        classes: One name per logit.
    Raises:
        CheckpointError: There is no such variant or normalisation.
    """

    variant: str = ""
    normalisation: str = ""
    classes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.variant and self.variant not in VARIANTS:
            raise CheckpointError(
                said("The variant '{variant}'", variant=shorten(self.variant)),
                said("is none of {names}", names=", ".join(VARIANTS)),
            )
        if self.normalisation:
            self.rule(InputRule.size)

    def __bool__(self) -> bool:
        return any((self.variant, self.normalisation, self.classes))

    def over(self, other: Choice) -> Choice:
        """Return what is chosen here, and what the other says where nothing is."""
        return Choice(
            self.variant or other.variant, self.normalisation or other.normalisation, self.classes or other.classes
        )

    def without(self, other: Choice) -> Choice:
        """Return the part of it that the other does not say as well."""
        mine = asdict(other)
        return self.only([key for key, value in asdict(self).items() if value != mine[key]])

    def only(self, keys: Collection[str]) -> Choice:
        """Return the part of it that is among `keys`."""
        return replace(NO_CHOICE, **{key: value for key, value in asdict(self).items() if key in keys})

    @property
    def bgr(self) -> bool:
        """Whether the network is said to take blue, green and red, in this order."""
        known = NORMALISATIONS.get(self.normalisation)
        return known.bgr if known else self.normalisation.endswith(_BGR)

    def rule(self, size: int, channels: int = 3) -> InputRule:
        """Return how a picture, red first, becomes an input of this size; only where a normalisation is chosen."""
        text = self.normalisation.removesuffix(_BGR)
        if text in NORMALISATIONS:
            return NORMALISATIONS[text].rule(size, channels)
        try:
            mean, std = (_three(part)[:: -1 if self.bgr else 1] for part in text.split("/"))
            return Normalisation("", mean, std).rule(size, channels)
        except ValueError as error:
            reason = said(
                "is none of {names}, and not two times three usable numbers, as 0.5,0.5,0.5/0.5,0.5,0.5; {bgr} behind "
                "it means blue, green, red",
                names=", ".join(NORMALISATIONS),
                bgr=_BGR,
            )
            given = said("The normalisation '{given}'", given=shorten(self.normalisation))
            raise CheckpointError(given, reason) from error

    def turns(self, told: Mapping[str, object], channels: int = 3) -> bool:
        """Return whether a file's first layer is read from blue, green, red, as is chosen.

        Args:
            told: By the file. One that says how its pictures are normalised has its weights for red, green, blue.
            channels: That the layer takes.
        """
        return self.bgr and channels == len(GREY) and "normalisation" in undecided(told)

    def sentences(self, told: Mapping[str, object], channels: int = 3) -> list[str]:
        """Return what was chosen of a file that says so much of itself, and takes so many channels, in sentences."""
        chosen = [said("The variant {variant} was chosen.", variant=self.variant)] if self.variant else []
        if self.normalisation:
            text = self.normalisation.removesuffix(_BGR)
            known = NORMALISATIONS.get(text)
            title = known.title if known else said("mean/deviation {numbers}", numbers=text)
            chosen.append(said("Chosen for pictures: {normalisation}.", normalisation=title))
        if self.turns(told, channels):
            chosen.append(
                said(
                    "It takes blue, green, red: its first layer's weights are read in the order red, green, blue, "
                    "which gives the same numbers."
                )
            )
        elif self.bgr and channels == len(GREY):
            chosen.append(said("Its first layer's weights are in the order red, green, blue already, and stay so."))
        if self.classes:
            chosen.append(
                counted(
                    "The name of its {n} class was given.",
                    "The names of its {n} classes were given.",
                    len(self.classes),
                )
            )
        if again := doubled(self.classes):
            chosen.append(said("More than one class is called {names}.", names=some_of(list(map(shorten, again)))))
        return chosen


NO_CHOICE = Choice()


def _three(text: str) -> tuple[float, ...]:
    numbers = [float(number) for number in text.split(",")]
    red, green, blue = numbers * 3 if len(numbers) == 1 else numbers
    return red, green, blue


def _grey(numbers: tuple[float, ...]) -> tuple[float]:
    """Return what three numbers of colours are for a picture made grey."""
    return (round(sum(share * number for share, number in zip(GREY, numbers, strict=True)), 6),)


def usual_normalisations() -> dict[str, str]:
    """Return the title of each that a page offers, with blue first as well, by what a choice calls it."""
    red_first = {name: each.title for name, each in NORMALISATIONS.items()}
    others = {name: title for name, title in red_first.items() if not NORMALISATIONS[name].bgr}
    return red_first | {
        f"{name}{_BGR}": said("{title}; blue, green, red", title=title) for name, title in others.items()
    }


def normalisation_of(rule: InputRule) -> str:
    """Return how a rule's normalisation is called in a choice: a name, or its numbers."""
    for name, known in NORMALISATIONS.items():
        if not known.bgr and known.rule(rule.size, rule.channels) == replace(rule, resize="crop"):
            return name
    mean, std = (",".join(f"{number:g}" for number in numbers) for numbers in (rule.mean, rule.std))
    return f"{mean}/{std}"


def choices_file(path: Path) -> Path:
    """Return where the choice for a model file is kept."""
    return path.with_name(f"{path.name}.choices.json")


def read_choice(path: Path) -> Choice:
    """Return what is kept beside a model file; nothing where nobody has chosen.

    Raises:
        CheckpointError: What lies there is no choice.
    """
    beside = choices_file(path)
    try:
        record: dict[str, Any] = read_json_file(beside, _Record)
        if record.get("format") != _FORMAT:
            raise JsonError(f"its format is not {_FORMAT}")
        return Choice(
            record.get("variant", ""), record.get("normalisation", ""), tuple(map(str, record.get("classes", ())))
        )
    except FileNotFoundError:
        return NO_CHOICE
    except (JsonError, CheckpointError) as error:
        reason = said(
            "beside the model file cannot be used: {problem}; remove that file, then choose again",
            problem=shorten(error, 200),
        )
        raise CheckpointError(shorten(beside.name), reason) from error


def keep_choice(path: Path, choice: Choice) -> None:
    """Keep a choice beside a model file in place of the one that was there; an empty one removes it.

    Raises:
        CheckpointError: It cannot be written there.
    """
    beside = choices_file(path)
    try:
        if choice:
            chosen = {key: value for key, value in asdict(choice).items() if value}
            replace_json(beside, {"format": _FORMAT, **chosen})
        else:
            beside.unlink(missing_ok=True)
    except OSError as error:
        reason = said("cannot be written beside the model file: {problem}", problem=error.strerror or error)
        raise CheckpointError(shorten(beside.name), reason) from error


@contextmanager
def replacing_model(path: Path) -> Iterator[Path]:
    """Do what `replacing` does for a model file; what was chosen of the file that was there goes with it.

    Raises:
        CheckpointError: The choice beside it cannot be removed.
    """
    with replacing(path) as partial:
        yield partial
    keep_choice(path, NO_CHOICE)


def undecided(told: Mapping[str, object]) -> list[str]:
    """Return what a file leaves open: what it does not say, or only says because it was assumed when it was kept."""
    if "undecided" in told:
        return [key for key in UNDECIDED if key in cast(list[str], told["undecided"])]
    keys = {"variant": "variant", "normalisation": "input", "classes": "classes"}
    return [key for key in UNDECIDED if keys[key] not in told]
