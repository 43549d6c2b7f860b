"""The shipped networks as the Train page replays them: past runs, without a run folder."""

import re
from dataclasses import dataclass
from pathlib import Path

from alexnet_viz.checkpoints import UNTRAINED, CheckpointEntry, available_checkpoints, stored_metadata
from alexnet_viz.checkpoints.assumptions import CIFAR10_CLASSES
from alexnet_viz.runs import CheckpointFile

STATE = "shipped"


@dataclass(frozen=True)
class ShippedRun:
    """A named checkpoint with the curves of its training beside it, and the same network at earlier epochs.

    Attributes:
        name: Of its last checkpoint; its id, too.
        dataset: What it was trained on, "" where that is not known.
        metrics: The metrics.jsonl of its training.
        checkpoints: Oldest first; a checkpoint's name is the one that `load_checkpoint` takes.
        recipe: How it was trained.
    """

    name: str
    dataset: str
    metrics: Path
    checkpoints: list[CheckpointFile]
    recipe: dict[str, object]


def shipped_runs() -> list[ShippedRun]:
    """Return every checkpoint NAME with a NAME.metrics.jsonl beside it; NAME-epoch-3 is the same network earlier."""
    entries = available_checkpoints()
    return [
        _run(entry, entry.path, entries)
        for entry in entries
        if entry.path is not None and _metrics_of(entry.path).is_file()
    ]


def _run(last: CheckpointEntry, path: Path, entries: list[CheckpointEntry]) -> ShippedRun:
    recipe = stored_metadata(path).get("recipe")
    known = recipe if isinstance(recipe, dict) else {}
    earlier = re.compile(re.escape(last.name) + r"-epoch-\d+")
    found = [
        CheckpointFile(entry.name, entry.path, entry.epoch)
        for entry in entries
        if entry.path is not None and entry.epoch is not None and (entry is last or earlier.fullmatch(entry.name))
    ]
    first = [CheckpointFile(UNTRAINED, Path(UNTRAINED), 0)] if _starts_untrained(last, known) else []
    dataset = "cifar10" if last.classes == CIFAR10_CLASSES else ""
    return ShippedRun(last.name, dataset, _metrics_of(path), [*first, *sorted(found, key=_epoch)], known)


def _starts_untrained(entry: CheckpointEntry, recipe: dict[str, object]) -> bool:
    """Return whether the checkpoint "untrained", which is drawn and has no file, is what a training began with."""
    untrained = available_checkpoints()[0]
    wanted = {"init": "fast", "seed": 0, "start_from": "", "variant": untrained.variant}
    return entry.classes == untrained.classes and all(recipe.get(key) == value for key, value in wanted.items())


def _metrics_of(path: Path) -> Path:
    return path.with_name(f"{path.stem}.metrics.jsonl")


def _epoch(file: CheckpointFile) -> int:
    return file.epoch or 0
