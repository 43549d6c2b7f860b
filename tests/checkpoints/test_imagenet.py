"""ImageNet's AlexNet is fetched, checked, found and opened; a small file of a server on loopback stands for it."""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from alexnet_viz.checkpoints import available_checkpoints, find_imagenet, imagenet, load_checkpoint
from alexnet_viz.checkpoints.imagenet import Source
from alexnet_viz.cli import run
from alexnet_viz.errors import FetchError
from tests.support.model_files import TORCHVISION, saved
from tests.support.source_server import FileServer, empty_download_folders, serving

pytestmark = pytest.mark.slow

FILE_NAME = "alexnet-owt-7be5be79.pth"
CONTENT = bytes(range(256)) * 4096  # a mebibyte: several pieces


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where torch keeps its downloads; nothing of this machine's own is seen."""
    return empty_download_folders(tmp_path, monkeypatch)


@pytest.fixture
def server(hub: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    with serving(CONTENT, FILE_NAME) as served:
        monkeypatch.setattr(imagenet, "SOURCE", source(CONTENT, served.url))
        yield served


def source(content: bytes, url: str = f"https://nowhere.invalid/{FILE_NAME}") -> Source:
    return Source(url=url, site="pytorch.org", size=len(content), sha256=hashlib.sha256(content).hexdigest())


def networks_content(folder: Path) -> bytes:
    """Torchvision's tensors, each one number repeated, so that a few kilobytes hold them."""
    state = {}
    for name, shape in TORCHVISION.items():
        state[f"{name}.weight"] = torch.tensor(0.0).expand(shape)
        state[f"{name}.bias"] = torch.tensor(0.0).expand(shape[:1])
    return saved(state, folder / "made.pth").read_bytes()


def test_what_is_fetched_is_known_to_the_last_bit() -> None:
    known = imagenet.SOURCE
    assert known.sha256.startswith(known.file_name.removesuffix(".pth").rpartition("-")[2])
    assert len(known.sha256) == 64
    assert imagenet.megabytes(known.size) == "233 MB"
    torchvision = pytest.importorskip("torchvision.models")
    assert known.url == torchvision.AlexNet_Weights.IMAGENET1K_V1.url


def test_it_arrives_with_progress_where_torch_keeps_its_downloads(server: FileServer, hub: Path) -> None:
    seen: list[int] = []
    path = imagenet.fetch(seen.append)
    assert path == hub / FILE_NAME
    assert path.read_bytes() == CONTENT
    assert seen[0] == 0
    assert seen == sorted(seen)
    assert seen[-1] == len(CONTENT)
    assert len(set(seen)) > 2
    assert [each.name for each in hub.iterdir() if each.suffix != ".lock"] == [FILE_NAME]
    assert find_imagenet() == path
    assert server.ranges == [""]


def test_an_interrupted_command_says_what_is_kept(
    server: FileServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(_bar: object, share: float, _words: str) -> None:
        if share == 1:  # all has come, and is being checked
            raise KeyboardInterrupt

    monkeypatch.setattr("alexnet_viz.cli.Bar.draw", interrupt)
    assert run(["get", "imagenet", "--json"]) == 1
    out, err = capsys.readouterr()
    assert (out, err) == (
        "",
        "alexnet_viz: interrupted; the 1 MB that have come are kept for a day; get it again to go on\n",
    )


def test_a_cancelled_fetch_goes_on_where_it_was_broken_off(server: FileServer, hub: Path) -> None:
    class CancelledError(Exception):
        pass

    def cancel_after_some(count: int) -> None:
        if count:
            raise CancelledError

    with pytest.raises(CancelledError):
        imagenet.fetch(cancel_after_some)
    kept = imagenet.kept_bytes()
    assert 0 < kept < len(CONTENT)
    assert find_imagenet() is None
    seen: list[int] = []
    assert imagenet.fetch(seen.append).read_bytes() == CONTENT
    assert seen[0] == kept
    assert server.ranges == ["", f"bytes={kept}-"]
    assert imagenet.kept_bytes() == 0


@pytest.mark.parametrize(("change", "asked"), [({"takes_ranges": False}, []), ({"part_status": 416}, [""])])
def test_a_server_that_sends_no_parts_sends_all_of_it(
    server: FileServer, hub: Path, change: dict[str, int], asked: list[str]
) -> None:
    hub.mkdir(parents=True)
    (hub / f"{FILE_NAME}.partial").write_bytes(b"x" * 1000)
    vars(server).update(change)
    assert imagenet.fetch().read_bytes() == CONTENT
    assert server.ranges == ["bytes=1000-", *asked]


def test_what_is_kept_of_a_fetch_is_kept_for_a_day(server: FileServer, hub: Path) -> None:
    hub.mkdir(parents=True)
    partial = hub / f"{FILE_NAME}.partial"
    partial.write_bytes(CONTENT[:1000])
    yesterday = time.time() - 86_401
    os.utime(partial, (yesterday, yesterday))
    assert imagenet.kept_bytes() == 0
    assert not partial.exists()
    imagenet.fetch()
    assert server.ranges == [""]


def test_a_file_that_is_another_one_is_removed(server: FileServer, hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imagenet, "SOURCE", Source(server.url, "pytorch.org", len(CONTENT), "0" * 64))
    with pytest.raises(FetchError, match=r"^The file arrived damaged and was removed\. Try again$"):
        imagenet.fetch()
    assert [each.suffix for each in hub.iterdir()] == [".lock"]
    assert find_imagenet() is None


@pytest.mark.parametrize("size", [len(CONTENT) - 300_000, len(CONTENT) // 2])
def test_a_file_that_is_longer_than_known_is_not_taken(
    server: FileServer, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(imagenet, "SOURCE", Source(server.url, "pytorch.org", size, "0" * 64))
    with pytest.raises(FetchError, match="damaged"):
        imagenet.fetch()
    assert imagenet.kept_bytes() == 0


def test_without_a_connection_it_is_said_where_the_file_goes(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(CONTENT, FILE_NAME) as gone:
        pass
    monkeypatch.setattr(imagenet, "SOURCE", source(CONTENT, gone.url))
    with pytest.raises(FetchError) as caught:
        imagenet.fetch()
    assert caught.value.what == "No connection to pytorch.org"
    assert (caught.value.remedy, caught.value.place) == ("Put the file here:", f"checkpoints/{FILE_NAME}")


def test_a_refusal_and_a_connection_that_breaks_off_are_told(server: FileServer) -> None:
    server.status = 404
    with pytest.raises(FetchError, match=r"^pytorch\.org answered 404\. Put the file here: checkpoints/"):
        imagenet.fetch()
    server.status, server.sends = 200, len(CONTENT) - 1000
    with pytest.raises(FetchError, match=r"^The connection to pytorch\.org broke off after 1 MB"):
        imagenet.fetch()
    assert imagenet.kept_bytes() == len(CONTENT) - 1000
    server.sends = None
    assert imagenet.fetch().read_bytes() == CONTENT


def test_without_room_nothing_is_asked_for(server: FileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    big = Source(server.url, "pytorch.org", 233 * 2**20, "0" * 64)
    monkeypatch.setattr(imagenet, "SOURCE", big)
    free = type("Usage", (), {"free": 120 * 2**20})
    monkeypatch.setattr(imagenet.shutil, "disk_usage", lambda _: free)
    with pytest.raises(FetchError, match=r"^233 MB are needed, 120 MB are free\."):
        imagenet.fetch()
    assert server.ranges == []


def test_one_fetch_at_a_time(server: FileServer) -> None:
    refusals: list[str] = []

    def meanwhile(_: int) -> None:
        if not refusals:
            with pytest.raises(FetchError) as caught:
                imagenet.fetch()
            refusals.append(str(caught.value))

    imagenet.fetch(meanwhile)
    assert refusals == ["It is being fetched already. Wait until that is done"]


def test_whoever_runs_the_app_can_switch_it_off(server: FileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_FETCH", "no")
    with pytest.raises(FetchError, match="Ask whoever runs this app; the file goes into checkpoints/"):
        imagenet.fetch()
    assert server.ranges == []


@pytest.mark.parametrize("folder", ["shipped", "kept", "torch/hub/checkpoints"])
def test_it_is_found_where_it_lies_and_opens_as_imagenet(
    hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    content = networks_content(tmp_path)
    monkeypatch.setattr(imagenet, "SOURCE", source(content))
    path = tmp_path / folder / FILE_NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    [entry] = [each for each in available_checkpoints() if each.path is not None]
    assert (entry.name, entry.path, entry.variant, entry.assumed) == ("imagenet", path, "torchvision", ())
    assert entry.metrics == {"val_accuracy": 0.56522}
    checkpoint = load_checkpoint("imagenet", "cpu")
    assert len(checkpoint.classes) == 1000
    assert checkpoint.classes[281] == "tabby"
    rule = checkpoint.input_rule
    assert (rule.size, rule.short_side, rule.resize) == (224, 256, "crop")
    assert (rule.mean, rule.std) == ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    assert checkpoint.trained


def test_another_file_of_that_name_is_not_taken_for_it(hub: Path, tmp_path: Path) -> None:
    saved({}, tmp_path / FILE_NAME)
    (tmp_path / "kept").mkdir()
    (tmp_path / FILE_NAME).rename(tmp_path / "kept" / FILE_NAME)
    assert find_imagenet() is None


def test_the_command_fetches_takes_and_finds_it(
    server: FileServer, hub: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {"name": "imagenet", "path": str(hub / FILE_NAME), "bytes": len(CONTENT), "licence": "BSD-3"}
    for _ in range(2):  # fetched, then found
        assert run(["get", "imagenet", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {**told, "source": server.url}
    assert server.ranges == [""]
    (hub / FILE_NAME).rename(tmp_path / "mine.pth")
    assert run(["get", "imagenet", "--from", str(tmp_path / "mine.pth"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {**told, "source": str(tmp_path / "mine.pth")}
    assert (hub / FILE_NAME).read_bytes() == CONTENT
    (hub / FILE_NAME).write_bytes(bytes(len(CONTENT)))
    assert run(["get", "imagenet"]) == 2
    assert "is damaged. Remove it, and get it again" in capsys.readouterr().err
    (tmp_path / "other.pth").write_bytes(b"other")
    assert run(["get", "imagenet", "--from", str(tmp_path / "other.pth")]) == 2
    assert f"other.pth is not {FILE_NAME}, or is damaged" in capsys.readouterr().err
