"""A checkpoint is measured on pictures that it never learnt from, whatever it started from and however it went on."""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from alexnet_viz import cli
from alexnet_viz.checkpoints import Checkpoint, load_checkpoint, save_checkpoint, save_packed, stored_metadata
from alexnet_viz.checkpoints.learnt_from import NOTHING
from alexnet_viz.errors import DatasetError
from alexnet_viz.model import AlexNet
from alexnet_viz.runs import Run, create_run
from alexnet_viz.training.datasets import load_dataset
from alexnet_viz.training.datasets.folder import folder_pictures
from alexnet_viz.training.launcher import Launch, _config
from alexnet_viz.training.recipe import Recipe
from alexnet_viz.training.unseen import unseen
from alexnet_viz.training.worker import StoppedError, train_run
from tests.training.datasets.test_cifar10 import write_batches

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("tiny_network")]


def write_noise(folder: Path, counts: dict[str, int], seed: int = 1) -> Path:
    """Write pictures of 8 × 8 noise, so many of each class; what they show says nothing about the class."""
    draw = np.random.default_rng(seed)
    for name, count in counts.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            pixels = draw.integers(0, 256, (8, 8, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{seed}-{number}.png")
    return folder


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    """Return a folder of sixty pictures of noise with labels by lot."""
    return write_noise(tmp_path / "noise", {"ant": 30, "bee": 30})


def begun(tmp_path: Path, dataset: str, data: Path | None, **settings: object) -> Run:
    quick: dict[str, object] = {"epochs": 1, "small_size": 67, "small_share": 1.0, "precision": "fp32"}
    recipe = Recipe(**{**quick, **settings})  # type: ignore[arg-type]
    return create_run(tmp_path / "runs", dataset, _config(Launch(dataset, recipe, data, threads=1)))


def trained(tmp_path: Path, dataset: str, data: Path | None, **settings: object) -> Path:
    """Train a tiny network and return its last checkpoint."""
    run = begun(tmp_path, dataset, data, **settings)
    train_run(run, lambda epoch, step: None)
    return run.checkpoints()[-1].path


def measured(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, object]:
    code = cli.run([*map(str, arguments), "--json"])
    out, err = capsys.readouterr()
    assert code == 0, err
    record = json.loads(out)
    assert isinstance(record, dict)
    return record


def keys(digests: NDArray[np.uint64] | Sequence[int]) -> set[int]:
    return set(np.asarray(digests).tolist())


def test_two_seeds_are_compared_on_what_neither_learnt_from(
    noise: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (trained(tmp_path, "folder", noise, seed=seed) for seed in (0, 2))
    held_out = len(load_dataset("folder", noise, 0).held_out)
    assert 0 < held_out < 30
    for checkpoint in (first, second):
        found = measured(capsys, "evaluate", "--checkpoint", checkpoint, "--dataset", "folder", "--data", noise)
        assert (found["n"], found["left_out_learnt"], found["not_known"]) == (held_out, 60 - held_out, [])


def test_one_more_picture_is_the_only_new_one(noise: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checkpoint = trained(tmp_path, "folder", noise)
    before = measured(capsys, "evaluate", "--checkpoint", checkpoint, "--dataset", "folder", "--data", noise)
    write_noise(noise, {"bee": 1}, seed=2)
    after = measured(capsys, "evaluate", "--checkpoint", checkpoint, "--dataset", "folder", "--data", noise)
    assert (after["n"], after["left_out_learnt"]) == (int(str(before["n"])) + 1, before["left_out_learnt"])


def test_all_pictures_count_for_a_checkpoint_that_saw_none_of_them(
    noise: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoint = trained(tmp_path, "folder", noise)
    others = write_noise(tmp_path / "others", {"ant": 15, "bee": 15}, seed=3)
    found = measured(capsys, "evaluate", "--checkpoint", checkpoint, "--dataset", "folder", "--data", others)
    assert (found["n"], found["left_out_learnt"], found["learnt_words"]) == (30, 0, "")


def test_a_folders_own_test_pictures_are_those_measured_on(noise: Path, tmp_path: Path) -> None:
    data = tmp_path / "split"
    write_noise(data / "train", {"ant": 10, "bee": 10}, seed=4)
    write_noise(data / "val", {"ant": 3, "bee": 3}, seed=5)
    assert len(folder_pictures(data)[1]) == 6
    write_noise(data / "test", {"ant": 2, "bee": 2}, seed=6)
    assert len(folder_pictures(data)[1]) == 4
    assert len(folder_pictures(noise)[1]) == 60


def test_one_picture_of_one_class_is_enough_to_measure_on(
    noise: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoint = trained(tmp_path, "folder", noise)
    one = write_noise(tmp_path / "one", {"bee": 1}, seed=8)
    found = measured(capsys, "evaluate", "--checkpoint", checkpoint, "--dataset", "folder", "--data", one)
    assert (found["n"], list(found["per_class"])) == (1, ["bee", "ant"])  # type: ignore[call-overload]
    (one / "bee" / "8-0.png").unlink()
    assert cli.run(["evaluate", "--checkpoint", str(checkpoint), "--dataset", "folder", "--data", str(one)]) == 2
    assert "no class folder with pictures" in capsys.readouterr().err


def test_what_a_start_was_learnt_from_counts_on(noise: Path, tmp_path: Path) -> None:
    other = write_noise(tmp_path / "other", {"ant": 10, "bee": 10}, seed=7)
    first = trained(tmp_path, "folder", other, limit=8)
    second = trained(tmp_path, "folder", noise, start_from=str(first), seed=5)
    third = trained(tmp_path, "shapes", None, limit=20, start_from=str(second))
    learnt = load_checkpoint(third).learnt_from
    assert learnt.is_complete
    for name, data, count in (("other", other, 8), ("noise", noise, 0)):
        train = load_dataset("folder", data, 0 if name == "other" else 5, count).train
        assert learnt.holds(train.digests).all()
        assert len(learnt.sources[name]) == len(train)
    assert len(learnt.sources["shapes"]) == 20
    assert not learnt.holds(load_dataset("folder", noise, 0).held_out.digests).any()


def test_chance_is_the_largest_class_s_share_of_all_the_run_s_pictures(tmp_path: Path) -> None:
    """A constant answer scores the largest class's share: noise, nine of ten of one class, is no feat at 90 %."""
    data = write_noise(tmp_path / "nine", {"rare": 6, "usual": 54}, seed=1)
    run = begun(tmp_path, "folder", data)
    train_run(run, lambda epoch, step: None)
    chance = next(point["chance"] for point in run.metrics() if point.get("event") == "started")
    share, entropy = 0.9, 0.9 * math.log(10 / 9) + 0.1 * math.log(10)  # 0.325
    assert chance == {"accuracy": pytest.approx(share), "loss": pytest.approx(entropy)}
    metrics = load_checkpoint(run.checkpoints()[-1].path).metadata["metrics"]
    assert isinstance(metrics, dict)
    assert (metrics["chance_accuracy"], metrics["chance_loss"]) == (pytest.approx(share), pytest.approx(entropy))


def test_before_the_first_step_nothing_of_the_run_was_learnt_from(noise: Path, tmp_path: Path) -> None:
    run = begun(tmp_path, "folder", noise)
    train_run(run, lambda epoch, step: None)
    first, *_, last = (load_checkpoint(file.path) for file in run.checkpoints())
    assert (first.learnt_from.sources, first.learnt_from.is_complete) == ({}, True)
    assert list(last.learnt_from.sources) == ["noise"]


def test_a_resumed_run_still_knows(noise: Path, tmp_path: Path) -> None:
    other = write_noise(tmp_path / "other", {"ant": 10, "bee": 10}, seed=7)
    start = trained(tmp_path, "folder", other)
    run = begun(tmp_path, "folder", noise, epochs=2, start_from=str(start))

    def stop(epoch: int, step: int) -> None:
        if epoch == 1:
            run.request_stop()

    with pytest.raises(StoppedError):
        train_run(run, stop)
    run.withdraw_stop()
    start.unlink()  # what it began from may be gone by then
    train_run(run, lambda epoch, step: None)
    learnt = load_checkpoint(run.checkpoints()[-1].path).learnt_from
    assert learnt.is_complete
    assert sorted(learnt.sources) == ["noise", "other"]
    assert learnt.holds(load_dataset("folder", other, 0).train.digests).all()


def test_a_training_is_not_validated_on_what_its_start_was_learnt_from(noise: Path, tmp_path: Path) -> None:
    """As where the start comes from a version that held other pictures out, or from a folder with its own split."""
    held_out = load_dataset("folder", noise, 0).held_out  # 17 of the 60
    source = load_checkpoint(trained(tmp_path, "folder", noise))
    for learnt, expected in ((1, (16, 1, 0)), (14, (17, 0, 14))):
        start = tmp_path / f"start-{learnt}.safetensors"
        knows = NOTHING.and_from("elsewhere", held_out.digests[:learnt])
        save_checkpoint(
            start, source.model, classes=source.classes, input_rule=source.input_rule, epoch=1, step=1, metrics={},
            recipe={}, seed=0, source="", learnt_from=knows,
        )  # fmt: skip
        run = begun(tmp_path, "folder", noise, start_from=str(start))
        train_run(run, lambda epoch, step: None)
        started = next(point for point in run.metrics() if point.get("event") == "started")
        told = started["held_out"]
        assert isinstance(told, dict)
        assert (started["val_images"], told["left_out"], told["learnt_before"]) == expected
        assert run.last_epoch_metrics()["val_images"] == expected[0]


@pytest.mark.parametrize("dataset", ["cifar10", "shapes"])
def test_the_same_holds_for_the_data_sets_of_the_app(dataset: str, tmp_path: Path) -> None:
    data = tmp_path / "cifar" if dataset == "cifar10" else None
    if data:
        write_batches(data / "cifar-10-batches-py")
    first = trained(tmp_path, dataset, data, seed=0, limit=20)
    second = load_checkpoint(trained(tmp_path, dataset, data, seed=2, limit=20, start_from=str(first)))
    assert len(second.learnt_from.sources[dataset]) > 20  # the twenty of each seed
    for seed in (0, 1):
        assert not second.learnt_from.holds(load_dataset(dataset, data, seed, 20).held_out.digests).any()


def test_packing_keeps_it_and_a_list_does_not_read_it(noise: Path, tmp_path: Path) -> None:
    checkpoint = load_checkpoint(trained(tmp_path, "folder", noise))
    packed = tmp_path / "packed.safetensors"
    save_packed(packed, checkpoint, {}, metrics={}, source="a test")
    learnt = load_checkpoint(packed).learnt_from
    assert learnt.sources["noise"].tolist() == checkpoint.learnt_from.sources["noise"].tolist()
    assert "learnt_from" not in stored_metadata(packed)


def test_of_a_file_that_does_not_say_it_is_not_known(
    tiny_network: Callable[..., AlexNet], noise: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import torch

    path = tmp_path / "foreign.pt"
    torch.save(tiny_network(2).state_dict(), path)
    write_noise(tmp_path / "named", {"class 0": 4, "class 1": 4}, seed=9)
    options = ["--dataset", "folder", "--data", str(tmp_path / "named")]
    found = measured(capsys, "evaluate", "--checkpoint", path, *options)
    assert (found["n"], found["not_known"]) == (8, ["the checkpoint"])
    assert cli.run(["evaluate", "--checkpoint", str(path), *options]) == 0
    assert "It is not known what the checkpoint learnt from." in capsys.readouterr().out


def test_where_nothing_is_left_it_is_said(noise: Path, tmp_path: Path) -> None:
    train = load_dataset("folder", noise, 0).train
    checkpoint = load_checkpoint(trained(tmp_path, "folder", noise))
    with pytest.raises(DatasetError, match=rf"no picture left to measure on: A learnt from all {len(train)}; choose"):
        unseen(train, {"A": checkpoint})


def test_what_is_left_out_is_told_in_a_sentence(noise: Path, tmp_path: Path) -> None:
    data = load_dataset("folder", noise, 0)
    checkpoint = load_checkpoint(trained(tmp_path, "folder", noise, limit=1))
    split = folder_pictures(noise)[1]
    found = unseen(split, {"A": checkpoint, "B": checkpoint}, limit=10)
    assert found.words == "10 of 60 pictures; 1 that A or B learnt from is left out."
    assert len(found.numbers) == 10
    assert int(data.train.digests[0]) not in keys(split.chosen(found.numbers).digests)


def test_an_untrained_network_has_learnt_from_nothing() -> None:
    metadata: dict[str, object] = {"epoch": 0, "step": 0}
    import torch

    def known(record: dict[str, object]) -> bool:
        return Checkpoint("x", AlexNet(2), (), "seed", record, torch.device("cpu"), None).learnt_from.is_complete

    assert known(metadata)
    assert not known({"epoch": 3})
    assert not known({**metadata, "recipe": {"start_from": "other"}})


@pytest.mark.parametrize("change", ["one more", "one fewer", "another", "in the other class", "renamed"])
def test_a_run_goes_on_only_with_the_data_it_began_with(change: str, noise: Path, tmp_path: Path) -> None:
    run = begun(tmp_path, "folder", noise, epochs=2)

    def stop(epoch: int, step: int) -> None:
        if epoch == 1:
            run.request_stop()

    with pytest.raises(StoppedError):
        train_run(run, stop)
    run.withdraw_stop()
    first = noise / "ant" / "1-0.png"
    if change in ("one more", "another"):
        write_noise(noise, {"ant": 1}, seed=2)
    if change in ("one fewer", "another"):
        first.unlink()
    if change == "in the other class":
        first.rename(noise / "bee" / "moved.png")
    if change == "renamed":  # what the files are called says nothing about what they show
        first.rename(noise / "ant" / "zebra.png")
        train_run(run, lambda epoch, step: None)
        assert run.last_epoch_metrics()["epoch"] == 2
        return
    with pytest.raises(DatasetError, match="has other pictures than when the run began, or the same ones in other"):
        train_run(run, lambda epoch, step: None)
