"""What one process does for all its browsers."""

import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from alexnet_viz.checkpoints.registry import _stated_accuracy
from alexnet_viz.errors import CheckpointError, ImageError
from alexnet_viz.ui.explore.service import Service, Subject
from alexnet_viz.ui.people import asked_by
from tests.support.pictures import grey_jpeg
from tests.ui.messages import read


def test_an_own_checkpoint_is_found_by_the_name_it_got_and_told_by_its_own(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = {"trained": True, "classes": ("a", "b"), "variant": "seed"}
    taken = SimpleNamespace(name="a", metadata={}, path=None, **about)
    monkeypatch.setattr(service, "engine", SimpleNamespace(checkpoint=lambda name: taken))
    file = service.new_file(".pt")
    file.write_bytes(b"weights")
    entry = service.add_checkpoint(file, "mine.pt", "ann")
    told = {key: entry[key] for key in ("title", "trained", "classes", "variant", "group")}
    assert told == {"title": "mine.pt", "trained": True, "classes": 2, "variant": "seed", "group": "own"}
    assert service.checkpoint(str(entry["name"])) == (taken, "mine.pt")
    for name in ("mine.pt", "own-0", str(file)):
        with pytest.raises(CheckpointError, match="is not in this app's memory; choose untrained"):
            service.checkpoint(name)


def test_a_refused_file_is_called_by_its_own_name(service: Service) -> None:
    file = service.new_file(".pt")
    file.write_bytes(b"Buy milk.\n" * 50)
    with pytest.raises(CheckpointError, match=r"^notes\.pt is not a model file") as refused:
        service.add_checkpoint(file, "notes.pt", "ann")
    assert file.name not in str(refused.value)


def test_everyone_gets_the_answer_of_their_own_photo(service: Service) -> None:
    photos = [service.photos.add(grey_jpeg(30 * number), f"{number}.jpg") for number in range(8)]
    answers: dict[str, tuple[str, bytes]] = {}

    def visit(photo_id: str) -> None:
        header, arrays = read(service.trace_message(Subject(photo_id, "untrained")))
        answers[photo_id] = (header["photo"]["id"], arrays["seen"][0, 0].tobytes())

    visitors = [threading.Thread(target=visit, args=(photo.id,)) for photo in photos]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert len(answers) == 8
    assert all(asked == told for asked, (told, _) in answers.items())
    assert len({seen for _, seen in answers.values()}) == 8  # eight shades
    assert service.engine.waiting == 0


def test_a_photo_that_is_gone_is_told(service: Service) -> None:
    with pytest.raises(ImageError, match="upload it again"):
        service.trace_message(Subject("0" * 32, "untrained"))


def test_the_same_file_is_a_photo_of_each_who_sent_it_and_is_computed_once(service: Service) -> None:
    photos, traces = {}, []
    for person in ("ann", "bob"):
        with asked_by(person):
            photos[person] = service.photos.add(grey_jpeg(77), f"{person}.jpg")
    for person in ("ann", "bob", "ann"):
        with asked_by(person):
            subject = Subject(photos[person].id, "untrained")
            header, _ = read(service.trace_message(subject))
            traces.append(service.trace(subject))
        assert (header["photo"]["id"], header["photo"]["title"]) == (photos[person].id, f"{person}.jpg")
    assert traces[0] is traces[1]


def test_the_best_checkpoint_is_the_one_to_open_with(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def entry(name: str, epoch: int | None, **metrics: object) -> SimpleNamespace:
        return SimpleNamespace(name=name, epoch=epoch, metrics=metrics, classes=("a",), variant="seed", path=Path(name))

    def opened_with(*entries: SimpleNamespace) -> object:
        monkeypatch.setattr("alexnet_viz.ui.explore.service.available_checkpoints", lambda: list(entries))
        return service.start()["checkpoint"]

    untrained = entry("untrained", 0)
    assert opened_with(untrained) == "untrained"
    assert opened_with(untrained, entry("stranger", None)) == "untrained"
    assert opened_with(untrained, entry("early", 1), entry("late", 9)) == "late"
    assert opened_with(untrained, entry("good", 3, test_accuracy=0.8), entry("long", 30, val_accuracy=0.7)) == "good"
    assert _stated_accuracy({"val_accuracy": "high", "test_accuracy": None}) == -1.0
