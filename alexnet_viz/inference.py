"""Photos through networks: one pass as a `Trace`, and the engine that serves everyone from one process.

trace(load_checkpoint("untrained"), read_image("cat.jpg")).stages["block1.pool"]  # (96, 27, 27)

engine = Engine()
engine.trace(Photo.read(content, "cat.jpg"), "untrained")  # from any number of threads
"""

from __future__ import annotations

import hashlib
import queue
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import psutil
import torch
from cachetools import LRUCache
from PIL import Image
from torch import Tensor

from alexnet_viz.answers import NO_ANSWER, answers, probabilities
from alexnet_viz.checkpoints import Checkpoint, CheckpointRef, load_checkpoint, resolve_checkpoint
from alexnet_viz.device import choose_device, describe_device, full_float32
from alexnet_viz.errors import ImageError
from alexnet_viz.images import InputRule, read_image, to_tensor
from alexnet_viz.recent import Recent

__all__ = ["Engine", "Photo", "Trace", "choose_device", "trace"]

_T = TypeVar("_T")
_MOST_MODELS = 3  # 233 MB each in float32
_MOST_TRACE_BYTES = 256_000_000  # 30 traces: 8.4 MB each, all stages in float32


@dataclass(frozen=True)
class Photo:
    """A picture with the name that it is cached by.

    Attributes:
        name: As the person knows it.
        image: RGB.
        digest: Of the file's content, so that the same file is computed once whoever brings it.
    """

    name: str
    image: Image.Image
    digest: str

    @classmethod
    def read(cls, content: bytes, name: str) -> Photo:
        """Return the picture in a file's content; raises ImageError."""
        return cls(name, read_image(content, name=name), hashlib.sha256(content).hexdigest())


@dataclass(frozen=True, eq=False)
class Trace:
    """What one network computed for one picture. Everything is float32 on the CPU and may be shared: not to be changed.

    Attributes:
        stages: Each stage's output by name, in order: (C, H, W), or (C,) from fc1 on.
        logits: (K,), the last stage.
        probabilities: (K,), their softmax; of one output its sigmoid.
        input: (3, S, S), what the first stage was given.
        seconds: Duration of the forward pass alone.
        device: In words: "CPU, 2 cores".
        memory_bytes: On a GPU the most that was allocated during the pass; else what the process held after it.
    """

    stages: dict[str, Tensor]
    logits: Tensor
    probabilities: Tensor
    input: Tensor
    seconds: float
    device: str
    memory_bytes: int

    @property
    def has_answer(self) -> bool:
        """Whether its logits are numbers, so that one of them is the largest."""
        return bool(answers(self.logits[None])[0] != NO_ANSWER)

    @property
    def nbytes(self) -> int:
        """Memory that its tensors take."""
        return sum(tensor.nbytes for tensor in (self.input, self.probabilities, *self.stages.values()))


def trace(checkpoint: Checkpoint, image_or_tensor: Image.Image | Tensor) -> Trace:
    """Return what `checkpoint` computes for a picture; any number of threads may do so at once.

    Args:
        checkpoint: Its model is run in eval mode and keeps no gradient.
        image_or_tensor: A picture, preprocessed by the checkpoint's own rule, or a normalised (3, S, S) tensor.
    Raises:
        ImageError: A picture that cannot be decoded, or a tensor of another shape or kind, or with NaN in it.
    """
    return _forward(checkpoint, _network_input(checkpoint, image_or_tensor, checkpoint.input_rule))


def _network_input(checkpoint: Checkpoint, given: object, rule: InputRule) -> Tensor:
    """Return the network's input (C, S, S), float32 on the CPU."""
    if isinstance(given, Tensor):
        return _checked(given, checkpoint)
    if not isinstance(given, Image.Image):
        raise ImageError(f"a {type(given).__name__}", "is not a picture; give a PIL image or a normalised tensor")
    if 0 in given.size:
        raise ImageError("the picture", "has no pixels; give another")
    try:
        return to_tensor(given, rule)
    except (OSError, ValueError, SyntaxError) as error:  # Pillow decodes an opened file only now
        raise ImageError("the picture", "cannot be decoded; open it with read_image, which says why") from error


def _checked(tensor: Tensor, checkpoint: Checkpoint) -> Tensor:
    size, channels = checkpoint.input_rule.size, checkpoint.input_rule.channels
    if tuple(tensor.shape) != (channels, size, size):
        given = " × ".join(map(str, tensor.shape)) or "a single number"
        raise ImageError(f"a tensor of {given}", f"does not fit; this network takes {channels} × {size} × {size}")
    if not tensor.is_floating_point():
        kind = str(tensor.dtype).removeprefix("torch.")
        raise ImageError(f"a tensor of {kind}", "is not normalised; give floating-point values, or a PIL image")
    values = tensor.detach().to("cpu", torch.float32)
    if not bool(torch.isfinite(values).all()):
        raise ImageError("the tensor", "holds NaN or infinity; give finite values")
    return values


def _forward(checkpoint: Checkpoint, pixels: Tensor) -> Trace:
    """Return the trace of one input (3, S, S).

    `no_grad` rather than `inference_mode`: tensors made in inference mode may never take part in a gradient again, and
    an explanation starts from the very tensors that are on the screen. The passes take equally long.
    """
    model, device = checkpoint.model.eval(), checkpoint.device
    batch = pixels[None].to(device)
    with torch.no_grad(), full_float32(device):
        _forget_peak(device)
        _wait_for(device)
        started = time.perf_counter()
        stages = {name: output[0] for name, output in model.walk(batch)}
        _wait_for(device)
        seconds = time.perf_counter() - started
        memory = _memory_bytes(device)
        stages = {name: output.to("cpu").contiguous() for name, output in stages.items()}
        shares = probabilities(stages["logits"])
    return Trace(stages, stages["logits"], shares, pixels, seconds, describe_device(device), memory)


def _forget_peak(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def _wait_for(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def _memory_bytes(device: torch.device) -> int:
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    return int(psutil.Process().memory_info().rss)


class Engine:
    """Networks and traces of one device, shared by every session of the process.

    Requests are computed one at a time in the order in which they came, by one thread that uses all cores: every
    session waits its turn, nobody starves, and the memory of one pass is taken once. A request for what is being
    computed already waits for that; one for what is remembered is answered at once. What fails is raised to those who
    asked for it and is not remembered.

    Args:
        device: By default `choose_device()`'s answer.
        most_models: Networks in memory; the one unused longest is dropped for another.
        most_trace_bytes: Memory of remembered traces; the one unused longest is dropped for another.
        clock: Seconds; by it `let_go` knows what nobody has asked for in a while.
    Attributes:
        last_answer: When a photo was computed last (seconds since 1970), and how long that took, waiting included.
    Raises:
        DeviceError: There is no such device.
    """

    def __init__(
        self,
        device: str | torch.device | None = None,
        *,
        most_models: int = _MOST_MODELS,
        most_trace_bytes: int = _MOST_TRACE_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.device = choose_device(device)
        self.last_answer: tuple[float, float] | None = None
        self._lock = threading.Lock()  # of everything below; held for bookkeeping only, never while computing
        self._models: LRUCache[Hashable, Checkpoint] = LRUCache(most_models)
        self._traces: Recent[Hashable, Trace] = Recent(most_trace_bytes, lambda trace: trace.nbytes, clock)
        self._pending: dict[Hashable, Future[Trace]] = {}
        self._waiting = 0
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._worker: threading.Thread | None = None

    @property
    def waiting(self) -> int:
        """How many requests will be answered before a new one: those in the queue and the one being computed."""
        with self._lock:
            return self._waiting

    def trace(self, photo: Photo, checkpoint: str | CheckpointRef, rule: InputRule | None = None) -> Trace:
        """Return what a checkpoint computes for a photo; waits its turn.

        Args:
            photo: Traces are remembered by its digest.
            checkpoint: As `load_checkpoint` takes it.
            rule: In place of the checkpoint's own.
        Raises:
            AlexNetVizError: As `load_checkpoint` and `trace` raise it.
        """
        started = time.perf_counter()
        found = _resolved(checkpoint)
        key = (photo.digest, found.identity, rule)
        with self._lock:
            known = self._traces.get(key)
            if known is not None:
                return known
            pending = self._pending.get(key)
            if pending is None:
                pending = self._pending[key] = Future()
                self._submit(lambda: self._compute(key, photo, found, rule), pending)
        result = pending.result()
        self.last_answer = (time.time(), time.perf_counter() - started)
        return result

    def checkpoint(self, name: str | CheckpointRef) -> Checkpoint:
        """Return a loaded checkpoint, for its classes and weights; waits its turn if it has to be loaded.

        Raises:
            AlexNetVizError: As `load_checkpoint` raises it.
        """
        found = _resolved(name)
        with self._lock:
            if found.identity in self._models:
                return self._models[found.identity]
            loading: Future[Checkpoint] = Future()
            self._submit(lambda: self._load(found), loading)
        return loading.result()

    def in_turns(self, work: Callable[[Callable[[], None]], _T]) -> _T:
        """Run long work in the calling thread while the engine's own pauses; return its result.

        The work is given a function to call between its passes: whoever waits then goes first, photos and the long
        work of other sessions alike. Checkpoints that it needs are loaded before it.
        """
        turn = self._take_turn()

        def pass_on() -> None:
            nonlocal turn
            if self.waiting > 1:  # not only this turn itself
                turn.set()
                turn = self._take_turn()

        try:
            return work(pass_on)
        finally:
            turn.set()

    def close(self) -> None:
        """Finish the queued requests and end the thread; for tests and scripts, since a server just exits."""
        with self._lock:
            worker, self._worker = self._worker, None
            self._jobs.put(None)
        if worker is not None:
            worker.join()

    def _take_turn(self) -> threading.Event:
        """Wait in the queue; the engine's thread then pauses until the returned event is set."""
        begun, over = threading.Event(), threading.Event()

        def stand_still() -> None:
            begun.set()
            over.wait()

        with self._lock:
            self._submit(stand_still, Future())
        begun.wait()
        return over

    def _submit(self, compute: Callable[[], _T], answer: Future[_T]) -> None:
        """Put a request into the queue; the lock is held."""
        self._waiting += 1
        self._jobs.put(lambda: self._answer(compute, answer))
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, name="inference", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            del job  # or the last answer would live until the next request

    def _answer(self, compute: Callable[[], _T], answer: Future[_T]) -> None:
        """Set the answer or the exception; no exception ends the thread."""
        try:
            result = compute()
        except BaseException as error:  # noqa: BLE001 (whatever it is, those who wait must hear of it)
            self._one_done()
            answer.set_exception(error)
        else:
            self._one_done()
            answer.set_result(result)

    def _one_done(self) -> None:
        with self._lock:
            self._waiting -= 1

    def _compute(self, key: Hashable, photo: Photo, found: CheckpointRef, rule: InputRule | None) -> Trace:
        try:
            checkpoint = self._load(found)
            result = _forward(checkpoint, _network_input(checkpoint, photo.image, rule or checkpoint.input_rule))
            self._remember(key, result)
            return result
        finally:
            with self._lock:
                del self._pending[key]

    def forget(self) -> None:
        """Remove all cached traces."""
        with self._lock:
            self._traces.clear()

    def let_go(self) -> bool:
        """Remove expired traces; return whether there were any. Networks stay."""
        with self._lock:
            return bool(list(self._traces.expire()))

    def _remember(self, key: Hashable, result: Trace) -> None:
        with self._lock, suppress(ValueError):  # larger than all that may be remembered
            self._traces[key] = result

    def _load(self, found: CheckpointRef) -> Checkpoint:
        """Return the checkpoint from memory or from its file; runs on the engine's own thread."""
        with self._lock:
            if found.identity in self._models:
                return self._models[found.identity]
            while len(self._models) >= self._models.maxsize:  # before loading, so that there is never one more
                self._models.popitem()
        checkpoint = load_checkpoint(found, self.device)
        with self._lock:
            self._models[found.identity] = checkpoint
        return checkpoint


def _resolved(checkpoint: str | CheckpointRef) -> CheckpointRef:
    return checkpoint if isinstance(checkpoint, CheckpointRef) else resolve_checkpoint(checkpoint)
