"""What a channel is worth, and how often an altered network is right, computed part by part.

There is no job to follow or cancel: a page asks for one part after the other, shows its progress, and stops by not
asking again.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

import torch
from cachetools import LRUCache
from torch import Tensor

from alexnet_viz.answers import answers
from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.device import pictures_at_once
from alexnet_viz.errors import ExplanationError, StageError
from alexnet_viz.explain.ablation import answers_before_and_after, changes_of, costs
from alexnet_viz.language import said
from alexnet_viz.training.augmentation import prepare_as
from alexnet_viz.training.datasets.dataset import Split
from alexnet_viz.training.unseen import unseen
from alexnet_viz.ui.compare.service import ComparisonService
from alexnet_viz.ui.explore.service import Service, Subject
from alexnet_viz.ui.jobs import Record

_CHANNELS_AT_ONCE, _UNITS_AT_ONCE = 8, 256  # behind a fully connected stage little is left to compute
_MOST_PICTURES = 1000
_MOST_KEPT = 4


@dataclass(frozen=True)
class Labelled:
    """Pictures that a checkpoint has not learnt from, labelled by its own classes.

    Attributes:
        title: What they are, behind their number.
        split: At least one.
        labels: (N,), places among the checkpoint's classes.
    """

    title: str
    split: Split
    labels: Tensor


class AblationService:
    """One for the process.

    Args:
        service: Checkpoints, photos, the engine.
        comparisons: The sets of labelled pictures.
    """

    def __init__(self, service: Service, comparisons: ComparisonService) -> None:
        self._service, self._comparisons = service, comparisons
        self._lock = threading.Lock()
        self._sets: LRUCache[tuple[str, str], Labelled] = LRUCache(_MOST_KEPT)  # by checkpoint and set

    def costs(self, subject: Subject, stage: str, first: int, target: int) -> Record:
        """Return a class's probability with each of some channels switched off alone; waits its turn.

        {"first": the first of them, "total": channels of the stage, "whole": the probability with all of them,
        "left": one probability for each}

        Args:
            subject: An alteration is left out: each channel is off alone.
            stage: Any.
            first: The first channel that is asked for; there is an end to each answer.
            target: The class, by number.
        Raises:
            StageError, ExplanationError: There is no such stage, channel or class, or no answer.
        """
        checkpoint, _, _, trace = self._service.subject(replace(subject, altered=""))
        if stage not in trace.stages:
            raise StageError(stage, tuple(trace.stages))
        if not trace.has_answer:
            raise ExplanationError(
                said("This checkpoint gives no answer: its outputs are not numbers. Choose another.")
            )
        if not 0 <= target < len(checkpoint.classes):
            raise ExplanationError(
                said("This checkpoint has {n} classes; choose one of them.", n=str(len(checkpoint.classes)))
            )
        output = trace.stages[stage]
        count = _CHANNELS_AT_ONCE if output.dim() == 3 else _UNITS_AT_ONCE
        channels = range(first, min(first + count, len(output)))
        if not channels or first < 0:
            raise ExplanationError(
                said(
                    "There is no channel {channel} at {stage}, which has {n}.",
                    channel=str(first),
                    stage=stage,
                    n=str(len(output)),
                )
            )
        left = self._service.engine.in_turns(lambda _pass_on: costs(checkpoint.model, trace.stages, stage, channels))
        whole = float(trace.probabilities[target])
        return {"first": first, "total": len(output), "whole": whole, "left": left[:, target].tolist()}

    def count_right(self, subject: Subject, first: int) -> Record:
        """Return how many test pictures are classified correctly, before and after the alteration; waits its turn.

        {"title": what the pictures are, "" where there are none of these classes, "total", "count": of this answer,
        "before", "after": how many of these are right}

        Args:
            subject: The photo counts where a channel is held at its mean.
            first: The first picture that is asked for; there is an end to each answer.
        Raises:
            AlexNetVizError: No such alteration, or damaged files.
        """
        checkpoint, _, _, trace = self._service.subject(replace(subject, altered=""))
        found = self._labelled(subject.checkpoint, checkpoint)
        if found is None:
            return {"title": "", "total": 0, "count": 0, "before": 0, "after": 0}
        changes = changes_of(subject.altered)
        count = pictures_at_once(checkpoint.device)
        images, labels = found.split.images[first : first + count], found.labels[first : first + count]

        def work(_pass_on: object) -> list[int]:
            given = prepare_as(images.to(checkpoint.device), checkpoint.input_rule)
            both = answers_before_and_after(checkpoint.model, trace.stages, changes, given)
            return [int((answers(logits.float().cpu()) == labels).sum()) for logits in both]

        before, after = self._service.engine.in_turns(work) if len(labels) else (0, 0)
        total = len(found.labels)
        return {"title": found.title, "total": total, "count": len(labels), "before": before, "after": after}

    def _labelled(self, name: str, checkpoint: Checkpoint) -> Labelled | None:
        """Return the largest available set with its classes, without the pictures that it learnt from."""
        fitting = [str(each["name"]) for each in self._comparisons.data_sets(name, name) if not each["remark"]]
        if not fitting:
            return None
        key = (checkpoint.digest, fitting[0])  # a larger one may have been fetched since
        with self._lock:
            known = self._sets.get(key)
        if known is None:
            known = self._read(fitting[0], checkpoint)
            with self._lock:
                self._sets[key] = known
        return known

    def _read(self, data: str, checkpoint: Checkpoint) -> Labelled:
        pictures = self._comparisons.pictures(data, 0)
        split = pictures.split.chosen(unseen(pictures.split, {checkpoint.name: checkpoint}, _MOST_PICTURES).numbers)
        places = torch.tensor([checkpoint.classes.index(each) for each in pictures.classes])
        return Labelled(pictures.title, split, places[split.labels])
