"""Jobs on many pictures: one at a time, shared by all who ask for the same, until all of them have cancelled.

A job continues when its page is left, and its result is there when the person comes back. So that closed tabs delay
nobody, each person may have only a few jobs waiting, and people take turns.
"""

from __future__ import annotations

import logging
import os
import queue
import secrets
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from cachetools import LRUCache

from alexnet_viz.errors import AlexNetVizError, ComparisonError
from alexnet_viz.language import in_language, said
from alexnet_viz.memory import NOT_ENOUGH, is_out_of_memory
from alexnet_viz.ui.people import asking

_MOST_KEPT = 16  # results, some hundred kB each
_MOST_WAITING = 4  # of one person alone
_MOST_JOBS = 64  # finished ones whose state may still be asked for
_NICENESS = 10  # an explored photo goes before a batch
_PAUSE_SECONDS = 0.02
_NOT_KNOWN = {
    "comparison": said("this comparison is not known any more; start it again"),
    "search": said("this search is not known any more; start it again"),
    "picture": said("this picture is not known any more; start it again"),
    "fetch": said("this fetch is not known any more; start it again"),
}
_MADE_ROOM = said("Too much of yours was waiting, so this has made room for what you began later; start it again.")
_log = logging.getLogger(__name__)
Record = dict[str, Any]
Key = tuple[str, str, str]  # what the result depends on: digests of networks, fingerprint of the pictures
Asked = TypeVar("Asked")
Result = TypeVar("Result")
# Called with the number of pictures done after each batch.
Progress = Callable[[int], None]


@dataclass(eq=False)
class Job(Generic[Asked]):
    """Work that waits, runs or has ended.

    Attributes:
        asked: As the person asked who came first; `key` is the same for all.
        owner: Who came first: whose turn it takes.
        asked_by: As each person asked last, in names that may mean something to them alone.
        viewers: How often each person asked for it and did not cancel it.
        context: Who came first, for whom it is done.
    """

    asked: Asked
    key: Key
    total: int
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    state: str = "waiting"
    done: int = 0
    message: str = ""
    owner: str = field(default_factory=asking)
    asked_by: dict[str, Asked] = field(default_factory=dict)
    viewers: Counter[str] = field(default_factory=Counter)
    context: Context = field(default_factory=copy_context)
    started: float = 0.0
    cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def is_alive(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("waiting", "running") and not self.cancelled.is_set()


class _CancelledError(Exception):
    """Nobody waits for this job any more."""


class Jobs(Generic[Asked, Result]):
    """Jobs run one at a time in a thread of low priority, and pause while a photo waits.

    Args:
        work: Does it; what its progress raises comes out unchanged.
        what: A job is of, a key of the sentences above.
        is_busy: Whether a photo waits for the networks; work that lets others go between its steps need not ask.
        most_kept: Results in memory.
    """

    def __init__(
        self,
        work: Callable[[Asked, Progress], Result],
        what: str = "comparison",
        is_busy: Callable[[], bool] = lambda: False,
        most_kept: int = _MOST_KEPT,
    ) -> None:
        self._do, self._is_busy, self._what = work, is_busy, what
        self._lock = threading.Lock()  # of all states: readers take it, so writers do
        self._kept: LRUCache[Key, Result] = LRUCache(most_kept)
        self._jobs: dict[str, Job[Asked]] = {}  # the oldest first
        self._added: queue.SimpleQueue[None] = queue.SimpleQueue()  # once for each job
        self._worker: threading.Thread | None = None

    def kept(self, key: Key) -> Result | None:
        """Return a finished result."""
        with self._lock:
            return self._kept.get(key)

    def find(self, key: Key) -> Record:
        """Return a job's progress, {"state": "none"} where nobody has asked for it; with "id" for those who have."""
        with self._lock:
            job = self._alive(key)
            record = self._record(job) if job else {"state": "none"}
            if job and asking() not in job.asked_by:
                del record["id"]  # they could not cancel it
            return record

    def failure(self, key: Key) -> str:
        """Return why the last such job failed; "" where it did not, or another is under way."""
        with self._lock:
            last = next((job for job in reversed(self._jobs.values()) if job.key == key), None)
            return last.message if last and last.state == "failed" else ""

    def start(self, asked: Asked, key: Key, total: int) -> Record:
        """Start a job, or join the one under way."""
        with self._lock:
            job = self._alive(key)
            if job is None:
                self._make_room()
                job = Job(asked, key, total)
                self._jobs[job.id] = job
                self._forget_old_jobs()
                self._added.put(None)
                self._start_worker()
            job.viewers[asking()] += 1
            job.asked_by[asking()] = asked
            return self._record(job)

    def state(self, job_id: str) -> tuple[Record, Key, Asked]:
        """Return a job's progress, its key, and the person's request for it; raises ComparisonError."""
        with self._lock:
            job = self._find(job_id)
            return self._record(job), job.key, job.asked_by[asking()]

    def cancel(self, job_id: str) -> Record:
        """Cancel a job unless another tab or person waits for it too; raises ComparisonError."""
        with self._lock:
            job = self._find(job_id)
            job.viewers[asking()] = max(0, job.viewers[asking()] - 1)
            if not job.viewers.total():
                job.cancelled.set()
                if job.state == "waiting":
                    job.state = "cancelled"
            return self._record(job)

    # ------------------------------------------------------------------ with the lock held

    def _alive(self, key: Key) -> Job[Asked] | None:
        return next((job for job in self._jobs.values() if job.key == key and job.is_alive), None)

    def _in_turns(self) -> list[Job[Asked]]:
        """Return the jobs in order: the running one, then one per waiting person, last served last."""
        served, counts = dict[str, float](), Counter[str]()
        for job in self._jobs.values():
            served[job.owner] = max(served.get(job.owner, 0.0), job.started)
        rounds = {}
        for job in (job for job in self._jobs.values() if job.is_alive):
            rounds[job.id] = (-1 if job.state == "running" else counts[job.owner], served[job.owner])
            counts[job.owner] += job.state == "waiting"
        return [self._jobs[each] for each in sorted(rounds, key=lambda each: rounds[each])]

    def _find(self, job_id: str) -> Job[Asked]:
        job = self._jobs.get(job_id)
        if job is None or asking() not in job.asked_by:  # another person's is as unknown as one that is forgotten
            raise ComparisonError(_NOT_KNOWN[self._what])
        return job

    def _record(self, job: Job[Asked]) -> Record:
        """Return a job's record for the browser."""
        alive = self._in_turns()
        before = alive.index(job) if job in alive else 0
        seconds = time.monotonic() - job.started if job.started else 0.0
        left = seconds / job.done * (job.total - job.done) if job.done else None
        about = {"id": job.id, "state": job.state, "done": job.done, "total": job.total, "before": before}
        return {**about, "seconds_left": left, "message": job.message}

    def _make_room(self) -> None:
        """Cancel the longest waiting of the jobs that only this person waits for, where there are too many."""
        alive = [job for job in self._jobs.values() if job.is_alive and job.state == "waiting"]
        theirs = [job for job in alive if set(+job.viewers) == {asking()}]
        for job in theirs[: max(0, len(theirs) + 1 - _MOST_WAITING)]:
            job.cancelled.set()
            job.state, job.message = "failed", _MADE_ROOM

    def _forget_old_jobs(self) -> None:
        ended = [job for job in self._jobs.values() if not job.is_alive]
        for job in ended[: max(0, len(self._jobs) - _MOST_JOBS)]:
            del self._jobs[job.id]

    def _start_worker(self) -> None:
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, name=self._what, daemon=True)
            self._worker.start()

    # ------------------------------------------------------------------ in the worker's thread

    def _work(self) -> None:
        if sys.platform == "linux":  # elsewhere a thread has no priority of its own
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        while True:
            self._added.get()
            with self._lock:
                waiting = self._in_turns()  # nothing runs now
            if waiting:
                self._run(waiting[0])

    def _run(self, job: Job[Asked]) -> None:
        with self._lock:
            if job.cancelled.is_set():
                return
            job.state, job.started = "running", time.monotonic()
        found, state, message = self._outcome(job)
        with self._lock:
            if found is not None:
                self._kept[job.key] = found
            job.state, job.message = state, message

    def _outcome(self, job: Job[Asked]) -> tuple[Result | None, str, str]:
        """Run a job and return its result, state and message."""
        try:
            return job.context.run(self._found, job), "done", ""
        except _CancelledError:
            return None, "cancelled", ""
        except AlexNetVizError as error:
            return None, "failed", error.args[0]
        except Exception as error:  # noqa: BLE001 (the next job must run; the log says what happened)
            _log.exception("%s %s failed", self._what, job.id)
            wrong = said("Something went wrong on the server; its log says what.")
            return None, "failed", NOT_ENOUGH if is_out_of_memory(error) else wrong

    def _found(self, job: Job[Asked]) -> Result:
        with in_language("en"):  # the result is everybody's
            return self._do(job.asked, lambda done: self._after_batch(job, done))

    def _after_batch(self, job: Job[Asked], done: int) -> None:
        """Report progress, and let photos go first."""
        with self._lock:
            job.done = done
        while self._is_busy() and not job.cancelled.is_set():
            job.cancelled.wait(_PAUSE_SECONDS)
        if job.cancelled.is_set():
            raise _CancelledError
