"""The image parts that excite each channel of each stage most, from one pass over the pictures.

    found = find_parts(checkpoint, split, classes, progress=lambda done: bar(done))
    found["block2.relu"].parts(111, found["block2.relu"].strongest)  # nine of them

A channel's response to a picture is the largest value of its map, and the part is that value's receptive field: each
picture gives a channel at most one part.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from alexnet_viz.architecture import Layer, layer_table
from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.device import full_float32
from alexnet_viz.errors import StageError
from alexnet_viz.explain.attribution import Pause, no_pause
from alexnet_viz.training.augmentation import prepare_as
from alexnet_viz.training.datasets.dataset import Split

STRONGEST = 9
_SILENT = _MIDDLE = 7
_SAMPLE = 512  # pictures of which all responses are kept, for the middle: 24 MB for the whole network
_BATCH = 32  # at most so many pictures until a cancelling is noticed

# Called with the number of pictures done after each batch. To cancel, it raises; what it raises comes out unchanged.
Progress = Callable[[int], None]


class Ranked(NamedTuple):
    """Responses of each channel in order, with where they were found; each (C, k)."""

    values: Tensor
    images: Tensor
    places: Tensor

    def joined(self, other: Ranked, count: int, *, largest: bool) -> Ranked:
        """Return the `count` largest (or smallest) of both, in order; of equal ones those of `self`."""
        values, images, places = (torch.cat(pair, dim=1) for pair in zip(self, other, strict=True))
        order = values.argsort(dim=1, descending=largest, stable=True)[:, :count]
        return Ranked(values.gather(1, order), images.gather(1, order), places.gather(1, order))


@dataclass(frozen=True)
class Part:
    """A part of a picture: its number in the set, the place on the map, the value there, and what that place sees.

    Attributes:
        box: Top, left, bottom and right in input pixels, clipped to the picture.
    """

    image: int
    row: int
    column: int
    value: float
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class StageParts:
    """What was found for one stage.

    Attributes:
        layer: Its row of the layer table.
        image_count: Pictures looked at.
        strongest: The nine largest responses.
        middle: Those nearest to half of the largest, of the first 512 pictures.
        silent: The smallest responses.
        class_counts: (K,), pictures of each class.
        class_means, class_deviations: (C, K), NaN for a class without pictures, or with a response that is no number.
        selectivity: (C,), the share of the responses' variance that lies between the classes: 0 where all classes
            have one mean, 1 where the class says everything; NaN where the response never varies.
    """

    layer: Layer
    image_count: int
    strongest: Ranked
    middle: Ranked
    silent: Ranked
    class_counts: Tensor
    class_means: Tensor
    class_deviations: Tensor
    selectivity: Tensor

    def parts(self, channel: int, ranked: Ranked) -> list[Part]:
        """Return a channel's parts in their order; responses that are no numbers are left out."""
        width = self.layer.output_shape[-1] if self.layer.jump else 1
        rows = zip(*(column[channel].tolist() for column in ranked), strict=True)
        return [
            Part(image, place // width, place % width, value, self._box(place // width, place % width))
            for value, image, place in rows
            if abs(value) < float("inf")
        ]

    def _box(self, row: int, column: int) -> tuple[int, int, int, int]:
        layer = self.layer
        top, left = layer.start + row * layer.jump, layer.start + column * layer.jump
        side = layer.receptive_field
        return max(0, top), max(0, left), min(layer.reach, top + side), min(layer.reach, left + side)


def find_parts(
    checkpoint: Checkpoint,
    split: Split,
    classes: Sequence[str],
    *,
    stages: Collection[str] | None = None,
    progress: Progress = lambda done: None,
    pause: Pause = no_pause,
) -> dict[str, StageParts]:
    """Return what excites every channel of these stages, in one pass; memory does not grow with the pictures.

    Args:
        checkpoint: Its own input rule prepares the pictures.
        split: At least one square picture.
        classes: Names of the labels.
        stages: By default all.
        progress: See `Progress`.
        pause: Called between the stages, a fraction of a second apart; what it raises ends the search.
    Raises:
        StageError: The network has no such stage.
    """
    names = checkpoint.model.stage_names
    wanted = set(names if stages is None else stages)
    for name in sorted(wanted.difference(names)):
        raise StageError(name, names)
    layers = {layer.name: layer for layer in layer_table(checkpoint.model)}
    found = {name: _Running(layers[name], len(classes)) for name in names if name in wanted}
    for start in range(0, len(split), _BATCH):
        images, labels = split.images[start : start + _BATCH], split.labels[start : start + _BATCH].cpu()
        with torch.no_grad(), full_float32(checkpoint.device):
            _one_batch(checkpoint, images, labels, start, found, pause)
        progress(start + len(labels))
    return {name: running.finished() for name, running in found.items()}


def _one_batch(
    checkpoint: Checkpoint, images: Tensor, labels: Tensor, start: int, found: dict[str, _Running], pause: Pause
) -> None:
    left = len(found)
    for name, output in checkpoint.model.walk(prepare_as(images.to(checkpoint.device), checkpoint.input_rule)):
        if name in found:
            values, places = output.flatten(2).max(dim=2) if output.dim() == 4 else (output, None)
            where = torch.zeros_like(values, dtype=torch.int64) if places is None else places
            found[name].add(values.cpu(), where.cpu(), labels, start)
            left -= 1
        if not left:  # the rest of the network is of no interest
            return
        pause()


class _Running:
    """One stage's ranks and sums over the pictures so far."""

    def __init__(self, layer: Layer, class_count: int) -> None:
        self._layer = layer
        channels = layer.output_shape[0]
        none = torch.empty((channels, 0))
        empty = Ranked(none, none.long(), none.long())
        self._strongest, self._silent, self._sample = empty, empty, empty
        self._count = torch.zeros(class_count, dtype=torch.float64)
        self._sums = torch.zeros((class_count, channels), dtype=torch.float64)
        self._squares = torch.zeros((class_count, channels), dtype=torch.float64)

    def add(self, values: Tensor, places: Tensor, labels: Tensor, start: int) -> None:
        """Add a batch: `values` and `places` (N, C), `labels` (N,), `start` the first picture's number."""
        numbers = torch.arange(start, start + len(values))[None].expand(values.shape[1], -1)
        rows, where = values.T, places.T
        strong, silent = (
            Ranked(torch.where(rows.isfinite(), rows, last), numbers, where) for last in (-torch.inf, torch.inf)
        )
        self._strongest = self._strongest.joined(strong, STRONGEST, largest=True)
        self._silent = self._silent.joined(silent, _SILENT, largest=False)
        if start < _SAMPLE:
            self._sample = Ranked(*(torch.cat(pair, dim=1) for pair in zip(self._sample, strong, strict=True)))
        wide = values.double()
        self._count.index_add_(0, labels, torch.ones(len(labels), dtype=torch.float64))
        self._sums.index_add_(0, labels, wide)
        self._squares.index_add_(0, labels, wide.square())

    def finished(self) -> StageParts:
        """Return what was found."""
        count = self._count[:, None]
        means = self._sums / count  # NaN without pictures
        deviations = (self._squares / count - means.square()).clamp_min(0).sqrt()
        total = int(self._count.sum())
        return StageParts(
            self._layer,
            total,
            self._strongest,
            self._middle(),
            self._silent,
            self._count.long(),
            means.T,
            deviations.T,
            self._selectivity(),
        )

    def _middle(self) -> Ranked:
        half = self._strongest.values[:, :1] / 2
        distance = (self._sample.values - half).abs().nan_to_num(nan=torch.inf)
        order = distance.argsort(dim=1, stable=True)[:, :_MIDDLE]
        return Ranked(*(column.gather(1, order) for column in self._sample))

    def _selectivity(self) -> Tensor:
        count = self._count.sum()
        grand = self._sums.sum(dim=0) / count
        whole = self._squares.sum(dim=0) / count - grand.square()
        seen = self._count > 0
        of_classes = self._sums[seen].square() / self._count[seen][:, None]
        between = of_classes.sum(dim=0) / count - grand.square()
        varies = whole > 1e-12 * self._squares.sum(dim=0) / count
        return torch.where(varies, (between / whole).clamp(0, 1), torch.nan)
