"""How each epoch of a run saw a photo: computed once, stored compactly, sent one channel at a time."""

import threading
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from cachetools import LRUCache
from numpy.typing import NDArray

from alexnet_viz.checkpoints import identify, load_checkpoint
from alexnet_viz.errors import CheckpointError, StageError
from alexnet_viz.feature_maps import ScaledHalves, encode
from alexnet_viz.inference import Photo, trace
from alexnet_viz.language import in_words
from alexnet_viz.runs import CheckpointFile

_MOST_REFUSED = 1000
MOST_BYTES = 128_000_000  # of kept frames: 1.4 MB each, all channels of the five blocks in float16
_Key = tuple[Hashable, ...]


@dataclass(frozen=True)
class Frame:
    """One photo seen by one checkpoint of a run.

    Attributes:
        stages: Output of each block's ReLU by its name, (C, H, W).
        filters: Of the first convolution, (C, 3, k, k) float32.
        probabilities: (K,) float32.
        classes: One name per probability.
    """

    stages: dict[str, ScaledHalves]
    filters: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    classes: tuple[str, ...]

    @property
    def nbytes(self) -> int:
        """Memory that its arrays take."""
        return (
            sum(maps.halves.nbytes for maps in self.stages.values()) + self.filters.nbytes + self.probabilities.nbytes
        )


@dataclass(frozen=True)
class Wanted:
    """What a browser wants to see of each epoch.

    Attributes:
        stage: A key of `Frame.stages`.
        channel: Of that stage; −1 for the one that responds most at the last epoch.
        near: The epoch on the screen: after the last one the next to be computed is the nearest to it.
        have: Names of checkpoints that the browser has already.
    """

    stage: str
    channel: int = -1
    near: int = 0
    have: frozenset[str] = frozenset()


class Replay:
    """Frames of all runs. One checkpoint is open at a time, and is closed when its frame is computed."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._frames: LRUCache[_Key, Frame] = LRUCache(most_bytes, getsizeof=lambda frame: frame.nbytes)
        self._refused: LRUCache[_Key, str] = LRUCache(_MOST_REFUSED)  # damaged files, and why
        self._lock = threading.Lock()  # of both
        self._computing = threading.Lock()

    def message(self, files: list[CheckpointFile], photo: Photo, wanted: Wanted) -> bytes:
        """Compute at most one frame, the next missing one, and return all that the browser does not have.

        "pending" counts what the browser may still ask for; "refused" says by name why a file gives no frame.

        Args:
            files: The run's checkpoints, oldest first; a path may also be a name that `load_checkpoint` knows.
            photo: What they look at.
            wanted: Stage and channel; filters come all at once.
        Raises:
            StageError: These networks have no such stage.
        """
        missing = self._missing(files, photo, wanted.have)
        if missing:
            self._compute(self._next(files, missing, photo, wanted), photo)
        frames = {file.name: frame for file in files if (frame := self._known(file, photo)) is not None}
        told = {
            "pending": len(self._missing(files, photo, wanted.have)),
            "refused": in_words({file.name: why for file in files if (why := self._refusal(file, photo))}),
        }
        return _encode(frames, wanted, told) if frames else encode({"frames": [], **told}, {})

    def _missing(self, files: list[CheckpointFile], photo: Photo, have: frozenset[str]) -> list[CheckpointFile]:
        """Return the checkpoints whose frames can still be computed and that the browser does not have."""
        keys = {file.name: _key(file, photo) for file in files if file.name not in have}
        with self._lock:
            computed = {*self._frames, *self._refused, None}
        return [file for file in files if file.name in keys and keys[file.name] not in computed]

    def _next(
        self, files: list[CheckpointFile], missing: list[CheckpointFile], photo: Photo, wanted: Wanted
    ) -> CheckpointFile:
        """Return the nearest to the epoch on the screen; for a browser that has none the last, which chooses for it."""
        later = files[files.index(missing[-1]) + 1 :]
        if not wanted.have and all(self._known(file, photo) is None for file in later):
            return missing[-1]
        return min(missing, key=lambda file: _distance(file, wanted.near))

    def _refusal(self, file: CheckpointFile, photo: Photo) -> str:
        key = _key(file, photo)
        with self._lock:
            return "" if key is None else self._refused.get(key, "")

    def _known(self, file: CheckpointFile, photo: Photo) -> Frame | None:
        key = _key(file, photo)
        with self._lock:
            return None if key is None else self._frames.get(key)

    def _compute(self, file: CheckpointFile, photo: Photo) -> None:
        with self._computing:
            key = _key(file, photo)
            if key is None or self._known(file, photo) is not None:
                return
            try:
                frame = _frame(file.path, photo)
            except CheckpointError as error:  # damaged, or its trainer has just removed it
                with self._lock:
                    self._refused[key] = error.args[0]
                return
            with self._lock:
                self._frames[key] = frame


def _frame(path: Path, photo: Photo) -> Frame:
    checkpoint = load_checkpoint(path)
    seen = trace(checkpoint, photo.image)
    stages = {
        name: ScaledHalves.of(maps.numpy())
        for name, maps in seen.stages.items()
        if name.endswith(".relu") and maps.ndim == 3
    }
    filters = checkpoint.model.get_parameter("block1.conv_layer.weight").to("cpu", torch.float32)
    return Frame(stages, filters.numpy().copy(), seen.probabilities.numpy(), checkpoint.classes)


def _encode(frames: dict[str, Frame], wanted: Wanted, told: dict[str, object]) -> bytes:
    last = next(reversed(frames.values()))
    if wanted.stage not in last.stages:
        raise StageError(wanted.stage, tuple(last.stages))
    channel = _chosen(wanted.channel, last.stages[wanted.stage].float32())
    new = {name: frame for name, frame in frames.items() if name not in wanted.have}
    header = {
        "frames": list(new),
        **told,
        "stage": wanted.stage,
        "stages": {name: list(maps.halves.shape) for name, maps in last.stages.items()},
        "channel": channel,
        "filter": _chosen(-1, np.abs(last.filters)),  # the one that is shown until a person chooses
        "filters": len(last.filters),
        "classes": list(last.classes),
    }
    arrays: dict[str, NDArray[Any]] = {}
    for name, frame in new.items():
        arrays[f"map:{name}"] = frame.stages[wanted.stage].float32(channel)
        arrays[f"filters:{name}"] = frame.filters
        arrays[f"probabilities:{name}"] = frame.probabilities
    return encode(header, arrays)


def _chosen(wanted: int, values: NDArray[np.float32]) -> int:
    """Return the wanted channel of (C, …) values, or the one that varies most over its values."""
    if 0 <= wanted < len(values):
        return wanted
    flat = values.reshape(len(values), -1)
    return int(np.nan_to_num(flat.std(axis=1)).argmax())


def _distance(file: CheckpointFile, near: int) -> int:
    return abs(file.epoch - near) if file.epoch is not None else 1_000_000


def _key(file: CheckpointFile, photo: Photo) -> _Key | None:
    try:
        return (*identify(file.path), photo.digest)
    except CheckpointError:
        return None
