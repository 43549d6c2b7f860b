"""The folder of one run, and the folder of all runs."""

import functools
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
from filelock import Timeout

from alexnet_viz.atomic import replace_json, replacing
from alexnet_viz.errors import RunError
from alexnet_viz.language import said
from alexnet_viz.runs.locks import START, TRAINER, hold
from alexnet_viz.runs.metrics import Record, best_epoch, read_metrics
from alexnet_viz.runs.status import ALIVE, Status, is_trained, seen_now
from alexnet_viz.strict_json import read_json_file, read_regular, whole_letters

_PATIENCE_SECONDS = 10.0
_DOOMED = ".deleted-"
_MOST_NOTE_BYTES = 100_000
CHECKPOINT_NAME = re.compile(r"(?:epoch|step)-(\d+)\.safetensors")


class _Config(msgspec.Struct):
    """The fields of a config.json that are used."""

    name: str | None = None
    dataset: str | None = None
    data: str | None = None
    device: str | None = None
    created: float | None = None
    recipe: dict[str, Any] | None = None
    threads: Annotated[int, msgspec.Meta(ge=0, le=1024)] | None = None
    niceness: Annotated[int, msgspec.Meta(ge=0, le=19)] | None = None


@dataclass(frozen=True)
class CheckpointFile:
    """A checkpoint of a run.

    Attributes:
        name: "epoch-003", or "step-000123" where a run was stopped inside an epoch.
        path: The file.
        epoch: Its epoch, or None for one from inside an epoch.
    """

    name: str
    path: Path
    epoch: int | None


@dataclass(frozen=True)
class Run:
    """One run; every call reads its folder again.

    Attributes:
        folder: The run's folder; its name is the run's id.
    """

    folder: Path

    @property
    def id(self) -> str:
        """The run's id."""
        return self.folder.name

    def config(self) -> dict[str, object]:
        """Return what was written once at launch; empty where it cannot be read."""
        return dict(_config_of(str(self.folder)) or {})

    @property
    def fault(self) -> str:
        """What is wrong with the folder itself, "" where nothing is: for the one row that it costs."""
        if self.folder.name != whole_letters(self.folder.name):
            return said("the name of its folder is no UTF-8, so that nobody can ask for it; rename the folder")
        try:
            read_json_file(self.folder / "config.json", _Config)
        except FileNotFoundError:
            return said("it was deleted")
        except (OSError, ValueError) as error:
            return said("its config.json cannot be read ({problem}); it can only be deleted", problem=error)
        return ""

    def status(self) -> Status:
        """Return where the run is; `crashed` when it says running and no such process lives."""
        return seen_now(self.folder)

    @property
    def is_alive(self) -> bool:
        """Whether a trainer works on the run or waits for its turn."""
        return self.status().state in ALIVE

    def metrics(self) -> list[Record]:
        """Return every point of the run's curves, each step once."""
        return read_metrics(self.folder / "metrics.jsonl")

    def data_notes(self) -> list[str] | None:
        """Return what was said of the data when the training began: assumptions, what is not used; None before that."""
        told = next((record["notes"] for record in self.metrics() if "notes" in record), None)
        return [str(note) for note in told] if isinstance(told, list) else None

    def last_epoch_metrics(self) -> dict[str, object]:
        """Return the newest epoch's numbers, those of the look before the first step included; empty before that."""
        for record in reversed(self.metrics()):
            if record.get("kind") == "epoch":
                return {key: value for key, value in record.items() if key not in ("kind", "doctor", "elapsed")}
        return {}

    def best_epoch(self) -> int | None:
        """Return the epoch most often right on held-out pictures of full size, the earlier of two; None without one."""
        return best_epoch(self.metrics())

    def checkpoints(self) -> list[CheckpointFile]:
        """Return the run's checkpoints, oldest first, those from inside an epoch last."""
        found = []
        for path in (self.folder / "checkpoints").glob("*.safetensors"):
            if CHECKPOINT_NAME.fullmatch(path.name):
                kind, number = checkpoint_order(path.stem)
                found.append(CheckpointFile(path.stem, path, number if kind == "epoch" else None))
        return sorted(found, key=lambda file: checkpoint_order(file.name))

    def request_stop(self) -> None:
        """Ask the trainer to finish its batch, write a checkpoint and end."""
        (self.folder / "stop").touch()

    def withdraw_stop(self) -> None:
        """Take back an old request, before a new trainer starts."""
        (self.folder / "stop").unlink(missing_ok=True)

    @property
    def stop_requested(self) -> bool:
        """Whether the trainer is asked to end; also where the folder is gone, since nobody waits for the run then."""
        return (self.folder / "stop").exists() or not self.folder.exists()

    @property
    def note(self) -> str:
        """What a person wrote about the run."""
        try:
            return read_regular(self.folder / "note.txt", _MOST_NOTE_BYTES).decode("utf-8", "replace")
        except OSError:  # none, or something else under its name
            return ""

    def write_note(self, text: str) -> None:
        """Replace the note."""
        with replacing(self.folder / "note.txt") as partial:
            partial.write_text(whole_letters(text), encoding="utf-8")

    def summary(self) -> dict[str, object]:
        """Return the run as `runs --json` lists it."""
        status, config = self.status(), self.config()
        recipe = config.get("recipe")
        return {
            "id": self.id,
            "name": config.get("name") or self.id,
            "state": status.state,
            "epoch": status.epoch,
            "epochs": recipe.get("epochs") if isinstance(recipe, dict) else None,
            "step": status.step,
            "metrics": self.last_epoch_metrics(),
            "checkpoints": [file.name for file in self.checkpoints()],
            "message": self.fault or status.message,
            "dataset": config.get("dataset"),
            "folder": str(self.folder),
        }


def checkpoint_order(name: str) -> tuple[str, int]:
    """Return what a run's checkpoints are ordered by, ("epoch", 1000): as text, 1000 would come before 200."""
    kind, _, number = name.partition("-")
    return kind, int(number)


def _config_of(folder: str) -> dict[str, object] | None:
    """Return the configuration in a folder, {} where it cannot be read, None where there is no such file."""
    path = f"{folder}/config.json"  # no Path: with 100 runs those alone would take a millisecond
    try:
        known = os.stat(path)
    except OSError:
        return None
    return _read_config(path, known.st_mtime_ns, known.st_size, known.st_ino)


@functools.lru_cache(maxsize=4096)
def _read_config(path: str, *_version: int) -> dict[str, object]:
    try:
        record: dict[str, object] = read_json_file(path, _Config)
    except (OSError, ValueError):
        return {}
    return record


def free_name(runs: Path, wanted: str) -> str:
    """Return the name, followed by a number where another run has it already: "fast", "fast 2"."""
    taken = {run.config().get("name") for run in list_runs(runs)}
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted} {count}"
    return name


def runs_folder(given: Path | None = None) -> Path:
    """Return the folder of all runs: the given one, else ALEXNET_VIZ_RUNS, else runs/ here."""
    return given if given is not None else Path(os.environ.get("ALEXNET_VIZ_RUNS") or "runs")


def create_run(runs: Path, dataset: str, config: Mapping[str, object], now: float | None = None) -> Run:
    """Claim a new folder for a run and write its configuration.

    Args:
        runs: The folder of all runs; made where it is missing.
        dataset: A word for the id.
        config: What config.json holds, besides "created".
        now: Seconds since 1970; the present by default.
    """
    created = time.time() if now is None else now
    runs.mkdir(parents=True, exist_ok=True)
    word = re.sub(r"[^a-z0-9]+", "-", dataset.lower()).strip("-")[:24] or "run"
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(created))
    while True:
        folder = runs / f"{stamp}-{word}-{secrets.token_hex(2)}"
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        break
    try:
        (folder / "checkpoints").mkdir()
        replace_json(folder / "config.json", {**config, "created": created})
    except OSError:  # a full disk: everything is as it was
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Run(folder)


def list_runs(runs: Path) -> list[Run]:
    """Return the runs of a folder, newest first."""
    if not runs.is_dir():
        return []
    found: list[tuple[float, str]] = []
    with os.scandir(runs) as entries:
        for entry in entries:
            if not entry.name.startswith(".") and (config := _config_of(entry.path)) is not None:
                created = config.get("created")
                found.append((float(created) if isinstance(created, int | float) else 0.0, entry.name))
    return [Run(runs / name) for _, name in sorted(found, reverse=True)]


def find_run(runs: Path, run_id: str) -> Run:
    """Return the run with this id or name (the newest, where several have it).

    Raises:
        RunError: There is none.
    """
    if run_id == Path(run_id).name and not run_id.startswith(".") and os.path.exists(runs / run_id / "config.json"):
        return Run(runs / run_id)
    known = list_runs(runs)
    for run in known:
        if run.config().get("name") == run_id:
            return run
    raise RunError(
        run_id,
        said(
            "is not in {runs}; the runs there are {names}",
            runs=runs,
            names=", ".join(run.id for run in known) or said("none yet"),
        ),
    )


def find_run_checkpoint(text: str, runs: Path) -> Path | None:
    """Return the checkpoint file that RUN:EPOCH, RUN:last or RUN:best means; None where there is no such run.

    Raises:
        RunError: The run has no such checkpoint.
    """
    run_id, colon, which = text.rpartition(":")
    if not colon:
        return None
    try:
        run = find_run(runs, run_id)
    except RunError:
        return None
    files = run.checkpoints()
    best = run.best_epoch() if which == "best" else None
    wanted = which if best is None else str(best)
    for file in files:
        if wanted in (file.name, file.name if file.epoch is None else str(file.epoch)):
            return file.path
    if which == "last" and files:
        return files[-1].path
    if wanted == "best" and files:
        raise RunError(
            run.id, said("has no best epoch yet: none was validated at full size; give one's number, or last")
        )
    known = ", ".join(file.name if file.epoch is None else str(file.epoch) for file in files)
    raise RunError(
        run.id,
        said(
            "has no checkpoint '{which}'; give {known}, last or best",
            which=wanted,
            known=known or said("it time to write one"),
        ),
    )


def delete_run(runs: Path, run_id: str) -> None:
    """Remove a run and all its files; only ever a folder directly inside the folder of runs.

    Raises:
        RunError: There is no such run, it is a link to somewhere else, or its trainer is at work.
    """
    run = find_run(runs, run_id)
    if run.folder.is_symlink() or run.folder.resolve().parent != runs.resolve():
        raise RunError(run_id, said("lies outside {runs}; remove it by hand", runs=runs))
    try:
        with nobody_trains(run):
            # Under another name at once, so that whoever waits for a lock makes no new file in a folder half removed.
            doomed = runs / f"{_DOOMED}{run.id}"
            run.folder.rename(doomed)
    except Timeout as error:
        raise RunError(run_id, said("is being trained; stop it first")) from error
    except FileNotFoundError as error:
        raise RunError(run_id, said("is no longer there; it was deleted")) from error
    for left in runs.glob(f"{_DOOMED}*"):  # also of a deletion that was broken off
        shutil.rmtree(left, ignore_errors=left != doomed)


@contextmanager
def nobody_trains(run: Run) -> Iterator[None]:
    """Prevent a run from being trained within the block; raises Timeout where a trainer runs or is being started."""
    with hold(run.folder, START, _PATIENCE_SECONDS):
        if is_trained(run.folder):
            raise Timeout(str(run.folder / TRAINER))
        with hold(run.folder, TRAINER, _PATIENCE_SECONDS):  # a trainer that has just ended gives it back in a moment
            yield
