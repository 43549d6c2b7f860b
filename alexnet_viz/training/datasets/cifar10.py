"""CIFAR-10 (A. Krizhevsky, 2009) from its python batches."""

import io
import os
import pickle
from pathlib import Path
from typing import ClassVar

import numpy as np
import torch

from alexnet_viz.errors import DatasetError
from alexnet_viz.language import said
from alexnet_viz.training.datasets.dataset import Dataset, Split, split_by_content

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)
FOLDER = "cifar-10-batches-py"
TRAIN_FILES, TEST_FILE = tuple(f"data_batch_{number}" for number in range(1, 6)), "test_batch"
HELD_OUT_SHARE = 25  # one in so many of the training pictures is held out
TRAIN_COUNT, HELD_OUT_COUNT = 48_029, 1_971  # of CIFAR-10's 50,000, by their content


def cifar10(data: Path, seed: int = 0) -> Dataset:
    """Return CIFAR-10 found in a folder.

    The held-out pictures are some of the training batches, so that the test batch stays untouched by any choice.

    Args:
        data: The folder that holds `cifar-10-batches-py`, or that folder itself.
        seed: Of the order of the pictures to learn from.
    Raises:
        DatasetError: The files are not there or not CIFAR-10's.
    """
    folder = find_batches(data)
    parts = [_read_batch(folder / name) for name in TRAIN_FILES]
    pictures = Split(
        torch.cat([part.images for part in parts]),
        torch.cat([part.labels for part in parts]),
        np.concatenate([part.digests for part in parts]),
    )
    learnt, held = split_by_content(pictures, HELD_OUT_SHARE, seed)
    return Dataset("cifar10", CLASSES, learnt, held, _read_batch(folder / TEST_FILE), MEAN, STD)


def test_pictures(data: Path) -> Split:
    """Return the 10,000 test pictures alone; raises DatasetError as `cifar10`."""
    return _read_batch(find_batches(data) / TEST_FILE)


def data_folder() -> Path:
    """Return the folder of data sets where none is named: ALEXNET_VIZ_DATA, else data/ here."""
    return Path(os.environ.get("ALEXNET_VIZ_DATA") or "data")


def find_batches(data: Path) -> Path:
    """Return the folder of the batches; raises DatasetError saying which files were expected where."""
    for folder in (data / FOLDER, data):
        if all((folder / name).is_file() for name in (*TRAIN_FILES, TEST_FILE)):
            return folder
    expected = ", ".join((*TRAIN_FILES, TEST_FILE))
    raise DatasetError(
        "CIFAR-10",
        f"is not in {data}: it should hold {FOLDER}/ with {expected}; put them there, name the folder with --data, "
        "or fetch them with --download",
    )


def download(data: Path) -> None:
    """Fetch CIFAR-10 (170 MB) into a folder with torchvision; only ever on a person's request.

    Raises:
        DatasetError: torchvision is not installed, or the server cannot be reached.
    """
    try:
        from torchvision.datasets import CIFAR10
    except ImportError as error:
        raise DatasetError("CIFAR-10", said("is fetched with torchvision, which is not installed")) from error
    try:
        CIFAR10(str(data), download=True)
    except (OSError, RuntimeError) as error:
        raise DatasetError(
            "CIFAR-10",
            said("could not be fetched ({problem}); put its files into {data} by hand", problem=error, data=data),
        ) from error


class _PlainUnpickler(pickle.Unpickler):
    """Builds arrays and nothing else: a batch that someone else made must never run code."""

    _ALLOWED: ClassVar = {
        ("numpy.core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("numpy", "ndarray"),
        ("numpy", "dtype"),
        ("_codecs", "encode"),
    }

    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in self._ALLOWED:
            raise pickle.UnpicklingError(f"asks for {module}.{name}")
        return super().find_class(module.replace("numpy.core", "numpy._core"), name)


def _read_batch(path: Path) -> Split:
    try:
        record = _PlainUnpickler(io.BytesIO(path.read_bytes()), encoding="bytes").load()
        pixels = np.asarray(record[b"data"], dtype=np.uint8).reshape(-1, 3, 32, 32)
        labels = torch.tensor([int(label) for label in record[b"labels"]], dtype=torch.int64)
    except (OSError, pickle.UnpicklingError, EOFError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise DatasetError(
            str(path), said("is not one of CIFAR-10's python batches ({problem}); fetch it again", problem=error)
        ) from error
    if len(labels) != len(pixels) or len(labels) == 0 or not 0 <= int(labels.min()) <= int(labels.max()) < 10:
        raise DatasetError(str(path), said("holds labels that do not belong to its pictures; fetch it again"))
    return Split.of_stored(torch.from_numpy(pixels.copy()), labels)
