"""The work behind the Unit page: how a value is computed, and which image parts excite a channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

from alexnet_viz.errors import DatasetError, StageError, require_unit
from alexnet_viz.explain.arithmetic import Number, Place, course, products, softmax
from alexnet_viz.explain.attribution import Pause
from alexnet_viz.explain.image_parts import Ranked, StageParts, find_parts
from alexnet_viz.language import said
from alexnet_viz.ui.compare.service import ComparisonService
from alexnet_viz.ui.explore.service import Service, Subject
from alexnet_viz.ui.jobs import Jobs, Key, Progress, Record
from alexnet_viz.ui.unit.long_work import in_turns
from alexnet_viz.ui.unit.made_pictures import MadePictures
from alexnet_viz.ui.unit.questions import UnitQuestions, for_json

SHOWN_TERMS = 9
_MOST_KEPT = 4  # searches: of every channel of a network, 10 MB each
Parts = dict[str, StageParts]


@dataclass(frozen=True)
class Search:
    """A search: the names of a checkpoint and a data set, and how many of its pictures."""

    checkpoint: str
    data: str
    count: int


class UnitService:
    """One for the process.

    Args:
        service: Checkpoints, photos, the engine.
        comparisons: Data sets and their pictures.
    Attributes:
        made: Pictures made for a channel.
        questions: What a unit does around one photo.
    """

    def __init__(self, service: Service, comparisons: ComparisonService) -> None:
        self._service, self._comparisons = service, comparisons
        self.made = MadePictures(service)
        self.questions = UnitQuestions(service)
        self._jobs: Jobs[Search, Parts] = Jobs(self._search, "search", most_kept=_MOST_KEPT)

    # ------------------------------------------------------------------ how a number is made

    def number(self, subject: Subject, place: Place, count: int = SHOWN_TERMS) -> Record:
        """Return how a value is computed through its block, with the products of the `count` largest terms.

        {"at": which step was asked for, "steps": records of the block's stages, terms cut to `count`, with "others":
        their number and sum; "softmax": of the logits, else null}

        Raises:
            StageError, UnitError: There is no such stage or value.
        """
        checkpoint, _ = self._service.checkpoint(subject.checkpoint)
        trace = self._service.trace(subject)
        model, given = checkpoint.model, (trace.stages, trace.input)
        found = course(model, *given, place)
        steps = []
        for step in found:
            record = _cut(step, count)
            if step.kind == "convolution":
                record["terms"] = [
                    {**term, **products(model, *given, step.place, term["channel"])} for term in record["terms"]
                ]
            steps.append(record)
        at = next(i for i, step in enumerate(found) if step.place.stage == place.stage)
        share = softmax(trace.logits, checkpoint.classes, place.channel) if place.stage == "logits" else None
        return for_json({"at": at, "steps": steps, "softmax": share})

    # ------------------------------------------------------------------ image parts

    def sets(self, own: str) -> list[Record]:
        """Return the sets of pictures that can be searched; `own` names a person's own, "folder-…"."""
        return self._comparisons.sets(own)

    def find(self, search: Search, stage: str, channel: int) -> Record:
        """Return a channel's parts, the search's progress, or that nobody has asked for it."""
        found = self._jobs.kept(self._key(search))
        if found:
            return self._record(found, search, stage, channel)
        key = self._key(search)
        return {"message": self._jobs.failure(key), **self._jobs.find(key)}

    def start(self, search: Search) -> Record:
        """Start a search, or join the one under way; raises AlexNetVizError."""
        key = self._key(search)
        if self._jobs.kept(key):
            return {"state": "done"}
        return self._jobs.start(search, key, len(self._comparisons.pictures(search.data, search.count).split))

    def cancel(self, job_id: str) -> Record:
        """Cancel a search unless another browser waits for it too; raises ComparisonError."""
        return self._jobs.cancel(job_id)

    def _key(self, search: Search) -> Key:
        checkpoint, _ = self._service.checkpoint(search.checkpoint)
        pictures = self._comparisons.pictures(search.data, search.count)
        return checkpoint.digest, search.data, str(len(pictures.split))

    def _search(self, search: Search, progress: Progress) -> Parts:
        checkpoint, _ = self._service.checkpoint(search.checkpoint)
        pictures = self._comparisons.pictures(search.data, search.count, *checkpoint.input_rule.stored)
        if not len(pictures.split):
            raise DatasetError(pictures.title, said("has no pictures; choose another set"))

        def work(tell: Progress, pause: Pause) -> Parts:
            return find_parts(checkpoint, pictures.split, pictures.classes, progress=tell, pause=pause)

        return in_turns(self._service.engine, progress, work)

    def _record(self, found: Parts, search: Search, stage: str, channel: int) -> Record:
        if stage not in found:
            raise StageError(stage, tuple(found))
        parts = found[stage]
        require_unit("channel", channel, stage, parts.layer.output_shape[0])
        pictures = self._comparisons.pictures(search.data, search.count)
        return for_json(
            {
                "state": "done",
                "images": parts.image_count,
                "title": pictures.title,
                "field": parts.layer.receptive_field,
                "strongest": _parts(parts, channel, parts.strongest),
                "middle": _parts(parts, channel, parts.middle),
                "silent": _parts(parts, channel, parts.silent),
                "classes": class_means(parts, channel, pictures.classes),
                "selectivity": float(parts.selectivity[channel]),
            }
        )


def class_means(found: StageParts, channel: int, names: Sequence[str]) -> list[Record]:
    """Return a channel's mean response to each class that has pictures, the largest first, NaN last."""
    means, spread = found.class_means[channel].tolist(), found.class_deviations[channel].tolist()
    rows = zip(names, found.class_counts.tolist(), means, spread, strict=True)
    told = [{"class": name, "mean": mean, "deviation": deviation} for name, count, mean, deviation in rows if count]
    return sorted(told, key=lambda row: -float(row["mean"]) if isfinite(row["mean"]) else inf)


def _parts(found: StageParts, channel: int, ranked: Ranked) -> list[dict[str, Any]]:
    return [vars(part) for part in found.parts(channel, ranked)]


def _cut(step: Number, count: int) -> Record:
    """Return a step's record with its largest terms only."""
    record = step.to_record()
    if "terms" in record:
        shown, others = record["terms"][:count], record["terms"][count:]
        record |= {"terms": shown, "others": {"count": len(others), "sum": sum(term["sum"] for term in others)}}
    return record
