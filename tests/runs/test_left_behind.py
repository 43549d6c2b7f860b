"""What a killed trainer left behind is swept by the next start, of a trainer or of the server."""

import asyncio
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from alexnet_viz.runs import Run, create_run
from alexnet_viz.runs.left_behind import sweep_runs
from alexnet_viz.runs.locks import TRAINER, hold
from alexnet_viz.ui import services

LEFT = (
    "checkpoints/.tmpa1b2c3",
    "checkpoints/epoch-003.safetensors.0a1b2c3d.partial",
    "status.json.0a1b2c3d.partial",
    "checksums.json.0a1b2c3d.partial",
)
KEPT = ("checkpoints/epoch-002.safetensors", "metrics.jsonl", "note.txt")


def killed(runs: Path) -> Run:
    run = create_run(runs, "shapes", {"name": "killed"})
    for name in (*LEFT, *KEPT):
        (run.folder / name).write_bytes(b"half")
    return run


def files(run: Run) -> set[str]:
    return {str(path.relative_to(run.folder)) for path in run.folder.rglob("*") if path.is_file()} & {*LEFT, *KEPT}


def test_what_was_left_goes_and_what_was_saved_stays(tmp_path: Path) -> None:
    run = killed(tmp_path)
    sweep_runs(tmp_path)
    assert files(run) == set(KEPT)
    sweep_runs(tmp_path / "nowhere")


def test_a_run_that_is_trained_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, other = killed(tmp_path), killed(tmp_path)
    monkeypatch.setattr("alexnet_viz.runs.folder._PATIENCE_SECONDS", 0)
    with hold(run.folder, TRAINER, 0):
        sweep_runs(tmp_path)
    assert files(run) == {*LEFT, *KEPT}
    assert files(other) == set(KEPT)


def test_the_server_sweeps_behind_its_first_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, swept = killed(tmp_path), threading.Event()
    monkeypatch.setenv("ALEXNET_VIZ_RUNS", str(tmp_path))

    ready = SimpleNamespace(
        start=lambda: {"checkpoint": "untrained"},
        photos=SimpleNamespace(gallery=lambda: [SimpleNamespace(id="chelsea")]),
        trace_message=lambda _subject: swept.set(),  # comes after the sweeping
    )
    monkeypatch.setattr(services, "service", lambda: ready)
    monkeypatch.setattr(services, "_FIRST_PAGE_SECONDS", 0.0)

    async def start() -> None:
        async with services.warm_up(None):
            pass

    asyncio.run(start())
    assert swept.wait(60)
    assert files(run) == set(KEPT)
