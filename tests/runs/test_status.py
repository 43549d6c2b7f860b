import json
from dataclasses import replace
from pathlib import Path

import pytest

from alexnet_viz.language import figures, in_language, in_words, said
from alexnet_viz.runs import Status, read_status, this_process, write_status
from alexnet_viz.runs.status import seen_now


def mine(state: str) -> Status:
    me = this_process()
    return Status(state, pid=me.pid, pid_started=me.started, epoch=2, step=40)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write_status(tmp_path, mine("running"), clock=lambda: 123.0)
    status = read_status(tmp_path)
    assert status is not None
    assert (status.state, status.epoch, status.step, status.updated) == ("running", 2, 40, 123.0)


def test_the_file_has_the_keys_that_others_rely_on(tmp_path: Path) -> None:
    write_status(tmp_path, mine("running"))
    record = json.loads((tmp_path / "status.json").read_text())
    assert {"state", "pid", "pid_started", "epoch", "step", "updated", "message"} <= set(record)


def test_a_message_is_read_in_the_readers_language(tmp_path: Path) -> None:
    advice = said(
        "the learning rate {rate} is too high for this network; try {wanted}", rate=figures("0.5"), wanted="1"
    )
    write_status(tmp_path, replace(mine("failed"), message=said("{why}; resume to go on", why=advice)))
    status = read_status(tmp_path)
    assert status is not None
    english = "the learning rate 0.5 is too high for this network; try 1; resume to go on"
    assert json.loads((tmp_path / "status.json").read_text())["message"] == status.message == english
    with in_language("de"):
        assert in_words(status.message) == (
            "die Lernrate 0,5 ist zu hoch für dieses Netz; versuche 1; mit Fortsetzen geht es weiter"
        )


@pytest.mark.parametrize("kept", [None, {"message": "{x.y}", "values": {"x": "1"}}, {"message": "other", "values": {}}])
def test_a_message_whose_parts_do_not_make_it_up_stays_as_it_is(tmp_path: Path, kept: object) -> None:
    (tmp_path / "status.json").write_text(json.dumps({"state": "failed", "message": "it ended", "said": kept}))
    status = read_status(tmp_path)
    assert status is not None
    assert status.message == "it ended"


@pytest.mark.parametrize("state", ["running", "queued"])
def test_a_living_state_without_its_process_is_crashed(state: str, tmp_path: Path) -> None:
    write_status(tmp_path, mine(state))
    assert seen_now(tmp_path).state == state
    write_status(tmp_path, replace(mine(state), pid_started=1.0))
    assert seen_now(tmp_path).state == "crashed"


@pytest.mark.parametrize("state", ["stopped", "finished", "failed"])
def test_an_ended_run_needs_no_process(state: str, tmp_path: Path) -> None:
    write_status(tmp_path, replace(mine(state), pid_started=1.0))
    assert seen_now(tmp_path).state == state


@pytest.mark.parametrize("content", ["", "{", "[]", '{"epoch": 1}', "null"])
def test_a_file_that_is_no_status_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "status.json").write_text(content)
    assert read_status(tmp_path) is None
