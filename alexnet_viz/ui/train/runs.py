"""The runs as the Train page lists them, and the actions on a run."""

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from alexnet_viz.errors import ResumeError, RunError
from alexnet_viz.inference import Photo
from alexnet_viz.language import part_of, said
from alexnet_viz.runs import CheckpointFile, Run, delete_run, list_runs, runs_folder
from alexnet_viz.runs.status import ALIVE
from alexnet_viz.strict_json import whole_letters
from alexnet_viz.training import launcher
from alexnet_viz.training.pace import Pace
from alexnet_viz.training.recipe import Recipe
from alexnet_viz.training.shipped_runs import STATE as SHIPPED
from alexnet_viz.training.shipped_runs import ShippedRun, shipped_runs
from alexnet_viz.ui.train.curves import Curves
from alexnet_viz.ui.train.launching import Launching
from alexnet_viz.ui.train.payload import Refusal, RunRow, kept
from alexnet_viz.ui.train.replay import Replay, Wanted

_LIST_AGAIN_SECONDS = 0.25  # thirty viewers ask once a second each
_MOST_NOTE = 2_000  # characters
_SETTLED_NANOSECONDS = 2_000_000_000  # files whose times are older do not change unseen: clocks of disks are coarse

_log = logging.getLogger(__name__)
Record = dict[str, object]
_Signature = tuple[int, ...]


class TrainingService:
    """The work behind the Train page. Everything about a run is read from its folder, the only source.

    Args:
        clock: Seconds; only to spare the disk.

    Attributes:
        launching: What a run can be launched with, and the launch.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._curves: dict[str, Curves] = {}  # by the folder, as are the records
        self._ended: dict[str, tuple[_Signature, RunRow]] = {}  # records of runs that nothing happens to any more
        self._listed: tuple[float, list[RunRow]] = (float("-inf"), [])
        self._known_shipped: list[ShippedRun] | None = None
        self._curves_by_shipped: dict[str, Curves] = {}
        self._replay = Replay()
        self.launching = Launching(self.runs, self._paces)

    # ------------------------------------------------------------------ what there is

    def runs(self) -> list[RunRow]:
        """Return all runs, the newest first, as the page lists them."""
        with self._lock:
            now = self._clock()
            if now - self._listed[0] >= _LIST_AGAIN_SECONDS:
                launcher.collect_children()
                known = list_runs(runs_folder())
                self._forget_all_but({str(run.folder) for run in known})
                self._listed = (now, [self._known_record(run) for run in known])
            return self._listed[1]

    def listing(self) -> Record:
        """Return the runs, then the shipped ones, with the server's clock, which the age of a point is counted from."""
        shipped = [self._shipped_record(run) for run in self._shipped()]
        return {"now": time.time(), "runs": [*self.runs(), *shipped]}

    def _shipped(self) -> list[ShippedRun]:
        """Return the networks that came with the app; they do not change while it runs."""
        with self._lock:
            if self._known_shipped is None:
                self._known_shipped = shipped_runs()
            return self._known_shipped

    def _shipped_record(self, run: ShippedRun) -> RunRow:
        with self._lock:
            facts = self._shipped_curves(run).facts()
        last = run.checkpoints[-1]
        return {
            **facts,
            "id": run.name,
            "name": run.name,
            "dataset": run.dataset,
            "seed": run.recipe.get("seed"),
            "recipe": run.recipe,
            "state": SHIPPED,
            "epoch": last.epoch,
            "step": facts["steps"],
            "message": "",
            "verdict": "",
            "note": "",
            "created": None,
            "checkpoints": kept(run.checkpoints),
            "seconds_left": None,
        }

    def _shipped_curves(self, run: ShippedRun) -> Curves:
        return self._curves_by_shipped.setdefault(run.name, Curves(run.metrics))

    def _forget_all_but(self, folders: set[str]) -> None:
        for known in (self._curves, self._ended):
            for folder in set(known) - folders:
                del known[folder]

    def _known_record(self, run: Run) -> RunRow:
        """Return a run's record; of one that has ended, from memory until one of its files changes."""
        folder = str(run.folder)
        signature, known = _signature(folder), self._ended.get(folder)
        if known is not None and known[0] == signature:
            return known[1]
        record = self._whole_record(run)
        has_ended = record["state"] in ("finished", "stopped", "failed")
        if has_ended and signature and time.time_ns() - max(signature) > _SETTLED_NANOSECONDS:
            self._ended[folder] = (signature, record)
        return record

    def _whole_record(self, run: Run) -> RunRow:
        """Return a run's record; a damaged folder costs its own row, which says what is wrong, and not the list."""
        fault = run.fault
        if not fault:
            try:
                return self._record(run)
            except Exception as error:  # noqa: BLE001 (whatever lies in that folder, the other runs are listed)
                _log.warning("run %s cannot be told", whole_letters(run.id), exc_info=error)
                fault = said(
                    "its files cannot be understood ({problem}); it can only be deleted", problem=type(error).__name__
                )
        return self._damaged_record(run, fault)

    def _damaged_record(self, run: Run, fault: str) -> RunRow:
        name = whole_letters(run.id)
        return {
            **Curves(Path(os.devnull)).facts(),
            "id": name,
            "name": name,
            "dataset": None,
            "seed": None,
            "recipe": {},
            "state": "failed",
            "epoch": 0,
            "step": 0,
            "message": fault,
            "verdict": "",
            "note": "",
            "created": None,
            "checkpoints": [],
            "seconds_left": None,
        }

    def _record(self, run: Run) -> RunRow:
        status, config = run.status(), run.config()
        recipe = config.get("recipe")
        curves = self._curves_of(run)
        alive = status.state in ALIVE
        return {
            **curves.facts(),
            "id": run.id,
            "name": title_of(config, run.id),
            "dataset": config.get("dataset"),
            "seed": config.get("seed"),
            "recipe": recipe if isinstance(recipe, dict) else {},
            "state": "stopping" if alive and run.stop_requested else status.state,
            "epoch": status.epoch,
            "step": status.step,
            "message": status.message,
            "verdict": _verdict_of(status.message) if status.state == "finished" else "",
            "note": run.note,
            "created": config.get("created"),
            "checkpoints": kept(run.checkpoints()),
            "seconds_left": _seconds_left(curves, recipe, status.step) if alive else None,
        }

    def _curves_of(self, run: Run) -> Curves:
        return self._curves.setdefault(str(run.folder), Curves(run.folder / "metrics.jsonl"))

    def _paces(self) -> list[tuple[Record, Pace]]:
        """Return each run's recipe with its pace, the newest first, where it was measured."""
        found = []
        for record in self.runs():
            recipe = record["recipe"]
            with self._lock:
                curves = self._curves.get(str(runs_folder() / record["id"]))
            if curves is not None and (pace := curves.pace()) is not None:
                found.append((recipe, pace))
        return found

    def find(self, run_id: str) -> Run:
        """Return the run with exactly that id; raises RunError."""
        run = Run(runs_folder() / run_id)
        is_name = not run_id.startswith(".") and "/" not in run_id and "\\" not in run_id
        if not is_name or not os.path.exists(run.folder / "config.json"):
            raise RunError(run_id, said("is no longer there; it was deleted"))
        return run

    # ------------------------------------------------------------------ one run

    def curves_message(self, run_id: str) -> bytes:
        """Return a run's curves, thinned, for the browser."""
        return self._shown(run_id)[0].message()

    def table(self, run_id: str) -> str:
        """Return all points of a run as CSV."""
        return self._shown(run_id)[0].table()

    def checkpoint_file(self, run_id: str, name: str) -> CheckpointFile:
        """Return a checkpoint of a run by its name, "epoch-003"; raises RunError."""
        for file in self._shown(run_id)[1]:
            if file.name == name and file.path.is_file():
                return file
        raise RunError(run_id, said("has no checkpoint '{name}' any more; reload the page", name=name))

    def replay_message(self, run_id: str, photo: Photo, wanted: Wanted) -> bytes:
        """Return what a photo looked like after each epoch; computes at most one of them."""
        return self._replay.message(self._shown(run_id)[1], photo, wanted)

    def _shown(self, run_id: str) -> tuple[Curves, list[CheckpointFile]]:
        """Return curves and checkpoints of a run or of a shipped network; raises RunError."""
        for shipped in self._shipped():
            if shipped.name == run_id:
                with self._lock:
                    return self._shipped_curves(shipped), shipped.checkpoints
        run = self.find(run_id)
        with self._lock:
            return self._curves_of(run), run.checkpoints()

    # ------------------------------------------------------------------ doing something

    def launch(self, asked: Mapping[str, object]) -> RunRow:
        """Start a run and return its record in the list; raises AlexNetVizError."""
        return self._fresh(self.launching.launch(asked))

    def stop(self, run_id: str) -> RunRow:
        """Ask a run to end after its batch; the list says when it has."""
        run = self.find(run_id)
        launcher.ask_to_stop(run)
        return self._fresh(run)

    def kill(self, run_id: str) -> RunRow:
        """End a run's trainer at once."""
        run = self.find(run_id)
        launcher.kill(run)
        launcher.wait(run, 3.0)
        return self._fresh(run)

    def resume(self, run_id: str, *, from_checkpoint: bool = False) -> RunRow | Refusal:
        """Resume a run; one that is being trained already, as after a double click, is no error.

        Returns:
            What the list says of it. Where its files to go on from are damaged: "error", and in "last_whole" the name
            of the checkpoint that one can go on from with `from_checkpoint`.
        """
        run = self.find(run_id)
        if run.is_alive:
            return self._fresh(run)
        try:
            launcher.resume(run, from_checkpoint=from_checkpoint)
        except ResumeError as error:
            return {"error": error.args[0], "last_whole": error.last_whole}
        except RunError:
            if not run.is_alive:
                raise
        return self._fresh(run)

    def delete(self, run_id: str) -> Record:
        """Remove a run and its files."""
        delete_run(runs_folder(), self.find(run_id).id)
        with self._lock:
            self._listed = (float("-inf"), [])
        return {"id": run_id, "deleted": True}

    def write_note(self, run_id: str, text: str) -> RunRow:
        """Replace what a person wrote about a run."""
        run = self.find(run_id)
        run.write_note(text[:_MOST_NOTE])
        return self._fresh(run)

    def _fresh(self, run: Run) -> RunRow:
        with self._lock:
            self._listed = (float("-inf"), [])
            self._ended.pop(str(run.folder), None)
            return self._whole_record(run)


def _verdict_of(message: str) -> str:
    """Return what a finished run's message says of its network; runs of earlier versions say it behind a semicolon."""
    return part_of(message, "verdict") or message.partition("; ")[2]


def title_of(config: Mapping[str, object], run_id: str) -> str:
    """Return a run's title: its name, else its preset, else its id."""
    recipe = config.get("recipe")
    given = recipe.get("preset") if isinstance(recipe, dict) else None
    return str(config.get("name") or given or run_id)


def _seconds_left(curves: Curves, recipe: object, step: int) -> float | None:
    """Return how long a run will still take, None while that is not known."""
    pace, facts = curves.pace(), curves.facts()
    images, held_out, full_size = facts["train_images"], facts["val_images"], facts["full_size"]
    if pace is None or not isinstance(recipe, dict):
        return None
    if not (isinstance(images, int) and isinstance(held_out, int) and isinstance(full_size, int)):
        return None
    return pace.seconds(Recipe.from_record(recipe), images, held_out, full_size, step)


def _signature(folder: str) -> _Signature:
    """Return the times of everything that a run's record is made from; empty where one cannot be read."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for path in (folder, f"{folder}/checkpoints", f"{folder}/metrics.jsonl"):
            found.append(os.stat(path).st_mtime_ns)
    return tuple(found) if len(found) == 3 else ()
