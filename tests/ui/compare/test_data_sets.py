"""The sets of test pictures in memory: each is read once, and nobody waits for another's."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from alexnet_viz.errors import DatasetError
from alexnet_viz.images import InputRule
from alexnet_viz.training.datasets.dataset import Split
from alexnet_viz.ui.compare import data_sets
from alexnet_viz.ui.compare.data_sets import DataSets


class Slow:
    """Reading of which "gallery" stands still until the test opens it."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()
        self.read: list[str] = []
        self.problem: Exception | None = None

    def load(self, name: str, *_: object) -> data_sets.TestPictures:
        self.read.append(name)
        if name == "gallery":
            self.reached.set()
            assert self.open.wait(20)
            if self.problem:
                raise self.problem
        images, labels = torch.zeros(1, 3, 2, 2, dtype=torch.uint8), torch.zeros(1, dtype=torch.int64)
        return data_sets.TestPictures(name, name, ("a",), Split(images, labels, np.zeros(1, np.uint64)))


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    made = Slow()
    monkeypatch.setattr(data_sets, "_load", made.load)
    return made


def test_nobody_waits_for_another_set_than_their_own(slow: Slow) -> None:
    sets = DataSets()
    known = sets.whole("shapes")
    with ThreadPoolExecutor(3) as people:
        waits = people.submit(sets.whole, "gallery")
        assert slow.reached.wait(20)
        try:
            assert people.submit(sets.whole, "shapes").result(20) is known
            assert people.submit(sets.whole, "cifar10").result(20).name == "cifar10"
        finally:
            slow.open.set()
        assert waits.result(20).name == "gallery"


def test_who_asks_for_the_same_waits_for_the_one_reading(slow: Slow) -> None:
    sets = DataSets()
    with ThreadPoolExecutor(2) as people:
        first = people.submit(sets.whole, "gallery")
        assert slow.reached.wait(20)
        second = people.submit(sets.whole, "gallery")
        slow.open.set()
        assert first.result(20) is second.result(20)
    assert slow.read == ["gallery"]


def test_a_set_that_cannot_be_read_is_read_again_when_asked_for_again(slow: Slow) -> None:
    sets = DataSets()
    slow.open.set()
    slow.problem = DatasetError("gallery", "is damaged")
    with pytest.raises(DatasetError, match="damaged"):
        sets.whole("gallery")
    slow.problem = None
    assert sets.whole("gallery").name == "gallery"


def test_a_persons_photos_are_fitted_to_each_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pets = tmp_path / "pets"
    for name, red in (("cat", 0), ("dog", 200)):
        (pets / name).mkdir(parents=True)
        for number in range(4):
            Image.new("RGB", (30, 20), (red, number, 0)).save(pets / name / f"{number}.png")
    monkeypatch.setattr(data_sets, "uploaded_pictures", lambda name: pets)
    sets = DataSets()
    rules = InputRule(), InputRule(224, short_side=256), InputRule(resize="squash")
    found = [sets.whole("folder-1", *rule.stored) for rule in rules]
    assert [each.split.images.shape[-1] for each in found] == [227, 256, 227]
    assert found[0].split.digests.tolist() == found[1].split.digests.tolist() == found[2].split.digests.tolist()
    assert sets.whole("folder-1") is found[0]
