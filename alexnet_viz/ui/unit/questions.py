"""Questions about one unit and one photo: its tuning curve, where covering changes it, its connections."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import asdict, dataclass

from alexnet_viz.atomic import without_nan
from alexnet_viz.explain.arithmetic import Place
from alexnet_viz.explain.tuning import changed, tuning
from alexnet_viz.explain.unit_occlusion import SIDE, occlude
from alexnet_viz.explain.wiring import feeds, incoming
from alexnet_viz.feature_maps import encode
from alexnet_viz.ui.explore.service import Service, Subject
from alexnet_viz.ui.jobs import Record

_MOST_FED = 12


@dataclass(frozen=True)
class Amount:
    """A change of a photo, or a grating: see `explain.tuning.changed`."""

    by: str
    amount: float
    beside: float | None


class UnitQuestions:
    """Answers through the engine's queue; `check` raises once nobody waits for them.

    Args:
        service: The photos, checkpoints and the engine of the process.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    def tuning(self, subject: Subject, place: Place, by: str, check: Callable[[], None]) -> Record:
        """Return how a channel's largest value changes with the photo; raises AlexNetVizError."""
        checkpoint, _, rule, _ = self._service.subject(subject)
        photos = self._service.photos
        image = photos.decoded(photos.find(subject.photo)).image

        def work(pass_on: Callable[[], None]) -> Record:
            def after_pass(_done: int) -> None:
                check()
                pass_on()

            return vars(tuning(checkpoint, image, place.stage, place.channel, by, after_pass, rule))

        return for_json(self._service.engine.in_turns(work))

    def changed(self, subject: Subject, how: Amount) -> bytes:
        """Return what the network sees of a changed photo as a PNG file; raises AlexNetVizError."""
        rule = self._service.subject(subject)[2]
        photos = self._service.photos
        image = photos.decoded(photos.find(subject.photo)).image
        stream = io.BytesIO()
        changed(image, rule, how.by, how.amount, how.beside).save(stream, "PNG")
        return stream.getvalue()

    def occlusion(self, subject: Subject, place: Place, check: Callable[[], None]) -> bytes:
        """Return where covering the photo changes a value; raises AlexNetVizError."""
        checkpoint, _, _, trace = self._service.subject(subject)

        def work(pass_on: Callable[[], None]) -> bytes:
            def pause() -> None:
                check()
                pass_on()

            found = occlude(checkpoint.model, trace.input, trace.stages, place, pause)
            return encode({"side": SIDE, "passes": found.passes}, {"values": found.values.numpy()})

        return self._service.engine.in_turns(work)

    def wiring(self, subject: Subject, place: Place) -> bytes:
        """Return the kernels into a unit, and what it feeds most on the photo; raises AlexNetVizError."""
        checkpoint, _, _, trace = self._service.subject(subject)
        found = incoming(checkpoint.model, place.stage, place.channel)
        fed = feeds(checkpoint.model, trace.stages, place.stage, place.channel)
        header = {
            "source": found.source,
            "first": found.first,
            "target": fed.target,
            "targets": len(fed.terms),
            "terms": [asdict(term) for term in fed.terms[:_MOST_FED]],
        }
        return encode(for_json(header), {"kernels": found.kernels.numpy()})


def for_json(record: Record) -> Record:
    """Return a record for JSON: NaN and infinity become None."""
    cleaned: Record = without_nan(record)  # type: ignore[assignment]
    return cleaned
