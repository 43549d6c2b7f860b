"""What a run will take on this machine: told before it is launched, from what was measured here."""

import threading
from dataclasses import dataclass

from alexnet_viz.device import choose_device
from alexnet_viz.model import AlexNet
from alexnet_viz.training.probe import step_times
from alexnet_viz.training.recipe import Recipe

_PROBE_BATCH = 16  # of `step_times`
_WORTHWHILE_GAIN = 1.15  # as the trainer decides
_OVERHEAD = 1.1  # held-out pictures, checkpoints, augmentation


@dataclass(frozen=True)
class Estimate:
    """Seconds of work and bytes on disk."""

    seconds: float
    bytes: int


class Speed:
    """Images a second of a training here, measured once for each kind of network and picture size."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rates: dict[tuple[str, int, str], float] = {}

    def images_per_second(self, recipe: Recipe) -> float:
        """Return the rate at the network's own size; takes some seconds the first time."""
        key = (recipe.variant, recipe.small_size, recipe.precision)
        with self._lock:
            if key not in self._rates:
                model = AlexNet(10, variant=recipe.variant)
                self._rates[key] = _rate(step_times(model, recipe, choose_device()), recipe.precision)
            return self._rates[key]

    def seconds(self, recipe: Recipe, images: int, measured: float | None = None) -> float:
        """Return how long a recipe trains.

        Args:
            recipe: How.
            images: Training pictures.
            measured: Images a second of such a run that was seen at work, where there was one.
        """
        rate = measured or self.images_per_second(recipe)
        return recipe.epochs * images / rate * _OVERHEAD


def _rate(times: dict[str, float], precision: str) -> float:
    fast = "bf16" if times["bf16"] * _WORTHWHILE_GAIN < times["fp32"] else "fp32"
    return _PROBE_BATCH / times[precision if precision in times else fast]
