"""Which two networks are one training."""

from collections.abc import Callable
from pathlib import Path

import pytest

from alexnet_viz.checkpoints import Checkpoint, load_checkpoint
from alexnet_viz.compare import lineage
from alexnet_viz.compare.lineage import same_run


def test_epochs_of_one_run_are_told_by_their_metadata(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    recipe = {"learning_rate": 0.1}
    about = {"recipe": recipe, "seed": 3, "source": "run 1-shapes, data set shapes"}
    first, second = tiny_checkpoint(0, epoch=1, **about), tiny_checkpoint(1, epoch=9, **about)
    assert same_run(first, second) == "A and B are epochs of one run: channels keep their number"
    packed = [tiny_checkpoint(0, **about | {"source": f"CIFAR-10, seed 0: epoch {n} of 5; see below"}) for n in (1, 5)]
    assert same_run(*packed)
    assert same_run(first, tiny_checkpoint(1, **about | {"source": "run 2-shapes, data set shapes"})) == ""
    assert same_run(tiny_checkpoint(0), tiny_checkpoint(0)) == ""  # nothing says so


def run(number: int, started_from: str = "") -> dict[str, object]:
    recipe = {"start_from": started_from, "init": "fast", "seed": number, "variant": "seed"}
    return {"source": f"run {number}-shapes, data set shapes", "seed": number, "recipe": recipe}


def test_a_continuation_is_no_separate_training(
    tiny_checkpoint: Callable[..., Checkpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Run 3 started from run 2, and that from run 1, whose own file is gone: its name is in run 2's recipe.
    stored = {"2-shapes:last": run(2, "1-shapes:4")}
    monkeypatch.setattr(lineage, "find_run_checkpoint", lambda name, runs: name if name in stored else None)
    monkeypatch.setattr(lineage, "stored_metadata", stored.__getitem__)
    first, third = tiny_checkpoint(0, **run(1)), tiny_checkpoint(1, **run(3, "2-shapes:last"))
    other, sibling = tiny_checkpoint(1, **run(9)), tiny_checkpoint(1, **run(5, "1-shapes:9"))
    assert same_run(first, third) == "B goes on from A: channels keep their number"
    assert same_run(third, first) == "A goes on from B: channels keep their number"
    assert same_run(third, sibling) == "A and B go on from one training: channels keep their number"
    assert same_run(third, other) == ""


def test_a_chain_that_goes_in_a_circle_ends(
    tiny_checkpoint: Callable[..., Checkpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lineage, "find_run_checkpoint", lambda name, runs: name)
    monkeypatch.setattr(lineage, "stored_metadata", lambda name: run(1, "1-shapes:last"))
    assert same_run(tiny_checkpoint(0, **run(1, "1-shapes:last")), tiny_checkpoint(1, **run(2))) == ""


def test_a_path_in_a_strangers_file_is_not_followed(
    tiny_checkpoint: Callable[..., Checkpoint], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    private = tmp_path / "private.safetensors"
    read = []

    def stored(path: Path) -> dict[str, object]:
        read.append(path)
        return run(1)

    monkeypatch.setattr(lineage, "stored_metadata", stored)
    first, second = tiny_checkpoint(0, **run(1)), tiny_checkpoint(1, **run(2, str(private)))
    assert same_run(first, second) == ""
    assert read == []
    first.path = private  # now it is a file that the person compares
    assert same_run(first, second) == "B goes on from A: channels keep their number"


@pytest.mark.slow
def test_the_shipped_networks() -> None:
    names = ("untrained", "cifar10-fast", "cifar10-photographs", "cifar10-seed-1")
    untrained, fast, photographs, stranger = map(load_checkpoint, names)
    assert same_run(fast, photographs) == "B goes on from A: channels keep their number"
    assert same_run(untrained, fast) == "B goes on from A: channels keep their number"
    assert same_run(untrained, photographs) == "B goes on from A: channels keep their number"
    assert same_run(fast, stranger) == same_run(untrained, stranger) == ""
