import errno

import pytest

from alexnet_viz.errors import CheckpointError, DatasetError
from alexnet_viz.training.__main__ import failure_in_words


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (DatasetError("cats.zip", "has one class"), "cats.zip has one class"),
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full; free some space and resume"),
        (CheckpointError("epoch-003.safetensors", "cannot be written: No space left on device"), "the disk is full"),
        (MemoryError(), "not enough memory for this batch; use a smaller batch_size"),
        (RuntimeError("CUDA out of memory. Tried to allocate 20 GiB"), "not enough memory for this batch"),
        (FileNotFoundError(errno.ENOENT, "No such file", "cats"), "a file could not be read or written"),
        (ZeroDivisionError("division by zero"), "an unexpected error ended it (ZeroDivisionError: division by zero)"),
    ],
)
def test_a_failure_is_told_in_words(error: Exception, words: str) -> None:
    assert words in failure_in_words(error)
