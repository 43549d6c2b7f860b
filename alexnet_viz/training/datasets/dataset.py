"""Pictures in memory, as bytes, with their labels: the form that all data sets share."""

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from alexnet_viz.images import InputRule
from alexnet_viz.training.datasets.digests import stored_digests
from alexnet_viz.training.datasets.held_out import held_out_of_each_class


@dataclass(frozen=True)
class Split:
    """Pictures and labels.

    Attributes:
        images: (N, 3, H, W) uint8, RGB.
        labels: (N,) int64.
        digests: (N,) uint64, `picture_digest` of each picture at its own size: what tells it from all others wherever
            it stands, however large it is stored here.
    """

    images: Tensor
    labels: Tensor
    digests: NDArray[np.uint64]

    @classmethod
    def of_stored(cls, images: Tensor, labels: Tensor) -> "Split":
        """Return pictures that are stored at their own size."""
        return cls(images, labels, stored_digests(images))

    def __len__(self) -> int:
        return len(self.labels)

    def first(self, count: int) -> "Split":
        """Return the first `count` pictures, all of them where there are fewer or `count` is 0."""
        if count == 0:
            return self
        return Split(self.images[:count], self.labels[:count], self.digests[:count])

    def chosen(self, numbers: Tensor) -> "Split":
        """Return the pictures of these numbers, in their order."""
        return Split(self.images[numbers], self.labels[numbers], self.digests[numbers.numpy()])

    def to(self, device: torch.device) -> "Split":
        """Return the split on a device."""
        return Split(self.images.to(device), self.labels.to(device), self.digests)


@dataclass(frozen=True)
class Dataset:
    """What a network is trained and measured on.

    Attributes:
        name: For the screen and for the run's id.
        classes: Names, in the order of the labels.
        train: Pictures to learn from, in an order drawn by the seed.
        held_out: Pictures to validate on after each epoch, never learnt from; in the order of their digests.
        test: Pictures that no decision was made on; `held_out` where the data set has none of its own.
        mean, std: Of the channels, in 0 … 1; one number each where the network takes grey pictures.
        notes: What a person should know of it, sentences: what was assumed, and what is not used.
    """

    name: str
    classes: tuple[str, ...]
    train: Split
    held_out: Split
    test: Split
    mean: tuple[float, ...]
    std: tuple[float, ...]
    notes: tuple[str, ...] = ()

    def limited(self, count: int) -> "Dataset":
        """Return the data set with `count` training pictures and a fourth of that, at least sixteen, held out."""
        if count == 0 or count > len(self.train):
            return self
        return replace(self, train=self.train.first(count), held_out=self.held_out.first(max(16, count // 4)))

    def input_rule(self, size: int) -> InputRule:
        """Return how a picture must be prepared for a network trained on these."""
        return InputRule(size=size, mean=self.mean, std=self.std)


def split_by_content(pictures: Split, share: int, seed: int) -> tuple[Split, Split]:
    """Return (to learn from, held out): which is which follows from each picture's content, see `held_out`.

    Args:
        pictures: All.
        share: One in so many is held out, on average.
        seed: Of the order of the pictures to learn from; the held-out ones are in the order of their digests.
    """
    chosen = held_out_of_each_class(pictures.digests, pictures.labels.numpy(), share)
    order = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(seed))
    learnt = order[torch.from_numpy(~chosen)[order]]
    held = np.flatnonzero(chosen)
    held = held[pictures.digests[held].argsort(kind="stable")]
    return pictures.chosen(learnt), pictures.chosen(torch.from_numpy(held))


def channel_statistics(images: Tensor) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Return mean and standard deviation of the channels in 0 … 1, of (N, 3, H, W) uint8; rounded to four digits.

    A picture without any contrast would be divided by zero: the deviation is 0.05 at least.
    """
    total, squares, count = torch.zeros(3, dtype=torch.float64), torch.zeros(3, dtype=torch.float64), 0
    for start in range(0, len(images), 512):
        values = images[start : start + 512].double().div_(255)
        total += values.sum(dim=(0, 2, 3))
        squares += values.square().sum(dim=(0, 2, 3))
        count += values[:, 0].numel()
    mean = total / count
    std = (squares / count - mean.square()).clamp_min(0).sqrt().clamp_min(0.05)
    return _triple(mean), _triple(std)


def _triple(values: Tensor) -> tuple[float, float, float]:
    red, green, blue = (round(float(value), 4) for value in values)
    return red, green, blue
