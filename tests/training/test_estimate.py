import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image

from alexnet_viz.errors import DatasetError
from alexnet_viz.model import AlexNet
from alexnet_viz.training import estimate as estimate_module
from alexnet_viz.training.datasets.folder import inspect_folder
from alexnet_viz.training.datasets.folder_content import FolderContent
from alexnet_viz.training.estimate import check_data, disk_need_of, folder_counts, probed_pace, probed_times
from alexnet_viz.training.pace import measured_pace
from alexnet_viz.training.recipe import Recipe
from tests.support.pictures import saved


def test_the_time_follows_from_the_probe(tiny_network: Callable[..., AlexNet], monkeypatch: pytest.MonkeyPatch) -> None:
    times = {"fp32": 0.8, "bf16": 0.4}  # of 8 pictures: 20 a second
    monkeypatch.setattr(estimate_module, "step_times", lambda *_: times)
    recipe = Recipe(epochs=2, batch_size=10)
    assert probed_times(recipe, 10, torch.device("cpu")) == times
    pace = probed_pace(recipe, times)
    # 200 views and 2 x 30 / 3 of validation are 220 at 0.05 s.
    assert pace.seconds(recipe, 100, 30, 227) == pytest.approx(11.0)
    small = Recipe(epochs=2, batch_size=10, small_size=113, small_share=0.5, precision="fp32")
    # Probed at 113; full pictures cost (227 / 113)² of a small one, and all are validated at full size.
    views = 100 + (100 + 20) * (227 / 113) ** 2
    assert probed_pace(small, times).seconds(small, 100, 30, 227) == pytest.approx(views * 0.1)


def run_of(sizes: list[int], rates: dict[int, float], validation: float) -> list[dict[str, object]]:
    """Return the metrics of one epoch of steps of ten images, and of a validation of 40."""
    now = 0.0
    points: list[dict[str, object]] = []
    for number, size in enumerate(sizes, start=1):
        now += 10 / rates[size]
        points.append({"kind": "step", "step": number, "time": now, "images_per_s": rates[size], "size": size})
    return [*points, {"kind": "epoch", "epoch": 1, "time": now + validation, "val_images": 40}]


def test_the_time_left_follows_from_all_steps_by_size_and_from_the_validation() -> None:
    recipe = Recipe(epochs=2, batch_size=10, small_size=131, small_share=0.75)
    # Two epochs of ten steps: 15 small, 5 full. An image takes 0.05 s small and 0.2 s full, a validation 4 s.
    first = run_of([131] * 10, {131: 20.0}, 4.0)
    pace = measured_pace(first)
    assert pace is not None
    full = 0.05 * (227 / 131) ** 2  # not met yet: by its area
    assert pace.seconds(recipe, 100, 40, 227, steps_done=10) == pytest.approx(50 * 0.05 + 50 * full + 4)
    second = run_of([131] * 5 + [227] * 5, {131: 20.0, 227: 5.0}, 4.0)
    pace = measured_pace(second)
    assert pace is not None
    assert pace.seconds(recipe, 100, 40, 227) == pytest.approx(150 * 0.05 + 50 * 0.2 + 2 * 4)


def test_the_last_ten_steps_do_not_decide() -> None:
    points = run_of([227] * 90, {227: 20.0}, 4.0)
    slow = run_of([227] * 10, {227: 2.0}, 4.0)[:-1]
    pace = measured_pace([*points[:-1], *slow])
    assert pace is not None
    assert pace.learning_at(227) == pytest.approx(0.9 / 20 + 0.1 / 2)


def test_a_run_of_a_few_steps_has_no_pace() -> None:
    assert measured_pace(run_of([227] * 9, {227: 20.0}, 4.0)) is None
    assert measured_pace([{"kind": "step", "step": 1, "time": None, "loss": None}]) is None


def test_the_disk_need_is_that_of_the_real_network() -> None:
    assert disk_need_of(Recipe(epochs=2), 10) == 58_322_314 * 24  # test_keeping says why 24


def test_data_are_looked_at_before_the_launch(tmp_path: Path) -> None:
    assert check_data("shapes", None, Recipe()) == 10
    with pytest.raises(DatasetError, match="choose shapes, cifar10, folder"):
        check_data("mnist", None, Recipe())
    with pytest.raises(DatasetError, match="needs --data"):
        check_data("folder", None, Recipe())


def test_a_zip_is_looked_through_once_until_it_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Path] = []

    def inspect(data: Path) -> FolderContent:
        looked.append(data)
        return inspect_folder(data)

    monkeypatch.setattr(estimate_module, "inspect_folder", inspect)
    data = tmp_path / "pictures.zip"
    for classes in (2, 3):
        with zipfile.ZipFile(data, "w") as archive:
            for number in range(4 * classes):
                shade = saved(Image.new("RGB", (8, 8), (number * 20, 90, 10)), "PNG")
                archive.writestr(f"class {number % classes}/{number}.png", shade)
        for _ in range(3):
            assert check_data("folder", data, Recipe()) == classes
            assert folder_counts(data) == (classes, 4 * classes)
    assert len(looked) == 2
