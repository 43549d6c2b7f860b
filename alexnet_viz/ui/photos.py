"""The photos that browsers have sent, and the gallery; kept as they came, bounded in bytes."""

import hashlib
import hmac
import io
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

from PIL import Image

from alexnet_viz.errors import ImageError
from alexnet_viz.images import GALLERY, GalleryPhoto, read_image
from alexnet_viz.inference import Photo as DecodedPhoto

MOST_BYTES = 256_000_000  # of people's own files
_MOST_DECODED_PIXELS = 50_000_000  # 150 MB; one picture always, whatever its size
_SECRET = secrets.token_bytes(32)  # a photo's name says nothing about the photo, and nobody can make one up


@dataclass(frozen=True)
class Photo:
    """One picture that the network can be shown.

    Attributes:
        id: Its name in addresses: the gallery's own, or an unguessable one.
        name: The file's name without its ending, as the person knows it.
        title: For the screen.
        content: The file's bytes.
        width: In pixels, upright.
        height: In pixels, upright.
        gallery: What the gallery says of it; None for a person's own photo.
    """

    id: str
    name: str
    title: str
    content: bytes
    width: int
    height: int
    gallery: GalleryPhoto | None = None

    def record(self) -> dict[str, object]:
        """Return what the page shows of it, ready for JSON."""
        about: dict[str, object] = {
            "id": self.id,
            "name": self.name,
            "title": self.title,
            "width": self.width,
            "height": self.height,
            "gallery": self.gallery is not None,
        }
        if self.gallery is not None:
            about |= {"credit": self.gallery.credit, "licence": self.gallery.licence, "source": self.gallery.source_url}
        return about


class PhotoStore:
    """All photos of the process; the longest unused of people's own go when their bytes exceed the bound."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._own: OrderedDict[str, Photo] = OrderedDict()
        self._decoded: OrderedDict[str, DecodedPhoto] = OrderedDict()
        self._gallery = {
            entry.name: Photo(
                entry.name, entry.name, entry.title, entry.path.read_bytes(), entry.width, entry.height, entry
            )
            for entry in GALLERY
        }

    def gallery(self) -> list[Photo]:
        """Return the photos that are shipped with the app, the one to open with first."""
        return list(self._gallery.values())

    def add(self, content: bytes, name: str) -> Photo:
        """Decode a file once, to be sure of it, and keep it.

        Raises:
            ImageError: It is no picture that the app can read.
        """
        image = read_image(content, name=name)
        digest = hmac.new(_SECRET, content, hashlib.sha256).hexdigest()[:32]
        stem = name.rpartition(".")[0] or name
        photo = Photo(digest, stem, name, content, image.width, image.height)
        self._keep_decoded(DecodedPhoto(name, image, digest))
        with self._lock:
            self._own[photo.id] = photo
            self._own.move_to_end(photo.id)
            total = sum(len(each.content) for each in self._own.values())
            while total > self._most_bytes and len(self._own) > 1:
                total -= len(self._own.popitem(last=False)[1].content)
        return photo

    def find(self, photo_id: str) -> Photo:
        """Return a photo by its name in addresses.

        Raises:
            ImageError: There is none, or it has made room for newer ones.
        """
        if photo_id in self._gallery:
            return self._gallery[photo_id]
        with self._lock:
            if photo_id not in self._own:
                raise ImageError("This photo", "is no longer in the server's memory; upload it again.")
            self._own.move_to_end(photo_id)
            return self._own[photo_id]

    def decoded(self, photo: Photo) -> DecodedPhoto:
        """Return the picture itself, upright RGB; the last ones are remembered, since every request needs them."""
        with self._lock:
            if photo.id in self._decoded:
                self._decoded.move_to_end(photo.id)
                return self._decoded[photo.id]
        decoded = DecodedPhoto(photo.title, read_image(photo.content, name=photo.title), photo.id)
        self._keep_decoded(decoded)
        return decoded

    def _keep_decoded(self, photo: DecodedPhoto) -> None:
        with self._lock:
            self._decoded[photo.digest] = photo
            self._decoded.move_to_end(photo.digest)
            pixels = sum(each.image.width * each.image.height for each in self._decoded.values())
            while pixels > _MOST_DECODED_PIXELS and len(self._decoded) > 1:
                oldest = self._decoded.popitem(last=False)[1].image
                pixels -= oldest.width * oldest.height


def picture_for_screen(image: Image.Image, side: int) -> bytes:
    """Return a picture as a JPEG file for the browser, at most `side` pixels long."""
    small = image.copy() if max(image.size) <= side else image.resize(_fitted(image, side), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=90)
    return stream.getvalue()


def _fitted(image: Image.Image, side: int) -> tuple[int, int]:
    scale = side / max(image.size)
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))
