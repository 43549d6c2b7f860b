"""The learning rate and the picture size of each step, as functions of its number alone."""

import math

from alexnet_viz.training.recipe import Recipe


class Schedule:
    """Plan of all steps of a training.

    Args:
        recipe: How to train.
        images: Number of training pictures.
        full_size: Side of the network's input.

    Attributes:
        steps_per_epoch: The last step of an epoch may have a smaller batch.
        steps: In all.
    """

    def __init__(self, recipe: Recipe, images: int, full_size: int) -> None:
        self.steps_per_epoch = math.ceil(images / recipe.batch_size)
        self.steps = self.steps_per_epoch * recipe.epochs
        self._recipe = recipe
        self._full_size = full_size
        self._small_steps = round(self.steps * recipe.small_share) if recipe.small_size else 0
        self._warm_up = min(recipe.warm_up_images / recipe.batch_size, self.steps / 10)

    def rate(self, step: int) -> float:
        """Return the learning rate of a step; steps count from 0."""
        recipe = self._recipe
        rise = min(1.0, (step + 1) / self._warm_up) if self._warm_up > 0 else 1.0
        done = step / self.steps
        fall = {"linear": 1 - done, "cosine": (1 + math.cos(math.pi * done)) / 2, "constant": 1.0}[recipe.schedule]
        if recipe.schedule != "constant":
            fall = recipe.final_rate + (1 - recipe.final_rate) * fall
        return recipe.learning_rate * rise * fall

    def size(self, step: int) -> int:
        """Return the side of a step's pictures."""
        if step >= self._small_steps:
            return self._full_size
        every = self._recipe.full_every
        return self._full_size if every and step % every == every - 1 else self._recipe.small_size

    def sizes_from(self, first: int) -> dict[int, int]:
        """Return how many of the steps from number `first` on have pictures of each side."""
        begin, end, every = min(first, self._small_steps), self._small_steps, self._recipe.full_every
        between = end // every - begin // every if every else 0  # full ones of the cheap phase
        full = max(0, self.steps - max(first, end)) + between
        counts = {self._full_size: full, self._recipe.small_size: end - begin - between}
        return {size: count for size, count in counts.items() if count}
