"""The curves of a run as the browser draws them: read once for everybody, and thinned."""

import math
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alexnet_viz.feature_maps import encode
from alexnet_viz.language import current_language, in_words
from alexnet_viz.runs import MetricsReader
from alexnet_viz.runs.health import complaints, pace
from alexnet_viz.runs.metrics import best_epoch, clock_of
from alexnet_viz.training.pace import Pace, measured_pace
from alexnet_viz.ui.csv_table import csv_text
from alexnet_viz.ui.train.payload import CurveFacts

_Array = NDArray[np.float32]
MOST_BUCKETS = 1000  # lowest and highest loss of each are drawn: at most 2,000 points
_READ_AGAIN_SECONDS = 0.2  # thirty viewers ask for the same file
_DECAYED = 0.02  # share of the highest learning rate
_RECENT_STEPS = 10  # the pace of now, not of the whole run
_EPOCH_NUMBERS = ("epoch", "train_loss", "train_accuracy", "val_loss", "val_accuracy", "val_images", "size")
_COLUMNS = ("kind", "step", "epoch", "time", "loss", "lr", "images_per_s", *_EPOCH_NUMBERS[1:], "seconds", "event")

Record = dict[str, object]


class Curves:
    """One run's metrics file, tailed once for all who look at it.

    Args:
        path: The metrics.jsonl, which may not exist yet.
        clock: Seconds; only to spare the disk.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._reader = MetricsReader(path)
        self._clock = clock
        self._lock = threading.Lock()
        self._read_at = -math.inf
        self._grown = 0  # how often something came
        self._message: tuple[tuple[int, str], bytes] = ((-1, ""), b"")
        self._facts: CurveFacts | None = None
        self._pace: tuple[int, Pace | None] = (-1, None)

    def facts(self) -> CurveFacts:
        """Return what the list of runs says of the curves; the same object until something comes."""
        with self._lock:
            self._refresh()
            if self._facts is None or self._facts["points"] != self._grown:
                self._facts = _facts(self._reader.points, self._grown)
            return self._facts

    def pace(self) -> Pace | None:
        """Return how long an image took over the whole run; None before that can be told."""
        with self._lock:
            self._refresh()
            if self._pace[0] != self._grown:
                self._pace = (self._grown, measured_pace(self._reader.points))
            return self._pace[1]

    def message(self) -> bytes:
        """Return the thinned curves for the browser, the doctor's sentences in the language in use."""
        with self._lock:
            self._refresh()
            if self._message[0] != (self._grown, current_language()):
                self._message = ((self._grown, current_language()), _encode(self._reader.points, self._grown))
            return self._message[1]

    def table(self) -> str:
        """Return every point as CSV, events too."""
        with self._lock:
            self._refresh()
            points = list(self._reader.points)
        return csv_text([_COLUMNS, *([point.get(column) for column in _COLUMNS] for point in points)])

    def _refresh(self) -> None:
        now = self._clock()
        if now - self._read_at < _READ_AGAIN_SECONDS:
            return
        self._read_at = now
        if self._reader.read():
            self._grown += 1


def thin(values: _Array, most: int = MOST_BUCKETS) -> dict[str, _Array]:
    """Return a long series as at most `most` buckets of equally many neighbours.

    Args:
        values: (N,), NaN where a loss was no number.
        most: Buckets.
    Returns:
        "low", "mean" and "high" of each bucket, NaN where all were NaN; in "count" of how many values, for the last
        bucket may be a short one; and in "at" the index of its last value.
    """
    count = len(values)
    size = max(1, math.ceil(count / most))
    starts = np.arange(0, count, size)
    filled = np.isfinite(values)
    sums = np.add.reduceat(np.where(filled, values, 0.0), starts) if count else np.zeros(0)
    counts = np.add.reduceat(filled.astype(np.float64), starts) if count else np.zeros(0)
    none = counts == 0
    low = np.minimum.reduceat(np.where(filled, values, np.inf), starts) if count else np.zeros(0)
    high = np.maximum.reduceat(np.where(filled, values, -np.inf), starts) if count else np.zeros(0)
    at = np.minimum(starts + size - 1, count - 1)
    thinned = {"low": low, "mean": sums / np.maximum(counts, 1), "high": high}
    return {"at": at.astype(np.float32), "count": counts.astype(np.float32)} | {
        name: np.where(none, np.nan, array).astype(np.float32) for name, array in thinned.items()
    }


def _encode(points: list[Record], grown: int) -> bytes:
    steps = [point for point in points if point.get("kind") == "step"]
    epochs = [point for point in points if point.get("kind") == "epoch"]
    buckets = thin(_column(steps, "loss"))
    last = buckets.pop("at").astype(int)
    size = int(last[0]) + 1 if len(last) else 1
    decayed = _decayed_epochs(epochs, steps)
    header = {
        "points": grown,
        "bucket": size,
        "events": [point for point in points if point.get("kind") == "event"],
        "doctor": {
            str(point.get("epoch")): _health(point["doctor"], is_decayed)
            for point, is_decayed in zip(epochs, decayed, strict=True)
            if "doctor" in point
        },
    }
    arrays = {f"epochs:{name}": _column(epochs, name) for name in _EPOCH_NUMBERS}
    arrays |= {name: _column(steps, name)[last] for name in ("step", "lr", "images_per_s")} | buckets
    return encode(in_words(header), arrays)


def _decayed_epochs(epochs: list[Record], steps: list[Record]) -> list[bool]:
    """Return for each epoch whether the learning rate was nearly gone at its end."""
    rates, numbers = _column(steps, "lr").astype(np.float64), _column(steps, "step").astype(np.float64)
    if not len(rates):
        return [False] * len(epochs)
    ends = np.searchsorted(numbers, [_number(epoch.get("step")) for epoch in epochs], side="right")
    return [bool(end > 0 and rates[end - 1] < _DECAYED * np.nanmax(rates)) for end in ends]


def _health(layers: object, is_decayed: bool) -> Record:
    """Return an epoch's layers and what is wrong with them; small updates are as they should be after a decay."""
    known = [layer for layer in layers if isinstance(layer, dict)] if isinstance(layers, list) else []
    # The last layer starts near zero, so that its first steps are large beside it and mean nothing.
    judged = [layer for layer in known if layer.get("layer") != "logits"]
    word = pace(judged, is_decayed=is_decayed)
    if is_decayed:
        judged = [{key: value for key, value in layer.items() if key != "update_ratio"} for layer in judged]
    return {"layers": known, "complaints": complaints(judged), "pace": word}


def _facts(points: list[Record], grown: int) -> CurveFacts:
    steps = [point for point in points if point.get("kind") == "step"]
    epochs = [point for point in points if point.get("kind") == "epoch"]
    first = next((point for point in epochs if point.get("epoch") == 0), {})
    best = best_epoch(epochs)
    times = [_number(point.get("time")) for point in points if point.get("time") is not None]
    return {
        "points": grown,
        "measured": {key: epochs[-1].get(key) for key in _EPOCH_NUMBERS} if epochs else {},
        # Only of epochs that were validated at full size, and never of epoch 0, which is asked fewer pictures.
        "best": next((point.get("val_accuracy") for point in epochs if point.get("epoch") == best), None),
        "best_epoch": best,
        "first": {key: first.get(key) for key in ("val_accuracy", "val_images")} if first else None,
        # What the trainer says when it begins; `chance` is what guessing scores, accuracy and loss.
        "steps": _newest(points, "steps"),
        "classes": _newest(points, "classes"),
        "chance": _newest(points, "chance"),
        "held_out": _newest(points, "held_out"),
        "train_images": _newest(points, "train_images"),
        "val_images": _newest(points, "val_images"),
        "full_size": _newest(points, "full_size"),
        "last_time": times[-1] if times else None,
        "duration": _working_seconds(points),
        "images_per_s": _recent_rate(steps),
    }


def _newest(points: list[Record], key: str) -> object:
    """Return what a trainer said last when it began; None of a run of an earlier version."""
    return next((point[key] for point in reversed(points) if point.get("kind") == "event" and key in point), None)


def _recent_rate(steps: list[Record]) -> float | None:
    """Return the pace of now: what a person who looks at the footer asks."""
    rates = [rate for point in steps[-_RECENT_STEPS:] if math.isfinite(rate := _number(point.get("images_per_s")))]
    return sum(rates) / len(rates) if rates else None


def _working_seconds(points: Iterable[Record]) -> float:
    """Return how long a trainer was at work, without the time between a stop and a resume."""
    total, before = 0.0, math.nan
    for point in points:
        now = clock_of(point)
        if math.isnan(now):
            continue
        if now > before and point.get("event") not in ("resumed", "started"):
            total += now - before
        before = now
    return total


def _column(points: list[Record], name: str) -> _Array:
    return np.array([_number(point.get(name)) for point in points], dtype=np.float32)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan
