import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_viz.strict_json import JsonError, read_json, read_json_file, to_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers(-(2**60), 2**60) | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "text",
    [
        b'{"loss": NaN}',
        b'{"loss": -Infinity}',
        b'{"loss": 1e999}',
        b'{"name": "\\ud800"}',
        b'{"name": "\xff"}',
        b"[" * 18 + b"]" * 18,
        b"[" * 100_000,
        b'{"a": 1',
        b"",
        b" " * 4_000_001,
    ],
    ids=lambda text: repr(text[:24]),
)
def test_what_is_no_strict_json_is_refused_in_words(text: bytes) -> None:
    with pytest.raises(JsonError) as refused:
        read_json(text)
    assert 5 < len(str(refused.value)) <= 200


def test_what_is_written_can_be_read() -> None:
    assert to_json({"loss": float("nan"), "name": "a\ud800"}) == '{"loss": null, "name": "a?"}'


@given(VALUES)
def test_whatever_is_written_can_be_read(value: object) -> None:
    text = to_json(value)
    assert to_json(read_json(text)) == text


@given(st.binary(max_size=200))
def test_whatever_lies_there_is_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(JsonError):
        read_json(content)


def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(JsonError):
            read_json_file(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        read_json_file(tmp_path / "nothing")
