"""The photos that browsers have uploaded, and the gallery.

Files are kept on the disk as they were sent; only the few that were used last are decoded in memory.
"""

import hashlib
import hmac
import io
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from alexnet_viz.errors import ImageError
from alexnet_viz.images import GALLERY, GalleryPhoto, InputRule, full_size, read_image, seen_by_network
from alexnet_viz.images.decoding import shown_name
from alexnet_viz.inference import Photo as DecodedPhoto
from alexnet_viz.language import said
from alexnet_viz.recent import Recent
from alexnet_viz.ui.people import asking, is_theirs
from alexnet_viz.ui.temporary import own_folder

MOST_BYTES = 1_000_000_000  # of people's own files, on the disk
_MOST_MEMORY_BYTES = 300_000_000  # where they are kept in memory instead
_MOST_DECODED_PIXELS = 50_000_000  # 150 MB; one picture always, whatever its size
_MOST_DECODED = 32  # small pictures would fill those 150 MB only after hundreds of uploads
_MOST_SEEN_BYTES = 8_000_000  # 50 pictures of 227 × 227
_DECODING_AT_ONCE = 2  # a class that uploads at the same moment must not take 120 MB each
_SECRET = secrets.token_bytes(32)


@dataclass(frozen=True)
class Photo:
    """One picture that can be sent through the network.

    Attributes:
        id: Its name in addresses: the gallery's own, or an unguessable one.
        name: The file's name without its ending, as the person knows it.
        title: For the screen.
        path: The file.
        size: Of the file in bytes.
        width: In pixels, upright.
        height: In pixels, upright.
        digest: Of the file's content: whoever brings the same file, it is decoded and computed once.
        gallery: What the gallery says of it; None for a person's own photo.
        in_memory: The file's bytes, where they are never written to the disk.
        full_size: Width and height of the file, where it was too large to be read at its own size.
        owner: Who sent it, whom alone it is shown to.
    """

    id: str
    name: str
    title: str
    path: Path
    size: int
    width: int
    height: int
    digest: str
    gallery: GalleryPhoto | None = None
    in_memory: bytes | None = None
    full_size: tuple[int, int] | None = None
    owner: str = ""

    @property
    def content(self) -> bytes:
        """The file's bytes.

        Raises:
            ImageError: The file has made room for newer ones.
        """
        if self.in_memory is not None:
            return self.in_memory
        try:
            return self.path.read_bytes()
        except FileNotFoundError as error:
            raise _gone() from error

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
        if self.full_size is not None:
            about["full_size"] = list(self.full_size)
        if self.gallery is not None:
            about |= {"credit": self.gallery.credit, "licence": self.gallery.licence, "source": self.gallery.source_url}
        return about


def _gone() -> ImageError:
    return ImageError(said("This photo"), said("is no longer kept by the server; upload it again."))


class PhotoStore:
    """All photos of the process; above the limit the least recently used uploads are removed, the sender's own first.

    Args:
        most_bytes: The bound.
        in_memory: Whether people's own files are never written to the disk: a class is promised that.
        clock: Seconds; by it `let_go` knows what nobody has looked at in a while.
    """

    def __init__(
        self, most_bytes: int = MOST_BYTES, *, in_memory: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most_bytes = min(most_bytes, _MOST_MEMORY_BYTES) if in_memory else most_bytes
        self._is_in_memory = in_memory
        self._folder = own_folder(self, "photos")
        self._lock = threading.Lock()
        self._decoding = threading.BoundedSemaphore(_DECODING_AT_ONCE)
        self._own: OrderedDict[str, Photo] = OrderedDict()
        self._decoded: Recent[str, DecodedPhoto] = Recent(_MOST_DECODED_PIXELS, _room, clock)
        self._seen: Recent[tuple[str, int, str, int, int], DecodedPhoto] = Recent(_MOST_SEEN_BYTES, _bytes, clock)
        self._gallery = {entry.name: _gallery_photo(entry) for entry in GALLERY}

    def gallery(self) -> list[Photo]:
        """Return the photos that come with the app, the one to open with first."""
        return list(self._gallery.values())

    def add(self, content: bytes, name: str) -> Photo:
        """Decode a file once, to be sure of it, and keep it for the person who is asking.

        The same file from another person, or under another name, is a photo of its own: what one person calls a file
        is nothing that another's page may show.

        Raises:
            ImageError: It is no picture that the app can read, or the disk is full.
        """
        with self._decoding:
            image = read_image(content, name=name)
        digest = _keyed(content)
        self._keep_decoded(DecodedPhoto(name, image, digest))
        own = _keyed("\0".join((asking(), name, digest)).encode())
        title = shown_name(name)
        size = (image.width, image.height)
        photo = Photo(own, title.rpartition(".")[0] or title, title, self._folder / own, len(content), *size, digest)
        read_from = full_size(image)
        photo = replace(photo, owner=asking(), full_size=None if read_from == size else read_from)
        if self._is_in_memory:
            photo = replace(photo, in_memory=content)
        with self._lock:
            if own not in self._own and not self._is_in_memory:
                _write(photo.path, content)
            self._own[own] = photo
            self._own.move_to_end(own)
            self._make_room()
        return photo

    def forget(self) -> None:
        """Let all of people's own photos go, and whatever was decoded of them."""
        with self._lock:
            for photo in self._own.values():
                photo.path.unlink(missing_ok=True)
            self._own.clear()
            self._decoded.clear()
            self._seen.clear()

    def let_go(self) -> bool:
        """Let go what was decoded and nobody has looked at in a while; return whether there was any. Files stay."""
        with self._lock:
            return bool([*self._decoded.expire(), *self._seen.expire()])

    def _make_room(self) -> None:
        """Let photos go for the newest: the asking person's own first, so that nobody pushes out everybody else's."""
        total = sum(photo.size for photo in self._own.values())
        older = sorted([*self._own.values()][:-1], key=lambda photo: not is_theirs(photo.owner))
        for photo in older:
            if total <= self._most_bytes:
                return
            del self._own[photo.id]
            photo.path.unlink(missing_ok=True)
            total -= photo.size

    def find(self, photo_id: str) -> Photo:
        """Return a photo by its name in addresses.

        Raises:
            ImageError: There is none, it has made room for newer ones, or it is another person's.
        """
        if photo_id in self._gallery:
            return self._gallery[photo_id]
        with self._lock:
            if photo_id not in self._own:
                raise _gone()
            if not is_theirs(self._own[photo_id].owner):
                raise ImageError(
                    said("This photo"),
                    said("was uploaded in another browser and is shown there only; upload it here too."),
                )
            self._own.move_to_end(photo_id)
            return self._own[photo_id]

    def decoded(self, photo: Photo) -> DecodedPhoto:
        """Return the picture itself, upright RGB; the last ones are remembered."""
        known = self._remembered(photo)
        if known is not None:
            return known
        with self._decoding:
            known = self._remembered(photo)  # by who was before us
            if known is None:
                known = DecodedPhoto(photo.title, read_image(photo.content, name=photo.title), photo.digest)
                self._keep_decoded(known)
        return known

    def _remembered(self, photo: Photo) -> DecodedPhoto | None:
        with self._lock:
            known = self._decoded.get(photo.digest)
        return None if known is None else replace(known, name=photo.title)

    def seen(self, photo: Photo, rule: InputRule) -> DecodedPhoto:
        """Return the picture as the network sees it: `rule` leaves its pixels as they are, so that it is the photo.

        Every request needs it, and it is a hundred times smaller than a photo of 12 million pixels.
        """
        key = (photo.digest, rule.size, rule.resize, rule.short_side, rule.channels)
        with self._lock:
            known = self._seen.get(key)
        if known is not None:
            return replace(known, name=photo.title)
        seen = DecodedPhoto(photo.title, seen_by_network(self.decoded(photo).image, rule), photo.digest)
        with self._lock:
            self._seen[key] = seen
        return seen

    def _keep_decoded(self, photo: DecodedPhoto) -> None:
        with self._lock:
            self._decoded[photo.digest] = photo


def _room(photo: DecodedPhoto) -> int:
    """Return the cache space of a decoded picture: at most all of it, so that one picture always fits."""
    pixels = photo.image.width * photo.image.height
    return min(max(pixels, _MOST_DECODED_PIXELS // _MOST_DECODED), _MOST_DECODED_PIXELS)


def _bytes(photo: DecodedPhoto) -> int:
    return min(3 * photo.image.width * photo.image.height, _MOST_SEEN_BYTES)


def _gallery_photo(entry: GalleryPhoto) -> Photo:
    size = entry.path.stat().st_size
    return Photo(entry.name, entry.name, entry.title, entry.path, size, entry.width, entry.height, entry.name, entry)


def _keyed(content: bytes) -> str:
    """Return a keyed digest as a name: it reveals nothing about its source, and nobody can guess it."""
    return hmac.new(_SECRET, content, hashlib.sha256).hexdigest()[:32]


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError:  # whoever answers says what the disk did not do
        path.unlink(missing_ok=True)
        raise


def picture_for_screen(image: Image.Image, side: int) -> bytes:
    """Return a picture as a JPEG file for the browser, at most `side` pixels long."""
    small = image.copy() if max(image.size) <= side else image.resize(_fitted(image, side), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=90)
    return stream.getvalue()


def _fitted(image: Image.Image, side: int) -> tuple[int, int]:
    scale = side / max(image.size)
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))
