"""What is kept in memory for a while."""

import itertools
from collections.abc import Callable

import pytest
import torch
from PIL import Image

from alexnet_viz.images import InputRule
from alexnet_viz.inference import Engine, Photo
from alexnet_viz.recent import KEPT_SECONDS, Recent
from alexnet_viz.ui.explore.altered_trace import AlteredTraces
from alexnet_viz.ui.photos import PhotoStore


def test_what_is_asked_for_stays_and_what_is_not_goes() -> None:
    now = [0.0]
    recent: Recent[str, int] = Recent(3, clock=lambda: now[0])
    recent["a"], recent["b"] = 1, 2
    now[0] = KEPT_SECONDS - 1
    assert recent.get("a") == 1
    now[0] = KEPT_SECONDS + 1
    assert ("a" in recent, "b" in recent) == (True, False)
    assert list(recent.expire()) == [("b", 2)]
    assert recent.currsize == 1
    now[0] = 2 * KEPT_SECONDS
    assert list(recent.expire()) == [("a", 1)]


def test_the_longest_unused_goes_for_another() -> None:
    recent: Recent[str, int] = Recent(2, clock=lambda: 0.0)
    recent["a"], recent["b"] = 1, 2
    assert recent["a"] == 1
    recent["c"] = 3
    assert set(recent) == {"a", "c"}


def test_the_engine_lets_passes_go_and_keeps_its_networks() -> None:
    now = [0.0]
    engine = Engine("cpu", clock=lambda: now[0])
    photo = Photo("red", Image.new("RGB", (40, 40), "red"), "red")
    first = engine.trace(photo, "untrained")
    altered = AlteredTraces(engine, lambda: now[0])
    changed = altered.find(engine.checkpoint("untrained"), first, "block1.relu:0=0")
    now[0] = KEPT_SECONDS - 1
    assert engine.trace(photo, "untrained") is first
    assert not engine.let_go()
    now[0] = KEPT_SECONDS + 1
    assert not engine.let_go()  # it was asked for meanwhile
    assert altered.let_go()
    now[0] = 2 * KEPT_SECONDS
    assert engine.let_go()
    again = engine.trace(photo, "untrained")
    assert again is not first
    assert torch.equal(again.logits, first.logits)
    assert altered.find(engine.checkpoint("untrained"), again, "block1.relu:0=0") is not changed
    assert len(engine._models) == 1
    engine.close()


def running_out(before: float) -> Callable[[], float]:
    """A clock that stands still until told to go on, and then passes an entry's last moment at one of its looks."""
    looks = itertools.count()
    return lambda: KEPT_SECONDS - 1 if next(looks) < before else KEPT_SECONDS + 1


@pytest.mark.usefixtures("untrained_once")
def test_what_is_asked_for_in_its_last_moment_is_answered() -> None:
    clock = [lambda: 0.0]
    photos, engine = PhotoStore(clock=lambda: clock[0]()), Engine("cpu", clock=lambda: clock[0]())
    altered = AlteredTraces(engine, lambda: clock[0]())
    cat, rule = photos.find("chelsea"), InputRule()
    shown = photos.seen(cat, rule)
    before = engine.trace(shown, "untrained")

    def in_its_last_moment(looks: int, ask: Callable[[], object]) -> object:
        clock[0] = lambda: 0.0
        ask()
        clock[0] = running_out(looks)
        return ask()

    for looks in range(6):
        assert in_its_last_moment(looks, lambda: photos.decoded(cat).image.size) == (cat.width, cat.height)
        assert in_its_last_moment(looks, lambda: photos.seen(cat, rule).image.tobytes()) == shown.image.tobytes()
        assert in_its_last_moment(looks, lambda: engine.trace(shown, "untrained").logits.tolist())
        assert in_its_last_moment(
            looks, lambda: altered.find(engine.checkpoint("untrained"), before, "block1.relu:0=0").altered
        )
    engine.close()
