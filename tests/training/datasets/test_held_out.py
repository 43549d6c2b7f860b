"""What is held out follows from each picture's content alone."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from alexnet_viz.training.datasets.cifar10 import cifar10
from alexnet_viz.training.datasets.dataset import Dataset, Split
from alexnet_viz.training.datasets.folder import folder_dataset
from alexnet_viz.training.datasets.held_out import held_out_of_each_class, is_held_out
from alexnet_viz.training.datasets.shapes import draw, shapes, unlearnt_drawings
from tests.training.datasets.test_cifar10 import write_batches

NOISE = np.random.default_rng(5)


def write_noise(folder: Path, counts: dict[str, int]) -> None:
    """Write pictures of 8 × 8 noise, so many of each class."""
    for name, count in counts.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            pixels = NOISE.integers(0, 256, (8, 8, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")


def fraction(path: Path) -> float:
    """Return what a picture's content says, 0 … 1, computed apart from the product."""
    pixels = np.asarray(Image.open(path))
    size = pixels.shape[0].to_bytes(4, "big") + pixels.shape[1].to_bytes(4, "big")
    return int.from_bytes(hashlib.blake2b(size + pixels.tobytes(), digest_size=8).digest(), "big") / 2**64


def keys(split: Split) -> set[int]:
    return set(split.digests.tolist())


def test_a_digest_below_the_share_says_held_out() -> None:
    # A fifth of 2**64 is 3689348814741910323.2.
    digests = np.array([0, 3689348814741910322, 3689348814741910323, 2**64 - 1], np.uint64)
    assert is_held_out(digests, 5).tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("fractions", "expected"),
    [
        ([0.1, 0.5, 0.3, 0.19], [True, False, False, True]),
        ([0.9, 0.5, 0.3, 0.4], [False, False, True, False]),  # none would be: the smallest
        ([0.1, 0.15, 0.05], [True, False, True]),  # all would be: the largest is learnt from
        ([0.1], [False]),
        ([0.7], [False]),
        ([0.5, 0.5, 0.9], [True, True, False]),  # the same picture twice is never on both sides
    ],
)
def test_each_class_has_some_to_learn_from_and_some_held_out(fractions: list[float], expected: list[bool]) -> None:
    digests = np.array([int(each * 2**64) for each in fractions], np.uint64)
    assert held_out_of_each_class(digests, np.zeros(len(digests), int), 5).tolist() == expected


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    write_noise(tmp_path, {"ant": 30, "bee": 30})
    return tmp_path


def test_a_folder_holds_out_the_same_pictures_whatever_the_seed(noise: Path) -> None:
    expected = sum(fraction(path) < 0.2 for path in noise.rglob("*.png"))
    sets = [folder_dataset(noise, seed) for seed in (0, 1, 2)]
    assert {len(data.held_out) for data in sets} == {expected}
    assert keys(sets[0].held_out) == keys(sets[1].held_out) == keys(sets[2].held_out)
    assert not keys(sets[0].held_out) & keys(sets[2].train)
    assert sets[0].train.digests.tolist() != sets[1].train.digests.tolist()  # the order is the seed's
    assert sets[0].held_out.digests.tolist() == sorted(sets[1].held_out.digests.tolist())


def test_one_more_picture_moves_no_other(noise: Path) -> None:
    before = folder_dataset(noise, 0)
    write_noise(noise / "more", {"ant": 1})
    (noise / "more" / "ant" / "0.png").rename(noise / "ant" / "00.png")
    (noise / "more" / "ant").rmdir()
    (noise / "more").rmdir()
    after = folder_dataset(noise, 0)
    assert len(after.train) + len(after.held_out) == 61
    assert keys(before.held_out) <= keys(after.held_out)
    assert keys(before.train) <= keys(after.train)


def test_the_content_counts_not_the_file(noise: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Other names and another lossless format change nothing, not even the order of learning."""
    copies = tmp_path_factory.mktemp("copies")
    for number, path in enumerate(sorted(noise.rglob("*.png"), reverse=True)):
        (copies / path.parent.name).mkdir(exist_ok=True)
        Image.open(path).save(copies / path.parent.name / f"{number}.bmp")
    assert keys(folder_dataset(copies, 3).held_out) == keys(folder_dataset(noise, 0).held_out)
    assert folder_dataset(copies, 3).train.digests.tolist() == folder_dataset(noise, 3).train.digests.tolist()


def test_cifar_10_holds_out_the_same_pictures_whatever_the_seed(tmp_path: Path) -> None:
    write_batches(tmp_path / "cifar-10-batches-py")
    first, other = cifar10(tmp_path, 0), cifar10(tmp_path, 2)
    assert keys(first.held_out) == keys(other.held_out)
    assert not keys(first.held_out) & keys(other.train)
    assert first.train.digests.tolist() != other.train.digests.tolist()


def test_no_seed_of_shapes_learns_what_another_holds_out() -> None:
    sets: list[Dataset] = [shapes(seed, train=100, held_out=40) for seed in range(3)]
    held_out = [*(data.held_out for data in sets), unlearnt_drawings(50)]
    assert all((split.digests < 2**64 / 5).all() for split in held_out)
    assert all((data.train.digests >= 2**64 / 5).all() for data in sets)
    assert not set.union(*map(keys, held_out)) & set[int]().union(*(keys(data.train) for data in sets))
    assert len(set.union(*map(keys, held_out))) == 3 * 40 + 50


def test_a_drawing_is_put_on_its_side_by_one_value_of_one_corner() -> None:
    learnt, held_out = draw(60, 7), draw(60, 7, held_out=True)
    differs = learnt.images != held_out.images
    assert differs[:, 0, 0, 0].all()
    assert differs.sum() == 60
    assert torch.equal(learnt.labels, held_out.labels)


def test_a_limit_takes_held_out_pictures_by_their_content(noise: Path) -> None:
    few, other = (folder_dataset(noise, seed).limited(4) for seed in (0, 1))
    assert len(few.train) == 4
    assert few.held_out.digests.tolist() == other.held_out.digests.tolist()
