from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from alexnet_viz.errors import DatasetError
from alexnet_viz.model import AlexNet
from alexnet_viz.training import estimate as estimate_module
from alexnet_viz.training.estimate import check_data, disk_need_of, estimate
from alexnet_viz.training.recipe import Recipe


def test_the_time_follows_from_the_probe(tiny_network: Callable[..., AlexNet], monkeypatch: pytest.MonkeyPatch) -> None:
    times = {"fp32": 0.8, "bf16": 0.4}  # of 8 pictures: 20 a second
    monkeypatch.setattr(estimate_module, "step_times", lambda *_: times)
    result = estimate(Recipe(epochs=2, batch_size=10), 100, 30, 10, torch.device("cpu"))
    # 200 views and 2 x 30 / 3 of validation are 220 at 0.05 s.
    assert result.seconds == pytest.approx(11.0)
    assert result.images_per_second == pytest.approx(200 / 11)
    small = Recipe(epochs=2, batch_size=10, small_size=113, small_share=0.5, precision="fp32")
    # Probed at 113; full pictures cost (227 / 113)² of a small one.
    views = 100 + 100 * (227 / 113) ** 2 + 20
    assert estimate(small, 100, 30, 10, torch.device("cpu")).seconds == pytest.approx(views * 0.1)


def test_the_disk_need_is_that_of_the_real_network() -> None:
    assert disk_need_of(Recipe(epochs=2), 10) == 58_322_314 * 24  # test_keeping says why 24


def test_data_are_looked_at_before_the_launch(tmp_path: Path) -> None:
    assert check_data("shapes", None, Recipe()) == 10
    with pytest.raises(DatasetError, match="choose shapes, cifar10, folder"):
        check_data("mnist", None, Recipe())
    with pytest.raises(DatasetError, match="needs --data"):
        check_data("folder", None, Recipe())
