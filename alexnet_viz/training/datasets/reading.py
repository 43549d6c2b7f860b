"""Decoding of many picture files: a few at a time, large ones one at a time, and only while somebody waits."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from alexnet_viz.errors import ImageError
from alexnet_viz.images import MAX_BYTES, Fit, as_square, read_image
from alexnet_viz.images.first_picture import UnusableFileError, first_picture
from alexnet_viz.language import said
from alexnet_viz.training.datasets.archive import Entry
from alexnet_viz.training.datasets.digests import image_digest

_DECODERS = 4
_AHEAD = 6  # files read before their turn, of 25 MB at most
_LARGE_PIXELS = 8_000_000
# A picture of 40 million pixels stands in memory up to three times while it is decoded, 0.5 GB.
_one_large = threading.Lock()

Check = Callable[[], None]


def keep_on() -> None:
    """Let a reading go on; in its place stands what raises where nobody asks for it any more."""


@dataclass(frozen=True)
class Decoded:
    """A picture.

    Attributes:
        digest: Of it at its own size, see `picture_digest`.
        pixels: (3, S, S) uint8, a square of it; None where only the digest was asked for.
    """

    digest: int
    pixels: Tensor | None


def decode_all(
    entries: Iterable[Entry], side: int | None, check: Check = keep_on, fit: Fit = "crop"
) -> Iterator[Decoded | str]:
    """Yield, file by file in their order, the picture or why it cannot be used.

    Args:
        entries: Their content is read here, in the caller's thread.
        side: Of the pixels to return; None to return none.
        check: Called before each file; what it raises ends the reading.
        fit: How a picture becomes a square.
    """
    with ThreadPoolExecutor(_DECODERS) as pool:
        waiting: deque[Future[Decoded | str]] = deque()
        try:
            for entry in entries:
                check()
                waiting.append(pool.submit(_decode, entry.path.name, _content(entry), side, fit))
                if len(waiting) == _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                check()
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _content(entry: Entry) -> bytes | str:
    """Return a file's content, or why there is none."""
    try:
        content = entry.read()
    except OSError as error:
        return str(error.strerror) if error.strerror else error.args[0]
    return content if len(content) <= MAX_BYTES else said("unpacks to more than {n} MB", n=MAX_BYTES // 1_000_000)


def _decode(name: str, content: bytes | str, side: int | None, fit: Fit) -> Decoded | str:
    if isinstance(content, str):
        return content
    try:
        if _pixel_count(content) <= _LARGE_PIXELS:
            return _digested(name, content, side, fit)
        with _one_large:
            return _digested(name, content, side, fit)
    except ImageError as error:
        return error.reason


def _pixel_count(content: bytes) -> int:
    try:
        found = first_picture(content)
    except UnusableFileError:
        return 0  # said when it is decoded
    return found.width * found.height if found else 0


def _digested(name: str, content: bytes, side: int | None, fit: Fit) -> Decoded:
    image = read_image(content, name=name)
    if side is None:
        return Decoded(image_digest(image), None)
    pixels = np.asarray(as_square(image, side, fit)).copy()
    return Decoded(image_digest(image), torch.from_numpy(pixels).permute(2, 0, 1).contiguous())
