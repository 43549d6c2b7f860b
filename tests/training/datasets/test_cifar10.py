import os
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from alexnet_viz.errors import DatasetError
from alexnet_viz.training.datasets.cifar10 import CLASSES, TEST_FILE, TRAIN_FILES, cifar10


def write_batches(folder: Path, count: int = 10) -> None:
    """Write tiny batches of CIFAR-10's format: red of the picture numbered n is n, its label n % 10."""
    folder.mkdir(parents=True)
    for part, name in enumerate((*TRAIN_FILES, TEST_FILE)):
        numbers = np.arange(part * count, (part + 1) * count, dtype=np.uint8)
        data = np.zeros((count, 3072), dtype=np.uint8)
        data[:, :1024] = numbers[:, None]
        data[:, 1024 + 33] = 99  # green, row 1, column 1
        record = {b"data": data, b"labels": [int(n) % 10 for n in numbers], b"filenames": [b"x"] * count}
        (folder / name).write_bytes(pickle.dumps(record, protocol=2))


@pytest.mark.parametrize("given", ["", "cifar-10-batches-py"])
def test_batches_are_found_and_read(tmp_path: Path, given: str) -> None:
    write_batches(tmp_path / "cifar-10-batches-py")
    data = cifar10(tmp_path / given)
    assert data.classes == CLASSES
    # Of five pictures a class, that with the smallest digest where none is below a twenty-fifth.
    assert (len(data.train), len(data.held_out), len(data.test)) == (40, 10, 10)
    reds = sorted(data.train.images[:, 0, 5, 5].tolist() + data.held_out.images[:, 0, 5, 5].tolist())
    assert reds == list(range(50))
    assert data.test.images[:, 0, 0, 0].tolist() == list(range(50, 60))
    assert data.test.images[0, 1, 1, 1] == 99
    assert torch.equal(data.train.labels, data.train.images[:, 0, 0, 0].long() % 10)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"cifar-10-batches-py/ with data_batch_1, .*test_batch"):
        cifar10(tmp_path)


@pytest.mark.parametrize("content", [b"", b"<html>", pickle.dumps({b"data": 1}), pickle.dumps([1]), pickle.dumps("x")])
def test_a_file_that_is_no_batch_is_told(tmp_path: Path, content: bytes) -> None:
    write_batches(tmp_path / "cifar-10-batches-py")
    (tmp_path / "cifar-10-batches-py" / "data_batch_3").write_bytes(content)
    with pytest.raises(DatasetError, match=r"data_batch_3 is not one of CIFAR-10's python batches"):
        cifar10(tmp_path)


def test_labels_out_of_range_are_told(tmp_path: Path) -> None:
    write_batches(tmp_path / "cifar-10-batches-py")
    record = {b"data": np.zeros((1, 3072), dtype=np.uint8), b"labels": [10]}
    (tmp_path / "cifar-10-batches-py" / TEST_FILE).write_bytes(pickle.dumps(record))
    with pytest.raises(DatasetError, match="labels that do not belong"):
        cifar10(tmp_path)


class _Hostile:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("hostile",)


def test_a_batch_never_runs_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_batches(tmp_path / "cifar-10-batches-py")
    (tmp_path / "cifar-10-batches-py" / TEST_FILE).write_bytes(pickle.dumps(_Hostile()))
    with pytest.raises(DatasetError, match="asks for"):
        cifar10(tmp_path)
    assert not (tmp_path / "hostile").exists()
