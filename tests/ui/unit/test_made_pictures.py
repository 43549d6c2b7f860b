"""Pictures made for a channel: followed while they are made, stopped, gone on with, saved with what they are."""

import io
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image

from alexnet_viz.errors import ExplanationError, StageError, UnitError
from alexnet_viz.explain.visualise import Goal
from alexnet_viz.ui.explore.service import Service
from alexnet_viz.ui.unit.made_pictures import MadePictures, Wanted
from tests.support.model_files import article_shapes, saved, tiny

pytestmark = pytest.mark.usefixtures("untrained_once")
WANTED = Wanted("untrained", Goal("block1.relu", 5, steps=16))


@pytest.fixture(scope="module")
def service() -> Service:
    return Service()


@pytest.fixture
def made(service: Service) -> MadePictures:
    return MadePictures(service)


def wait(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(1200):
        if condition():
            return
        pause.wait(0.05)
    raise AssertionError("not in a minute")


def finished(made: MadePictures, wanted: Wanted) -> dict[str, object]:
    made.start(wanted)
    wait(lambda: made.find(wanted)["state"] == "done")
    return made.find(wanted)


def test_a_picture_is_made_and_says_what_it_is(made: MadePictures, service: Service) -> None:
    assert made.find(WANTED)["state"] == "none"
    with pytest.raises(ExplanationError, match="no longer kept"):
        made.picture(WANTED, 0)
    told = finished(made, WANTED)
    assert [moment["step"] for moment in told["film"]] == [0, 4, 8, 16]
    with Image.open(io.BytesIO(made.picture(WANTED, 16))) as picture:
        assert picture.size == (11, 11)
        assert picture.info["made with"] == "seed 0, step 16, contrast photo"
        assert picture.info["unit"] == "block1.relu, channel 5, excites"
        assert picture.info["checkpoint"] == service.checkpoint("untrained")[1] == "untrained"
    assert made.start(WANTED) == {"state": "done"}


def test_a_picture_names_ones_own_checkpoint_as_its_person_does(made: MadePictures, service: Service) -> None:
    file = service.new_file(".pt")
    saved(tiny(article_shapes()), file)
    mine = replace(WANTED, checkpoint=str(service.add_checkpoint(file, "mine.pt", "ann")["name"]))
    finished(made, mine)
    with Image.open(io.BytesIO(made.picture(mine, 16))) as picture:
        assert picture.info["checkpoint"] == "mine.pt"


def test_other_seeds_stand_beside_it_and_more_steps_go_on(made: MadePictures) -> None:
    finished(made, WANTED)
    other = replace(WANTED, goal=replace(WANTED.goal, seed=7))
    first: dict[str, object]
    (first,) = finished(made, other)["others"]  # type: ignore[misc]
    assert first["seed"] == 0
    longer = replace(WANTED, goal=replace(WANTED.goal, steps=24))
    assert made.find(longer)["state"] == "stopped"
    film = finished(made, longer)["film"]
    assert [moment["step"] for moment in film] == [0, 4, 8, 16, 24]
    assert made.find(WANTED)["state"] == "done"


def test_a_stopped_picture_stays_as_far_as_it_is(made: MadePictures) -> None:
    long = replace(WANTED, goal=replace(WANTED.goal, steps=100_000))
    made.start(long)
    wait(lambda: len(made.find(long)["film"]) > 3)
    made.cancel(made.find(long)["id"])
    wait(lambda: made.find(long)["state"] == "stopped")
    assert made.picture(long, 8)
    assert made.start(long)["state"] in ("waiting", "running")
    made.cancel(made.find(long)["id"])


def test_there_is_no_such_unit(made: MadePictures) -> None:
    with pytest.raises(StageError):
        made.start(Wanted("untrained", Goal("block9", 0)))
    with pytest.raises(UnitError):
        made.find(Wanted("untrained", Goal("block1.relu", 96)))
