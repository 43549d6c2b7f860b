import os
from pathlib import Path

import pytest
import torch
from PIL import Image

from alexnet_viz.errors import AlexNetVizError, DatasetError, RunError
from alexnet_viz.images import InputRule, seen_by_network
from alexnet_viz.runs import MetricsWriter, create_run
from alexnet_viz.training import worker
from alexnet_viz.training.datasets import Dataset, load_dataset
from alexnet_viz.training.recipe import Recipe

pytestmark = pytest.mark.slow  # they train


def pictures(folder: Path) -> Path:
    for number in range(10):
        path = folder / ("cats" if number < 5 else "dogs") / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.effect_noise((300, 400), 10 + number).convert("RGB").save(path)
    return folder


@pytest.mark.parametrize(("variant", "side"), [("torchvision", 224), ("seed", 227)])
def test_own_pictures_are_resized_once_to_what_the_network_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variant: str, side: int
) -> None:
    read: list[Dataset] = []

    def load(name: str, data: Path | None, seed: int, limit: int, side: int) -> Dataset:
        read.append(load_dataset(name, data, seed, limit, side))
        raise DatasetError("folder", "is read, which is enough")

    monkeypatch.setattr(worker, "load_dataset", load)
    data = pictures(tmp_path / "pictures")
    recipe = Recipe(variant=variant)
    run = create_run(
        tmp_path, "folder", {"dataset": "folder", "data": str(data), "recipe": recipe.to_record(), "device": "cpu"}
    )
    with pytest.raises(DatasetError, match="enough"):
        worker.train_run(run, lambda *_: None)
    with Image.open(data / "cats" / "0.png") as image:
        expected = torch.tensor(list(seen_by_network(image.copy(), InputRule(size=side)).tobytes()), dtype=torch.uint8)
    found = torch.cat([read[0].train.images, read[0].held_out.images]).permute(0, 2, 3, 1)
    assert found.shape == (10, side, side, 3)
    assert (found.reshape(10, -1) == expected).all(dim=1).sum() == 1


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({}, "cannot be read .without recipe, dataset, device."),
        ({"dataset": "shapes", "recipe": {"variant": "vgg"}, "device": "cpu"}, "no variant 'vgg'; choose seed, paper"),
        ({"dataset": "shapes", "recipe": {"epochs": "two"}, "device": "cpu"}, "epochs is 'two'; give a whole number"),
    ],
)
def test_settings_that_somebody_has_changed_by_hand_are_refused_in_words(
    tmp_path: Path, config: dict[str, object], words: str
) -> None:
    with pytest.raises(AlexNetVizError, match=words):
        worker.train_run(create_run(tmp_path, "shapes", config), lambda *_: None)


@pytest.mark.parametrize("asked_while", ["torch is imported", "the data are read"])
def test_a_stop_before_the_first_step_waits_for_no_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_network: object, asked_while: str
) -> None:
    recipe = Recipe(batch_size=8, epochs=1, limit=16, precision="fp32")
    run = create_run(tmp_path, "shapes", {"dataset": "shapes", "recipe": recipe.to_record(), "device": "cpu"})
    if asked_while == "torch is imported":
        run.request_stop()

    def load(*given: object) -> Dataset:
        assert asked_while == "the data are read"
        run.request_stop()
        return load_dataset(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(worker, "load_dataset", load)
    with pytest.raises(worker.StoppedError):
        worker.train_run(run, lambda *_: None)
    assert not [point for point in run.metrics() if point["kind"] == "step"]


def test_a_run_of_a_device_that_is_not_here_says_so(tmp_path: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has the device")
    recipe = Recipe(batch_size=8, epochs=1, limit=16, precision="fp32")
    run = create_run(tmp_path, "shapes", {"dataset": "shapes", "recipe": recipe.to_record(), "device": "cuda"})
    with pytest.raises(RunError, match="was trained on cuda, which this machine does not have; go on with it where"):
        worker.train_run(run, lambda *_: None)


@pytest.mark.parametrize(("given", "before", "expected"), [(0, 3, 3), (2, 3, 2), (0, 5, 1), (0, 0, 1), (0, None, 1)])
def test_a_resumed_run_computes_with_as_many_threads_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: int, before: int | None, expected: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 1)
    run = create_run(tmp_path, "shapes", {"threads": given})
    with MetricsWriter(run.folder / "metrics.jsonl") as metrics:
        metrics.write({"kind": "event", "event": "started", "threads": before})
    assert worker._thread_count(run, given) == expected


def test_filters_drawn_as_patches_are_smooth_from_the_first_step() -> None:
    data = load_dataset("shapes", None, 0, limit=60)
    shares = {}
    for init in ("fast", "patches"):
        model, *_ = worker._beginning(Recipe(init=init), data, None, "")
        power = torch.fft.fft2(model.block1.conv_layer.weight.detach()).abs().square().sum(dim=(0, 1))
        rows, columns = torch.fft.fftfreq(11)[:, None], torch.fft.fftfreq(11)[None]
        shares[init] = float(power[rows.square() + columns.square() <= 0.3**2].sum() / power.sum())
    assert shares["fast"] < 0.35  # noise: the share of the frequencies themselves, 0.28
    assert shares["patches"] > 0.9
