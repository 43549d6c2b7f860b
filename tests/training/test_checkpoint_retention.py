from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from alexnet_viz.checkpoints import load_checkpoint
from alexnet_viz.errors import ResumeError
from alexnet_viz.model import AlexNet
from alexnet_viz.runs import MetricsWriter, Run, create_run
from alexnet_viz.runs.resuming import check_resumable
from alexnet_viz.training.checkpoint_retention import (
    CheckpointKeeper,
    disk_need,
    find_resumable,
    fingerprint,
    keep_every,
)
from alexnet_viz.training.datasets.dataset import Dataset
from alexnet_viz.training.datasets.shapes import shapes
from alexnet_viz.training.recipe import Recipe
from alexnet_viz.training.trainer import Progress, State


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return create_run(tmp_path, "shapes", {})


@pytest.fixture(scope="module")
def data() -> Dataset:
    return shapes(0, train=10, held_out=10)


def state(epoch: int, step: int, images: int = 0) -> State:
    return State({"momentum_buffer/fc1.bias": torch.full((16,), float(step))}, Progress(step, epoch, 0.1, 1, images))


def names(run: Run) -> list[str]:
    return sorted(path.stem for path in (run.folder / "checkpoints").iterdir())


def save_epochs(run: Run, keeper: CheckpointKeeper, model: AlexNet, accuracies: list[float]) -> None:
    keeper.save(model, state(0, 0), {})
    for epoch, accuracy in enumerate(accuracies, start=1):
        with MetricsWriter(run.folder / "metrics.jsonl") as metrics:
            metrics.write({"kind": "epoch", "epoch": epoch, "val_accuracy": accuracy})
        keeper.save(model, state(epoch, epoch * 3), {"val_accuracy": accuracy})


def test_first_best_last_and_every_so_many_are_kept(
    run: Run, data: Dataset, tiny_network: Callable[..., AlexNet]
) -> None:
    keeper = CheckpointKeeper(run, Recipe(epochs=9, keep_every=4), data, "fp32")
    save_epochs(run, keeper, tiny_network(), [0.1, 0.5, 0.3, 0.2, 0.4, 0.4, 0.4])
    kept = ["epoch-000", "epoch-002", "epoch-004", "epoch-007", "resume-epoch-007"]
    assert names(run) == kept
    keeper.save(tiny_network(), state(7, 22, images=8), {})
    assert names(run) == ["epoch-000", "epoch-002", "epoch-004", "resume-step-000022", "step-000022"]
    keeper.save(tiny_network(), state(8, 24), {})
    assert names(run) == ["epoch-000", "epoch-002", "epoch-004", "epoch-008", "resume-epoch-008"]


def test_what_was_saved_is_what_one_goes_on_from(run: Run, data: Dataset, tiny_network: Callable[..., AlexNet]) -> None:
    model = tiny_network(seed=3)
    CheckpointKeeper(run, Recipe(seed=3), data, "bf16").save(model, state(1, 7, images=8), {"val_loss": 2.0})
    found = find_resumable(run)
    assert found is not None
    assert (found.checkpoint.stem, found.precision) == ("step-000007", "bf16")
    assert found.state.progress == Progress(7, 1, 0.1, 1, 8)
    assert found.state.tensors["momentum_buffer/fc1.bias"].tolist() == [7.0] * 16
    checkpoint = load_checkpoint(found.checkpoint)
    assert torch.equal(checkpoint.model.fc1.weight, model.fc1.weight)
    assert checkpoint.classes == data.classes
    assert checkpoint.input_rule == data.input_rule(227)
    assert (checkpoint.metadata["epoch"], checkpoint.metadata["step"], checkpoint.metadata["seed"]) == (1, 7, 3)
    assert checkpoint.metadata["metrics"] == {"val_loss": 2.0}


def test_what_was_never_reported_saved_is_not_gone_on_from(
    run: Run, data: Dataset, tiny_network: Callable[..., AlexNet]
) -> None:
    """A trainer was killed after it had written a resume file, before it took note of that."""
    keeper = CheckpointKeeper(run, Recipe(epochs=3), data, "fp32")
    save_epochs(run, keeper, tiny_network(), [0.1])
    folder = run.folder / "checkpoints"
    for name in ("epoch-002", "resume-epoch-002"):
        (folder / f"{name}.safetensors").write_bytes(b"unfinished")
    found = find_resumable(run)
    assert found is not None
    assert found.checkpoint.stem == "epoch-001"


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-64])


def garble(path: Path) -> None:
    """Put 64 other bytes among the weights; the file is still one that can be read."""
    content = bytearray(path.read_bytes())
    content[-200:-136] = bytes(255 - byte for byte in content[-200:-136])
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [cut, garble, Path.unlink])
@pytest.mark.parametrize(("damaged", "last_whole"), [("resume-epoch-002", "epoch-002"), ("epoch-002", "epoch-001")])
def test_damaged_files_are_noticed_and_the_last_whole_epoch_offered(
    run: Run,
    data: Dataset,
    tiny_network: Callable[..., AlexNet],
    damage: Callable[[Path], None],
    damaged: str,
    last_whole: str,
) -> None:
    keeper = CheckpointKeeper(run, Recipe(epochs=3), data, "bf16")
    save_epochs(run, keeper, tiny_network(), [0.1, 0.2])
    damage(run.folder / "checkpoints" / f"{damaged}.safetensors")
    for refused in (lambda: check_resumable(run), lambda: find_resumable(run)):
        with pytest.raises(
            ResumeError, match=rf"{damaged}\.safetensors is damaged or missing.*epoch {last_whole[-1]} is"
        ):
            refused()
    check_resumable(run, from_checkpoint=True)
    found = find_resumable(run)
    assert found is not None
    assert found.checkpoint.stem == last_whole
    assert found.state.tensors == {}
    epoch = int(last_whole[-1])
    assert (found.state.progress.step, found.state.progress.epochs_reported) == (3 * epoch, epoch)
    with MetricsWriter(run.folder / "metrics.jsonl") as metrics:
        metrics.write({"kind": "event", "event": "resumed", "step": 3 * epoch, "epochs": epoch})
    keeper.go_on_from(found)
    assert run.checkpoints()[-1].name == last_whole  # which RUN:last means: nothing ahead of it stays
    check_resumable(run)  # its trainer was killed at once: what was asked for still holds
    keeper.save(tiny_network(), state(3, 9), {})  # from now on there is a pair again
    again = find_resumable(run)
    assert again is not None
    assert again.checkpoint.stem == "epoch-003"


def test_where_every_checkpoint_is_damaged_nothing_is_begun_anew(
    run: Run, data: Dataset, tiny_network: Callable[..., AlexNet]
) -> None:
    save_epochs(run, CheckpointKeeper(run, Recipe(epochs=3), data, "fp32"), tiny_network(), [0.1])
    for path in (run.folder / "checkpoints").iterdir():
        cut(path)
    with pytest.raises(ResumeError, match="so is every checkpoint; its curves are kept"):
        check_resumable(run, from_checkpoint=True)


def test_a_run_of_an_older_version_has_no_checksums_and_is_believed(
    run: Run, data: Dataset, tiny_network: Callable[..., AlexNet]
) -> None:
    save_epochs(run, CheckpointKeeper(run, Recipe(epochs=3), data, "fp32"), tiny_network(), [0.1])
    (run.folder / "checksums.json").unlink()
    check_resumable(run)
    found = find_resumable(run)
    assert found is not None
    assert found.checkpoint.stem == "epoch-001"
    cut(run.folder / "checkpoints" / "resume-epoch-001.safetensors")
    with pytest.raises(ResumeError, match="resume-epoch-001 is damaged"):
        find_resumable(run)


def test_the_fingerprint_tells_renamed_classes_and_swapped_labels(data: Dataset) -> None:
    renamed = replace(data, classes=("other", *data.classes[1:]))
    train = data.train
    swapped = replace(data, train=replace(train, labels=train.labels.flip(0)))
    assert len({fingerprint(each) for each in (data, renamed, swapped)}) == 3
    assert fingerprint(data) == fingerprint(replace(data, mean=(0.0, 0.0, 0.0)))


def test_a_run_without_checkpoints_starts_anew(run: Run) -> None:
    assert find_resumable(run) is None


def test_about_ten_checkpoints_are_kept_by_default() -> None:
    assert [keep_every(Recipe(epochs=epochs)) for epochs in (1, 10, 11, 40, 100)] == [1, 1, 2, 4, 10]
    assert keep_every(Recipe(epochs=40, keep_every=7)) == 7


def test_the_disk_need_counts_checkpoints_and_resume_states() -> None:
    # Two epochs: 0, 1, 2 are kept, one more is being written, and two resume states: (4 + 2) x 4 bytes a parameter.
    assert disk_need(Recipe(epochs=2), 1000) == 24_000
    assert disk_need(replace(Recipe(epochs=2), optimiser="adam"), 1000) == 32_000  # its states are twice as large


def test_what_a_killed_trainer_was_writing_is_removed_by_the_next(
    run: Run, data: Dataset, tiny_network: Callable[..., AlexNet]
) -> None:
    CheckpointKeeper(run, Recipe(), data, "fp32").save(tiny_network(), state(0, 0), {})
    (run.folder / "checkpoints" / "epoch-001.safetensors.0f3a9c2e.partial").write_bytes(b"half")
    (run.folder / "checkpoints" / ".tmpX1y2Z3").write_bytes(b"half")  # as safetensors writes
    CheckpointKeeper(run, Recipe(), data, "fp32")
    assert names(run) == ["epoch-000", "resume-epoch-000"]
