"""Time per image on this machine, and the duration of a training that follows: the one source of such times."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alexnet_viz.runs.metrics import clock_of
from alexnet_viz.training.recipe import Recipe
from alexnet_viz.training.schedule import Schedule

_FEWEST_STEPS = 10  # before so many, what was measured is mostly the start
_FORWARD_SHARE = 1 / 3  # of a step that is its forward pass, all that a validation is


@dataclass(frozen=True)
class Pace:
    """Seconds of one image.

    Attributes:
        learning: By the side of the picture; 0 stands for runs that did not write it down.
        validating: Of a held-out image at full size; None where that was not measured.
    """

    learning: Mapping[int, float]
    validating: float | None = None

    def learning_at(self, size: int) -> float:
        """Return the seconds of an image to learn from; at a size that was not measured by the area."""
        if size in self.learning:
            return self.learning[size]
        known = max(self.learning)
        return self.learning[known] * ((size / known) ** 2 if known else 1.0)

    def seconds(self, recipe: Recipe, images: int, held_out: int, full_size: int, steps_done: int = 0) -> float:
        """Return what is left of a training, validations included.

        Args:
            recipe: Of the training.
            images, held_out: Numbers of images to learn from and to validate on.
            full_size: Side of the network's input.
            steps_done: Where it is.
        """
        schedule = Schedule(recipe, images, full_size)
        per_step = images / schedule.steps_per_epoch  # the last batch of an epoch is smaller
        sizes = schedule.sizes_from(steps_done)
        learning = sum(count * per_step * self.learning_at(size) for size, count in sizes.items())
        each = self.learning_at(full_size) * _FORWARD_SHARE if self.validating is None else self.validating
        epochs = recipe.epochs - min(steps_done, schedule.steps - 1) // schedule.steps_per_epoch
        return learning + epochs * held_out * each


def measured_pace(points: Iterable[Mapping[str, object]]) -> Pace | None:
    """Return the pace of a run, over all of it, from its metrics; None before there is enough of it."""
    seconds: dict[int, float] = {}
    counts: dict[int, int] = {}
    validations: list[float] = []
    before = math.nan
    for point in points:
        now = clock_of(point)
        if point.get("kind") == "step" and (rate := _number(point.get("images_per_s"))) > 0:
            size = int(_number(point.get("size"), 0.0))
            seconds[size] = seconds.get(size, 0.0) + 1 / rate
            counts[size] = counts.get(size, 0) + 1
        elif point.get("kind") == "epoch" and point.get("epoch") != 0:
            validations.append((now - before) / _number(point.get("val_images")))
        before = now
    known = [value for value in validations if math.isfinite(value) and value > 0]
    if sum(counts.values()) < _FEWEST_STEPS:
        return None
    learning = {size: seconds[size] / counts[size] for size in counts}
    return Pace(learning, sum(known) / len(known) if known else None)


def _number(value: object, otherwise: float = math.nan) -> float:
    return float(value) if isinstance(value, int | float) else otherwise
