"""From a picture to the network's input: cropped or squashed to its size, and normalised."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from numbers import Real
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from alexnet_viz.images.decoding import to_rgb

# The smallest input that leaves the article's last pooling a pixel, and the largest that is still cheap to compute.
MIN_INPUT_SIZE, MAX_INPUT_SIZE = 63, 1024
_RESIZES = ("crop", "squash")
GREY = (0.299, 0.587, 0.114)  # of red, green and blue: ITU-R 601, as Pillow makes a picture grey
_GREATEST_NUMBER, _LEAST_DEVIATION = 1e4, 1e-4  # of means and deviations: keeps every input a float32 of sane size


Resize = Literal["crop", "squash"]
Fit = Resize | float
"""How a picture becomes the square that is kept of it: as it is resized, or its middle, a share of the short side."""


@dataclass(frozen=True)
class InputRule:
    """How a picture becomes the network's input.

    Attributes:
        size: Side of the square input in pixels, 63 to 1024.
        mean: Of red, green and blue, in units of full brightness (0..1); CIFAR-10's by default. One number alone for a
            network that takes grey pictures.
        std: The deviations that the difference to the mean is divided by, same units, above 0; as many.
        resize: "crop" fits the short side and cuts the centre; "squash" fits both sides and distorts.
        short_side: To which "crop" fits the short side, at least `size`, which is what it is where it is 0. torchvision
            fits it to 256 and cuts out 224, so that the network sees the middle seven eighths.

    Raises:
        ValueError: A value is of the wrong type or out of range; the message names it.
    """

    size: int = 227
    mean: tuple[float, ...] = (0.4914, 0.4822, 0.4465)
    std: tuple[float, ...] = (0.2470, 0.2435, 0.2616)
    resize: Resize = "crop"
    short_side: int = 0

    def __post_init__(self) -> None:
        if type(self.size) is not int or not MIN_INPUT_SIZE <= self.size <= MAX_INPUT_SIZE:
            raise ValueError(
                f"input size {_short(self.size)} is not a whole number from {MIN_INPUT_SIZE} to {MAX_INPUT_SIZE}"
            )
        object.__setattr__(self, "mean", _numbers("mean", self.mean, least=-_GREATEST_NUMBER))
        object.__setattr__(self, "std", _numbers("std", self.std, least=_LEAST_DEVIATION))
        if len(self.mean) != len(self.std):
            raise ValueError(f"input mean of {len(self.mean)} and std of {len(self.std)} numbers do not fit together")
        if self.resize not in _RESIZES:
            raise ValueError(f"input resize {_short(self.resize)} is neither 'crop' nor 'squash'")
        if self.short_side == 0:
            object.__setattr__(self, "short_side", self.size)
        if type(self.short_side) is not int or not self.size <= self.short_side <= 2 * MAX_INPUT_SIZE:
            wanted = f"a whole number from {self.size} to {2 * MAX_INPUT_SIZE}"
            raise ValueError(f"input short_side {_short(self.short_side)} is not {wanted}")

    @property
    def channels(self) -> int:
        """Of the input: 3, or 1 where pictures are made grey."""
        return len(self.mean)

    @property
    def stored(self) -> tuple[int, Fit]:
        """How a picture is kept for the network before what is cut away of it is: side in pixels, and how it fits."""
        if self.short_side == self.size or self.resize == "squash":
            return self.size, self.resize
        # As much must be cut away on one side as on the other, in whole pixels.
        side = self.short_side - (self.short_side - self.size) % 2
        return side, side / self.short_side

    def to_record(self) -> dict[str, object]:
        """Return the rule as JSON values, for a checkpoint's metadata."""
        record = {"size": self.size, "mean": list(self.mean), "std": list(self.std), "resize": self.resize}
        return record if self.short_side == self.size else {**record, "short_side": self.short_side}

    def of_size(self, size: int) -> "InputRule":
        """Return the same for inputs of another size; where the whole square was seen, it still is."""
        fitted = 0 if self.short_side == self.size else max(self.short_side, size)
        return replace(self, size=size, short_side=fitted)

    def box(self, width: int, height: int) -> tuple[float, float, float, float]:
        """Return the part of a picture that the network sees: left, top, right and bottom in pixels."""
        if self.short_side == self.size or self.resize == "squash":
            return _whole_box(width, height, self.resize)
        return _middle(width, height, self.size / self.short_side)

    @classmethod
    def from_record(cls, record: object) -> "InputRule":
        """Return the rule of a record from a file that nobody vouches for; further keys are passed over.

        Raises:
            ValueError: No mapping, a key is missing, or a value is wrong; the message names it.
        """
        if not isinstance(record, Mapping):
            raise ValueError(f"input rule {_short(record)} is not a record of size, mean, std and resize")
        missing = [key for key in ("size", "mean", "std", "resize") if key not in record]
        if missing:
            raise ValueError(f"input rule has no {', '.join(missing)}")
        return cls(record["size"], record["mean"], record["std"], record["resize"], record.get("short_side", 0))


def _numbers(label: str, values: object, least: float) -> tuple[float, ...]:
    """Return three numbers, or the one of a network for grey pictures."""
    if not isinstance(values, (list, tuple)) or len(values) not in (1, 3):
        raise ValueError(f"input {label} {_short(values)} is not three numbers")
    if not all(isinstance(value, Real) and not isinstance(value, bool) for value in values):
        raise ValueError(f"input {label} {_short(values)} is not three numbers")
    # Compared before float(), which fails on a whole number of 400 digits; NaN compares false.
    if not all(least <= value <= _GREATEST_NUMBER for value in values):
        raise ValueError(f"input {label} {_short(values)} is not three numbers from {least:g} to {_GREATEST_NUMBER:g}")
    return tuple(float(value) for value in values)


def _short(value: object) -> str:
    """Return at most 60 characters of a value that came from a file."""
    if isinstance(value, int) and abs(value) > 10**30:  # Python refuses to write out very long numbers
        return "of more than 30 digits"
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _whole_box(width: int, height: int, resize: Resize) -> tuple[int, int, int, int]:
    """Return the middle square in whole pixels, so that a picture of its size stays untouched, or the whole picture."""
    if resize == "squash":
        return (0, 0, width, height)
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    return (left, top, left + side, top + side)


def _middle(width: int, height: int, share: float) -> tuple[float, float, float, float]:
    side = min(width, height) * share
    return ((width - side) / 2, (height - side) / 2, (width + side) / 2, (height + side) / 2)


def as_square(image: Image.Image, side: int, fit: Fit = "crop") -> Image.Image:
    """Return a picture as a square RGB one, its middle or all of it; see `InputRule.stored`."""
    rgb = image if image.mode == "RGB" else to_rgb(image)
    box = _middle(*rgb.size, fit) if isinstance(fit, float) else _whole_box(*rgb.size, fit)
    return rgb.resize((side, side), Image.Resampling.BILINEAR, box=box)


def seen_by_network(image: Image.Image, rule: InputRule) -> Image.Image:
    """Return the pixels that the network sees: RGB, `rule.size` a side, before normalisation; grey where it takes grey.

    Bilinear with antialiasing, in one pass from the full picture. A crop reads only the centre square (and the
    neighbours that its border pixels are averaged with), which gives the pixels of "shrink, then cut" without ever
    making the shrunk picture: that of a 1 × 65 500 picture would be 227 × 14 868 500.
    """
    rgb = image if image.mode == "RGB" else to_rgb(image)
    seen = rgb.resize((rule.size, rule.size), Image.Resampling.BILINEAR, box=rule.box(*rgb.size))
    return seen if rule.channels == 3 else seen.convert("L").convert("RGB")


def to_tensor(image: Image.Image, rule: InputRule) -> Tensor:
    """Return the network's input (C, S, S), float32: the very pixels of `seen_by_network`, normalised."""
    return normalised(np.asarray(seen_by_network(image, rule)), rule)


def made_grey(pictures: Tensor) -> Tensor:
    """Return pictures (N, 3, H, W) of any unit as grey ones (N, 1, H, W)."""
    return pictures.mul(pictures.new_tensor(GREY)[:, None, None]).sum(dim=1, keepdim=True)


def normalised(pixels: NDArray[np.uint8], rule: InputRule) -> Tensor:
    """Return pixels (S, S, 3) that a network sees as its input (C, S, S), float32."""
    if rule.channels == 1:
        pixels = np.asarray(Image.fromarray(pixels).convert("L"))[:, :, None]
    values = (pixels.astype(np.float32) / 255 - np.array(rule.mean, np.float32)) / np.array(rule.std, np.float32)
    return torch.from_numpy(np.ascontiguousarray(values.transpose(2, 0, 1)))
