"""What the Train page may ask for: the runs, their curves, launching and ending them, the replay."""

import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from alexnet_viz.checkpoints import available_checkpoints
from alexnet_viz.device import choose_device, describe_device
from alexnet_viz.errors import CheckpointError, DatasetError, RunError
from alexnet_viz.inference import Photo
from alexnet_viz.runs import CheckpointFile, Run, delete_run, find_run_checkpoint, list_runs, runs_folder
from alexnet_viz.runs.status import ALIVE
from alexnet_viz.training import launcher
from alexnet_viz.training.datasets.cifar10 import FOLDER, TEST_FILE, TRAIN_FILES, download, find_batches
from alexnet_viz.training.datasets.cifar10 import TRAIN_COUNT as CIFAR10_TRAIN_COUNT
from alexnet_viz.training.datasets.folder import inspect_folder
from alexnet_viz.training.datasets.reading import Check, keep_on
from alexnet_viz.training.datasets.scanning import scan_folder
from alexnet_viz.training.datasets.shapes import TRAIN_COUNT
from alexnet_viz.training.estimate import check_data, disk_need_of
from alexnet_viz.training.recipe import PRESETS, RANGES, WORDS, Recipe, preset
from alexnet_viz.ui.train.curves import Curves
from alexnet_viz.ui.train.replay import Replay, Wanted
from alexnet_viz.ui.train.shipped import STATE as SHIPPED
from alexnet_viz.ui.train.shipped import ShippedRun, shipped_runs
from alexnet_viz.ui.train.speed import Speed

_LIST_AGAIN_SECONDS = 0.25  # thirty viewers ask once a second each
_NICENESS = 10  # a page that answers at once is worth some per cent of a training's pace
_MOST_NOTE = 2_000  # characters
_UNUSED_SECONDS = 86_400.0
_LONGEST_LOOK_SECONDS = 600  # 20,000 photos take two minutes of two free cores
_MOST_TOLD = 200  # files that are left out, each with its reason
_UPLOADS = ".uploads"  # beside the runs, which go on needing them; a folder without a config.json is no run

Record = dict[str, object]


class TrainingService:
    """One for the process. Everything about a run is read from its folder; nothing is remembered that is not there.

    Args:
        clock: Seconds; only to spare the disk.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._curves: dict[Path, Curves] = {}
        self._configs: dict[Path, Record] = {}
        self._listed: tuple[float, list[Record]] = (float("-inf"), [])
        self._known_shipped: list[ShippedRun] | None = None
        self._curves_by_shipped: dict[str, Curves] = {}
        self._speed = Speed()
        self._replay = Replay()

    # ------------------------------------------------------------------ what there is

    def options(self) -> Record:
        """Return what a run can be launched with."""
        return {
            "datasets": self._datasets(),
            "presets": [
                {"name": name, "summary": each.summary, "recipe": each.recipe.to_record()}
                for name, each in PRESETS.items()
            ],
            "words": WORDS,
            "ranges": RANGES,
            "checkpoints": [entry.name for entry in available_checkpoints()],
            "device": describe_device(choose_device()),
        }

    def _datasets(self) -> list[Record]:
        cifar10: Record = {
            "name": "cifar10",
            "title": "CIFAR-10",
            "images": CIFAR10_TRAIN_COUNT,
        }
        try:
            find_batches(_data_folder())
        except DatasetError:
            cifar10["missing"] = (
                f"CIFAR-10 is not on this disk. Put its {FOLDER} with {TRAIN_FILES[0]} … {TRAIN_FILES[-1]} and "
                f"{TEST_FILE} into {_data_folder()}, or fetch it from its authors' server."
            )
        own: Record = {"name": "folder", "title": "your own pictures", "images": 0}
        return [{"name": "shapes", "title": "shapes", "images": TRAIN_COUNT}, cifar10, own]

    def fetch_cifar10(self) -> Record:
        """Download CIFAR-10 because a person asked for it; raises DatasetError."""
        _data_folder().mkdir(parents=True, exist_ok=True)
        download(_data_folder())
        return {"datasets": self._datasets()}

    def new_upload(self) -> Path:
        """Return a path for a zip of class folders that is on its way in; what no run came to need goes after a day."""
        folder = runs_folder() / _UPLOADS
        folder.mkdir(parents=True, exist_ok=True)
        needed = {run.config().get("data") for run in list_runs(runs_folder())}
        for file in folder.glob("*.zip"):
            if str(file.resolve()) not in needed and time.time() - file.stat().st_mtime > _UNUSED_SECONDS:
                file.unlink(missing_ok=True)
        return folder / f"{secrets.token_hex(8)}.zip"

    def add_upload(self, file: Path, name: str, check: Check = keep_on) -> Record:
        """Look through a zip that has come in.

        Args:
            file: Where it lies.
            name: What the person calls it.
            check: Called before each picture; what it raises ends the looking.
        Raises:
            DatasetError: No training can use it, or looking through it takes far too long.
        """
        latest = self._clock() + _LONGEST_LOOK_SECONDS

        def still_asked() -> None:
            check()
            if self._clock() > latest:
                minutes = _LONGEST_LOOK_SECONDS // 60
                raise DatasetError(name, f"takes longer than {minutes} minutes to look through; send smaller pictures")

        try:
            found = inspect_folder(file, still_asked).to_record()
        except DatasetError as error:
            raise DatasetError(name, error.reason) from error
        told = {"skipped": found["skipped"][:_MOST_TOLD], "skipped_count": len(found["skipped"])}
        return {"data": file.stem, "name": name, **found, **told}

    def runs(self) -> list[Record]:
        """Return all runs, the newest first, as the page lists them."""
        with self._lock:
            now = self._clock()
            if now - self._listed[0] >= _LIST_AGAIN_SECONDS:
                launcher.collect_children()
                known = list_runs(runs_folder())
                self._forget_all_but({run.folder for run in known})
                self._listed = (now, [self._record(run) for run in known])
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

    def _shipped_record(self, run: ShippedRun) -> Record:
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
            "note": "",
            "created": None,
            "checkpoints": [_checkpoint_record(file) for file in run.checkpoints],
        }

    def _shipped_curves(self, run: ShippedRun) -> Curves:
        return self._curves_by_shipped.setdefault(run.name, Curves(run.metrics))

    def _forget_all_but(self, folders: set[Path]) -> None:
        for folder in set(self._curves) - folders:
            del self._curves[folder]
        for folder in set(self._configs) - folders:
            del self._configs[folder]

    def _record(self, run: Run) -> Record:
        status, config = run.status(), self._config(run)
        recipe = config.get("recipe")
        facts = self._curves_of(run).facts()
        alive = status.state in ALIVE
        return {
            **facts,
            "id": run.id,
            "name": title_of(config, run.id),
            "dataset": config.get("dataset"),
            "seed": config.get("seed"),
            "recipe": recipe if isinstance(recipe, dict) else {},
            "state": "stopping" if alive and run.stop_requested else status.state,
            "epoch": status.epoch,
            "step": status.step,
            "message": status.message,
            "note": run.note,
            "created": config.get("created"),
            "checkpoints": [_checkpoint_record(file) for file in run.checkpoints()],
        }

    def _config(self, run: Run) -> Record:
        """Return a run's configuration, which is written once."""
        if run.folder not in self._configs and (config := run.config()):
            self._configs[run.folder] = config
        return self._configs.get(run.folder, {})

    def _curves_of(self, run: Run) -> Curves:
        return self._curves.setdefault(run.folder, Curves(run.folder / "metrics.jsonl"))

    def find(self, run_id: str) -> Run:
        """Return the run of that very id; raises RunError."""
        run = Run(runs_folder() / run_id)
        if run_id.startswith(".") or "/" in run_id or "\\" in run_id or not (run.folder / "config.json").is_file():
            raise RunError(run_id, "is no longer there; it was deleted")
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
        raise RunError(run_id, f"has no checkpoint '{name}' any more; reload the page")

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

    def launch(self, asked: Mapping[str, object]) -> Record:
        """Start a run; return what the list says of it.

        Raises:
            AlexNetVizError: The recipe, the data or the disk do not allow it, or the trainer did not start.
        """
        recipe, dataset, data, class_count = self._asked(asked)
        run = launcher.start(
            launcher.Launch(
                dataset=dataset,
                recipe=recipe,
                data=data,
                name=self._free_name(str(asked.get("name") or recipe.preset)),
                device=str(choose_device()),
                niceness=_NICENESS,
            ),
            runs_folder(),
            disk_need_of(recipe, class_count),
        )
        return self._fresh(run)

    def estimate(self, asked: Mapping[str, object]) -> Record:
        """Return how long such a run takes here and what it leaves on the disk; a probe takes two seconds, once."""
        recipe, dataset, data, class_count = self._asked(asked)
        total = _image_count(dataset, data)
        images = min(recipe.limit or total, total)
        rate = self._measured(recipe)
        # A probe beside a training would slow that down and measure what is left of the machine.
        if rate is None and not any(record["state"] in ALIVE for record in self.runs()):
            rate = self._speed.images_per_second(recipe, images, class_count)
        seconds = None if rate is None else recipe.epochs * images / max(rate, 1e-3)
        return {"seconds": seconds, "bytes": disk_need_of(recipe, class_count), "images": images}

    def _measured(self, recipe: Recipe) -> float | None:
        """Return the pace of the newest run of such a network on this device, None where there was none."""
        same = ("variant", "small_size", "freeze")
        wanted = recipe.to_record()
        for record in self.runs():
            own = record["recipe"]
            rate = record.get("images_per_s")
            if isinstance(own, dict) and isinstance(rate, float) and all(own.get(key) == wanted[key] for key in same):
                return rate
        return None

    def _asked(self, asked: Mapping[str, object]) -> tuple[Recipe, str, Path | None, int]:
        settings = asked.get("settings")
        texts = {str(key): str(value) for key, value in settings.items()} if isinstance(settings, dict) else {}
        recipe = preset(str(asked.get("preset") or "fast")).with_settings(texts)
        if recipe.start_from and not is_known(recipe.start_from):
            raise CheckpointError(
                f"'{recipe.start_from[:60]}'", "is no checkpoint to start from; choose one of the list"
            )
        dataset = str(asked.get("dataset") or "shapes")
        data = self._data(dataset, str(asked.get("data") or ""))
        return recipe, dataset, data, check_data(dataset, data, recipe)

    def _data(self, dataset: str, upload: str) -> Path | None:
        if dataset == "cifar10":
            return _data_folder()
        if dataset != "folder":
            return None
        return uploaded_pictures(upload)

    def _free_name(self, wanted: str) -> str:
        taken = {record["name"] for record in self.runs()}
        name, count = wanted[:60], 1
        while name in taken:
            count += 1
            name = f"{wanted[:60]} {count}"
        return name

    def stop(self, run_id: str) -> Record:
        """Ask a run to end after its batch; the list says when it has."""
        run = self.find(run_id)
        if not run.is_alive:
            raise RunError(run.id, f"is {run.status().state}; there is nothing to stop")
        run.request_stop()
        return self._fresh(run)

    def kill(self, run_id: str) -> Record:
        """End a run's trainer at once."""
        run = self.find(run_id)
        launcher.kill(run)
        launcher.wait(run, 3.0)
        return self._fresh(run)

    def resume(self, run_id: str) -> Record:
        """Go on with a run."""
        run = self.find(run_id)
        launcher.resume(run)
        return self._fresh(run)

    def delete(self, run_id: str) -> Record:
        """Remove a run and its files."""
        delete_run(runs_folder(), self.find(run_id).id)
        with self._lock:
            self._listed = (float("-inf"), [])
        return {"id": run_id, "deleted": True}

    def write_note(self, run_id: str, text: str) -> Record:
        """Replace what a person wrote about a run."""
        run = self.find(run_id)
        run.write_note(text[:_MOST_NOTE])
        return self._fresh(run)

    def _fresh(self, run: Run) -> Record:
        with self._lock:
            self._listed = (float("-inf"), [])
            return self._record(run)


def uploaded_pictures(upload: str) -> Path:
    """Return the zip that a browser has sent and knows the name of; raises DatasetError."""
    file = runs_folder() / _UPLOADS / f"{upload}.zip"
    if not upload.isalnum() or not file.is_file():
        raise DatasetError("Your own pictures", "are not here yet; choose a zip with a folder for each class")
    return file


def is_known(checkpoint: str) -> bool:
    """Return whether a browser may name this checkpoint; never one by a path of this machine."""
    names = [entry.name for entry in available_checkpoints()]
    return checkpoint in names or find_run_checkpoint(checkpoint, runs_folder()) is not None


def title_of(config: Mapping[str, object], run_id: str) -> str:
    """Return what a run is called: its name, else its preset, else its id."""
    recipe = config.get("recipe")
    given = recipe.get("preset") if isinstance(recipe, dict) else None
    return str(config.get("name") or given or run_id)


def _checkpoint_record(file: CheckpointFile) -> Record:
    return {"name": file.name, "epoch": file.epoch}


def _data_folder() -> Path:
    return Path(os.environ.get("ALEXNET_VIZ_DATA") or "data")


def _image_count(dataset: str, data: Path | None) -> int:
    if dataset == "cifar10":
        return CIFAR10_TRAIN_COUNT
    if dataset == "folder" and data is not None:
        return max(1, scan_folder(data).learnt_count)
    return TRAIN_COUNT
