"""Why a class, for the browser: explanations with their belief, and the prediction of a covered photo."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np
import torch
from cachetools import LRUCache
from numpy.typing import NDArray
from torch import Tensor

from alexnet_viz.checkpoints import UNTRAINED, Checkpoint
from alexnet_viz.device import full_float32
from alexnet_viz.errors import ExplanationError
from alexnet_viz.explain.attribution import Attribution, Pause, Question, attribute, last_maps, load_captum, squares_of
from alexnet_viz.explain.belief import Curves, in_order, judge, likeness, random_rounds, untrained_like
from alexnet_viz.feature_maps import encode
from alexnet_viz.images import normalised
from alexnet_viz.inference import Trace
from alexnet_viz.model import AlexNet
from alexnet_viz.ui.explore.service import Service, Subject

_SHARES = np.linspace(0, 1, 21)
_MOST_KEPT = 60  # explanations: 0.4 MB each


@dataclass(frozen=True)
class Asked:
    """What a browser asks.

    Attributes:
        subject: The photo and the checkpoint.
        method: One of `METHODS`.
        target, versus: Classes by number; None is the predicted one, and none.
        stage: Of Grad-CAM; "" for the last maps.
        judged: False for the map alone, at once.
    """

    subject: Subject
    method: str
    target: int | None
    versus: int | None
    stage: str
    judged: bool = True


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
        self._rounds: LRUCache[Hashable, Curves] = LRUCache(8)
        self._twin: tuple[object, AlexNet] | None = None

    def explanation(self, asked: Asked, check: Callable[[], None]) -> bytes:
        """Return a map, the untrained network's, and the curves; `check` raises once nobody waits for them.

        Raises:
            AlexNetVizError: The question cannot be put, or the network gives no answer.
        """
        checkpoint, title, _, trace = self._service.subject(asked.subject)
        question = _question(asked, checkpoint, trace)
        subject = (trace.input.numpy().tobytes(), checkpoint.digest)
        key = (subject, title, question, asked.judged)  # what one person calls a file is not told to another
        with self._lock:
            if key in self._kept:
                return self._kept[key]

        # Neither needs the engine, and both take a second the first time: nobody is to wait for them.
        load_captum()
        twin = self._untrained(checkpoint) if asked.judged else None

        def work(pass_on: Callable[[], None]) -> bytes:
            def pause() -> None:
                check()
                pass_on()
                check()

            if twin is None:
                found = attribute(checkpoint.model, trace.input, question, pause)
                return encode(_header(checkpoint, title, question, found), {"values": found.values.numpy()})
            return self._computed(checkpoint, twin, title, trace, question, pause, subject)

        message = self._service.engine.in_turns(work)
        with self._lock:
            self._kept[key] = message
        return message

    def covered(self, subject: Subject, pixels: bytes) -> dict[str, object]:
        """Return the probabilities of a photo that was covered by hand: RGB bytes, as many as the network takes."""
        checkpoint, _, rule, _ = self._service.subject(subject)
        if len(pixels) != 3 * rule.size**2:
            raise ExplanationError(f"{len(pixels)} bytes are no picture of {rule.size} × {rule.size}; reload the page")
        rgb = np.frombuffer(pixels, np.uint8).reshape(rule.size, rule.size, 3)
        given = normalised(rgb, rule)[None].to(checkpoint.device)

        def work(_pass_on: Callable[[], None]) -> list[float]:
            with torch.no_grad(), full_float32(checkpoint.device):
                return [float(value) for value in checkpoint.model(given).softmax(1)[0]]

        return {"probabilities": self._service.engine.in_turns(work)}

    # ------------------------------------------------------------------ in the engine's turn

    def _computed(
        self,
        checkpoint: Checkpoint,
        twin: AlexNet,
        title: str,
        trace: Trace,
        question: Question,
        pause: Pause,
        subject: Hashable,
    ) -> bytes:
        model, pixels = checkpoint.model, trace.input
        squares = squares_of(model, last_maps(model))
        found = attribute(model, pixels, question, pause)
        with self._lock:
            rounds = self._rounds.get(subject)
        if rounds is None:
            rounds = random_rounds(model, pixels, squares, pause)
            with self._lock:
                self._rounds[subject] = rounds
        curves = in_order(model, pixels, squares, found.values, pause)
        verdict = judge(curves, rounds, question.target)
        untrained = attribute(twin, pixels, question, pause)
        header = {
            **_header(checkpoint, title, question, found),
            "deletion": verdict.deletion,
            "insertion": verdict.insertion,
            "random_deletion": verdict.random_deletion,
            "random_insertion": verdict.random_insertion,
            "better": verdict.better,
            "verdict": verdict.words,
            "like_untrained": likeness(squares, found.values, untrained.values),
        }
        arrays = {
            "values": found.values.numpy(),
            "untrained": untrained.values.numpy(),
            "curves": _on_shares(curves, question.target),
            "random": _on_shares(rounds, question.target),
        }
        return encode(header, arrays)

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
        raise ExplanationError("This checkpoint gives no answer: its outputs are not numbers. Choose another.")
    target = int(trace.probabilities.argmax()) if asked.target is None else asked.target
    for number in (target, asked.versus or 0):
        if not 0 <= number < len(checkpoint.classes):
            raise ExplanationError(f"This checkpoint has {len(checkpoint.classes)} classes; choose one of them.")
    versus = None if asked.versus == target else asked.versus
    stage = (asked.stage or last_maps(checkpoint.model)) if asked.method == "grad-cam" else ""
    return Question(asked.method, target, versus, stage)


def _header(checkpoint: Checkpoint, title: str, question: Question, found: Attribution) -> dict[str, object]:
    squares = squares_of(checkpoint.model, found.stage or last_maps(checkpoint.model))
    shown = {"count": squares.count, "first": squares.first, "step": squares.step, "size": squares.size}
    return {
        "method": question.method,
        "target": question.target,
        "versus": question.versus,
        "stage": found.stage,
        "checkpoint": title,
        "computed_at": list(found.computed_at),
        "minimum": float(found.values.min()),
        "maximum": float(found.values.max()),
        "squares": shown if found.stage else None,
    }


def _on_shares(curves: Curves, target: int) -> NDArray[np.float32]:
    """Return (2, M, 21): covering and uncovering of each order at every twentieth of the picture."""

    def at(values: Tensor) -> list[NDArray[np.float64]]:
        return [
            np.interp(_SHARES, share.numpy(), curve.numpy())
            for share, curve in zip(curves.share, values[..., target], strict=True)
        ]

    return np.array([at(curves.covering), at(curves.uncovering)], np.float32)
