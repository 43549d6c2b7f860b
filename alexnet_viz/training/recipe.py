"""How to train: every hyper-parameter in one place, and the presets.

recipe = preset("fast").with_settings({"epochs": "3", "learning_rate": "0.02"})
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, get_type_hints

from alexnet_viz.errors import RecipeError
from alexnet_viz.language import any_of, said
from alexnet_viz.variants import POOLED_SIDE, VARIANTS, spans

# What each setting accepts besides its type: a range of numbers, or words.
RANGES: dict[str, tuple[float, float]] = {
    "learning_rate": (0.0, 10.0),
    "momentum": (0.0, 0.9999),
    "weight_decay": (0.0, 1.0),
    "label_smoothing": (0.0, 0.9),
    "dropout": (0.0, 0.95),
    "clip_norm": (0.0, 1e6),
    "epochs": (1, 10_000),
    "batch_size": (1, 4096),
    "warm_up_images": (0, 10_000_000),
    "limit": (0, 100_000_000),
    "seed": (0, 2**31 - 1),
    "small_size": (0, 1024),
    "small_share": (0.0, 1.0),
    "full_every": (0, 1_000_000),
    "final_rate": (0.0, 1.0),
    "keep_every": (0, 10_000),
}
WORDS: dict[str, tuple[str, ...]] = {
    "optimiser": ("sgd", "adam"),
    "schedule": ("linear", "cosine", "constant"),
    "augmentation": ("none", "flip", "crop and flip", "photograph"),
    "precision": ("auto", "fp32", "bf16"),
    "init": ("patches", "fast", "torch"),
    "freeze": ("nothing", "convolutions"),
}
_KINDS = {int: said("a whole number"), float: said("a number"), str: said("a text")}
_MOST_SHOWN = 60  # letters of what was given, in a sentence that says what is wrong with it
_KEPT_AUGMENTATIONS = ("none", "flip")  # those that frozen convolutions leave possible


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what a training does, besides the data and the device.

    Attributes:
        preset: The name it started from.
        variant: The network, a key of `model.VARIANTS`.
        optimiser: "sgd" or "adam".
        learning_rate: Highest rate, after the warm-up.
        schedule: How the rate goes down over all steps: "linear", "cosine" or "constant".
        final_rate: Where it ends, as a share of the highest.
        warm_up_images: Images over which the rate rises from 0, at most a tenth of all that are seen.
        momentum: Of SGD, or the first of Adam's two.
        weight_decay: Added to the gradient, per unit of weight.
        clip_norm: Longest gradient, over all parameters; 0 clips nothing.
        batch_size: Images a step.
        epochs: Passes over the training images.
        augmentation: "none", "flip", "crop and flip": mirrored, and shifted by up to an eighth of the side; or
            "photograph": `photo_augmentation.as_photographs`.
        label_smoothing: Share of the target that is spread over all classes.
        dropout: Probability of dropping a unit of fc1 and fc2.
        precision: "fp32", "bf16" (autocast), or "auto": whichever a probe on this device finds faster.
        init: "fast" (`model.initialise`), "patches" (the same, with the first filters drawn as the pictures' patches
            vary), or "torch" (the layers' own).
        freeze: "nothing" or "convolutions".
        start_from: A checkpoint to start from, or "".
        seed: Of everything random.
        limit: Training images used; 0 for all.
        small_size: Side of the pictures in the cheap phase, where the last pooling's maps are repeated up to 6 x 6;
            0 for no such phase.
        small_share: Share of all steps that the cheap phase takes.
        full_every: In the cheap phase, every how many steps one has pictures of full size; 0 for never.
        keep_every: Epochs between the checkpoints that are kept; 0 keeps about ten.
    """

    preset: str = "fast"
    variant: str = "seed"
    optimiser: str = "sgd"
    learning_rate: float = 0.01
    schedule: str = "linear"
    final_rate: float = 0.0
    warm_up_images: int = 640
    momentum: float = 0.9
    weight_decay: float = 5e-4
    clip_norm: float = 2.0
    batch_size: int = 32
    epochs: int = 3
    augmentation: str = "crop and flip"
    label_smoothing: float = 0.0
    dropout: float = 0.5
    precision: str = "auto"
    init: str = "fast"
    freeze: str = "nothing"
    start_from: str = ""
    seed: int = 0
    limit: int = 0
    small_size: int = 0
    small_share: float = 0.0
    full_every: int = 0
    keep_every: int = 0

    def __post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise RecipeError(
                    name,
                    said(
                        "is {given}; it goes from {low} to {high}",
                        given=_plain(value),
                        low=_plain(low),
                        high=_plain(high),
                    ),
                )
        for name, accepted in WORDS.items():
            if getattr(self, name) not in accepted:
                raise RecipeError(
                    name,
                    said("is '{given}'; choose {names}", given=_brief(getattr(self, name)), names=", ".join(accepted)),
                )
        self._check_small_size()

    def _check_small_size(self) -> None:
        variant = VARIANTS.get(self.variant)
        if variant is None or not self.small_size or self.small_size in variant.training_sizes:
            return
        side, whole = variant.pooled_side(self.small_size), f"{POOLED_SIDE} × {POOLED_SIDE}"
        ends = said("leaves no maps at all")
        if side:
            ends = said("ends in maps of {side} × {side}, which do not repeat to {whole}", side=side, whole=whole)
        raise RecipeError(
            "small_size",
            said(
                "is {given}, which {ends}; give {sizes}",
                given=str(self.small_size),
                ends=ends,
                sizes=spans(variant.training_sizes),
            ),
        )

    def with_settings(self, settings: Mapping[str, str]) -> "Recipe":
        """Return the recipe with settings given as text, `{"epochs": "3"}`.

        Raises:
            RecipeError: No such setting, or not a value of its type or range.
        """
        types = get_type_hints(Recipe)
        changes: dict[str, Any] = {}
        for name, text in settings.items():
            if name not in types or name == "preset":
                raise RecipeError(
                    name,
                    said("is no setting; there are {names}", names=", ".join(key for key in types if key != "preset")),
                )
            try:
                changes[name] = _read(types[name], text)
            except ValueError as error:
                raise RecipeError(
                    name, said("is '{given}'; give {kind}", given=_brief(text), kind=_KINDS[types[name]])
                ) from error
        return replace(self, **changes)._as_it_is_done(settings)

    def _as_it_is_done(self, given: Mapping[str, str]) -> "Recipe":
        """Return the recipe without what frozen convolutions rule out: each picture goes through them once, whole.

        Raises:
            RecipeError: That was asked for.
        """
        if self.freeze != "convolutions":
            return self
        if "augmentation" in given and self.augmentation not in _KEPT_AUGMENTATIONS:
            raise RecipeError(
                "augmentation",
                said(
                    "is '{given}'; with frozen convolutions choose {names}",
                    given=self.augmentation,
                    names=any_of(_KEPT_AUGMENTATIONS),
                ),
            )
        if self.small_size and "small_size" in given:
            raise RecipeError(
                "small_size",
                said("is {given}; with frozen convolutions it can only be 0", given=str(self.small_size)),
            )
        possible = self.augmentation if self.augmentation in _KEPT_AUGMENTATIONS else "flip"
        return replace(self, augmentation=possible, small_size=0, small_share=0.0, full_every=0)

    def to_record(self) -> dict[str, object]:
        """Return the recipe as JSON can hold it."""
        return asdict(self)

    @staticmethod
    def from_record(record: Mapping[str, object]) -> "Recipe":
        """Return the recipe of a record; settings that this version does not know are left out.

        Raises:
            RecipeError: A value is not of its setting's type or range.
        """
        types = get_type_hints(Recipe)
        changes: dict[str, Any] = {key: value for key, value in record.items() if key in types}
        for name, value in changes.items():
            accepted = (int, float) if types[name] is float else types[name]
            if not isinstance(value, accepted) or isinstance(value, bool):
                raise RecipeError(
                    name, said("is '{given}'; give {kind}", given=_brief(str(value)), kind=_KINDS[types[name]])
                )
        return Recipe(**changes)


@dataclass(frozen=True)
class Preset:
    """A recipe with a name, and a sentence on what it is for."""

    title: str
    summary: str
    recipe: Recipe = field(default_factory=Recipe)


# Small steps of Adam, soon at their full rate, leave chance soonest: the loss of shapes is 2.0 after 480 views; with a
# dropout of a half it is 2.2, in batches of eight, which take a third longer, 1.9.
_FAST = Recipe(optimiser="adam", learning_rate=3e-4, batch_size=16, dropout=0.25, warm_up_images=80, init="patches")
# Seen on CIFAR-10, two cores of an EPYC: 131 x 131 pictures cost a third of 227 x 227 and teach as much per image.
_DEMO = Recipe(
    preset="demo",
    init="patches",
    learning_rate=0.03,
    batch_size=64,
    dropout=0.0,
    small_size=131,
    small_share=0.9,
    full_every=20,  # so that checkpoints from under way also know pictures of full size
    warm_up_images=5000,
    epochs=10,
)
PRESETS: dict[str, Preset] = {
    "fast": Preset(
        "Fast", said("Our best for short runs: Adam in batches of 16, a short warm-up and a linear decay."), _FAST
    ),
    "demo": Preset(
        "Demo", said("How the shipped network was trained: mostly on pictures of 131 x 131, then at full size."), _DEMO
    ),
    "article": Preset(
        "Article",
        said(
            "As the web article “AlexNet: Implementation from Scratch”: Adam at a constant rate, torch's own initial "
            "weights, no augmentation."
        ),
        Recipe(
            preset="article",
            optimiser="adam",
            learning_rate=1e-4,
            schedule="constant",
            warm_up_images=0,
            weight_decay=0.0,
            clip_norm=0.0,
            batch_size=64,
            epochs=10,
            augmentation="none",
            init="torch",
        ),
    ),
}


PRESETS["fine-tune"] = Preset(
    "Fine-tune",
    said(
        "Keeps the convolutions of a checkpoint (start_from) and trains the rest: for a few dozen pictures of your own."
    ),
    Recipe(
        preset="fine-tune",
        freeze="convolutions",
        start_from="cifar10-photographs",
        augmentation="flip",
        batch_size=16,
        epochs=10,
        warm_up_images=64,
        keep_every=5,
    ),
)
_EXPERIMENTS = {
    "no LRN": (said("fast without local response normalisation."), {"variant": "seed-no-lrn"}),
    "no dropout": (said("fast without dropout."), {"dropout": 0.0}),
    "tanh": (said("fast with tanh in place of every ReLU."), {"variant": "seed-tanh"}),
    "separate pooling": (said("fast with pooling windows that do not overlap."), {"variant": "seed-separate-pooling"}),
    "no augmentation": (said("fast on the pictures as they are."), {"augmentation": "none"}),
}
for _name, (_summary, _change) in _EXPERIMENTS.items():
    PRESETS[_name] = Preset(_name[0].upper() + _name[1:], _summary, replace(_FAST, preset=_name, **_change))  # type: ignore[arg-type]


def _read(kind: type[Any], text: str) -> object:
    """Return a setting's value; raises ValueError, also for what Python alone takes for a number, as "1_0"."""
    if kind is not str and not (text.isascii() and "_" not in text):
        raise ValueError(text)
    return kind(text)


def _plain(value: float) -> str:
    """Return a number as people type it: 1000000, 0.0003."""
    if isinstance(value, int):  # which may be longer than any float
        return _brief(str(value))
    text = f"{value:.10f}"
    return text.rstrip("0").rstrip(".")


def _brief(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def preset(name: str) -> Recipe:
    """Return the recipe of a preset.

    Raises:
        RecipeError: No preset of this name.
    """
    if name not in PRESETS:
        raise RecipeError("preset", said("is '{given}'; choose {names}", given=name, names=", ".join(PRESETS)))
    return PRESETS[name].recipe
