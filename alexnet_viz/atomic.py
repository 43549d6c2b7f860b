"""Atomic file writes: a reader sees the old file or the new one, never half of one."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from alexnet_viz.strict_json import to_json, without_nan

__all__ = ["is_no_file", "replace_json", "replacing", "without_nan"]


def is_no_file(path: Path) -> bool:
    """Return whether a path is a folder, a device or a pipe, or would become a device: these are never replaced."""
    is_among_devices = os.path.realpath(path.parent) == "/dev"  # where /dev/stdout is a link to what may be a file
    return is_among_devices or (path.exists() and not path.is_file())


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield the name to write to; on leaving the block the file written there replaces `path` in one step.

    When the block raises, `path` is left as it was and the half-written file is removed. The folder must exist.

    Raises:
        OSError: The file cannot be written or renamed, or what bears its name is no file: root would replace /dev/null.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    if is_no_file(path):
        raise OSError(None, "it is no file", str(path))
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
    with replacing(path) as partial:
        partial.write_text(to_json(record), encoding="utf-8")
