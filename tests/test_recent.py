"""What is kept in memory for a while."""

import torch
from PIL import Image

from alexnet_viz.inference import Engine, Photo
from alexnet_viz.recent import KEPT_SECONDS, Recent
from alexnet_viz.ui.explore.altered_trace import AlteredTraces


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
