import json
import os
import threading
from pathlib import Path

import pytest

from alexnet_viz.atomic import replace_json, replacing, without_nan


def test_the_new_file_replaces_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    replace_json(path, {"state": "running"})
    replace_json(path, {"state": "finished"})
    assert json.loads(path.read_text()) == {"state": "finished"}
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    path.write_text("old")

    def fail() -> None:
        with replacing(path) as partial:
            partial.write_text("half")
            raise RuntimeError("disk on fire")

    with pytest.raises(RuntimeError, match="disk on fire"):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_pipe_or_a_device_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "null")
    no_file, folder = "it is no file", "it is a folder"
    places = ((tmp_path / "null", no_file), (Path("/dev/new"), no_file), (tmp_path, folder), (Path(), folder))
    for path, words in places:
        with pytest.raises(OSError, match=words), replacing(path) as partial:
            partial.write_text("new")
    assert (tmp_path / "null").is_fifo()


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    replace_json(path, {"filler": "x" * 100_000, "step": -1})
    done = threading.Event()

    def write() -> None:
        for step in range(50):
            replace_json(path, {"filler": "x" * 100_000, "step": step})
        done.set()

    writers = [threading.Thread(target=write) for _ in range(2)]  # two writers share no half-written file either
    for writer in writers:
        writer.start()
    while not done.is_set():
        assert len(json.loads(path.read_text())["filler"]) == 100_000
    for writer in writers:
        writer.join()
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_not_a_number_becomes_null() -> None:
    record = {"loss": float("nan"), "metrics": [1.5, float("inf"), (2, -float("inf"))], "name": "a", "none": None}
    assert without_nan(record) == {"loss": None, "metrics": [1.5, None, [2, None]], "name": "a", "none": None}
