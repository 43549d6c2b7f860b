"""The gallery's photographs as pictures to look through: each whole, and cut into quarters of its short side."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from PIL import Image

from alexnet_viz.images import GALLERY, InputRule, read_image, seen_by_network
from alexnet_viz.training.datasets.dataset import Split

NAME = "gallery"
CLASSES = ("photo",)  # nobody says what is on them
_SIDE = 227


@cache
def gallery_parts() -> Split:
    """Return the pictures, (N, 3, 227, 227): of each photograph its middle, then squares of half its short side.

    The squares do not overlap, so that no place is seen twice at one size.
    """
    squares = [square for photo in GALLERY for square in _squares(read_image(photo.path))]
    rule = InputRule(_SIDE)
    images = torch.from_numpy(
        np.stack([np.asarray(seen_by_network(each, rule)).transpose(2, 0, 1) for each in squares])
    )
    return Split.of_stored(images, torch.zeros(len(images), dtype=torch.int64))


def _squares(photo: Image.Image) -> list[Image.Image]:
    half = min(photo.size) // 2
    across, down = photo.width // half, photo.height // half
    left, top = (photo.width - across * half) // 2, (photo.height - down * half) // 2
    corners = [(left + x * half, top + y * half) for y in range(down) for x in range(across)]
    return [photo, *(photo.crop((x, y, x + half, y + half)) for x, y in corners)]
