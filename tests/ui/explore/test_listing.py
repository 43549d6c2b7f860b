"""The lines of the checkpoint menu, as a browser is told of them."""

import hashlib
from pathlib import Path

import pytest

from alexnet_viz import shipped
from alexnet_viz.checkpoints import UNTRAINED, CheckpointEntry, imagenet
from alexnet_viz.checkpoints.imagenet import Source
from alexnet_viz.ui.explore.listing import kind_of, listed, title_of


def entry(name: str, path: Path | None, **given: object) -> CheckpointEntry:
    known = {"variant": "seed", "classes": ("cat", "dog"), "epoch": 1, "metrics": {}, "source": "a test", **given}
    return CheckpointEntry(name, path, **known)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def no_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_RUNS", str(tmp_path / "runs"))


def test_a_line_says_where_a_file_is_from_how_large_it_is_and_what_it_scores(tmp_path: Path) -> None:
    path = tmp_path / "mine.safetensors"
    path.write_bytes(b"x" * 1234)
    metrics = {"val_accuracy": 0.9, "test_accuracy": 0.8}
    untrained, shipped_one, own = listed(
        [
            entry(UNTRAINED, None, epoch=0),
            entry("best", shipped.CHECKPOINTS / "none.safetensors", metrics=metrics),
            entry("mine", path, metrics={"val_accuracy": 0.9}),
        ]
    )
    assert [each["group"] for each in (untrained, shipped_one, own)] == ["shipped", "shipped", "own"]
    assert (untrained["trained"], untrained["score"], untrained["bytes"]) == (False, None, None)
    assert shipped_one["score"] == {"share": 0.8, "pictures": "test pictures"}
    assert shipped_one["bytes"] is None  # it has gone meanwhile
    assert (own["score"], own["bytes"]) == ({"share": 0.9, "pictures": "held out"}, 1234)


@pytest.mark.parametrize("stated", [None, "0.9", 1.5, -1, float("nan")])
def test_a_score_that_is_none_is_not_shown(stated: object) -> None:
    [told] = listed([entry("mine", None, metrics={"val_accuracy": stated})])
    assert told["score"] is None


def test_networks_of_the_same_classes_are_of_one_kind_in_whatever_order() -> None:
    assert kind_of(("cat", "dog")) == kind_of(("dog", "cat"))
    assert kind_of(("cat", "dog")) != kind_of(("cat", "dogs"))


def test_imagenets_alexnet_has_a_name_for_the_screen_wherever_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source("https://nowhere.invalid/net-123.pth", "pytorch.org", 3, hashlib.sha256(b"abc").hexdigest())
    monkeypatch.setattr(imagenet, "SOURCE", source)
    path = tmp_path / "net-123.pth"
    path.write_bytes(b"abc")
    [told] = listed([entry("imagenet", path)])
    assert (told["group"], told["title"]) == ("elsewhere", "AlexNet, ImageNet")
    assert (told["size"], "bytes" in told) == ("0 MB", False)  # as its own row has it: in 2^20 bytes
    assert title_of("imagenet", tmp_path / "other.pth") == "imagenet"
