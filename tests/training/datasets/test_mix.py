"""Several data sets as one: classes by name, each picture once, files that are no list told plainly."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from alexnet_viz.errors import DatasetError
from alexnet_viz.training.datasets import load_dataset
from alexnet_viz.training.datasets.labelled import labelled_pictures
from alexnet_viz.training.datasets.mix import mixed_order

SIDE = 64


def class_folders(
    folder: Path, classes: Mapping[str, int], seed: int, splits: tuple[str, ...] = ("train", "val")
) -> Path:
    """Make so many pictures of each class in each split, of one colour each, all different."""
    generator = np.random.default_rng(seed)
    for split in ("train", "val"):
        for name, count in classes.items():
            (folder / split / name).mkdir(parents=True)
            for number in range(count):
                colour = tuple(generator.integers(0, 256, 3).tolist())
                Image.new("RGB", (30, 30), colour).save(folder / split / name / f"{number}.png")
    return folder


def written(path: Path, *sources: dict[str, object]) -> Path:
    path.write_text(json.dumps({"sources": list(sources)}))
    return path


def test_classes_are_put_together_by_name_and_labels_follow(tmp_path: Path) -> None:
    class_folders(tmp_path / "a", {"cat": 4, "dog": 4}, seed=1)
    class_folders(tmp_path / "b", {"ant": 5, "dog": 3}, seed=2)
    path = written(tmp_path / "pets.json", {"dataset": "folder", "data": "a"}, {"dataset": "folder", "data": "b"})
    data = load_dataset("mix", path, seed=0, side=SIDE)
    assert (data.name, data.classes) == ("pets", ("ant", "cat", "dog"))
    assert data.train.labels.bincount().tolist() == [5, 4, 7]
    assert data.held_out.labels.bincount().tolist() == [5, 4, 7]
    assert data.train.images.shape == (16, 3, SIDE, SIDE)
    alone = load_dataset("folder", tmp_path / "b", seed=0, side=SIDE)
    known = zip(alone.train.digests, alone.train.labels, strict=True)
    names = {digest: alone.classes[label] for digest, label in known}
    for digest, label in zip(data.train.digests, data.train.labels, strict=True):
        assert names.get(digest, data.classes[label]) == data.classes[label]


def test_pictures_of_each_source_keep_their_colours_at_the_common_size(tmp_path: Path) -> None:
    class_folders(tmp_path / "a", {"cat": 4, "dog": 4}, seed=1)
    path = written(tmp_path / "m.json", {"dataset": "folder", "data": "a"}, {"dataset": "shapes", "limit": 16})
    data = load_dataset("mix", path, seed=0, side=SIDE)
    assert len(data.train) == 8 + 16
    alone = load_dataset("folder", tmp_path / "a", seed=0, side=SIDE)
    for digest, picture in zip(alone.train.digests, alone.train.images, strict=True):
        assert torch.equal(data.train.images[int(np.flatnonzero(data.train.digests == digest)[0])], picture)


def test_what_one_holds_out_no_other_learns_from(tmp_path: Path) -> None:
    class_folders(tmp_path / "a", {"cat": 4, "dog": 4}, seed=1)
    class_folders(tmp_path / "b", {"cat": 4, "dog": 4}, seed=3)
    held_out = Image.open(tmp_path / "a" / "val" / "cat" / "0.png")
    held_out.save(tmp_path / "b" / "train" / "cat" / "again.png")
    path = written(tmp_path / "m.json", {"dataset": "folder", "data": "a"}, {"dataset": "folder", "data": "b"})
    data = load_dataset("mix", path, seed=0, side=SIDE)
    assert len(data.train) == 16
    assert not np.isin(data.train.digests, data.held_out.digests).any()


def test_a_part_of_what_is_held_out_is_of_every_source() -> None:
    # Small digests are what a large data set holds out by content; a folder of validation pictures has any.
    by_content, any_digest = np.arange(1000, dtype=np.uint64) << np.uint64(40), np.uint64(2**63)
    generator = np.random.default_rng(0)
    digests = np.concatenate([by_content, np.full(1000, any_digest)]) + generator.integers(0, 2**32, 2000, np.uint64)
    first = mixed_order(digests)[:400]
    assert 150 < int((first < 1000).sum()) < 250


def test_the_seed_decides_the_order_and_nothing_else(tmp_path: Path) -> None:
    class_folders(tmp_path / "a", {"cat": 6, "dog": 6}, seed=1)
    path = written(tmp_path / "m.json", {"dataset": "folder", "data": "a"})
    first, again, other = (load_dataset("mix", path, seed=seed, side=SIDE) for seed in (0, 0, 1))
    assert first.train.digests.tolist() == again.train.digests.tolist() != other.train.digests.tolist()
    assert sorted(first.train.digests) == sorted(other.train.digests)
    assert first.held_out.digests.tolist() == other.held_out.digests.tolist()


def test_it_is_measured_on_what_each_source_is_measured_on(tmp_path: Path) -> None:
    class_folders(tmp_path / "a", {"cat": 4, "dog": 3}, seed=1)
    class_folders(tmp_path / "b", {"ant": 2, "dog": 2}, seed=2)
    path = written(tmp_path / "m.json", {"dataset": "folder", "data": "a"}, {"dataset": "folder", "data": "b"})
    found = labelled_pictures("mix", path, SIDE)
    assert found.classes == ("ant", "cat", "dog")
    assert found.split.labels.bincount().tolist() == [2, 4, 5]
    validated = load_dataset("mix", path, seed=0, side=SIDE).held_out
    assert found.split.digests.tolist() == validated.digests.tolist()
    assert found.split.labels.tolist() == validated.labels.tolist()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing", "is not a list of data sets"),
        ("{}", "is not a list of data sets"),
        ('{"sources": []}', "names 0 data sets"),
        ('{"sources": [{"dataset": "mix", "data": "m.json"}]}', "a mix as part of a mix"),
        ('{"sources": [{"dataset": "planes"}]}', "is no data set"),
        ('{"sources": [{"dataset": "shapes", "limit": -1}]}', "names 1 data sets"),
        ('{"sources": 3}', "is not a list of data sets"),
    ],
)
def test_a_file_that_is_no_list_is_told(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "m.json"
    path.write_text(text)
    with pytest.raises(DatasetError, match=said):
        load_dataset("mix", path, seed=0, side=SIDE)


def test_a_mix_without_its_file_says_what_to_write() -> None:
    with pytest.raises(DatasetError, match="needs --data with a JSON file"):
        load_dataset("mix", None, seed=0)


def test_what_is_not_used_of_a_source_is_told(tmp_path: Path) -> None:
    class_folders(tmp_path / "a", {"cat": 4, "dog": 4}, seed=1)
    class_folders(tmp_path / "b", {"cat": 4, "dog": 4}, seed=2)
    (tmp_path / "b/train/cat/linked.png").symlink_to(tmp_path / "b/val/cat/1.png")
    (tmp_path / "b/val/dog/torn.png").write_bytes(b"")
    told = ("2 files of b are not used, the first: train/cat/linked.png is a link; put the picture itself there.",)
    sources: list[dict[str, object]] = [{"dataset": "folder", "data": "a"}, {"dataset": "folder", "data": "b"}]
    path = written(tmp_path / "m.json", *sources)
    assert load_dataset("folder", tmp_path / "a", seed=0, side=SIDE).notes == ()
    assert load_dataset("folder", tmp_path / "b", seed=0, side=SIDE).notes == told
    assert load_dataset("mix", path, seed=0, side=SIDE).notes == told
    parts = [f"Of {name}, the pictures in val/ are measured on, those in train/ are not." for name in "ab"]
    assert labelled_pictures("folder", tmp_path / "b", SIDE).notes == (parts[1], *told)
    assert labelled_pictures("mix", path, SIDE).notes == (*parts, *told)
