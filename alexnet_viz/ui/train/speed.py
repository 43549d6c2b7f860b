"""How long a run will take on this machine, told before it is launched, from what was measured here."""

import threading

from alexnet_viz.device import choose_device
from alexnet_viz.training.estimate import estimate
from alexnet_viz.training.recipe import Recipe


class Speed:
    """Images a second of trainings here; each kind of network is probed once, for about two seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rates: dict[tuple[object, ...], float] = {}

    def images_per_second(self, recipe: Recipe, images: int, class_count: int) -> float:
        """Return the pace of such a recipe on so many training pictures, validation included."""
        key = (recipe.variant, recipe.small_size, recipe.small_share, recipe.full_every, recipe.precision, class_count)
        with self._lock:
            if key not in self._rates:
                measured = estimate(recipe, images, images // 4, class_count, choose_device())
                self._rates[key] = measured.images_per_second
            return self._rates[key]
