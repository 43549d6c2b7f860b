"""A folder of runs that is read-only, or gone: whatever is asked for ends in words and changes nothing."""

import asyncio
import errno
import io
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from alexnet_viz.cli import run as command
from alexnet_viz.runs import Run, Status, create_run, list_runs, write_status
from alexnet_viz.training.recipe import preset
from alexnet_viz.ui.train import routes
from alexnet_viz.ui.train.runs import TrainingService
from tests.ui.conftest import call

WORDS = "folder cannot be written, or is gone, so nothing was changed"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("ALEXNET_VIZ_RUNS", str(tmp_path / "runs"))
    recipe = preset("fast").with_settings({"epochs": "2"}).to_record()
    made = create_run(tmp_path / "runs", "shapes", {"name": "one", "dataset": "shapes", "recipe": recipe})
    write_status(made.folder, Status("stopped", epoch=1, step=4))
    return made


@pytest.fixture
def read_only(run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of runs on a disk that takes nothing, for the tests' root too, whom permissions do not stop."""
    runs = run.folder.parent

    def refusing(function: Callable[..., Any], writes: Callable[..., bool]) -> Callable[..., Any]:
        def guarded(path: Any, *args: Any, **options: Any) -> Any:
            if str(path).startswith(str(runs)) and writes(*args, **options):
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
            return function(path, *args, **options)

        return guarded

    for name in ("mkdir", "rename", "replace", "unlink", "rmdir", "utime", "truncate"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name), lambda *_, **__: True))
    changing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
    monkeypatch.setattr(os, "open", refusing(os.open, lambda flags=0, *_, **__: bool(flags & changing)))
    monkeypatch.setattr(io, "open", refusing(io.open, lambda mode="r", *_, **__: bool(set(mode) & set("wax+"))))
    return runs


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    service = TrainingService()
    monkeypatch.setattr(routes, "training", lambda: service)
    app = Starlette(routes=routes.TRAIN_ROUTES)

    def post(path: str, body: bytes = b"{}") -> tuple[int, dict[str, Any]]:
        answer = asyncio.run(call(app, path, {"name": "class.zip"}, iter([body]), {}))
        return answer.status, answer.json()

    return post


def everything(runs: Path) -> dict[str, bytes]:
    return {str(file.relative_to(runs)): file.read_bytes() for file in sorted(runs.rglob("*")) if file.is_file()}


@pytest.mark.parametrize("act", ["launch", "resume", "delete", "note", "zip"])
def test_a_disk_that_takes_nothing_is_told_on_the_page(
    run: Run, read_only: Path, page: Callable[..., Any], act: str
) -> None:
    before = everything(read_only)
    path = {"launch": "/api/runs/launch", "zip": "/api/datasets"}.get(act, f"/api/runs/{run.id}/{act}")
    status, answer = page(path, b'{"note": "seen", "dataset": "shapes"}')
    assert WORDS in answer["error"], answer
    assert status == 507
    assert everything(read_only) == before
    assert [each.id for each in list_runs(read_only)] == [run.id]


@pytest.mark.parametrize("act", ["stop", "kill", "resume", "delete", "note"])
def test_a_run_that_has_vanished_is_told_on_the_page(run: Run, page: Callable[..., Any], act: str) -> None:
    shutil.rmtree(run.folder.parent)
    _, answer = page(f"/api/runs/{run.id}/{act}")
    assert answer["error"] == f"run {run.id} is no longer there; it was deleted"
    assert not run.folder.parent.exists()


@pytest.mark.parametrize("act", ["train", "resume", "delete"])
def test_a_disk_that_takes_nothing_is_told_on_the_command_line(
    run: Run, read_only: Path, capsys: pytest.CaptureFixture[str], act: str
) -> None:
    before = everything(read_only)
    asked = ["train", "--dataset", "shapes", "--limit", "16"] if act == "train" else [act, run.id]
    assert command([*asked, "--runs", str(read_only)]) == 1
    said = capsys.readouterr().err
    assert "Read-only file system; nothing else was changed" in said
    assert "None" not in said
    assert "Traceback" not in said
    assert everything(read_only) == before


@pytest.mark.parametrize("act", ["stop", "resume", "delete"])
def test_a_run_that_has_vanished_is_told_on_the_command_line(
    run: Run, capsys: pytest.CaptureFixture[str], act: str
) -> None:
    shutil.rmtree(run.folder.parent)
    assert command([act, run.id, "--runs", str(run.folder.parent)]) == 2
    assert f"run {run.id} is not in" in capsys.readouterr().err
    assert not run.folder.parent.exists()


def test_a_run_that_vanishes_while_it_is_asked_about_is_told(
    run: Run, page: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = TrainingService.find

    def find_then_lose(service: TrainingService, run_id: str) -> Run:
        lost = found(service, run_id)
        shutil.rmtree(lost.folder)
        return lost

    monkeypatch.setattr(TrainingService, "find", find_then_lose)
    for act in ("kill", "resume", "delete"):
        _, answer = page(f"/api/runs/{run.id}/{act}")
        assert "it was deleted" in answer["error"] or "is not in" in answer["error"], answer
        assert ".json" not in answer["error"]
        again = create_run(run.folder.parent, "shapes", {"name": "one"})
        again.folder.rename(run.folder)
    json.dumps(TrainingService().listing(), allow_nan=False)
