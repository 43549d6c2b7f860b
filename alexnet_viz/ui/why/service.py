"""The work behind the Why page: attributions with their checks, and the prediction of a covered photo."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from cachetools import LRUCache
from numpy.typing import NDArray
from torch import Tensor

from alexnet_viz.answers import probabilities
from alexnet_viz.checkpoints import UNTRAINED, Checkpoint
from alexnet_viz.device import full_float32
from alexnet_viz.errors import ExplanationError
from alexnet_viz.explain.attribution import (
    Attribution,
    Question,
    attribute,
    last_maps,
    load_captum,
    passes_of,
    squares_of,
)
from alexnet_viz.explain.belief import (
    RANDOM_MAPS,
    Curves,
    Verdict,
    in_order,
    judge,
    likeness,
    passes_in_order,
    random_rounds,
    untrained_like,
)
from alexnet_viz.feature_maps import encode
from alexnet_viz.images import normalised
from alexnet_viz.inference import Trace
from alexnet_viz.language import said
from alexnet_viz.model import AlexNet
from alexnet_viz.ui.explore.service import Service, Subject

_SHARES = np.linspace(0, 1, 21)
_Kept = TypeVar("_Kept")
_MOST_KEPT = 60  # explanations: 0.4 MB each


@dataclass(frozen=True)
class Asked:
    """A request for an explanation.

    Attributes:
        subject: The photo and the checkpoint.
        method: One of `METHODS`.
        target, versus: Classes by number; None is the predicted one, and none.
        stage: Of Grad-CAM; "" for the last maps.
        judged: False for the map alone, at once.
        id: Under which the browser asks how many passes are done.
    """

    subject: Subject
    method: str
    target: int | None
    versus: int | None
    stage: str
    judged: bool = True
    id: str = ""


@dataclass(frozen=True, eq=False)
class _Found:
    """A map, and how long it took, the passes of others included."""

    attribution: Attribution
    seconds: float


@dataclass(frozen=True, eq=False)
class _Work:
    """An explanation to compute.

    Attributes:
        checkpoint, title, trace, question: Of whom, and what.
        twin: The untrained network, None for the map alone.
        subject: Names the input and the network.
    """

    checkpoint: Checkpoint
    title: str
    trace: Trace
    question: Question
    twin: AlexNet | None
    subject: Hashable


class WhyService:
    """Explanations through the engine's queue, remembered by what was asked.

    Args:
        service: The photos, checkpoints and the engine of the process.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._drawing = threading.Lock()  # of the twin, which takes a second
        self._kept: LRUCache[Hashable, bytes] = LRUCache(_MOST_KEPT)
        self._maps: LRUCache[Hashable, _Found] = LRUCache(_MOST_KEPT)
        self._rounds: LRUCache[Hashable, Curves] = LRUCache(8)
        self._passes: LRUCache[Hashable, tuple[int, int]] = LRUCache(256)  # done and in all, of each asker's question
        self._twin: tuple[object, AlexNet] | None = None

    def explanation(self, asked: Asked, check: Callable[[], None]) -> bytes:
        """Return a map, the untrained network's, and the curves; `check` raises once nobody waits for them.

        Raises:
            AlexNetVizError: The question cannot be put, or the network gives no answer.
        """
        checkpoint, title, _, trace = self._service.subject(asked.subject)
        question = _question(asked, checkpoint, trace)
        subject = (hashlib.blake2b(trace.input.numpy().tobytes()).digest(), checkpoint.digest)
        key = (subject, title, question, asked.judged)  # what one person calls a file is not told to another
        with self._lock:
            if key in self._kept:
                return self._kept[key]
        # Neither needs the engine, and both take a second the first time: nobody is to wait for them.
        load_captum()
        twin = self._untrained(checkpoint) if asked.judged else None
        message = self._service.engine.in_turns(
            lambda pass_on: self._computed(
                _Work(checkpoint, title, trace, question, twin, subject), asked.id, check, pass_on
            )
        )
        with self._lock:
            self._kept[key] = message
        return message

    def passes(self, asked_id: str) -> dict[str, int]:
        """Return how many passes of an explanation are done, of how many; 0 of 0 before its first."""
        with self._lock:
            done, total = self._passes.get(asked_id, (0, 0))
        return {"done": done, "total": total}

    def covered(self, subject: Subject, pixels: bytes) -> dict[str, object]:
        """Return the probabilities of a photo that was covered by hand: RGB bytes, as many as the network takes."""
        checkpoint, _, rule, _ = self._service.subject(subject)
        if len(pixels) != 3 * rule.size**2:
            raise ExplanationError(
                said(
                    "{n} bytes are no picture of {side} × {side}; reload the page",
                    n=str(len(pixels)),
                    side=str(rule.size),
                )
            )
        rgb = np.frombuffer(pixels, np.uint8).reshape(rule.size, rule.size, 3)
        given = normalised(rgb, rule)[None].to(checkpoint.device)

        def work(_pass_on: Callable[[], None]) -> list[float]:
            with torch.no_grad(), full_float32(checkpoint.device):
                return [float(value) for value in probabilities(checkpoint.model(given))[0]]

        return {"probabilities": self._service.engine.in_turns(work)}

    # ------------------------------------------------------------------ in the engine's turn

    def _computed(self, work: _Work, asked_id: str, check: Callable[[], None], pass_on: Callable[[], None]) -> bytes:
        known, rounds = self._known(work)
        done, total = 0, _passes(work, known, rounds)

        def pause() -> None:
            nonlocal done
            check()
            pass_on()
            check()
            with self._lock:
                self._passes[asked_id] = (done, total)
            done += 1

        model, pixels, question = work.checkpoint.model, work.trace.input, work.question
        found = known or _timed(lambda: attribute(model, pixels, question, pause))
        self._keep(self._maps, (work.subject, question), found)
        header, arrays = _header(work, found), {"values": found.attribution.values.numpy()}
        if work.twin is None:
            return encode(header, arrays)
        squares = squares_of(model, last_maps(model))
        rounds = rounds or random_rounds(model, pixels, squares, pause)
        self._keep(self._rounds, work.subject, rounds)
        values = found.attribution.values
        curves = in_order(model, pixels, squares, values, pause)
        untrained = attribute(work.twin, pixels, question, pause).values
        verdict = judge(curves, rounds, question.target)
        return encode(
            {**header, **_belief(verdict), "like_untrained": likeness(squares, values, untrained)},
            {
                **arrays,
                "untrained": untrained.numpy(),
                "curves": _on_shares(curves, question.target),
                "random": _on_shares(rounds, question.target),
            },
        )

    def _known(self, work: _Work) -> tuple[_Found | None, Curves | None]:
        """Return the map and the random maps' curves that are cached."""
        with self._lock:
            return self._maps.get((work.subject, work.question)), self._rounds.get(work.subject)

    def _keep(self, kept: LRUCache[Hashable, _Kept], key: Hashable, value: _Kept) -> None:
        with self._lock:
            kept[key] = value

    def _untrained(self, checkpoint: Checkpoint) -> AlexNet:
        """Return the untrained twin; the last one is kept, since one session asks for many maps."""
        key = (checkpoint.model.variant, checkpoint.model.num_classes)
        if checkpoint.name == UNTRAINED:
            return checkpoint.model
        with self._drawing:
            if self._twin is None or self._twin[0] != key:
                self._twin = None  # so that there is never one more
                self._twin = (key, untrained_like(checkpoint.model))
            return self._twin[1]


def _question(asked: Asked, checkpoint: Checkpoint, trace: Trace) -> Question:
    if not trace.has_answer:
        raise ExplanationError(said("This checkpoint gives no answer: its outputs are not numbers. Choose another."))
    target = int(trace.probabilities.argmax()) if asked.target is None else asked.target
    for number in (target, asked.versus or 0):
        if not 0 <= number < len(checkpoint.classes):
            raise ExplanationError(
                said("This checkpoint has {n} classes; choose one of them.", n=str(len(checkpoint.classes)))
            )
    versus = None if asked.versus == target else asked.versus
    stage = (asked.stage or last_maps(checkpoint.model)) if asked.method == "grad-cam" else ""
    return Question(asked.method, target, versus, stage)


def _timed(explain: Callable[[], Attribution]) -> _Found:
    started = time.perf_counter()
    return _Found(explain(), time.perf_counter() - started)


def _passes(work: _Work, known: _Found | None, rounds: Curves | None) -> int:
    """Return how many passes an explanation takes."""
    device, size = work.checkpoint.device, work.trace.input.shape[-1]
    own = passes_of(work.question.method, size, device)
    ahead = 0 if known else own
    if work.twin is None:
        return ahead
    return ahead + own + passes_in_order(1, device) + (0 if rounds else passes_in_order(RANDOM_MAPS, device))


def _header(work: _Work, found: _Found) -> dict[str, object]:
    model, question, attribution = work.checkpoint.model, work.question, found.attribution
    squares = squares_of(model, attribution.stage or last_maps(model))
    shown = {"count": squares.count, "first": squares.first, "step": squares.step, "size": squares.size}
    return {
        "method": question.method,
        "target": question.target,
        "versus": question.versus,
        "stage": attribution.stage,
        "checkpoint": work.title,
        "computed_at": list(attribution.computed_at),
        "minimum": float(attribution.values.min()),
        "maximum": float(attribution.values.max()),
        "squares": shown if attribution.stage else None,
        "passes": passes_of(question.method, work.trace.input.shape[-1], work.checkpoint.device),
        "seconds": found.seconds,
    }


def _belief(verdict: Verdict) -> dict[str, object]:
    return {
        "deletion": verdict.deletion,
        "insertion": verdict.insertion,
        "random_deletion": verdict.random_deletion,
        "random_insertion": verdict.random_insertion,
        "better": verdict.better,
    }


def _on_shares(curves: Curves, target: int) -> NDArray[np.float32]:
    """Return (2, M, 21): covering and uncovering of each order at every twentieth of the picture."""

    def at(values: Tensor) -> list[NDArray[np.float64]]:
        return [
            np.interp(_SHARES, share.numpy(), curve.numpy())
            for share, curve in zip(curves.share, values[..., target], strict=True)
        ]

    return np.array([at(curves.covering), at(curves.uncovering)], np.float32)
