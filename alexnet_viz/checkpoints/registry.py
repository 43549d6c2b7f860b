"""Checkpoints: found by name, loaded.

    checkpoint = load_checkpoint("untrained")
    checkpoint.model, checkpoint.classes, checkpoint.input_rule

A weight may be NaN: what a diverged training computes is shown, not hidden.
"""

from __future__ import annotations

import hashlib
import logging
import os
import stat
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import cast

import torch
from torch import Tensor

from alexnet_viz import shipped
from alexnet_viz.checkpoints import imagenet
from alexnet_viz.checkpoints.assumptions import CIFAR10_CLASSES, sentence, where_from
from alexnet_viz.checkpoints.choices import NO_CHOICE, Choice, normalisation_of, read_choice
from alexnet_viz.checkpoints.contents import (
    FIRST_WEIGHT,
    Contents,
    describe,
    tensor_shapes,
)
from alexnet_viz.checkpoints.formats import ModelFile, opened
from alexnet_viz.checkpoints.learnt_from import KEY as LEARNT_FROM
from alexnet_viz.checkpoints.learnt_from import NOTHING, UNKNOWN, LearntFrom
from alexnet_viz.checkpoints.metadata import shorten
from alexnet_viz.checkpoints.recognition import FULLY_CONNECTED
from alexnet_viz.device import choose_device
from alexnet_viz.errors import CheckpointError, RunError
from alexnet_viz.images import InputRule
from alexnet_viz.language import said
from alexnet_viz.model import VARIANTS, AlexNet, Variant, initialise
from alexnet_viz.runs import find_run_checkpoint, list_runs, runs_folder
from alexnet_viz.strict_json import whole_letters

UNTRAINED = "untrained"
ENDINGS = (".safetensors", ".pth.tar", ".pt", ".pth", ".ckpt", ".bin")  # of files that may hold a network
_UNTRAINED_METADATA: dict[str, object] = {
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


@dataclass
class Checkpoint:
    """A network ready to compute, with what is known about it.

    Attributes:
        name: As it was asked for.
        model: In eval mode, float32, no parameter takes a gradient. Shared by everyone: not to be changed.
        classes: One name per logit.
        variant: Key of `model.VARIANTS`.
        metadata: DESIGN 4.4's values; "classes", "input", "source" and "variant" are always there. "assumed" says what
            was taken for granted of the file, "chosen" what a person has said of it.
        device: Where the model is.
        path: The file, None for the untrained network.
    """

    name: str
    model: AlexNet
    classes: tuple[str, ...]
    variant: str
    metadata: dict[str, object]
    device: torch.device
    path: Path | None

    @property
    def input_rule(self) -> InputRule:
        """How a picture becomes this network's input."""
        return InputRule.from_record(self.metadata["input"])

    @property
    def assumed(self) -> tuple[str, ...]:
        """What was taken for granted of the file, or changed in it, in sentences; the page and the command say them."""
        return tuple(cast(list[str], self.metadata.get("assumed", [])))

    @property
    def chosen(self) -> tuple[str, ...]:
        """What a person has chosen of it, in sentences."""
        return tuple(cast(list[str], self.metadata.get("chosen", [])))

    @property
    def normalisation(self) -> str:
        """How the normalisation of its pictures is called in a choice."""
        return str(self.metadata.get("normalisation") or normalisation_of(self.input_rule))

    @property
    def undecided(self) -> tuple[str, ...]:
        """What nothing in the file decides, of variant, normalisation and classes: chosen, or else assumed."""
        return tuple(cast(list[str], self.metadata.get("undecided", [])))

    @property
    def trained(self) -> bool:
        """Whether any step of training went into it; a file that does not say so is taken for trained."""
        return self.metadata.get("epoch") != 0 or self.metadata.get("step", 0) != 0

    @cached_property
    def learnt_from(self) -> LearntFrom:
        """What it learnt from, as far as the file says.

        Raises:
            CheckpointError: What the file says cannot be read.
        """
        if LEARNT_FROM not in self.metadata:
            recipe = self.metadata.get("recipe")
            began = recipe.get("start_from") if isinstance(recipe, dict) else None
            return UNKNOWN if self.trained or began else NOTHING
        try:
            return LearntFrom.from_text(str(self.metadata[LEARNT_FROM]))
        except ValueError as error:
            reason = said("does not say readably what it learnt from ({problem}); save it again", problem=error)
            raise CheckpointError(shorten(self.name), reason) from error

    @cached_property
    def digest(self) -> str:
        """The content's SHA-256, in hexadecimal: of everything that decides what is computed and how it is called.

        It does not depend on the file's name, place or format. 0.2 s for 233 MB, once.
        """
        content = hashlib.sha256(repr((self.variant, self.classes, self.input_rule)).encode())
        for name, tensor in self.model.state_dict().items():
            content.update(name.encode())
            content.update(memoryview(tensor.cpu().contiguous().numpy()).cast("B"))
        return content.hexdigest()


def available_checkpoints() -> list[CheckpointEntry]:
    """Return "untrained", then what `checkpoints/` and `kept_folder()` hold; reads no tensors.

    A file that cannot be loaded is left out and named in the log, once.
    """
    entries = [_entry(UNTRAINED, None, _UNTRAINED_METADATA)]
    for name, path in named_files().items():
        with suppress(OSError):  # somebody may be removing it
            metadata = _listed_metadata(path)
            if metadata is not None:
                entries.append(_entry(name, path, metadata))
    return entries


def best_checkpoint(entries: Sequence[CheckpointEntry] | None = None) -> CheckpointEntry:
    """Return the checkpoint that states the highest accuracy, "untrained" where none does; by default of all.

    The app opens with it, and the command line answers by it.
    """
    known = available_checkpoints() if entries is None else entries
    return max(known, key=lambda entry: (_stated_accuracy(entry.metrics), entry.epoch or 0))


def _stated_accuracy(metrics: Mapping[str, object]) -> float:
    stated = [metrics.get(key) for key in ("test_accuracy", "val_accuracy")]
    return max((float(value) for value in stated if isinstance(value, int | float)), default=-1.0)


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
        return dict(_listed_metadata(path) or {})
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


def load_checkpoint(
    name_or_path: str | os.PathLike[str] | CheckpointRef, device: str | torch.device | None = None
) -> Checkpoint:
    """Return a checkpoint by a name of `available_checkpoints`, by the path of a file, or as it was found before.

    Args:
        name_or_path: A path may be any file of this machine: give names only where strangers may ask.
        device: Where the model goes; by default `choose_device()`'s answer.
    Raises:
        CheckpointError: There is no such checkpoint, or its file is not one.
        DeviceError: There is no such device.
    """
    target = choose_device(device)
    found = name_or_path if isinstance(name_or_path, CheckpointRef) else resolve_checkpoint(name_or_path)
    path = found.path
    if path is None:
        return _untrained(target)
    with opened(path) as file:
        contents = _described(file, path, found.choice)
        tensors = _read_tensors(file, contents, shorten(path.name))
    metadata = contents.metadata
    if broken := _not_finite(tensors):
        assumed = list(dict.fromkeys([*cast(list[str], metadata["assumed"]), sentence(broken)]))
        metadata = {
            **metadata,
            "source": "; ".join(filter(None, (str(metadata["source"]), broken))),
            "assumed": assumed,
        }
    return Checkpoint(
        name=found.name,
        model=_frozen(_assembled(contents.variant, tensors), target),
        classes=contents.classes,
        variant=contents.variant.name,
        metadata=metadata,
        device=target,
        path=path,
    )


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


def _described(file: ModelFile, path: Path, choice: Choice) -> Contents:
    """Return which network a file holds; of one with several things in it, "assumed" says which was taken."""
    stored = imagenet.metadata_of(path) if file.metadata is None else file.metadata
    contents = describe(file.tensors, stored, shorten(path.name), choice)
    assumed = [*where_from(file.key, file.others), *cast(list[str], contents.metadata["assumed"])]
    return replace(contents, metadata={**contents.metadata, "assumed": assumed})


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
    """Return what is known of a file, None where it is refused; raises OSError where it is gone."""
    status = path.stat()
    try:
        choice = read_choice(path)
    except CheckpointError as error:
        _warn_once(str(error))
        return None
    return _metadata_as_chosen(path, status.st_size, status.st_mtime_ns, choice)


@lru_cache(maxsize=1_000)
def _warn_once(reason: str) -> None:
    _log.warning("left out of the list: %s", reason)


@lru_cache(maxsize=1_000)
def _metadata_as_chosen(path: Path, size: int, modified: int, choice: Choice) -> dict[str, object] | None:
    """Return what a file says about itself, None where it is refused; an unchanged file is read and logged once."""
    try:
        with opened(path) as file:
            metadata = _described(file, path, choice).metadata
        return {key: value for key, value in metadata.items() if key != LEARNT_FROM}  # a thousand may be kept
    except CheckpointError as error:
        _log.warning("left out of the list: %s", error)
        return None


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


def _untrained(device: torch.device) -> Checkpoint:
    variant = VARIANTS["seed"]
    shapes = tensor_shapes(variant, len(CIFAR10_CLASSES))
    model = _assembled(variant, {name: torch.empty(shape) for name, shape in shapes.items()})
    initialise(model, seed=0)
    model = _frozen(model, device)
    return Checkpoint(UNTRAINED, model, CIFAR10_CLASSES, "seed", dict(_UNTRAINED_METADATA), device, None)


def _assembled(variant: Variant, tensors: Mapping[str, Tensor]) -> AlexNet:
    """Return a network that uses the very tensors; none is allocated or drawn first."""
    with torch.device("meta"):
        model = AlexNet(len(tensors["classification_layer.bias"]), tensors[FIRST_WEIGHT].shape[1], variant)
    model.load_state_dict(tensors, strict=True, assign=True)
    return model


def _frozen(model: AlexNet, device: torch.device) -> AlexNet:
    return model.eval().requires_grad_(False).to(device)


def _read_tensors(file: ModelFile, contents: Contents, name: str) -> dict[str, Tensor]:
    """Return the network's tensors under their own names, float32, each in memory of its own."""
    try:
        whole = [theirs for theirs in contents.names.values() if theirs not in contents.made | contents.factors.keys()]
        read = file.read([*whole, *chain.from_iterable(contents.factors.values())])
        for theirs, (left, right) in contents.factors.items():
            read[theirs] = read.pop(left).float() @ read.pop(right).float()
        shapes = tensor_shapes(contents.variant, len(contents.classes))  # a bias has one number an output
        read |= {theirs: torch.zeros(shapes[own]) for own, theirs in contents.names.items() if theirs in contents.made}
        tensors = {own: _own_float32(read[theirs]) for own, theirs in contents.names.items()}
        for layer in FULLY_CONNECTED:  # some are written as convolutions
            tensors[f"{layer}.weight"] = tensors[f"{layer}.weight"].flatten(1)
        if contents.bgr:
            tensors[FIRST_WEIGHT] = tensors[FIRST_WEIGHT].flip(1)
        return tensors
    except CheckpointError:
        raise
    except Exception as error:  # torch raises a dozen types for damaged files
        raise CheckpointError(name, said("is damaged, or needs more memory than is free")) from error


def _not_finite(tensors: Mapping[str, Tensor]) -> str:
    """Return how many numbers are NaN or infinite, in words; "" where none is."""
    counts = {}
    for name, tensor in tensors.items():
        if not bool(torch.isfinite(tensor.sum(dtype=torch.float64))):  # a finite sum has finite terms
            counts[name] = int((~torch.isfinite(tensor)).sum())
    if not counts:
        return ""
    return f"{sum(counts.values()):,} of its numbers are not finite, the first in {next(iter(counts))}"


def _own_float32(tensor: Tensor) -> Tensor:
    """Return a plain float32 copy, which keeps neither the file mapped nor a larger storage alive."""
    return tensor.detach().to(torch.float32, copy=True, memory_format=torch.contiguous_format)
