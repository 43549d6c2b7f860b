"""A picture's digest: a number computed from its pixels, whatever its file's name or format."""

import hashlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

_ROWS = 256  # hashed at a time: a picture of 40 million pixels must not stand in memory twice


def picture_digest(rgb: NDArray[np.uint8]) -> int:
    """Return 64 bits of BLAKE2b over height, width (four bytes each, the greatest first) and the RGB bytes.

    Args:
        rgb: (H, W, 3) uint8, the decoded upright picture at its own size, before any resizing.
    """
    height, width, _ = rgb.shape
    found = _started(height, width)
    found.update(np.ascontiguousarray(rgb).data)
    return _number(found)


def image_digest(image: Image.Image) -> int:
    """Return `picture_digest` of an RGB picture, without a copy of all its pixels."""
    found = _started(image.height, image.width)
    for top in range(0, image.height, _ROWS):
        found.update(image.crop((0, top, image.width, min(top + _ROWS, image.height))).tobytes())
    return _number(found)


def stored_digests(images: Tensor) -> NDArray[np.uint64]:
    """Return `picture_digest` of (N, 3, H, W) uint8 pictures that are stored at their own size, as (N,) uint64."""
    pixels = images.permute(0, 2, 3, 1).contiguous().cpu().numpy()
    start = _started(*pixels.shape[1:3])
    digests = np.empty(len(pixels), np.uint64)
    for number, rgb in enumerate(pixels):
        found = start.copy()
        found.update(rgb.data)
        digests[number] = _number(found)
    return digests


def _started(height: int, width: int) -> "hashlib.blake2b":
    return hashlib.blake2b(height.to_bytes(4, "big") + width.to_bytes(4, "big"), digest_size=8)


def _number(found: "hashlib.blake2b") -> int:
    return int.from_bytes(found.digest(), "big")
