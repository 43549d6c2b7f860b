"""Points of a run's curves: one JSON object per line, only ever appended, read while the file grows."""

import math
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from alexnet_viz.strict_json import read_json, read_regular, to_json

Record = dict[str, object]
_LEAST_FULL_SIZE = 224  # the smaller of the two that variants take


class _Point(msgspec.Struct):
    """The values of a line that are used in computations; None where one was not a number."""

    kind: str | None = None
    event: str | None = None
    step: float | None = None
    epoch: float | None = None
    time: float | None = None
    elapsed: float | None = None
    loss: float | None = None
    lr: float | None = None
    images_per_s: float | None = None
    train_loss: float | None = None
    train_accuracy: float | None = None
    val_loss: float | None = None
    val_accuracy: float | None = None
    val_images: float | None = None
    size: float | None = None
    seconds: float | None = None
    doctor: list[dict[str, Any]] | None = None


class MetricsWriter:
    """Appends records to a metrics file.

        with MetricsWriter(folder / "metrics.jsonl") as metrics:
            metrics.write({"kind": "step", "step": 1, "loss": 2.3})

    A line that a killed trainer left half written is closed first, so that it never swallows a whole one. Each line
    gets "elapsed": seconds since the writer began, which a clock that is set leaves alone.
    """

    def __init__(self, path: Path) -> None:
        self._began = time.monotonic()
        torn = path.exists() and not _ends_with_newline(path)
        self._stream = path.open("a", encoding="utf-8")
        if torn:
            self._stream.write("\n")

    def write(self, record: Mapping[str, object]) -> None:
        """Append one record; a number that is not finite becomes null."""
        elapsed = round(time.monotonic() - self._began, 3)
        self._stream.write(to_json({**record, "elapsed": elapsed}) + "\n")
        self._stream.flush()

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def __enter__(self) -> "MetricsWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class MetricsReader:
    """Reads what was appended since the last call: thirty viewers cost thirty tails, not thirty files read over.

    After a resume the trainer goes through some steps again; `points` holds each step once, the newest. A training that
    ended before its first checkpoint starts anew: what was before is left out.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.points: list[Record] = []
        self._offset = 0

    def read(self) -> list[Record]:
        """Take in the new complete lines and return their records; a last line without a newline waits."""
        try:
            data = read_regular(self.path, start=self._offset)
        except OSError:  # none yet, or something else under its name
            return []
        complete = data[: data.rfind(b"\n") + 1]
        self._offset += len(complete)
        new = list(_decode(complete.splitlines()))
        for record in new:
            self._take(record)
        return new

    def _take(self, record: Record) -> None:
        event = record.get("event") if record.get("kind") == "event" else None
        if event == "started":
            self.points = []
        if event == "resumed":
            start, epochs = _number(record.get("step")), record.get("epochs", math.inf)
            whole = -1 if epochs is None else _number(epochs)  # None: before the network was looked at
            self.points = [
                point
                for point in self.points
                if _number(point.get("step")) <= start
                and (point.get("kind") != "epoch" or _number(point.get("epoch")) <= whole)
            ]
        self.points.append(record)


def read_metrics(path: Path) -> list[Record]:
    """Return the records of a metrics file, each step once; an absent file has none."""
    reader = MetricsReader(path)
    reader.read()
    return reader.points


def clock_of(record: Mapping[str, object]) -> float:
    """Return when a record was written, to be compared with others of the same trainer alone; NaN where it says none.

    Seconds since the trainer began; in runs of earlier versions by the clock on the wall.
    """
    value = record.get("elapsed", record.get("time"))
    return float(value) if isinstance(value, int | float) else math.nan


def best_epoch(records: Iterable[Record]) -> int | None:
    """Return the epoch most often right on held-out pictures of full size, the earlier of two; None without one.

    The network before its first step (epoch 0) is no candidate: it was asked fewer pictures.
    """
    best: tuple[float, int] | None = None
    for record in records:
        accuracy, epoch = record.get("val_accuracy"), record.get("epoch")
        if not isinstance(accuracy, float) or not isinstance(epoch, int) or epoch == 0 or not is_full_size(record):
            continue
        if best is None or accuracy > best[0]:
            best = (accuracy, epoch)
    return None if best is None else best[1]


def is_full_size(record: Mapping[str, object]) -> bool:
    """Return whether an epoch was validated on pictures as the network will be asked; always so in newer runs.

    Earlier versions validated at the smaller size that most steps of the epoch had.
    """
    size = record.get("size")
    return not isinstance(size, int) or size >= _LEAST_FULL_SIZE


def _decode(lines: Iterable[bytes]) -> Iterable[Record]:
    for line in lines:
        try:
            yield read_json(line, _Point)
        except ValueError:  # the line a killed trainer left half written, or one of another making
            continue


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(0, 2)
        if stream.tell() == 0:
            return True
        stream.seek(-1, 2)
        return stream.read(1) == b"\n"
