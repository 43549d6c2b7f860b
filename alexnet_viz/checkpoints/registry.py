"""Checkpoints by name: those that come with the app, those of folders and of runs, and any file by its path."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from alexnet_viz import shipped
from alexnet_viz.checkpoints import imagenet
from alexnet_viz.checkpoints.assumptions import CIFAR10_CLASSES
from alexnet_viz.checkpoints.choices import NO_CHOICE, Choice, read_choice
from alexnet_viz.checkpoints.described import described
from alexnet_viz.checkpoints.formats import opened
from alexnet_viz.checkpoints.learnt_from import KEY as LEARNT_FROM
from alexnet_viz.checkpoints.metadata import shorten
from alexnet_viz.errors import CheckpointError, RunError
from alexnet_viz.images import InputRule
from alexnet_viz.language import said
from alexnet_viz.runs import find_run_checkpoint, list_runs, runs_folder
from alexnet_viz.strict_json import whole_letters

UNTRAINED = "untrained"
ENDINGS = (".safetensors", ".pth.tar", ".pt", ".pth", ".ckpt", ".bin")  # of files that may hold a network
UNTRAINED_METADATA: dict[str, object] = {
    "variant": "seed",
    "classes": list(CIFAR10_CLASSES),
    "input": InputRule().to_record(),
    "epoch": 0,
    "step": 0,
    "metrics": {},
    "seed": 0,
    "source": "not trained: drawn at random with seed 0",
}
Identity = tuple[str, int, int, Choice]  # of a file: place, size, time, and what a person says of it
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CheckpointEntry:
    """A checkpoint that can be loaded by its name; `path` is None for the one that needs no file."""

    name: str
    path: Path | None
    variant: str
    classes: tuple[str, ...]
    epoch: int | None
    metrics: dict[str, object]
    source: str
    assumed: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()


def available_checkpoints() -> list[CheckpointEntry]:
    """Return "untrained", then what `checkpoints/` and `kept_folder()` hold; reads no tensors.

    A file that cannot be loaded is left out and named in the log, once.
    """
    entries = [_entry(UNTRAINED, None, UNTRAINED_METADATA)]
    for name, path in named_files().items():
        with suppress(OSError):  # somebody may be removing it
            metadata = _listed_metadata(path)
            if metadata is not None:
                entries.append(_entry(name, path, metadata))
    return entries


def best_checkpoint(entries: Sequence[CheckpointEntry] | None = None) -> CheckpointEntry:
    """Return the checkpoint that states the highest accuracy, "untrained" where none does; by default of all.

    The app opens with it, and the command line answers by it. Those that ship go before those that somebody keeps,
    whose numbers may be of other pictures, or made up.
    """
    known = available_checkpoints() if entries is None else entries
    kept = kept_folder()

    def rank(entry: CheckpointEntry) -> tuple[bool, bool, float, int]:
        stated = _stated_accuracy(entry.metrics)
        return stated >= 0, entry.path is None or entry.path.parent != kept, stated, entry.epoch or 0

    return max(known, key=rank)


def _stated_accuracy(metrics: Mapping[str, object]) -> float:
    stated = [metrics.get(key) for key in ("test_accuracy", "val_accuracy")]
    shares = [float(value) for value in stated if isinstance(value, int | float) and 0 <= value <= 1]
    return max(shares, default=-1.0)


def checkpoints_of_runs() -> list[CheckpointEntry]:
    """Return the checkpoints of every run as RUN:EPOCH, the newest run and its newest checkpoint first."""
    entries = []
    for run in list_runs(runs_folder()):
        if run.id != whole_letters(run.id):  # nobody can ask for it; the list of runs says so
            continue
        for file in reversed(run.checkpoints()):
            with suppress(OSError):  # its trainer may be removing it
                metadata = _listed_metadata(file.path)
                if metadata is not None:
                    which = file.name if file.epoch is None else file.epoch
                    entries.append(_entry(f"{run.id}:{which}", file.path, metadata))
    return entries


def stored_metadata(path: Path) -> dict[str, object]:
    """Return what a file says about itself ("recipe", "seed", …), {} where it is no checkpoint; reads no tensors."""
    with suppress(OSError):
        return dict(_metadata(path)[0] or {})
    return {}


@dataclass(frozen=True)
class CheckpointRef:
    """A checkpoint that was found: what is asked of it before, and without, loading it.

    Attributes:
        name: As it was asked for.
        path: Its file, None for the untrained network.
        identity: What changes when the file is replaced or chosen otherwise: place, size, time, choice; for caches.
        title: For the screen.
    """

    name: str
    path: Path | None
    identity: Identity
    title: str

    @staticmethod
    def of(name: str, path: Path | None, title: str | None = None, choice: Choice = NO_CHOICE) -> CheckpointRef:
        """Return the reference to a file, with `choice` and what is kept beside it; raises CheckpointError.

        The file may be gone, or what lies beside it be no choice.
        """
        return CheckpointRef(name, path, _identity(path, choice), name if title is None else title)

    @property
    def choice(self) -> Choice:
        """What a person says of the file."""
        return self.identity[-1]


def resolve_checkpoint(
    name_or_path: str | os.PathLike[str], title: str | None = None, choice: Choice = NO_CHOICE
) -> CheckpointRef:
    """Return what a name or a path means; cheap. Handed on, it spares everyone else the search.

    Args:
        name_or_path: As `find_checkpoint` takes it.
        title: For the screen; by default the name.
        choice: Goes before what is kept beside the file.
    Raises:
        CheckpointError: Neither a name nor a file.
    """
    name = os.fspath(name_or_path)
    return CheckpointRef.of(name, find_checkpoint(name), title, choice)


def _identity(path: Path | None, choice: Choice = NO_CHOICE) -> Identity:
    if path is None:
        return UNTRAINED, 0, 0, NO_CHOICE
    try:
        status = path.stat()
    except OSError as error:
        raise CheckpointError(shorten(path.name), said("cannot be read: {problem}", problem=error.strerror)) from error
    return str(path.resolve()), status.st_size, status.st_mtime_ns, choice.over(read_choice(path))


def find_checkpoint(name_or_path: str | os.PathLike[str]) -> Path | None:
    """Return the file that a name or a path means, None for the untrained network.

    Names go before checkpoints of runs (RUN:EPOCH, RUN:last, RUN:best), and these before paths. Whoever adds another
    way of naming a checkpoint adds it here.

    Raises:
        CheckpointError: Neither a name nor a file.
    """
    given = os.fspath(name_or_path)
    if given == UNTRAINED:
        return None
    named = named_files()
    if given in named:
        return named[given]
    path = _of_run(given) or Path(given)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:  # ValueError: a zero byte
        names = ", ".join([UNTRAINED, *named][:8])
        raise CheckpointError(
            f"'{shorten(given)}'", said("is neither a checkpoint ({names}) nor a file", names=names)
        ) from error
    if not stat.S_ISREG(mode):  # opening a pipe would wait for ever
        is_folder = stat.S_ISDIR(mode)
        reason = said("is a folder; give the file in it") if is_folder else said("is not an ordinary file")
        raise CheckpointError(f"'{shorten(given)}'", reason)
    return path


def _of_run(given: str) -> Path | None:
    try:
        return find_run_checkpoint(given, runs_folder())
    except RunError as error:
        raise CheckpointError(f"'{shorten(given)}'", said("is no checkpoint: {problem}", problem=error)) from error


def identify(name_or_path: str | os.PathLike[str]) -> Identity:
    """Return what changes when a checkpoint's file is replaced or chosen otherwise; cheap, for caches.

    Raises:
        CheckpointError: Neither a name nor a file.
    """
    return resolve_checkpoint(name_or_path).identity


def kept_folder() -> Path:
    """Return where a person's own model files are kept: ALEXNET_VIZ_CHECKPOINTS, else "checkpoints" beside the runs."""
    own_folder = os.environ.get("ALEXNET_VIZ_CHECKPOINTS")
    return Path(own_folder) if own_folder else runs_folder() / "checkpoints"


def find_imagenet() -> Path | None:
    """Return the file of ImageNet's AlexNet where it is on this machine already."""
    return imagenet.find(shipped.CHECKPOINTS, kept_folder())


def named_files() -> dict[str, Path]:
    """Return every model file of the two folders by its name: the stem, or the path where that is taken.

    ImageNet's AlexNet is called so wherever it lies, also where torch keeps its downloads.
    """
    fetched = find_imagenet()
    files: dict[str, Path] = {} if fetched is None else {imagenet.NAME: fetched}
    for folder in (shipped.CHECKPOINTS, kept_folder()):
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            ending = next((each for each in ENDINGS if path.name.endswith(each)), None)
            if ending is not None and _is_nameable(path) and not path.name.startswith(".") and path != fetched:
                name = path.name.removesuffix(ending)
                files[str(path) if name in files or name == UNTRAINED else name] = path
    return files


def _is_nameable(path: Path) -> bool:
    return path.name == whole_letters(path.name) and path.is_file()


def _listed_metadata(path: Path) -> dict[str, object] | None:
    """Return what is known of a file, None where it is refused, which is logged; raises OSError where it is gone."""
    metadata, refusal = _metadata(path)
    if metadata is None:
        _warn_once(refusal)
    return metadata


@lru_cache(maxsize=1_000)
def _warn_once(reason: str) -> None:
    _log.warning("left out of the list: %s", reason)


def _metadata(path: Path) -> tuple[dict[str, object] | None, str]:
    """Return what a file says about itself, or None and why it is refused; raises OSError where it is gone."""
    status = path.stat()
    try:
        choice = read_choice(path)
    except CheckpointError as error:
        return None, str(error)
    return _metadata_as_chosen(path, status.st_size, status.st_mtime_ns, choice)


@lru_cache(maxsize=1_000)
def _metadata_as_chosen(path: Path, size: int, modified: int, choice: Choice) -> tuple[dict[str, object] | None, str]:
    """Return the same of a file as a person says that it is; an unchanged one is read once."""
    try:
        with opened(path) as file:
            metadata = described(file, path, choice).metadata
        return {key: value for key, value in metadata.items() if key != LEARNT_FROM}, ""  # a thousand may be kept
    except Exception as error:  # noqa: BLE001 (whatever one file does, the others are listed)
        return None, str(error) if isinstance(error, CheckpointError) else f"{path}: {error!r}"


def _entry(name: str, path: Path | None, metadata: Mapping[str, object]) -> CheckpointEntry:
    return CheckpointEntry(
        name=name,
        path=path,
        variant=str(metadata["variant"]),
        classes=tuple(cast(list[str], metadata["classes"])),
        epoch=cast(int | None, metadata.get("epoch")),
        metrics=dict(cast(dict[str, object], metadata.get("metrics", {}))),
        source=str(metadata["source"]),
        assumed=tuple(cast(list[str], metadata.get("assumed", []))),
        chosen=tuple(cast(list[str], metadata.get("chosen", []))),
    )
