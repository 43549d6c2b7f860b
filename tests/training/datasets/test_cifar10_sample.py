"""The test pictures that ship with the app."""

import hashlib
import json
from collections import Counter

import pytest

from alexnet_viz import cli
from alexnet_viz.training.datasets import load_dataset
from alexnet_viz.training.datasets.cifar10 import CLASSES
from alexnet_viz.training.datasets.cifar10_sample import ABOUT, PICTURES, sample_pictures


def test_fifty_pictures_of_each_class_come_out_pixel_for_pixel() -> None:
    split = sample_pictures()
    assert split.images.shape == (500, 3, 32, 32)
    assert Counter(split.labels.tolist()) == dict.fromkeys(range(10), 50)
    pixels = split.images.permute(0, 2, 3, 1).contiguous().numpy().tobytes()
    assert hashlib.sha256(pixels).hexdigest() == json.loads(ABOUT.read_text())["sha256_of_pixels"]
    # The test batch begins with a cat, two ships and an aeroplane.
    assert [CLASSES[label] for label in split.labels[:4].tolist()] == ["cat", "ship", "ship", "airplane"]
    assert PICTURES.stat().st_size < 1_500_000


def test_where_they_come_from_stands_beside_them() -> None:
    about = json.loads(ABOUT.read_text())
    assert "Krizhevsky" in about["author"]
    assert "licence" in about
    assert "test_batch" in about["source"]
    places = list(map(int, about["places"].split()))
    assert len(set(places)) == 500
    assert max(places) < 10_000


def test_nothing_can_be_trained_on_them(capsys: pytest.CaptureFixture[str]) -> None:
    data = load_dataset("cifar10-sample", None, seed=0)
    assert (len(data.train), len(data.held_out), len(data.test)) == (0, 0, 500)
    assert cli.run(["train", "--dataset", "cifar10-sample"]) == 2
    assert "has test pictures only" in capsys.readouterr().err


@pytest.mark.slow
def test_they_can_be_measured_on_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["evaluate", "--checkpoint", "cifar10-fast", "--dataset", "cifar10-sample", "--limit", "40", "--json"]
    assert cli.run(arguments) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["n"] == 40
    assert found["accuracy"] > 0.6  # 84.6 % of all 10,000: fewer than 25 of 40 right would be a miracle
