"""Settings of a run, an estimate of its duration, and its launch."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from alexnet_viz.checkpoints import CheckpointEntry, available_checkpoints, imagenet
from alexnet_viz.device import choose_device, describe_device
from alexnet_viz.errors import CheckpointError, DatasetError
from alexnet_viz.language import said
from alexnet_viz.runs import Run, find_run_checkpoint, free_name, runs_folder
from alexnet_viz.runs.status import ALIVE
from alexnet_viz.training import launcher
from alexnet_viz.training.datasets.cifar10 import FOLDER, TEST_FILE, TRAIN_FILES, data_folder, download, find_batches
from alexnet_viz.training.datasets.cifar10 import HELD_OUT_COUNT as CIFAR10_HELD_OUT
from alexnet_viz.training.datasets.cifar10 import TRAIN_COUNT as CIFAR10_TRAIN_COUNT
from alexnet_viz.training.datasets.folder import HELD_OUT_SHARE
from alexnet_viz.training.datasets.shapes import HELD_OUT_COUNT, TRAIN_COUNT
from alexnet_viz.training.estimate import check_data, disk_need_of, folder_counts, probed_pace, probed_times
from alexnet_viz.training.pace import Pace
from alexnet_viz.training.recipe import PRESETS, RANGES, WORDS, Recipe, preset
from alexnet_viz.ui.train.payload import RunRow
from alexnet_viz.ui.train.uploads import uploaded_pictures
from alexnet_viz.variants import VARIANTS

_NICENESS = 10  # a page that answers at once is worth some per cent of a training's pace
_SAME_PACE = ("variant", "freeze", "augmentation")  # settings that decide how long an image takes, besides its size

Record = dict[str, object]
Paces = Callable[[], list[tuple[Record, Pace]]]


class Launching:
    """Launches runs for the page.

    Args:
        runs: Returns the records of all runs, the newest first.
        paces: Returns each run's recipe with its pace, the newest first, where it was measured.
    """

    def __init__(self, runs: Callable[[], list[RunRow]], paces: Paces) -> None:
        self._runs, self._paces = runs, paces
        self._probing = threading.Lock()
        self._probed: dict[tuple[object, ...], dict[str, float]] = {}

    def options(self) -> Record:
        """Return what a run can be launched with."""
        return {
            "datasets": self.datasets(),
            "presets": [
                {"name": name, "summary": each.summary, "recipe": each.recipe.to_record()}
                for name, each in PRESETS.items()
            ],
            "words": WORDS,
            "ranges": RANGES,
            "checkpoints": [{"name": each.name, "title": _title(each)} for each in available_checkpoints()],
            "device": describe_device(choose_device()),
        }

    def datasets(self) -> list[Record]:
        """Return the data sets that can be trained on, and why one cannot."""
        cifar10: Record = {"name": "cifar10", "title": "CIFAR-10", "images": CIFAR10_TRAIN_COUNT}
        try:
            find_batches(data_folder())
        except DatasetError:
            cifar10["missing"] = said(
                "CIFAR-10 is not on this disk. Put its {folder} with {first} … {last} and {test} into {place}, or "
                "fetch it from its authors' server.",
                folder=FOLDER,
                first=TRAIN_FILES[0],
                last=TRAIN_FILES[-1],
                test=TEST_FILE,
                place=str(data_folder()),
            )
        own: Record = {"name": "folder", "title": said("your own pictures"), "images": 0}
        shapes: Record = {"name": "shapes", "title": said("shapes"), "images": TRAIN_COUNT}
        shapes["held_out"] = said(
            "Held out: {n} more drawings, chosen by content, never learnt from, whatever the seed.",
            n=str(HELD_OUT_COUNT),
        )
        cifar10["held_out"] = said(
            "Held out: every 25th image, chosen by content, never learnt from, whatever the seed."
        )
        own["held_out"] = said(
            "Held out: your validation folder, or every fifth image, chosen by content, never learnt from, whatever "
            "the seed."
        )
        return [shapes, cifar10, own]

    def fetch_cifar10(self) -> Record:
        """Download CIFAR-10 because a person asked for it; raises DatasetError."""
        data_folder().mkdir(parents=True, exist_ok=True)
        download(data_folder())
        return {"datasets": self.datasets()}

    def launch(self, asked: Mapping[str, object]) -> Run:
        """Start a run and return it.

        Raises:
            AlexNetVizError: The recipe, the data or the disk do not allow it, or the trainer did not start.
        """
        recipe, dataset, data, class_count = self._asked(asked)
        return launcher.start(
            launcher.Launch(
                dataset=dataset,
                recipe=recipe,
                data=data,
                name=free_name(runs_folder(), str(asked.get("name") or recipe.preset)[:60]),
                device=str(choose_device()),
                niceness=_NICENESS,
            ),
            runs_folder(),
            disk_need_of(recipe, class_count),
        )

    def estimate(self, asked: Mapping[str, object]) -> Record:
        """Return how long such a run takes here and what it leaves on the disk; a probe takes two seconds, once."""
        recipe, dataset, data, class_count = self._asked(asked)
        images, held_out = _image_counts(dataset, data, recipe.limit)
        pace = self._pace_of(recipe, class_count)
        full_size = VARIANTS[recipe.variant].input_size
        seconds = None if pace is None else pace.seconds(recipe, images, held_out, full_size)
        return {"seconds": seconds, "bytes": disk_need_of(recipe, class_count), "images": images}

    def _pace_of(self, recipe: Recipe, class_count: int) -> Pace | None:
        """Return the pace of the newest run of such a network, else of a probe; None while the machine trains."""
        wanted = recipe.to_record()
        for other, pace in self._paces():
            if all(other.get(key) == wanted[key] for key in _SAME_PACE):
                return pace
        # A probe beside a training would slow that down and measure what is left of the machine.
        if any(record["state"] in ALIVE for record in self._runs()):
            return None
        key = (recipe.variant, recipe.small_size, recipe.freeze, class_count)
        with self._probing:
            if key not in self._probed:
                self._probed[key] = probed_times(recipe, class_count, choose_device())
            return probed_pace(recipe, self._probed[key])

    def _asked(self, asked: Mapping[str, object]) -> tuple[Recipe, str, Path | None, int]:
        settings = asked.get("settings")
        texts = {str(key): str(value) for key, value in settings.items()} if isinstance(settings, dict) else {}
        recipe = preset(str(asked.get("preset") or "fast")).with_settings(texts)
        if recipe.start_from and not _is_known(recipe.start_from):
            raise CheckpointError(
                f"'{recipe.start_from[:60]}'", said("is no checkpoint to start from; choose one of the list")
            )
        dataset = str(asked.get("dataset") or "shapes")
        data = _data(dataset, str(asked.get("data") or ""))
        return recipe, dataset, data, check_data(dataset, data, recipe)


def _data(dataset: str, upload: str) -> Path | None:
    if dataset == "cifar10":
        return data_folder()
    return uploaded_pictures(upload) if dataset == "folder" else None


def _title(entry: CheckpointEntry) -> str:
    """Return a checkpoint's title on the screen; ImageNet's has its own, as in every menu."""
    return imagenet.SHORT_TITLE if entry.path is not None and imagenet.is_file_of_source(entry.path) else entry.name


def _is_known(checkpoint: str) -> bool:
    """Return whether a browser may use this checkpoint; paths of this machine are not accepted."""
    names = [entry.name for entry in available_checkpoints()]
    return checkpoint in names or find_run_checkpoint(checkpoint, runs_folder()) is not None


def _image_counts(dataset: str, data: Path | None, limit: int) -> tuple[int, int]:
    """Return how many images would be learnt from and held out, as `Dataset.limited` has it."""
    images, held_out = TRAIN_COUNT, HELD_OUT_COUNT
    if dataset == "cifar10":
        images, held_out = CIFAR10_TRAIN_COUNT, CIFAR10_HELD_OUT
    elif dataset == "folder" and data is not None:
        images = max(1, folder_counts(data)[1])
        held_out = images // (HELD_OUT_SHARE - 1)
    if 0 < limit <= images:
        return limit, min(held_out, max(16, limit // 4))
    return images, held_out
