"""The input of a training step: pictures, or their features where the convolutions are frozen."""

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor

from alexnet_viz.model import AlexNet
from alexnet_viz.training.augmentation import augment, flips, prepare, step_generator
from alexnet_viz.training.datasets.dataset import Dataset
from alexnet_viz.training.photo_augmentation import as_photographs
from alexnet_viz.training.recipe import Recipe
from alexnet_viz.training.train_network import head_logits, last_maps, training_logits

BATCH = 100  # of what is computed once or validated


class PictureInputs:
    """Pictures, augmented and resized on the device with each batch."""

    def __init__(self, data: Dataset, recipe: Recipe, device: torch.device) -> None:
        self._data, self._recipe = data, recipe
        self._train, self._held_out = data.train.to(device), data.held_out.to(device)

    def compute(self, model: AlexNet, autocast: torch.autocast) -> Iterator[int]:
        """Prepare what is computed once; nothing here."""
        yield from ()

    def batch(self, chosen: Tensor, step: int, size: int) -> Tensor:
        """Return the inputs of training pictures, by their numbers."""
        images, recipe = self._train.images[chosen], self._recipe
        if recipe.augmentation == "photograph":
            images = as_photographs(images, size, step_generator(recipe.seed, step))
        else:
            images = augment(images, recipe.augmentation, recipe.seed, step)
        return prepare(images, size, self._data.mean, self._data.std)

    def held_out_batch(self, first: int, size: int) -> Tensor:
        """Return the inputs of the held-out pictures from number `first` on."""
        return prepare(self._held_out.images[first : first + BATCH], size, self._data.mean, self._data.std)

    def logits(self, model: AlexNet, inputs: Tensor) -> Tensor:
        """Return the logits of what the two above return."""
        return training_logits(model, inputs)


class KeptFeatures:
    """The frozen blocks' output for each picture and its mirror image, computed once; only full size, no crops."""

    def __init__(self, data: Dataset, recipe: Recipe, device: torch.device) -> None:
        self._data, self._recipe, self._device = data, recipe, device
        self._train: tuple[Tensor, ...] = ()
        self._held_out = torch.empty(0)

    def compute(self, model: AlexNet, autocast: torch.autocast) -> Iterator[int]:
        """Compute the features of all pictures, yielding after each batch."""
        if self._train:
            return
        mirrored = replace(self._data.train, images=self._data.train.images.flip(3))
        found = []
        for split in (self._data.held_out, self._data.train, mirrored):
            parts = []
            for first in range(0, len(split), BATCH):
                images = split.images[first : first + BATCH].to(self._device)
                x = prepare(images, model.variant.input_size, self._data.mean, self._data.std)
                model.eval()
                with torch.no_grad(), autocast:
                    parts.append(last_maps(model, x).float())
                yield first
            found.append(torch.cat(parts))
        self._held_out, *train = found
        self._train = tuple(train)

    def batch(self, chosen: Tensor, step: int, size: int) -> Tensor:
        """Return the features of training pictures, of some of them mirrored."""
        plain, mirrored = (part[chosen] for part in self._train)
        if self._recipe.augmentation == "none":
            return plain
        mirror = flips(len(chosen), self._recipe.seed, step).to(self._device)
        return torch.where(mirror[:, None, None, None], mirrored, plain)

    def held_out_batch(self, first: int, size: int) -> Tensor:
        """Return the features of the held-out pictures from number `first` on."""
        return self._held_out[first : first + BATCH]

    def logits(self, model: AlexNet, inputs: Tensor) -> Tensor:
        """Return the logits of what the two above return."""
        return head_logits(model, inputs)


def make_inputs(data: Dataset, recipe: Recipe, device: torch.device) -> PictureInputs | KeptFeatures:
    """Return what a recipe's steps compute from."""
    kind = KeptFeatures if recipe.freeze == "convolutions" else PictureInputs
    return kind(data, recipe, device)
