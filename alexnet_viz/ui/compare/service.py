"""The work behind the Compare page: a pair, comparisons on many pictures, weights, recipes, the report."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from cachetools import LRUCache

from alexnet_viz.atomic import without_nan
from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare.alikeness import shipped_alikeness, stated_accuracy
from alexnet_viz.compare.comparison import Comparison
from alexnet_viz.compare.lineage import same_run
from alexnet_viz.compare.matching import MATCHED_STAGES
from alexnet_viz.compare.paired_pass import Progress, compare_on, fingerprint
from alexnet_viz.compare.predictions import why_no_answers, why_not_comparable
from alexnet_viz.compare.recipes import MOST_CHECKPOINTS, recipe_table
from alexnet_viz.compare.report import design_tokens, html_report, make_report
from alexnet_viz.compare.unlabelled import changed_channels, compare_pictures, picture_inputs
from alexnet_viz.compare.weights import most_moved, weight_differences
from alexnet_viz.errors import ComparisonError, StageError
from alexnet_viz.images import Fit, InputRule
from alexnet_viz.language import said
from alexnet_viz.runs import find_run, runs_folder
from alexnet_viz.training.unseen import Unseen, unseen
from alexnet_viz.ui.compare.asked import Asked
from alexnet_viz.ui.compare.data_sets import DataSets, TestPictures
from alexnet_viz.ui.explore.service import Service, Subject
from alexnet_viz.ui.jobs import Jobs, Key, Record
from alexnet_viz.ui.photos import Photo
from alexnet_viz.ui.train.curves import Curves

_MOST_DISAGREEMENTS = 240  # on the screen; the surest ones
_MOST_CURVES = 12  # beside two tables of six recipes; each holds all points of its run
_NO_PARTNER = -1
_NOWHERE = "none"  # the untrained network has no file


class ComparisonService:
    """One for the process.

    Args:
        service: Checkpoints, photos, the engine.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._sets = DataSets()
        self._jobs = Jobs(self._compare, is_busy=lambda: service.engine.waiting > 0)
        self._lock = threading.Lock()
        self._curves: LRUCache[Path, Curves] = LRUCache(_MOST_CURVES)

    # ------------------------------------------------------------------ data

    def data_sets(self, a: str, b: str, own: str = "") -> list[Record]:
        """Return the data sets that are here, each with why answers on it cannot be counted.

        Args:
            a, b: Names of both checkpoints.
            own: Name of a person's own pictures, "folder-…"; left out where they are no longer here.
        """
        first, second = self._named(a), self._named(b)
        return [
            {
                "name": each.name,
                "title": each.title,
                "images": each.image_count,
                "remark": why_no_answers(first, second, each.classes),
            }
            for each in self._sets.listed(own)
        ]

    def sets(self, own: str = "") -> list[Record]:
        """Return name and title of the sets for a single network; `own` is a person's own, as for `data_sets`."""
        return [{"name": each.name, "title": each.title} for each in self._sets.to_look_through(own)]

    def pictures(self, name: str, count: int, side: int = InputRule().size, fit: Fit = "crop") -> TestPictures:
        """Return the first pictures of a data set, all where `count` is 0; raises AlexNetVizError.

        Args:
            name: Of the set.
            count: Of the pictures.
            side, fit: Of a person's own, pixels, and how one becomes a square; see `InputRule.stored`.
        """
        return self._sets.whole(name, side, fit).first(count)

    def add_photo(self, data: str, index: int) -> Photo:
        """Add one picture of a data set to the photos, so that the other pages can show it."""
        found = self.pictures(data, 0)
        content = found.png(index)
        title = found.title if data.startswith("folder-") else data  # that name is the server's
        return self._service.photos.add(content, f"{title} {index} {found.classes[int(found.split.labels[index])]}.png")

    # ------------------------------------------------------------------ the pair

    def pair(self, a: str, b: str) -> Record:
        """Return what is known of two networks without computing anything.

        {"same_run": why they are epochs of one run or "", "no_axis": why their predictions cannot be put on one axis
        or "", "shipped": how alike they are where that ships with them or null, "right": {"a", "b"} on a whole test
        set, each null where nothing says so}
        """
        first, second = self._named(a), self._named(b)
        shipped = shipped_alikeness(first, second)
        right = {side: stated_accuracy(each) for side, each in (("a", first), ("b", second))}
        return {
            "same_run": same_run(first, second),
            "no_axis": why_not_comparable(first.classes, second.classes),
            "shipped": shipped.to_record() if shipped else None,
            "right": {
                side: {"accuracy": each.accuracy, "images": each.image_count} if each else None
                for side, each in right.items()
            },
        }

    def _named(self, name: str) -> Checkpoint:
        """Return a checkpoint under the title that the person knows; its name may be a path of this machine."""
        checkpoint, title = self._service.checkpoint(name)
        return checkpoint if checkpoint.name == title else replace(checkpoint, name=title)

    # ------------------------------------------------------------------ on many pictures

    def find(self, asked: Asked) -> Record:
        """Return a finished comparison, its progress, or that nobody has asked for it."""
        key = self._key(asked)
        found = self._kept(key, asked)
        return {"state": "done", "record": self._record(found, asked)} if found else self._jobs.find(key)

    def start(self, asked: Asked) -> Record:
        """Start a comparison, or join the one under way; raises AlexNetVizError."""
        key = self._key(asked)
        found = self._kept(key, asked)
        if found:
            return {"state": "done", "record": self._record(found, asked)}
        return self._jobs.start(asked, key, len(self._unseen(asked).numbers))

    def state(self, job_id: str) -> Record:
        """Return a job's progress, with the result when it is done; raises ComparisonError."""
        status, key, asked = self._jobs.state(job_id)
        found = self._kept(key, asked) if status["state"] == "done" else None
        return {**status, "record": self._record(found, asked)} if found else status

    def cancel(self, job_id: str) -> Record:
        """Cancel a job unless another browser waits for it too; raises ComparisonError."""
        return self._jobs.cancel(job_id)

    def _kept(self, key: Key, asked: Asked) -> Comparison | None:
        """Return a finished comparison under the names that this person uses; another person may have requested it."""
        found = self._jobs.kept(key)
        if found is None:
            return None
        first, second = (self._service.resolve(name).title for name in (asked.a, asked.b))
        return replace(found, first=replace(found.first, name=first), second=replace(found.second, name=second))

    def _key(self, asked: Asked) -> Key:
        first, second = (self._service.checkpoint(name)[0].digest for name in (asked.a, asked.b))
        pictures = self._sets.whole(asked.data)
        return first, second, fingerprint(pictures.split, pictures.classes, self._unseen(asked).numbers)

    def _unseen(self, asked: Asked) -> Unseen:
        """Return the pictures that neither network learnt from; raises AlexNetVizError where there is none."""
        sides = {"A": self._service.checkpoint(asked.a)[0], "B": self._service.checkpoint(asked.b)[0]}
        return unseen(self._sets.whole(asked.data).split, sides, asked.count)

    def _compare(self, asked: Asked, progress: Progress) -> Comparison:
        first, second = self._named(asked.a), self._named(asked.b)
        pictures, others = (self._sets.whole(asked.data, *each.input_rule.stored) for each in (first, second))
        return compare_on(
            first,
            second,
            pictures.split,
            pictures.classes,
            for_second=None if others is pictures else others.split,
            limit=asked.count,
            progress=progress,
        )

    def _record(self, found: Comparison, asked: Asked) -> Record:
        """Return a comparison as the page expects it."""
        record = found.to_record()
        if isinstance(answers := record["answers"], dict):
            shown = answers["disagreements"][:_MOST_DISAGREEMENTS]
            answers |= {"disagreement_count": len(answers["disagreements"]), "disagreements": shown}
        return {**_for_json(record), "data": asked.data}

    # ------------------------------------------------------------------ weights, recipes, report

    def weights(self, a: str, b: str) -> Record:
        """Return the distances of both networks' layers, and which moved most."""
        rows = weight_differences(self._service.checkpoint(a)[0].model, self._service.checkpoint(b)[0].model)
        return {"layers": [_for_json(row.to_record()) for row in rows], "most_moved": most_moved(rows)}

    def recipes(self, names: Sequence[str]) -> Record:
        """Return the differences between the recipes of up to six checkpoints.

        Raises:
            ComparisonError: None, or more than six.
        """
        if len(names) > MOST_CHECKPOINTS:
            raise ComparisonError(
                said(
                    "{n} checkpoints are more than the {most} that fit; leave some out",
                    n=len(names),
                    most=MOST_CHECKPOINTS,
                )
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
            raise ComparisonError(
                said("{title} keeps no record of its training, so there is no curve of it", title=title)
            )
        with self._lock:
            known = self._curves.setdefault(path, Curves(path))
        return known.message()

    def stage_file(self, asked: Asked, photo_id: str, stage: str, pairs: str) -> bytes:
        """Return one stage of both for a photo as an .npz file: "a", "b", and, as texts, what they are of.

        "partners" holds for each channel of A the number of B's that stood beside it, −1 where none did.

        Args:
            asked, photo_id, stage: Of what.
            pairs: "index" for channels of the same number, "matched" for those that the comparison paired.
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
        arrays["partners"] = self._partners(asked, stage, pairs, (len(arrays["a"]), len(arrays["b"])))
        stream = io.BytesIO()
        np.savez(stream, **arrays)
        return stream.getvalue()

    def _partners(self, asked: Asked, stage: str, pairs: str, counts: tuple[int, int]) -> list[int]:
        if stage == "logits":
            first, second = (self._service.checkpoint(name)[0].classes for name in (asked.a, asked.b))
            return [second.index(name) if name in second else _NO_PARTNER for name in first]
        found = self._kept(self._key(asked), asked) if pairs == "matched" else None
        matching = found.matchings.get(f"{stage.partition('.')[0]}.relu") if found else None
        if matching is None:
            return [channel if channel < counts[1] else _NO_PARTNER for channel in range(counts[0])]
        return [_NO_PARTNER if partner is None else partner for partner in matching.partners]

    def report(self, asked: Asked, photo_id: str, pairs: str = "matched") -> str:
        """Return the comparison on one page of HTML: on a photo, and on the data set as far as that is there.

        Args:
            asked, photo_id: Of what.
            pairs: As `stage_file` takes it.
        """
        first, second = self._named(asked.a), self._named(asked.b)
        found = self._kept(self._key(asked), asked)
        photo = self._service.photos.find(photo_id)
        image = self._service.photos.decoded(photo).image
        pictures = replace(
            compare_pictures(first, second, [image]), remark=why_not_comparable(first.classes, second.classes)
        )  # that one photo is too few for CKA is not what a person did wrong
        by_number = dict.fromkeys(MATCHED_STAGES) if first.variant == second.variant else {}
        inputs = picture_inputs(first, second, [image])
        matchings = found.matchings if found and pairs == "matched" else by_number
        changed = changed_channels(first, second, inputs, matchings)
        data, notes = f"the photo {photo.title}", tuple[str, ...]()
        if found is not None:
            measured = self.pictures(asked.data, asked.count)
            data, notes = f"{data}; {found.image_count} pictures of {measured.title}", measured.notes
        both = (pictures, found) if found else (pictures,)
        report = make_report(first, second, data=data, notes=notes, found=both, changed=changed)
        return html_report(report, design_tokens())


def _for_json(record: Mapping[str, object]) -> Record:
    """Return a record for JSON: NaN and infinity, which a diverged network computes, become None."""
    return {key: without_nan(value) for key, value in record.items()}
