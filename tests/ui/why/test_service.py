import json

import numpy as np
import pytest

from alexnet_viz.errors import ExplanationError
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

    checks = 0

    def check() -> None:
        nonlocal checks
        checks += 1
        if checks > 4:
            raise GoneError

    with pytest.raises(GoneError):
        WhyService(service).explanation(Asked(SUBJECT, "occlusion", 1, None, ""), check)
    assert checks == 5
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
