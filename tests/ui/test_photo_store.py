"""The store of people's photos: files on the disk, bounded; in memory only what was looked at last."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from alexnet_viz.errors import ImageError
from alexnet_viz.images import InputRule, read_image, seen_by_network
from alexnet_viz.ui import photos
from alexnet_viz.ui.people import asked_by
from alexnet_viz.ui.photos import Photo, PhotoStore
from tests.support.at_a_time import AtATime


def png(seed: int, size: tuple[int, int] = (64, 48)) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def test_a_photo_waits_on_the_disk_as_it_came() -> None:
    store = PhotoStore()
    photo = store.add(png(1), "cat.png")
    assert store.find(photo.id).path.read_bytes() == store.find(photo.id).content == png(1)
    assert (photo.name, photo.title, photo.width, photo.height) == ("cat", "cat.png", 64, 48)


def test_of_ten_photos_two_are_decoded_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    two_are_here, inside = threading.Barrier(2), AtATime()

    def read(content: bytes, name: str) -> Image.Image:
        with inside:
            two_are_here.wait(60)
        return read_image(content, name=name)

    monkeypatch.setattr(photos, "read_image", read)
    store = PhotoStore()
    with ThreadPoolExecutor(10) as people:
        assert len(list(people.map(lambda seed: store.add(png(seed), f"{seed}.png"), range(10)))) == 10
    assert inside.most == 2


def sent_by(person: str, store: PhotoStore, name: str) -> Photo:
    with asked_by(person):
        return store.add(png(1), name)


def test_a_photo_is_nobody_elses() -> None:
    store = PhotoStore()
    photo = sent_by("ann", store, "cat.png")
    for other in ("bob", ""):
        with asked_by(other), pytest.raises(ImageError, match="uploaded in another browser and is shown there only"):
            store.find(photo.id)
    with asked_by("bob"):
        assert store.find("chelsea").gallery is not None
    with asked_by("ann"):
        assert store.find(photo.id) == photo


def test_equal_files_stay_two_photos_with_their_own_names() -> None:
    store = PhotoStore()
    sent = [("cat.png", "ann"), ("tiger.png", "bob"), ("tiger.png", "ann"), ("cat.png", "bob")]
    kept = [sent_by(session, store, name) for name, session in sent]
    assert len({photo.id for photo in kept}) == 4
    for photo, (name, person) in zip(kept, sent, strict=True):
        with asked_by(person):
            assert store.find(photo.id).title == name
    assert [store.decoded(photo).name for photo in kept] == [name for name, _ in sent]
    assert sent_by("ann", store, "cat.png") == kept[0]  # the same file again: nothing new in Ann's list
    assert len({photo.digest for photo in kept}) == 1


def test_the_longest_unused_file_goes_when_the_bound_is_exceeded() -> None:
    store = PhotoStore(most_bytes=len(png(1)) + len(png(2)))
    first, second = store.add(png(1), "1.png"), store.add(png(2), "2.png")
    store.find(first.id)  # now the second is the longest unused
    store.add(png(3), "3.png")
    assert first.path.is_file()
    assert not second.path.exists()
    with pytest.raises(ImageError, match="upload it again"):
        store.find(second.id)
    with pytest.raises(ImageError, match="upload it again"):
        _ = second.content  # by someone who found it just before it went


@pytest.mark.parametrize("in_memory", [False, True])
def test_who_sends_much_pushes_out_their_own_photos_first(in_memory: bool) -> None:
    store = PhotoStore(most_bytes=3 * len(png(1)) + 100, in_memory=in_memory)
    bobs = sent_by("bob", store, "bob.png")
    with asked_by("ann"):
        anns = [store.add(png(seed), f"{seed}.png") for seed in range(2, 7)]
    with asked_by("bob"):
        assert store.find(bobs.id) == bobs
    kept = []
    with asked_by("ann"):
        for photo in anns:
            try:
                kept.append(store.find(photo.id).name)
            except ImageError:
                continue
    assert kept == ["5", "6"]


def test_who_has_sent_nothing_yet_still_finds_room() -> None:
    store = PhotoStore(most_bytes=len(png(1)) + 10)
    anns, bobs = sent_by("ann", store, "ann.png"), sent_by("bob", store, "bob.png")
    with asked_by("bob"):
        assert store.find(bobs.id) == bobs
    with asked_by("ann"), pytest.raises(ImageError, match="upload it again"):
        store.find(anns.id)


def test_the_files_go_with_the_store() -> None:
    store = PhotoStore()
    folder = store.add(png(1), "1.png").path.parent
    del store
    assert not folder.exists()


def test_a_full_disk_is_told_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def half_written(self: Path, content: bytes) -> int:
        with self.open("wb") as stream:
            stream.write(content[:10])
        raise OSError(28, "No space left on device")

    store = PhotoStore()
    monkeypatch.setattr(Path, "write_bytes", half_written)
    with pytest.raises(OSError, match="No space left on device"):  # whose words are those of every disk, see ui.http
        store.add(png(1), "cat.png")
    assert [file.name for file in store._folder.iterdir()] == ["in-use.lock"]


@pytest.mark.parametrize("resize", ["crop", "squash"])
def test_what_the_network_sees_is_exactly_what_it_would_see_of_the_file(resize: str) -> None:
    rule = InputRule.from_record({**InputRule().to_record(), "resize": resize})
    content = png(1, (640, 480))
    store = PhotoStore()
    seen = store.seen(store.add(content, "cat.png"), rule).image
    expected = np.asarray(seen_by_network(read_image(content), rule))
    assert np.array_equal(np.asarray(seen), expected)
    assert np.array_equal(np.asarray(seen_by_network(seen, rule)), expected)  # the rule leaves it as it is


def test_few_decoded_pictures_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "_MOST_DECODED", 3)
    monkeypatch.setattr(photos, "_MOST_DECODED_PIXELS", 2 * 64 * 48 + 100 * 100)
    store = PhotoStore()
    for seed in range(5):
        store.add(png(seed), f"{seed}.png")
    assert [each.name for each in store._decoded.values()] == ["2.png", "3.png", "4.png"]
    store.add(png(5, (100, 100)), "5.png")  # leaves room for one: a small one takes a third of it, however small
    assert [each.name for each in store._decoded.values()] == ["4.png", "5.png"]
    store.add(png(6, (200, 200)), "6.png")  # larger than the bound: one always stays
    assert [each.name for each in store._decoded.values()] == ["6.png"]


def test_the_seen_pictures_are_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = InputRule()
    monkeypatch.setattr(photos, "_MOST_SEEN_BYTES", 2 * 3 * rule.size**2)
    store = PhotoStore()
    for seed in range(3):
        store.seen(store.add(png(seed), f"{seed}.png"), rule)
    assert [each.name for each in store._seen.values()] == ["1.png", "2.png"]


def test_what_was_decoded_goes_once_nobody_has_looked_for_a_while() -> None:
    now = [0.0]
    store = PhotoStore(clock=lambda: now[0])
    first, second = store.add(png(1), "1.png"), store.add(png(2), "2.png")
    store.seen(first, InputRule())
    now[0] = 59
    store.decoded(first)
    assert store.let_go() is False
    now[0] = 61
    assert store.let_go() is True
    assert [each.name for each in store._decoded.values()] == ["1.png"]
    assert not list(store._seen)
    assert store.decoded(second).image.size == (64, 48)  # from its file, which stays
    now[0] = 200
    assert store.let_go() is True
    assert not list(store._decoded)
    assert store.let_go() is False


def test_a_photo_read_smaller_says_what_its_file_has() -> None:
    store = PhotoStore()
    stream = io.BytesIO()
    Image.new("RGB", (8064, 6048), "green").save(stream, "JPEG")
    record = store.add(stream.getvalue(), "phone.jpg").record()
    assert (record["width"], record["height"], record["full_size"]) == (4032, 3024, [8064, 6048])


def test_a_class_photo_never_touches_the_disk() -> None:
    store = PhotoStore(in_memory=True)
    photo = store.add(png(1), "cat.png")
    assert store.find(photo.id).content == png(1)
    assert not photo.path.exists()
    assert list(photo.path.parent.glob("*.png")) == []
    assert store.decoded(photo).image.size == (64, 48)


@pytest.mark.parametrize("in_memory", [False, True])
def test_at_the_end_of_a_lesson_all_photos_are_gone(in_memory: bool) -> None:
    store = PhotoStore(in_memory=in_memory)
    photo = store.add(png(1), "cat.png")
    store.forget()
    assert not photo.path.exists()
    assert photo.digest not in store._decoded
    with pytest.raises(ImageError, match="no longer kept"):
        store.find(photo.id)
    assert store.gallery()
