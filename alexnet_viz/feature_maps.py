"""Statistics of channels, pictures of stages, and their bytes for the browser.

    encode_stage("block1.pool", trace.stages["block1.pool"])

A message is `[u32 header length][JSON header][padding to a multiple of 4][arrays]`, little endian. The header's
"arrays" names each array with its dtype ("u1", "f2" or "f4"), shape and byte offset behind the padding; offsets are
multiples of 4, so that a browser can lay typed arrays over the message without copying.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_DTYPES = {"uint8": "u1", "float16": "f2", "float32": "f4"}
_LIMIT_QUANTILE = 0.995
_TOP_EXPONENT = 15  # the largest value is stored as 2^14 … 2^15: half the range of float16, so that rounding fits


def channel_statistics(maps: Tensor) -> NDArray[np.float32]:
    """Return minimum, maximum, mean, share of zeros and share of finite values of each channel, (C, 5) float32.

    Args:
        maps: (C, H, W), or (C,) where the units themselves are the channels; any values.
    Returns:
        One column for each, in this order. Minimum, maximum and mean are over the finite values, NaN where there are
        none; the shares are of all values, 0 … 1: a share of finite values below 1 means that there is NaN or infinity.
    """
    return _statistics(_float32(maps))


def _float32(maps: Tensor) -> NDArray[np.float32]:
    """Return the numbers of a tensor.

    All else here is numpy on one core: these are a few milliseconds, and threads that share the cores with another
    process wait for each other longer than that.
    """
    array: NDArray[np.float32] = maps.detach().to("cpu", torch.float32).numpy()
    return array


def _statistics(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    values = maps.reshape(len(maps), -1)
    zeros = 1 - np.count_nonzero(values, axis=1) / values.shape[1]
    with np.errstate(invalid="ignore"):  # infinity minus infinity
        mean = values.mean(axis=1, dtype=np.float64)  # in float32 a sum of large values overflows
    if np.isfinite(mean).all():  # so every value is finite
        columns = [values.min(axis=1), values.max(axis=1), mean, zeros, np.ones_like(mean)]
    else:
        columns = _statistics_of_finite(values, zeros)
    return np.stack(columns, axis=1).astype(np.float32)


def _statistics_of_finite(values: NDArray[np.float32], zeros: NDArray[np.float64]) -> list[NDArray[Any]]:
    """Return the columns for values (C, n) of which some are not finite."""
    finite = np.isfinite(values)
    count = finite.sum(axis=1)
    low = values.min(axis=1, where=finite, initial=math.inf)
    high = values.max(axis=1, where=finite, initial=-math.inf)
    with np.errstate(invalid="ignore"):
        mean = values.sum(axis=1, where=finite, dtype=np.float64) / count  # 0 / 0 is NaN
    low[count == 0] = high[count == 0] = math.nan
    return [low, high, mean, zeros, count / values.shape[1]]


class ScaledHalves(NamedTuple):
    """Numbers as float16 times one power of two: half the memory of float32, and nothing overflows.

    Attributes:
        halves: Of any shape.
        scale: For which the largest finite magnitude uses the top of float16's range, so that values down to 2^-28 of
            the largest keep 11 significant bits. NaN and infinities stay what they are.
    """

    halves: NDArray[np.float16]
    scale: float

    @staticmethod
    def of(values: NDArray[np.float32], largest: float | None = None) -> ScaledHalves:
        """Return `values` scaled; `largest` is their largest finite magnitude, where it is known already."""
        if largest is None:
            largest = float(np.abs(values, where=np.isfinite(values), out=np.zeros_like(values)).max(initial=0.0))
        scale = _scale(largest)
        return ScaledHalves((values * np.float32(1 / scale)).astype(np.float16), scale)

    def float32(self, index: int | slice = slice(None)) -> NDArray[np.float32]:
        """Return the numbers, or those of one index of the first axis."""
        return self.halves[index].astype(np.float32) * np.float32(self.scale)


class ValueRange(NamedTuple):
    """Where a stage's finite values lie; all zero when there are none.

    Attributes:
        minimum, maximum: Of the finite values.
        limit: 99.5th percentile of the values, of their magnitudes when some are negative: where a colour scale ends
            by default, so that one extreme value does not leave everything else pale.
        finite: Whether every value is finite.
    """

    minimum: float
    maximum: float
    limit: float
    finite: bool


def value_range(maps: Tensor) -> ValueRange:
    """Return the range of a stage's values; `maps` is (C, H, W) or (C,)."""
    values = _float32(maps).reshape(-1)
    good = np.isfinite(values)
    finite = bool(good.all())
    if not finite:
        values = values[good]
    if not values.size:
        return ValueRange(0.0, 0.0, 0.0, finite)
    low, high = float(values.min()), float(values.max())
    rank = min(values.size - 1, math.ceil(_LIMIT_QUANTILE * values.size) - 1)  # nearest rank: a value that was computed
    limit = np.partition(np.abs(values) if low < 0 else values, rank)[rank]
    return ValueRange(low, high, float(limit), finite)


def channel_mean(maps: Tensor) -> NDArray[np.float32]:
    """Return the mean over channels of the finite values at each position, (H, W) float32: the picture of a stage.

    Args:
        maps: (C, H, W). A place without any finite value is NaN.
    """
    values = _float32(maps)
    with np.errstate(all="ignore"):
        mean: NDArray[np.float32] = values.mean(axis=0)
        if not np.isfinite(mean).all():
            finite = np.isfinite(values)
            mean = (values.sum(axis=0, where=finite, dtype=np.float64) / finite.sum(axis=0)).astype(np.float32)
    return mean


def summary(stages: Mapping[str, Tensor]) -> dict[str, NDArray[np.float32]]:
    """Return what an overview of the network needs, ready for `encode`.

    Returns:
        "statistics:STAGE" (C, 5) for every stage and "face:STAGE" (H, W) for those that have places.
    """
    arrays = {}
    for name, maps in stages.items():
        arrays[f"statistics:{name}"] = channel_statistics(maps)
        if maps.ndim == 3:
            arrays[f"face:{name}"] = channel_mean(maps)
    return arrays


def encode_stage(name: str, maps: Tensor) -> bytes:
    """Return one stage as a message: "values" of maps as float16, of units as float32, "statistics" (C, 5) as float32.

    A value of a map is its float16 number × the header's "scale", as in `ScaledHalves`. Units are few, and stand as
    numbers beside those that other pages tell of them.

    Args:
        maps: (C, H, W) or (C,).
    """
    values = _float32(maps)
    if values.ndim == 1:
        return encode(
            {"stage": name, "shape": list(values.shape), "scale": 1.0},
            {"statistics": _statistics(values), "values": values},
        )
    statistics = _statistics(values)
    extremes = statistics[:, :2]
    largest = float(np.abs(extremes, where=np.isfinite(extremes), out=np.zeros_like(extremes)).max(initial=0.0))
    scaled = ScaledHalves.of(values, largest)
    header = {"stage": name, "shape": list(values.shape), "scale": scaled.scale}
    return encode(header, {"statistics": statistics, "values": scaled.halves})


def encode(header: Mapping[str, object], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return one message for the browser.

    Args:
        header: Anything that JSON can hold; "arrays" is added.
        arrays: By name, of dtype uint8, float16 or float32.
    Raises:
        ValueError: The header holds NaN or infinity.
        KeyError: An array of another dtype.
    """
    entries, offset = [], 0
    for name, array in arrays.items():
        entries.append({"name": name, "dtype": _DTYPES[array.dtype.name], "shape": list(array.shape), "offset": offset})
        offset += _padded(array.nbytes)
    text = json.dumps({**header, "arrays": entries}, ensure_ascii=False, allow_nan=False).encode()
    text += b" " * (_padded(len(text)) - len(text))  # part of the JSON, so that arrays begin at 4 + length
    message = bytearray(4 + len(text) + offset)
    message[:4] = len(text).to_bytes(4, "little")
    message[4 : 4 + len(text)] = text
    for entry, array in zip(entries, arrays.values(), strict=True):
        start = 4 + len(text) + int(str(entry["offset"]))
        message[start : start + array.nbytes] = _little_endian(array).tobytes()
    return bytes(message)


def _scale(largest: float) -> float:
    """Return the power of two by which numbers are divided before they are stored as float16; 1 where all are zero."""
    if largest == 0:
        return 1.0
    exponent = math.frexp(largest)[1] - _TOP_EXPONENT
    return math.ldexp(1.0, max(exponent, -126))  # 2^-126 is the smallest whose reciprocal float32 can multiply by


def _little_endian(array: NDArray[Any]) -> NDArray[Any]:
    return array if sys.byteorder == "little" else array.astype(array.dtype.newbyteorder("<"))


def _padded(size: int) -> int:
    return -(-size // 4) * 4
