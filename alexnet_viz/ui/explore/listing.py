"""The checkpoint menu's entries: what is known of each checkpoint before it is opened."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from alexnet_viz import shipped
from alexnet_viz.checkpoints import Checkpoint, CheckpointEntry, checkpoints_of_runs, imagenet
from alexnet_viz.language import said
from alexnet_viz.runs import find_run, runs_folder

Record = dict[str, object]
_SHOWN_SCORES = {
    "test_accuracy": said("test pictures"),
    "val_accuracy": said("held out"),
}  # the first that a file states


def listed(entries: Sequence[CheckpointEntry]) -> list[Record]:
    """Return a record of every checkpoint: those of `available_checkpoints`, then those of the runs, newest first."""
    return [
        *(_record(entry, _group(entry.path)) for entry in entries),
        *(_record(entry, "trained") for entry in checkpoints_of_runs()),
    ]


def own_record(name: str, title: str, checkpoint: Checkpoint) -> Record:
    """Return the record of a person's own model file with their title for it."""
    metrics = checkpoint.metadata.get("metrics")
    return {
        "name": name,
        "title": title,
        "trained": checkpoint.trained,
        "classes": len(checkpoint.classes),
        "variant": checkpoint.variant,
        "group": "own",
        "kind": kind_of(checkpoint.classes),
        "score": _score(metrics if isinstance(metrics, dict) else {}),
        **_size(checkpoint.path),
    }


def title_of(name: str, path: Path | None = None) -> str:
    """Return a checkpoint's title on the screen; a run's has the run's name, "fast · epoch 3"."""
    if path is not None and imagenet.is_file_of_source(path):
        return imagenet.SHORT_TITLE
    run_id, colon, which = name.rpartition(":")
    if not colon:
        return name
    config = find_run(runs_folder(), run_id).config()
    return f"{config.get('name') or run_id} · {f'epoch {which}' if which.isdigit() else which.replace('-', ' ')}"


def kind_of(classes: Sequence[str]) -> str:
    """Return a key that is equal for networks with the same classes, in any order."""
    return hashlib.sha256("\n".join(sorted(classes)).encode()).hexdigest()[:12]


def _record(entry: CheckpointEntry, group: str) -> Record:
    return {
        "name": entry.name,
        "title": title_of(entry.name, entry.path),
        "trained": entry.epoch != 0,
        "classes": len(entry.classes),
        "variant": entry.variant,
        "group": group,
        "kind": kind_of(entry.classes),
        "score": _score(entry.metrics),
        **_size(entry.path),
    }


def _group(path: Path | None) -> str:
    if path is None:
        return "shipped"
    if imagenet.is_file_of_source(path):
        return "elsewhere"
    return "shipped" if path.parent == shipped.CHECKPOINTS else "own"


def _score(metrics: Mapping[str, object]) -> Record | None:
    """Return the accuracy that a file states, and on which pictures."""
    for key, pictures in _SHOWN_SCORES.items():
        share = metrics.get(key)
        if isinstance(share, int | float) and 0 <= share <= 1:
            return {"share": float(share), "pictures": pictures}
    return None


def _size(path: Path | None) -> Record:
    """Return a file's bytes; of ImageNet's the words of whoever gives it, who counts otherwise."""
    with suppress(OSError):  # somebody may be removing it
        size = path.stat().st_size if path else None
        return {"bytes": size} if size != imagenet.SOURCE.size else {"size": imagenet.megabytes(size)}
    return {"bytes": None}
