"""Strict JSON: the one place that reads and writes it, since files and browsers are never trusted.

No NaN or infinity, no lone surrogates, bounded in size and depth, and checked against a schema where the reader has
one.
"""

from __future__ import annotations

import json
import math
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

MOST_BYTES = 4_000_000  # of one document: a recipe has two kB, the checksums of a thousand checkpoints 60
_DEEPEST = 16  # levels of lists and dictionaries; the deepest of ours has five


class JsonError(ValueError):
    """Text that is not the expected JSON; the message says why."""


def read_json(text: bytes | str, schema: type[Any] | None = None) -> Any:
    """Return the value of a JSON text.

    Args:
        text: UTF-8.
        schema: What it is checked against; keys that it does not name are let through.
    Raises:
        JsonError: It is no JSON, does not fit, is nested too deeply, or is too large.
    """
    if len(text) > MOST_BYTES:
        raise JsonError(f"it is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        value = msgspec.json.decode(text)
        if schema is not None:
            msgspec.convert(value, schema)
    except RecursionError:
        raise JsonError("it is nested too deeply") from None
    except (msgspec.MsgspecError, UnicodeError, ValueError, OverflowError) as error:
        raise JsonError(str(error)[:200]) from error
    if not is_shallow(value):
        raise JsonError("it is nested too deeply")
    return value


def read_json_file(path: str | Path, schema: type[Any] | None = None) -> Any:
    """Return the value of a JSON file.

    Raises:
        JsonError: It cannot be read, or as `read_json`.
        FileNotFoundError: There is none.
    """
    try:
        return read_json(read_regular(path, MOST_BYTES + 1), schema)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise JsonError(error.strerror or str(error)) from error


def read_regular(path: str | Path, most_bytes: int = -1, start: int = 0) -> bytes:
    """Return a file's bytes from `start` on; never blocks, as reading a pipe or a device would.

    Raises:
        OSError: There is no such file, or something else bears its name.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError(None, "it is no file")
        stream.seek(start)
        return stream.read(most_bytes)


def to_json(value: object) -> str:
    """Return a value as JSON that `read_json` accepts: NaN and infinity become null, lone surrogates question marks."""
    return whole_letters(json.dumps(without_nan(value), allow_nan=False, ensure_ascii=False))


def without_nan(value: object) -> object:
    """Return `value` as JSON can hold it: NaN and infinities become None, tuples lists, however deep."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    return value


def whole_letters(text: str) -> str:
    """Return text that UTF-8 can encode: names from files and browsers may contain lone surrogates."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def is_shallow(value: object, levels: int = _DEEPEST) -> bool:
    """Return whether lists and dictionaries are nested at most so deeply."""
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return not inner or (levels > 0 and all(is_shallow(item, levels - 1) for item in inner))
