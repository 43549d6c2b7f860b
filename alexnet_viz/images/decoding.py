"""From the bytes of a picture file to upright RGB pixels, or to one sentence that says why not."""

import io
import logging
import os
import re
import stat
import unicodedata
import warnings
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, features

from alexnet_viz.errors import ImageError
from alexnet_viz.images.first_picture import CUT_SHORT, PictureFile, UnusableFileError, damaged, first_picture, is_heic
from alexnet_viz.images.tiff_numbers import correct_numbers
from alexnet_viz.language import said
from alexnet_viz.number_words import megabytes_beyond

MAX_BYTES = 25_000_000
MAX_PIXELS = 40_000_000
MAX_JPEG_PIXELS = 120_000_000  # a JPEG can be read at half its size, so that 108-megapixel phones are welcome
_MAX_PROGRESSIVE_PIXELS = 60_000_000  # all of whose coefficients are in memory first, 6 bytes a pixel
MAX_SIDE = 65_500  # the longest side a JPEG can have; the page could not show more
READABLE_FORMATS = ("JPEG", "PNG", "WebP", "GIF", "BMP", "TIFF") + (("AVIF",) if features.check("avif") else ())
NOT_A_PICTURE = said("is not a picture the app can read ({formats}).", formats=", ".join(READABLE_FORMATS))
_FULL_SIZE = "full_size"  # in a read picture's `info`, where it was read smaller than its file
_SHOWN_NAME_LENGTH = 80
MAX_EXIF_BYTES = 1_000_000  # of which a JPEG holds 65,000; an orientation of 12,000,000 numbers took 1.5 s to read

# Pillow logs some defects of a file as errors; without any handler Python prints those on standard error.
logging.getLogger("PIL").addHandler(logging.NullHandler())
# Its warnings about odd metadata tell a programmer something, not the person with the picture.
warnings.filterwarnings("ignore", module=r"PIL\.")


def read_image(source: str | os.PathLike[str] | bytes, *, name: str | None = None) -> Image.Image:
    """Return the first picture of a file: RGB, upright by its EXIF orientation, white behind transparency, in sRGB.

    16-bit and floating-point greys are scaled to 0..255 (see `_eight_bit`). The result holds no metadata. A JPEG of
    more than 40 megapixels is read at half its size; `full_size` says what the file has.

    Args:
        source: Path of a file, or the file's content. At most 25 MB, 40 megapixels (a JPEG 120, a progressive one 60)
            and 65 500 pixels a side.
        name: What to call the picture in an error; by default the file's base name.
    Raises:
        ImageError: Not a readable picture of an accepted format, too large, cut short, or not a readable file.
    """
    shown = shown_name(name if name is not None else source)
    try:
        data = source if isinstance(source, bytes) else _file_content(Path(source))
        return _decode(_checked_file(data))
    except UnusableFileError as refusal:
        raise ImageError(shown, refusal.reason) from refusal


def full_size(image: Image.Image) -> tuple[int, int]:
    """Return width and height of the file that `read_image` has read; `image` is smaller where it was too large."""
    width, height = image.info.get(_FULL_SIZE, image.size)
    return int(width), int(height)


def to_rgb(image: Image.Image) -> Image.Image:
    """Return a new RGB picture: in sRGB where a colour profile allows it, white behind transparency, no metadata."""
    profile = image.info.get("icc_profile")
    colour, alpha = _colour_and_alpha(_eight_bit(image))
    rgb = _in_srgb(colour, profile)
    if alpha is not None:
        behind = Image.new("RGB", rgb.size, "white")
        behind.paste(rgb, mask=alpha)
        rgb = behind
    elif rgb is image:
        rgb = image.copy()
    rgb.info = {}  # a saved copy must not carry the place where the photo was taken
    return rgb


def shown_name(source: object) -> str:
    """Return a file's base name on one line of at most 80 visible characters; "The picture" for nameless bytes."""
    text = "" if isinstance(source, bytes) else os.fsdecode(cast("str | os.PathLike[str]", source))
    base = re.split(r"[/\\]", text.rstrip("/\\"))[-1] or text[:1]
    visible = "".join(_visible(character) for character in base)
    line = " ".join(visible.split())
    if len(line) > _SHOWN_NAME_LENGTH:
        line = f"{line[:50]}…{line[-20:]}"
    return line or said("The picture")


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    # Marks without width (writing direction, joiners) may reorder the sentence around them; the rest becomes a space.
    return {"Cf": "", "Cs": "\N{REPLACEMENT CHARACTER}"}.get(unicodedata.category(character), " ")


def _file_content(path: Path) -> bytes:
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise UnusableFileError(said("is a folder. Choose a picture file in it."))
        if not stat.S_ISREG(facts.st_mode):  # opening a pipe would wait for ever
            raise UnusableFileError(said("is not a file but a pipe or a device. Choose a picture file."))
        _check_byte_count(facts.st_size)
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)  # the file may have grown since
    except FileNotFoundError as error:
        raise UnusableFileError(said("does not exist. Check its name and folder.")) from error
    except PermissionError as error:
        raise UnusableFileError(said("may not be read by this program. Change its permissions.")) from error
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        cause = getattr(error, "strerror", None) or said("no such name")
        raise UnusableFileError(
            said("cannot be read from the disk ({cause}). Choose another file.", cause=cause)
        ) from error


def _check_byte_count(count: int) -> None:
    if count > MAX_BYTES:
        raise UnusableFileError(
            said(
                "is {size} MB; the limit is {most} MB. Shrink it and upload again.",
                size=megabytes_beyond(count),
                most=MAX_BYTES // 1_000_000,
            )
        )


def _check_size(width: int, height: int, most_pixels: int) -> None:
    if min(width, height) <= 0:  # not stated where expected, or damaged: Pillow decides
        return
    size = said("is {width} × {height} pixels", width=grouped(width), height=grouped(height))
    if width * height > most_pixels:
        raise UnusableFileError(
            said(
                "{size}; the limit is {most} million. Shrink it and upload again.",
                size=size,
                most=most_pixels // 1_000_000,
            )
        )
    if max(width, height) > MAX_SIDE:
        raise UnusableFileError(
            said(
                "{size}; the limit is {most} along a side. Shrink it and upload again.",
                size=size,
                most=grouped(MAX_SIDE),
            )
        )


def grouped(number: int) -> str:
    """Return a count as the app writes it: 19 000, with a narrow space that does not break, but 4096."""
    return str(number) if number < 10_000 else f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def _checked_file(data: bytes) -> PictureFile:
    """Return the first picture's file, of an accepted format and size; no pixel is decoded."""
    if not data:
        raise UnusableFileError(said("is empty. Choose another picture."))
    _check_byte_count(len(data))
    found = first_picture(data)
    if found is None and is_heic(data):
        raise UnusableFileError(
            said("is a HEIC photo, as iPhones save them, which the app cannot read. Export it as JPEG.")
        )
    if found is None or (found.format == "AVIF" and "AVIF" not in READABLE_FORMATS):
        raise UnusableFileError(NOT_A_PICTURE)
    _check_size(found.width, found.height, MAX_JPEG_PIXELS if found.format == "JPEG" else MAX_PIXELS)
    return found


def _decode(found: PictureFile) -> Image.Image:
    try:
        # Only the one format is tried: others would run Ghostscript on an uploaded file.
        with Image.open(io.BytesIO(found.data), formats=(found.format,)) as image:
            size = image.size  # what the decoder believes decides, not what the header seemed to say
            _check_size(*size, _most_pixels(image))
            _read_smaller(image)
            correct_numbers(image)
            image.load()
            _correct_transparency(image, found.data)
            turned = image.size
            _turn_upright(image)
            rgb = to_rgb(image)
            if turned != size:
                rgb.info[_FULL_SIZE] = size if rgb.size == turned else size[::-1]
            return rgb
    except UnusableFileError:
        raise
    except Exception as error:  # Pillow raises nearly every built-in error for a bad file, and new ones each year
        raise UnusableFileError(_reason(error, found.format)) from error


def _most_pixels(image: Image.Image) -> int:
    if image.format != "JPEG":
        return MAX_PIXELS
    return _MAX_PROGRESSIVE_PIXELS if image.info.get("progressive") else MAX_JPEG_PIXELS


def _read_smaller(image: Image.Image) -> None:
    """Have a JPEG of more than `MAX_PIXELS` decoded at a half or a quarter of its sides, which costs no more."""
    scale = 1
    while image.width * image.height > MAX_PIXELS * scale**2:
        scale *= 2
    if scale > 1:
        image.draft(None, (image.width // scale, image.height // scale))


def _reason(error: Exception, format_name: str) -> str:
    if isinstance(error, MemoryError):
        return said("needs more memory than is free. Shrink it and upload again.")
    if isinstance(error, Image.DecompressionBombError):
        return said(
            "is larger than the limit of {n} million pixels. Shrink it and upload again.", n=MAX_PIXELS // 1_000_000
        )
    if "truncated" in str(error).lower():
        return CUT_SHORT
    return damaged("WebP" if format_name == "WEBP" else format_name)


def _turn_upright(image: Image.Image) -> None:
    """Turn a picture by its EXIF orientation; broken EXIF counts as upright, as everywhere."""
    image.info.pop("xmp", None)  # browsers turn nothing by it, and Pillow would where the format keeps it
    if len(image.info.get("exif", b"")) > MAX_EXIF_BYTES:
        return
    try:
        ImageOps.exif_transpose(image, in_place=True)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (the picture is fine without its EXIF, whatever is wrong with that)
        return


def _correct_transparency(image: Image.Image, data: bytes) -> None:
    """Make the transparent colour of a PNG mean what the file says; Pillow compares it with the decoded 8 bits."""
    if image.format != "PNG":
        return
    depth, transparent = data[24], image.info.get("transparency")
    if isinstance(transparent, tuple) and depth == 16:
        del image.info["transparency"]
        image.putalpha(_opacity_of_sixteen_bits(image, data, transparent))
    elif isinstance(transparent, int) and image.mode == "L" and depth < 8:
        image.info["transparency"] = transparent * 255 // (2**depth - 1)


def _opacity_of_sixteen_bits(image: Image.Image, data: bytes, transparent: tuple[int, ...]) -> Image.Image:
    """Return where a 16-bit colour PNG is not of the transparent colour, all 16 bits compared, as L."""
    with Image.open(io.BytesIO(data), formats=("PNG",)) as again:
        # Read as if the lower byte came first, so that Pillow keeps the bytes that it has dropped from `image`.
        again.tile = [tile._replace(args="RGB;16L") for tile in again.tile]
        again.load()
        upper = _is_colour(np.asarray(image), [value >> 8 for value in transparent])
        lower = _is_colour(np.asarray(again), [value & 0xFF for value in transparent])
    return Image.fromarray(np.where(upper & lower, 0, 255).astype(np.uint8))


def _is_colour(pixels: NDArray[np.uint8], colour: list[int]) -> NDArray[np.bool_]:
    return cast("NDArray[np.bool_]", (pixels == np.array(colour, np.uint8)).all(axis=2))


def _colour_and_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Return the colours (any mode without alpha or palette) and the opacity (L; None: all opaque)."""
    if image.has_transparency_data:
        with_alpha = image if image.mode in ("LA", "RGBA") else image.convert("LA" if image.mode == "La" else "RGBA")
        return with_alpha.convert(with_alpha.mode[:-1]), with_alpha.getchannel("A")
    if image.mode == "1":
        return image.convert("L"), None
    return (image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")), None


def _in_srgb(colour: Image.Image, profile: object) -> Image.Image:
    """Return the picture as RGB in sRGB; the same picture where it is so already.

    The network was trained on sRGB numbers, and so were the screens; the same numbers under Display P3 or Adobe RGB are
    other colours. A profile that is broken, or made for another kind of pixel, is passed over: every viewer does so,
    and slightly wrong colours serve better than a refused photo. Profiles that call themselves sRGB and have its
    colours are not computed with, which would only add rounding.
    """
    converted = None
    try:
        if isinstance(profile, bytes) and profile:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
            if "srgb" not in ImageCms.getProfileDescription(own).lower() or not _has_colours_of_srgb(own, srgb):
                converted = ImageCms.profileToProfile(colour, own, srgb, outputMode="RGB")
    except Exception:  # noqa: BLE001 (LittleCMS has as many ways to fail as Pillow; see above)
        converted = None
    if converted is not None:
        return converted
    return colour if colour.mode == "RGB" else colour.convert("RGB")


def _has_colours_of_srgb(own: ImageCms.ImageCmsProfile, srgb: ImageCms.ImageCmsProfile) -> bool:
    """Return False for a linear "sRGB", whose middle grey of 128 is a 188 of sRGB, and for one with other primaries."""
    colours = np.array([[[128, 128, 128], [192, 64, 64], [64, 192, 64], [64, 64, 192]]], np.uint8)
    seen = ImageCms.profileToProfile(Image.fromarray(colours), own, srgb)
    return seen is not None and bool((abs(np.asarray(seen, np.int16) - colours) < 16).all())


def _eight_bit(image: Image.Image) -> Image.Image:
    """Return greys of more than 8 bits as L (or LA where one grey is transparent), and other pictures unchanged.

    Whole numbers within 0..65535 are 16-bit greys (12-bit TIFF: 0..4095), so a dark picture stays dark. Floating-point
    numbers have no stated white; it is the first of 1, 255 and 65535 that none exceeds. Where neither holds, as in
    heights or temperatures, the least value is black and the greatest white.
    """
    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image)
    tags = getattr(image, "tag_v2", {})
    if image.mode == "I" and tags.get(258) == (32,) and tags.get(339, (1,)) == (1,):
        values = values.view(np.uint32)  # Pillow takes them for numbers with a sign
    if image.mode.startswith("I;16"):
        white = 4095 if tags.get(258) == (12,) else 65535
        table = (np.minimum(np.arange(65536), white) * 255 + white // 2) // white
        grey = table.astype(np.uint8)[values]
    else:
        grey = _scaled(values, (1.0, 255.0, 65535.0) if image.mode == "F" else (65535.0,))
    if tags.get(262) == 0:  # white is zero; Pillow turns only 8-bit greys round
        grey = 255 - grey
    result = Image.fromarray(grey)
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        result.putalpha(Image.fromarray(np.where(values == transparent, 0, 255).astype(np.uint8)))
    return result


def _scaled(values: NDArray[Any], whites: tuple[float, ...]) -> NDArray[np.uint8]:
    """Scale (H, W) numbers to 0..255 as `_eight_bit` says; not-a-number and infinities go to the nearest end."""
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        raise UnusableFileError(said("holds no finite number. Choose another picture."))
    low, high = float(finite.min()), float(finite.max())
    white = next((white for white in whites if low >= 0 and high <= white), None)
    if white is not None:
        low, high = 0.0, white
    elif high == low:
        high = low + 1
    shares = np.clip(np.nan_to_num(values, nan=low, posinf=high, neginf=low), low, high).astype(np.float64)
    scaled = (shares - low) * (255 / (high - low))
    return cast("NDArray[np.uint8]", np.rint(scaled).astype(np.uint8))
