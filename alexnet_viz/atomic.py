"""Files that a reader sees whole or not at all: written aside, flushed to the disk, renamed into place."""

from __future__ import annotations

import json
import math
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield the name to write to; on leaving the block the file written there replaces `path` in one step.

    When the block raises, `path` is left as it was and the half-written file is removed. The folder must exist.

    Raises:
        OSError: The file cannot be written or renamed.
    """
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}.partial")  # two writers never share one
    try:
        yield partial
        with partial.open("rb+") as stream:
            os.fsync(stream.fileno())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def replace_json(path: Path, record: Mapping[str, object]) -> None:
    """Write `record` so that a reader sees the old file or the new one, never half of one; a NaN is stored as null."""
    with replacing(path) as partial, partial.open("w", encoding="utf-8") as stream:
        json.dump(without_nan(record), stream, allow_nan=False)


def without_nan(value: object) -> object:
    """Return `value` as JSON can hold it: NaN and infinities become None, tuples lists, however deep."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    return value
