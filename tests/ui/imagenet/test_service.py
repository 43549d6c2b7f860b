"""ImageNet's AlexNet as browsers are told of it; a small file of a server on loopback stands for it."""

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from alexnet_viz import shipped
from alexnet_viz.checkpoints import imagenet
from alexnet_viz.checkpoints.imagenet import Source
from alexnet_viz.errors import ComparisonError, FetchError
from alexnet_viz.ui.imagenet.service import ImageNetService
from alexnet_viz.ui.jobs import Record
from alexnet_viz.ui.people import asked_by
from tests.support.source_server import FileServer, empty_download_folders, serving

pytestmark = pytest.mark.slow

FILE_NAME = "alexnet-owt-7be5be79.pth"
CONTENT = bytes(range(256)) * 8192  # two mebibytes
ENDED = ("absent", "failed", "here")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    empty_download_folders(tmp_path, monkeypatch)
    with serving(CONTENT, FILE_NAME) as served:
        sha256 = hashlib.sha256(CONTENT).hexdigest()
        monkeypatch.setattr(imagenet, "SOURCE", Source(served.url, "pytorch.org", len(CONTENT), sha256))
        yield served


def until(service: ImageNetService, job: str, states: tuple[str, ...]) -> Record:
    """Ask as a browser does, until it is told one of the states."""
    pause = threading.Event()
    for _ in range(2_000):
        told = service.status(job)
        if told["state"] in states:
            return told
        pause.wait(0.02)
    raise AssertionError(f"still {told}")


def test_it_is_fetched_once_for_all_who_ask(server: FileServer) -> None:
    service = ImageNetService()
    assert (service.status()["state"], service.status()["size"]) == ("absent", "2 MB")
    server.held_after = len(CONTENT) // 2
    job = str(service.start()["job"])
    told = until(service, job, ("fetching",))
    assert service.start()["job"] == job
    assert service.status()["job"] == job  # a browser that has just come sees the same
    while service.status()["came"] != "1 of 2 MB":
        threading.Event().wait(0.02)
    assert service.status()["share"] == 0.5
    server.go_on.set()
    told = until(service, job, ENDED)
    assert (told["state"], told["job"], told["kept"]) == ("here", "", "")
    assert server.ranges == [""]
    assert service.start()["state"] == "here"


def test_what_has_come_of_a_cancelled_fetch_is_kept_and_the_next_goes_on(server: FileServer) -> None:
    service = ImageNetService()
    server.held_after = len(CONTENT) // 2
    job = str(service.start()["job"])
    while service.status(job)["share"] != 0.5:
        threading.Event().wait(0.02)
    told = service.cancel(job)
    assert (told["state"], told["kept"], told["job"]) == ("absent", "1 MB", "")
    server.go_on.set()
    server.held_after = None
    job = str(service.start()["job"])
    assert until(service, job, ENDED)["state"] == "here"
    assert server.ranges[0] == ""
    assert server.ranges[1].startswith("bytes=")


def test_whoever_began_it_is_told_why_it_failed_in_parts(server: FileServer) -> None:
    service = ImageNetService()
    server.status = 404
    job = str(service.start()["job"])
    told = until(service, job, ENDED)
    assert (told["state"], told["job"]) == ("failed", job)
    place = f"checkpoints/{FILE_NAME}"
    assert told["problem"] == {"what": "pytorch.org answered 404", "remedy": "Put the file here:", "place": place}
    assert service.status()["state"] == "absent"  # nobody else has asked for it
    (shipped.CHECKPOINTS).mkdir()
    (shipped.CHECKPOINTS / FILE_NAME).write_bytes(CONTENT)
    assert service.status(job)["state"] == "here"


def test_a_damaged_file_is_told(server: FileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    service = ImageNetService()
    monkeypatch.setattr(imagenet, "SOURCE", Source(server.url, "pytorch.org", len(CONTENT), "0" * 64))
    told = until(service, str(service.start()["job"]), ENDED)
    assert told["problem"] == {"what": "The file arrived damaged and was removed", "remedy": "Try again", "place": ""}


def test_it_can_be_removed(server: FileServer) -> None:
    service = ImageNetService()
    until(service, str(service.start()["job"]), ENDED)
    assert service.remove()["state"] == "absent"
    assert imagenet.find() is None
    assert service.remove()["state"] == "absent"


def test_where_it_is_switched_off_nothing_is_fetched_and_nothing_removed(
    server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_FETCH", "no")
    service = ImageNetService()
    assert service.status()["allowed"] is False
    for act in (service.start, service.remove):
        with pytest.raises(FetchError, match="Ask whoever runs this app; the file goes into checkpoints/"):
            act()
    assert server.ranges == []


def test_a_fetch_that_is_not_known(server: FileServer) -> None:
    with pytest.raises(ComparisonError, match="this fetch is not known any more; start it again"):
        ImageNetService().status("gone")


def test_another_person_sees_a_fetch_and_does_not_end_it(server: FileServer) -> None:
    service = ImageNetService()
    server.held_after = len(CONTENT) // 2
    with asked_by("Ann"):
        job = str(service.start()["job"])
        until(service, job, ("fetching",))
    with asked_by("Ben"):
        assert (service.status()["state"], service.status()["job"]) == ("fetching", "")
        with pytest.raises(ComparisonError):
            service.cancel(job)
    server.go_on.set()
    with asked_by("Ann"):
        assert until(service, job, ENDED)["state"] == "here"
    with asked_by("Ben"):
        assert service.status()["state"] == "here"
