"""Corrections for TIFFs whose numbers Pillow decodes wrongly without an error."""

import re
from typing import Any, cast

from PIL import Image, ImageFile
from PIL.TiffImagePlugin import BITSPERSAMPLE, PLANAR_CONFIGURATION, TiffImageFile

from alexnet_viz.images.first_picture import UnusableFileError, damaged


def correct_numbers(image: Image.Image) -> None:
    """Have an opened TIFF decoded as its file says; pictures of other formats stay as they are.

    Packed numbers reach Pillow in this machine's byte order; it forgets that of those with a sign and of floating point
    where the file's is the other. Colours of 16 bits that lie in a plane each, unpacked, it reads as if they had 8.

    Raises:
        UnusableFileError: Packed planes of grey and opacity, of which Pillow finds one.
    """
    if not isinstance(image, TiffImageFile):
        return
    in_planes = image.tag_v2.get(PLANAR_CONFIGURATION) == 2
    if in_planes and image.mode == "LA":
        raise UnusableFileError(damaged("TIFF"))
    if in_planes and not image.use_load_libtiff and image.tag_v2.get(BITSPERSAMPLE, (8,))[0] == 16:
        image.use_load_libtiff = True
        order = (f"{image.mode};16N", False, image.tag_v2.offset)
        image.tile = [ImageFile._Tile("libtiff", (0, 0, *image.size), 0, order)]
    elif image.use_load_libtiff:
        image.tile = [_native(tile) for tile in image.tile]


def _native(tile: ImageFile._Tile) -> ImageFile._Tile:
    """Return a tile whose numbers are unpacked in this machine's byte order: as "F;32NF" instead of "F;32BF"."""
    order, *others = cast("tuple[Any, ...]", tile.args)
    return tile._replace(args=(re.sub(r"(?<=[IF];\d\d)B", "N", order), *others))
