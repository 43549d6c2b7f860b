"""Pictures made for a channel, for the browser: started, followed, stopped and continued."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass, replace
from typing import Any

from cachetools import LRUCache
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.errors import ExplanationError
from alexnet_viz.explain.attribution import Pause
from alexnet_viz.explain.field_response import FieldResponse
from alexnet_viz.explain.most_possible import most_possible
from alexnet_viz.explain.visualise import Goal, Making, Moment, is_behind_relu
from alexnet_viz.language import said
from alexnet_viz.ui.explore.service import Service
from alexnet_viz.ui.jobs import Jobs, Key, Progress, Record
from alexnet_viz.ui.unit.long_work import in_turns

MOST_STEPS = 2048
_MOST_MADE = 64  # each with its film and what it needs to go on: 4 MB where a field is the whole photo


@dataclass(frozen=True)
class Wanted:
    """A request: the name of a checkpoint, and what to make for it."""

    checkpoint: str
    goal: Goal


class MadePictures:
    """One for the process.

    Args:
        service: Checkpoints and the engine.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._makings: LRUCache[tuple[str, Goal], Making] = LRUCache(_MOST_MADE)
        self._jobs: Jobs[Wanted, bool] = Jobs(self._make, "picture")

    def find(self, wanted: Wanted) -> Record:
        """Return a picture's progress.

        {"state": as of a job, "done" where it has all its steps, "stopped" where it has some, else "none"; "film": the
        step and the response of each moment; "others": seed and response of other seeds that have as many steps;
        "most": what no picture of this contrast exceeds, None before it is done and where that cannot be known}
        """
        checkpoint = self._checked(wanted)
        digest = checkpoint.digest
        film = self._film(digest, wanted.goal)
        told = self._jobs.find(self._key(digest, wanted.goal))
        if told["state"] == "none":
            reached = film[-1].step if film else -1
            told["state"] = "done" if reached >= wanted.goal.steps else "stopped" if film else "none"
            told["message"] = self._jobs.failure(self._key(digest, wanted.goal))
        moments = [{"step": moment.step, "response": moment.response} for moment in film]
        most = most_possible(checkpoint, wanted.goal) if told["state"] == "done" else None
        return {**told, "film": moments, "others": self._others(digest, wanted.goal), "most": most}

    def start(self, wanted: Wanted) -> Record:
        """Start a picture, continue it, or join those who wait for it; raises AlexNetVizError."""
        digest = self._checked(wanted).digest
        film = self._film(digest, wanted.goal)
        if film and film[-1].step >= wanted.goal.steps:
            return {"state": "done"}
        return self._jobs.start(wanted, self._key(digest, wanted.goal), wanted.goal.steps)

    def cancel(self, job_id: str) -> Record:
        """Stop a picture unless another browser waits for it too; raises ComparisonError."""
        return self._jobs.cancel(job_id)

    def picture(self, wanted: Wanted, step: int) -> bytes:
        """Return a step's picture as a PNG with a description; the last one where that step is no longer kept.

        Raises:
            ExplanationError: It is no longer kept.
        """
        film = self._film(self._checked(wanted).digest, wanted.goal)
        if not film:
            raise ExplanationError(said("this picture is no longer kept; make it again"))
        moment = next((each for each in film if each.step == step), film[-1])
        return _png(moment, wanted.goal, self._service.checkpoint(wanted.checkpoint)[1])

    # ------------------------------------------------------------------ with the engine

    def _make(self, wanted: Wanted, progress: Progress) -> bool:
        checkpoint, _ = self._service.checkpoint(wanted.checkpoint)
        name = (checkpoint.digest, replace(wanted.goal, steps=0))
        with self._lock:
            making = self._makings.setdefault(name, Making(wanted.goal))

        def work(tell: Progress, pause: Pause) -> bool:
            making.go_on(checkpoint, wanted.goal.steps, lambda moment: tell(moment.step), pause)
            return True

        return in_turns(self._service.engine, progress, work)

    def _film(self, digest: str, goal: Goal) -> tuple[Moment, ...]:
        with self._lock:
            making = self._makings.get((digest, replace(goal, steps=0)))
        if making is None:
            return ()
        film = making.film  # of a picture that has gone on, what was asked for
        return tuple(moment for moment in film if moment.step <= goal.steps)

    def _others(self, digest: str, goal: Goal) -> list[dict[str, Any]]:
        with self._lock:
            known = [(name[1], making.film) for name, making in self._makings.items() if name[0] == digest]
        alike = [(each, film) for each, film in known if replace(each, seed=goal.seed) == replace(goal, steps=0)]
        found = [
            {"seed": each.seed, "response": moment.response}
            for each, film in alike
            for moment in film
            if moment.step == goal.steps and each.seed != goal.seed
        ]
        return sorted(found, key=lambda row: int(row["seed"]))

    def _checked(self, wanted: Wanted) -> Checkpoint:
        """Return the checkpoint; raises StageError or UnitError where it has no such unit."""
        checkpoint, _ = self._service.checkpoint(wanted.checkpoint)
        FieldResponse(checkpoint, wanted.goal.stage, wanted.goal.channel)
        return checkpoint

    def _key(self, digest: str, goal: Goal) -> Key:
        return digest, repr(replace(goal, steps=0)), str(goal.steps)


def _png(moment: Moment, goal: Goal, checkpoint: str) -> bytes:
    """Return a picture as a file; `checkpoint` is the title, since an own file's name in addresses is nobody else's."""
    about = PngInfo()
    inhibits = "inhibits, before the ReLU" if is_behind_relu(goal.stage) else "inhibits"
    sign = inhibits if goal.negative else "excites"
    told = {
        "method": "activation maximisation",
        "checkpoint": checkpoint,
        "unit": f"{goal.stage}, channel {goal.channel}, {sign}",
        "made with": f"seed {goal.seed}, step {moment.step}, contrast {goal.contrast}",
        "response": f"{moment.response:.4g}",
    }
    for name, text in told.items():
        about.add_itxt(name, text)
    stream = io.BytesIO()
    Image.fromarray(moment.picture.numpy()).save(stream, "PNG", pnginfo=about)
    return stream.getvalue()
