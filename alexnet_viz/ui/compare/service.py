"""What the Compare page may ask for: comparisons on many pictures as jobs, weights, recipes, the report."""

from __future__ import annotations

import io
import logging
import os
import queue
import re
import secrets
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from alexnet_viz.atomic import without_nan
from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare.matching import same_run
from alexnet_viz.compare.paired_pass import Comparison, compare_on, fingerprint
from alexnet_viz.compare.recipes import MOST_CHECKPOINTS, recipe_table
from alexnet_viz.compare.report import design_tokens, html_report, make_report
from alexnet_viz.compare.unlabelled import changed_channels, compare_pictures, picture_inputs
from alexnet_viz.compare.weights import most_moved, weight_differences
from alexnet_viz.errors import AlexNetVizError, ComparisonError, StageError
from alexnet_viz.runs import find_run, runs_folder
from alexnet_viz.training.datasets.cifar10 import CLASSES as CIFAR10_CLASSES
from alexnet_viz.training.datasets.cifar10 import find_batches, test_pictures
from alexnet_viz.training.datasets.dataset import Split
from alexnet_viz.training.datasets.folder import folder_dataset
from alexnet_viz.training.datasets.shapes import CLASSES as SHAPES_CLASSES
from alexnet_viz.training.datasets.shapes import TEST_COUNT, unlearnt_drawings
from alexnet_viz.ui.explore.service import Service, Subject
from alexnet_viz.ui.photos import Photo
from alexnet_viz.ui.train.curves import Curves
from alexnet_viz.ui.train.uploads import uploaded_pictures

OWN_PICTURES = "your held-out pictures"  # a fifth of them, which a training on all of them would not have learnt from
_MOST_SETS = 6  # a person's own pictures are large, and parts of one set share its memory
_MOST_KEPT = 16  # comparisons, some hundred kB each
_MOST_JOBS = 64  # finished ones whose state may still be asked for
_MOST_DISAGREEMENTS = 240  # on the screen; the surest ones
_NICENESS = 10  # an explored photo goes before a batch
_PAUSE_SECONDS = 0.02
_OWN = "folder-"  # and the name of the upload
_NOWHERE = "none"  # the untrained network has no file
_log = logging.getLogger(__name__)
Record = dict[str, Any]
_Key = tuple[str, str, str]


@dataclass(frozen=True)
class TestPictures:
    """Pictures that no training has learnt from.

    Attributes:
        name: "cifar10" or "shapes".
        title: For the screen.
        classes: Of the labels.
        split: All of them.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    split: Split

    def first(self, count: int) -> TestPictures:
        """Return the first `count`, all where there are fewer."""
        return replace(self, split=self.split.first(min(count, len(self.split))))

    @cached_property
    def fingerprint(self) -> str:
        """Digest of pictures, labels and classes."""
        return fingerprint(self.split, self.classes)


@dataclass(frozen=True)
class Asked:
    """What a browser asks about: names of A and B, of a data set, and how many of its pictures."""

    a: str
    b: str
    data: str
    count: int


@dataclass(eq=False)
class _Job:
    """A comparison that waits, runs or has ended; `viewers` counts the browsers that asked for it."""

    asked: Asked
    key: _Key
    total: int
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    state: str = "waiting"
    done: int = 0
    message: str = ""
    viewers: int = 0
    started: float = 0.0
    cancelled: threading.Event = field(default_factory=threading.Event)


class _CancelledError(Exception):
    """Nobody waits for this job any more."""


class ComparisonService:
    """One for the process. Jobs run one at a time in a thread of low priority, and pause while a photo waits.

    Args:
        service: Checkpoints, photos, the engine.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, Comparison] = OrderedDict()
        self._jobs: OrderedDict[str, _Job] = OrderedDict()
        self._queue: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._worker: threading.Thread | None = None
        self._sets: OrderedDict[tuple[str, int], TestPictures] = OrderedDict()
        self._loading = threading.Lock()
        self._curves: dict[Path, Curves] = {}

    # ------------------------------------------------------------------ data

    def data_sets(self, own: str = "") -> list[Record]:
        """Return the data sets that are here, the one to begin with first.

        Args:
            own: Name of a person's own pictures, "folder-…"; left out where they are no longer here.
        """
        known = [{"name": "shapes", "title": "shapes", "images": TEST_COUNT}]
        if _has_cifar10():
            known.insert(0, {"name": "cifar10", "title": "CIFAR-10 test pictures", "images": 10_000})
        if own.startswith(_OWN):
            with suppress(AlexNetVizError):
                known.append({"name": own, "title": OWN_PICTURES, "images": len(self.pictures(own, 0).split)})
        return known

    def pictures(self, name: str, count: int) -> TestPictures:
        """Return the first pictures of a data set.

        Raises:
            ComparisonError: There is no such data set.
            DatasetError: Its files are damaged.
        """
        with self._loading:
            if (name, count) not in self._sets:
                whole = self._sets.get((name, 0)) or _load(name)
                self._sets[name, 0] = whole
                self._sets[name, count] = whole.first(count) if count else whole
                while len(self._sets) > _MOST_SETS:
                    self._sets.popitem(last=False)
            return self._sets[name, count]

    def png(self, data: str, index: int) -> bytes:
        """Return one picture of a data set; raises ComparisonError."""
        split = self.pictures(data, 0).split
        if not 0 <= index < len(split):
            raise ComparisonError(f"there is no picture {index}; {data} has {len(split)}")
        stream = io.BytesIO()
        Image.fromarray(split.images[index].permute(1, 2, 0).cpu().numpy()).save(stream, "PNG")
        return stream.getvalue()

    def add_photo(self, data: str, index: int) -> Photo:
        """Put one picture of a data set among the photos, so that the other pages can show it."""
        found = self.pictures(data, 0)
        label = found.classes[int(found.split.labels[index])]
        return self._service.photos.add(self.png(data, index), f"{data} {index} {label}.png")

    # ------------------------------------------------------------------ jobs

    def find(self, asked: Asked) -> Record:
        """Return a comparison that is there already, or how far it is, or that nobody has asked for it."""
        first, second, key, _ = self._resolve(asked)
        reason = same_run(first, second)
        with self._lock:
            running = next((job for job in self._jobs.values() if job.key == key and _is_alive(job)), None)
            if key in self._kept:
                return {"state": "done", "same_run": reason, "record": self._told(key, asked)}
            return {**(self._record(running) if running else {"state": "none"}), "same_run": reason}

    def start(self, asked: Asked) -> Record:
        """Begin a comparison, or join the one that is on its way; raises AlexNetVizError."""
        first, second, key, pictures = self._resolve(asked)
        reason = same_run(first, second)
        with self._lock:
            if key in self._kept:
                return {"state": "done", "same_run": reason, "record": self._told(key, asked)}
            job = next((each for each in self._jobs.values() if each.key == key and _is_alive(each)), None)
            if job is None:
                job = _Job(asked, key, len(pictures.split))
                self._jobs[job.id] = job
                self._forget_old_jobs()
                self._queue.put(job)
                self._start_worker()
            job.viewers += 1
            return {**self._record(job), "same_run": reason}

    def state(self, job_id: str) -> Record:
        """Return how far a job is, with the result when it is done; raises ComparisonError."""
        with self._lock:
            job = self._find_job(job_id)
            if job.state == "done" and job.key in self._kept:
                return {**self._record(job), "record": self._told(job.key, job.asked)}
            return self._record(job)

    def cancel(self, job_id: str) -> Record:
        """End a job unless another browser waits for it too; raises ComparisonError."""
        with self._lock:
            job = self._find_job(job_id)
            job.viewers -= 1
            if job.viewers <= 0:
                job.cancelled.set()
                if job.state == "waiting":
                    job.state = "cancelled"
            return self._record(job)

    def _find_job(self, job_id: str) -> _Job:
        if job_id not in self._jobs:
            raise ComparisonError("this comparison is not known any more; start it again")
        return self._jobs[job_id]

    def _record(self, job: _Job) -> Record:
        """Return what a browser is told of a job; the lock is held."""
        alive = [each for each in self._jobs.values() if _is_alive(each)]
        before = alive.index(job) if job in alive else 0
        seconds = time.monotonic() - job.started if job.started else 0.0
        left = seconds / job.done * (job.total - job.done) if job.done else None
        status_record = {"id": job.id, "state": job.state, "done": job.done, "total": job.total, "before": before}
        return {**status_record, "seconds_left": left, "message": job.message}

    def _told(self, key: _Key, asked: Asked) -> Record:
        """Return a comparison under the names that browsers have for both; the lock is held."""
        self._kept.move_to_end(key)
        record = self._kept[key].to_record()
        if isinstance(answers := record["answers"], dict):
            shown = answers["disagreements"][:_MOST_DISAGREEMENTS]
            answers |= {"disagreement_count": len(answers["disagreements"]), "disagreements": shown}
        return {
            **_for_json(record),
            "data": asked.data,
            **{
                side: {"name": getattr(asked, side), "digest": digest}
                for side, digest in zip("ab", key[:2], strict=True)
            },
        }

    def _resolve(self, asked: Asked) -> tuple[Checkpoint, Checkpoint, _Key, TestPictures]:
        first, second = self._service.checkpoint(asked.a)[0], self._service.checkpoint(asked.b)[0]
        pictures = self.pictures(asked.data, asked.count)
        return first, second, (first.digest, second.digest, pictures.fingerprint), pictures

    def _forget_old_jobs(self) -> None:
        for job in [each for each in self._jobs.values() if not _is_alive(each)][
            : max(0, len(self._jobs) - _MOST_JOBS)
        ]:
            del self._jobs[job.id]

    def _start_worker(self) -> None:
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, name="comparison", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        if sys.platform == "linux":  # elsewhere a thread has no priority of its own
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        while True:
            self._run(self._queue.get())

    def _run(self, job: _Job) -> None:
        with self._lock:
            if job.cancelled.is_set():
                return
            job.state, job.started = "running", time.monotonic()
        try:
            first, second, _, pictures = self._resolve(job.asked)
            found = compare_on(
                first, second, pictures.split, pictures.classes, progress=lambda done: self._after_batch(job, done)
            )
        except _CancelledError:
            job.state = "cancelled"
        except AlexNetVizError as error:
            job.state, job.message = "failed", str(error)
        except Exception:  # noqa: BLE001 (the next job must run; the log says what happened)
            _log.exception("comparison %s failed", job.id)
            job.state, job.message = "failed", "Something went wrong on the server; its log says what."
        else:
            with self._lock:
                self._kept[job.key] = found
                while len(self._kept) > _MOST_KEPT:
                    self._kept.popitem(last=False)
            job.state = "done"

    def _after_batch(self, job: _Job, done: int) -> None:
        """Tell how far it is, and let photos go first."""
        job.done = done
        while self._service.engine.waiting and not job.cancelled.is_set():
            job.cancelled.wait(_PAUSE_SECONDS)
        if job.cancelled.is_set():
            raise _CancelledError

    def kept(self, asked: Asked) -> Comparison | None:
        """Return a comparison that is there already."""
        key = self._resolve(asked)[2]
        with self._lock:
            return self._kept.get(key)

    # ------------------------------------------------------------------ weights, recipes, report

    def weights(self, a: str, b: str) -> Record:
        """Return the distances of both networks' layers, and which moved most."""
        rows = weight_differences(self._service.checkpoint(a)[0].model, self._service.checkpoint(b)[0].model)
        return {"layers": [_for_json(row.to_record()) for row in rows], "most_moved": most_moved(rows)}

    def recipes(self, names: Sequence[str]) -> Record:
        """Return in what the recipes of up to six checkpoints differ.

        Raises:
            ComparisonError: None, or more than six.
        """
        if len(names) > MOST_CHECKPOINTS:
            raise ComparisonError(
                f"{len(names)} checkpoints are more than the {MOST_CHECKPOINTS} that fit; leave some out"
            )
        found = [self._service.checkpoint(name) for name in names]
        rows = recipe_table([checkpoint for checkpoint, _ in found])
        settings = [{"name": row.name, "values": list(row.values), "differs": row.differs} for row in rows]
        return {"titles": [title for _, title in found], "settings": settings}

    def curves(self, name: str) -> bytes:
        """Return the curves of the training that a checkpoint comes from.

        Raises:
            ComparisonError: Nothing is kept of it.
        """
        checkpoint, title = self._service.checkpoint(name)
        run_id, colon, _ = name.rpartition(":")
        if colon:
            path = find_run(runs_folder(), run_id).folder / "metrics.jsonl"
        else:  # several epochs of one training may lie beside one record of it
            stem = re.sub(r"-epoch-\d+$", "", name)
            path = (checkpoint.path or Path(_NOWHERE)).with_name(f"{stem}.metrics.jsonl")
        if not path.is_file():
            raise ComparisonError(f"{title} keeps no record of its training, so there is no curve of it")
        with self._lock:
            known = self._curves.setdefault(path, Curves(path))
        return known.message()

    def stage_file(self, asked: Asked, photo_id: str, stage: str) -> bytes:
        """Return one stage of both for a photo as an .npz file: "a", "b", and, as texts, what they are of.

        Raises:
            StageError: A network has no such stage.
        """
        arrays: dict[str, Any] = {"stage": stage, "photo": self._service.photos.find(photo_id).title}
        for side, name in (("a", asked.a), ("b", asked.b)):
            checkpoint, title = self._service.checkpoint(name)
            stages = self._service.trace(Subject(photo_id, name)).stages
            if stage not in stages:
                raise StageError(stage, tuple(stages))
            arrays |= {side: stages[stage].numpy(), f"{side}_checkpoint": title, f"{side}_variant": checkpoint.variant}
            arrays[f"{side}_digest"] = checkpoint.digest
        stream = io.BytesIO()
        np.savez(stream, **arrays)
        return stream.getvalue()

    def report(self, asked: Asked, photo_id: str) -> str:
        """Return the comparison on one page of HTML: on a photo, and on the data set as far as that is there."""
        sides = [self._service.checkpoint(name) for name in (asked.a, asked.b)]
        first, second = (replace(checkpoint, name=title) for checkpoint, title in sides)
        found = self.kept(asked)
        photo = self._service.photos.find(photo_id)
        image = self._service.photos.decoded(photo).image
        pictures = compare_pictures(first, second, [image])
        changed = changed_channels(
            first, second, picture_inputs(first, second, [image]), found.matchings if found else {}
        )
        data = photo.title
        if found is not None:
            found = replace(found, first_name=first.name, second_name=second.name)
            data = f"{photo.title}; {found.image_count} pictures of {self.pictures(asked.data, asked.count).title}"
        report = make_report(first, second, data=data, comparison=found, pictures=pictures, changed=changed)
        return html_report(report, design_tokens())


def _for_json(record: Mapping[str, object]) -> Record:
    """Return a record for JSON, which has no word for what a diverged network computes: NaN and infinity are None."""
    return {key: without_nan(value) for key, value in record.items()}


def _is_alive(job: _Job) -> bool:
    return job.state in ("waiting", "running") and not job.cancelled.is_set()


def _data_folder() -> Path:
    return Path(os.environ.get("ALEXNET_VIZ_DATA") or "data")


def _has_cifar10() -> bool:
    try:
        find_batches(_data_folder())
    except AlexNetVizError:
        return False
    return True


def _load(name: str) -> TestPictures:
    if name == "shapes":
        return TestPictures("shapes", "shapes", SHAPES_CLASSES, unlearnt_drawings())
    if name == "cifar10":
        return TestPictures("cifar10", "CIFAR-10", CIFAR10_CLASSES, test_pictures(_data_folder()))
    if name.startswith(_OWN):
        data = folder_dataset(uploaded_pictures(name.removeprefix(_OWN)), seed=0)
        return TestPictures(name, OWN_PICTURES, data.classes, data.test)
    raise ComparisonError(f"'{name[:40]}' is no data set; choose shapes or cifar10")
