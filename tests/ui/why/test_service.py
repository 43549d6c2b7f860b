import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from alexnet_viz.errors import ExplanationError
from alexnet_viz.explain.belief import Curves
from alexnet_viz.ui.explore.service import Service, Subject
from alexnet_viz.ui.why.service import Asked, WhyService

pytestmark = pytest.mark.usefixtures("untrained_once")
SUBJECT = Subject("chelsea", "untrained")


def never() -> None:
    return None


def test_a_map_alone_comes_at_once_and_the_judged_one_holds_the_same(service: Service) -> None:
    made = WhyService(service)
    message = made.explanation(Asked(SUBJECT, "grad-cam", 3, 3, "", judged=False), never)
    assert b'"versus": null' in message  # rather than itself is rather than none
    assert b'"stage": "block5.relu"' in message
    assert made.explanation(Asked(SUBJECT, "grad-cam", 3, None, "block5.relu", judged=False), never) is message


def test_work_that_nobody_waits_for_ends_and_frees_the_engine(service: Service) -> None:
    class GoneError(Exception):
        pass

    checks, made = 0, WhyService(service)

    def check() -> None:
        nonlocal checks
        checks += 1
        if checks > 4:
            raise GoneError

    with pytest.raises(GoneError):
        made.explanation(Asked(SUBJECT, "occlusion", 1, None, "", judged=False, id="mine"), check)
    assert checks == 5  # two before each of two passes, and one in time for the third
    assert made.passes("mine") == {"done": 1, "total": 314}
    assert made.passes("nobody's") == {"done": 0, "total": 0}
    assert service.engine.in_turns(lambda _pass_on: "next") == "next"


def test_a_photo_that_is_covered_nowhere_has_its_own_prediction(service: Service) -> None:
    made = WhyService(service)
    trace = service.trace(SUBJECT)
    rule = service.subject(SUBJECT)[2]
    photo = service.photos.find("chelsea")
    pixels = np.asarray(service.photos.seen(photo, rule).image)
    found = made.covered(SUBJECT, pixels.tobytes())["probabilities"]
    assert found == pytest.approx(trace.probabilities.tolist(), abs=1e-6)
    assert json.dumps(found)
    with pytest.raises(ExplanationError, match="3 bytes are no picture of 227 × 227"):
        made.covered(SUBJECT, b"abc")


def test_classes_that_there_are_not_are_refused(service: Service) -> None:
    with pytest.raises(ExplanationError, match="This checkpoint has 10 classes"):
        WhyService(service).explanation(Asked(SUBJECT, "saliency", 10, None, ""), never)


def test_what_was_computed_for_the_map_alone_is_not_computed_again_to_judge_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, asked = WhyService(service), Asked(SUBJECT, "grad-cam", 3, None, "", id="judged")
    made.explanation(replace(asked, judged=False), never)
    curves = Curves(torch.linspace(0, 1, 21).expand(10, 21), torch.rand(10, 21, 10), torch.rand(10, 21, 10))
    one = Curves(curves.share[:1], curves.covering[:1], curves.uncovering[:1])
    monkeypatch.setattr("alexnet_viz.ui.why.service.random_rounds", lambda *_: curves)
    monkeypatch.setattr("alexnet_viz.ui.why.service.in_order", lambda *_: one)
    message = made.explanation(asked, never)
    # Ten random maps 202 passes, the map's own curves 22, and the same on the untrained network 1.
    assert made.passes("judged") == {"done": 0, "total": 225}
    for known in (
        b'"passes": 1',
        b'"checkpoint": "untrained"',
        b'"computed_at": [13, 13]',
        b'"minimum"',
        b'"deletion"',
    ):
        assert known in message
    again = replace(asked, target=4, id="again")
    made.explanation(again, never)  # the random maps are the same for every question
    assert made.passes("again") == {"done": 1, "total": 24}
