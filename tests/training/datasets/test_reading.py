import io
import threading
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest
from PIL import Image

from alexnet_viz.images import Fit
from alexnet_viz.training.datasets import reading
from alexnet_viz.training.datasets.archive import Entry
from alexnet_viz.training.datasets.digests import image_digest
from alexnet_viz.training.datasets.reading import Decoded, decode_all


def png(width: int, height: int, shade: int = 0) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), (shade, 0, 0)).save(stream, "PNG")
    return stream.getvalue()


def entry(content: bytes, name: str = "a/1.png") -> Entry:
    return Entry(PurePosixPath(name), "", lambda: content)


def test_pictures_come_in_order_with_digest_and_pixels() -> None:
    found = list(decode_all((entry(png(40, 30, shade)) for shade in range(20)), 63))
    assert [each.pixels[0, 0, 0].item() for each in found if isinstance(each, Decoded) and each.pixels is not None] == (
        list(range(20))
    )
    assert [each.digest for each in found if isinstance(each, Decoded)] == [
        image_digest(Image.new("RGB", (40, 30), (shade, 0, 0))) for shade in range(20)
    ]


def test_without_a_side_no_pixels_are_kept() -> None:
    (found,) = decode_all([entry(png(40, 30))], None)
    assert isinstance(found, Decoded)
    assert found.pixels is None


def test_what_cannot_be_read_is_a_reason() -> None:
    def fail() -> bytes:
        raise OSError("is damaged inside the archive")

    files = [Entry(PurePosixPath("a/1.png"), "", fail), entry(b"text"), entry(bytes(25_000_001))]
    reasons = list(decode_all(files, None))
    assert reasons[0] == "is damaged inside the archive"
    assert "is not a picture the app can read" in str(reasons[1])
    assert reasons[2] == "unpacks to more than 25 MB"


def test_a_reading_ends_when_nobody_asks_any_more() -> None:
    read = 0

    def files() -> Iterator[Entry]:
        nonlocal read
        for _ in range(1000):
            read += 1
            yield entry(png(10, 10))

    asked = 0

    def check() -> None:
        nonlocal asked
        asked += 1
        if asked > 20:
            raise InterruptedError("gone")

    with pytest.raises(InterruptedError):
        list(decode_all(files(), None, check))
    assert read <= 21


@pytest.mark.slow
def test_of_large_pictures_one_is_decoded_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, most, lock = 0, 0, threading.Lock()
    plain = reading._digested

    def counted(name: str, content: bytes, side: int | None, fit: Fit) -> Decoded:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        try:
            return plain(name, content, side, fit)
        finally:
            with lock:
                at_once -= 1

    monkeypatch.setattr(reading, "_digested", counted)
    large = png(3000, 3000)
    assert len(list(decode_all([entry(large)] * 6, None))) == 6
    assert most == 1


def test_files_are_read_only_a_few_ahead_of_their_turn() -> None:
    read = 0

    def files() -> Iterator[Entry]:
        nonlocal read
        for _ in range(100):
            read += 1
            yield entry(png(10, 10))

    found = decode_all(files(), None)
    next(found)
    assert read <= 8
    found.close()


def test_heic_is_named() -> None:
    (reason,) = decode_all([entry(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99), "a/IMG_1.HEIC")], None)
    assert reason == "is a HEIC photo, as iPhones save them, which the app cannot read. Export it as JPEG."
