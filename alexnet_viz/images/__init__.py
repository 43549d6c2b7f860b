"""Pictures on their way to the network: reading, preprocessing, and the gallery that comes with the app.

>>> to_tensor(read_image("cat.jpg"), InputRule()).shape
torch.Size([3, 227, 227])
"""

from alexnet_viz.images.decoding import MAX_BYTES, MAX_PIXELS, READABLE_FORMATS, full_size, read_image, to_rgb
from alexnet_viz.images.gallery import GALLERY, PHOTOGRAPHS, GalleryPhoto
from alexnet_viz.images.preprocessing import (
    GREY,
    Fit,
    InputRule,
    as_square,
    made_grey,
    normalised,
    seen_by_network,
    to_tensor,
)

__all__ = [
    "GALLERY",
    "GREY",
    "MAX_BYTES",
    "MAX_PIXELS",
    "PHOTOGRAPHS",
    "READABLE_FORMATS",
    "Fit",
    "GalleryPhoto",
    "InputRule",
    "as_square",
    "full_size",
    "made_grey",
    "normalised",
    "read_image",
    "seen_by_network",
    "to_rgb",
    "to_tensor",
]
