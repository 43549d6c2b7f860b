"""What a unit does around a photo, as the browser is told it."""

import io

import numpy as np
import pytest
from PIL import Image

from alexnet_viz.errors import ExplanationError, UnitError
from alexnet_viz.explain.arithmetic import Place
from alexnet_viz.ui.explore.service import Service, Subject
from alexnet_viz.ui.unit.questions import Amount, UnitQuestions
from tests.ui.messages import read

pytestmark = pytest.mark.usefixtures("untrained_once")
CHELSEA = Subject("chelsea", "untrained")


class GoneError(Exception):
    pass


@pytest.fixture(scope="module")
def service() -> Service:
    return Service()


@pytest.fixture(scope="module")
def questions(service: Service) -> UnitQuestions:
    return UnitQuestions(service)


def stay() -> None:
    """Somebody still waits."""


def leave() -> None:
    raise GoneError


def test_a_tuning_curve_goes_through_the_photo_as_it_is(questions: UnitQuestions, service: Service) -> None:
    told = questions.tuning(CHELSEA, Place("block1.relu", 4), "blur", stay)
    assert told["at"] == 0
    largest = float(service.trace(CHELSEA).stages["block1.relu"][4].max())
    assert told["response"][told["x"].index(0)] == pytest.approx(largest, rel=1e-4)
    with pytest.raises(GoneError):
        questions.tuning(CHELSEA, Place("block1.relu", 4), "blur", leave)
    with pytest.raises(ExplanationError, match="no change 'smell'"):
        questions.tuning(CHELSEA, Place("block1.relu", 4), "smell", stay)


def test_the_changed_photo_is_what_the_network_would_see(questions: UnitQuestions) -> None:
    def pixels(by: str, amount: float) -> np.ndarray:
        with Image.open(io.BytesIO(questions.changed(CHELSEA, Amount(by, amount, None)))) as picture:
            return np.asarray(picture)

    as_it_is = pixels("rotation", 0)
    assert as_it_is.shape == (227, 227, 3)
    assert np.array_equal(np.rot90(as_it_is), pixels("rotation", 90))  # to the left


def test_covering_is_told_by_pixel_and_ends_when_nobody_waits(questions: UnitQuestions) -> None:
    header, arrays = read(questions.occlusion(CHELSEA, Place("block1.relu", 4), stay))
    assert (header["side"], arrays["values"].shape) == (14, (227, 227))
    assert np.abs(arrays["values"]).max() > 0
    with pytest.raises(GoneError):
        questions.occlusion(CHELSEA, Place("block1.relu", 4), leave)


def test_wiring_is_told_largest_first(questions: UnitQuestions) -> None:
    header, arrays = read(questions.wiring(CHELSEA, Place("block2.relu", 4)))
    assert (header["source"], header["target"], header["targets"]) == ("block1.pool", "block3.conv", 384)
    assert arrays["kernels"].shape == (96, 5, 5)
    sums = [abs(term["sum"]) for term in header["terms"]]
    assert (len(sums), sums) == (12, sorted(sums, reverse=True))
    with pytest.raises(UnitError):
        questions.wiring(CHELSEA, Place("block2.relu", 256))
