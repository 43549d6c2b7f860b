"""The command class: what it prints, and what server it becomes."""

import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

from alexnet_viz.classroom import addresses, commands
from alexnet_viz.classroom.lesson_room import LessonRoom
from alexnet_viz.cli import run


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines of the servers that would have been started."""
    started: list[list[str]] = []

    def note(module: str, **_rest: Any) -> None:
        started.append([module, *sys.argv[1:]])

    monkeypatch.setattr(runpy, "run_module", note)
    monkeypatch.setattr(sys, "argv", ["alexnet-viz"])
    for name in (commands.FILE, commands.ADDRESS, "STREAMLIT_SERVER_HEADLESS"):
        monkeypatch.setenv(name, "")
    return started


def test_it_serves_the_local_network_and_says_how_to_come_in(
    became: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(addresses, "network_addresses", lambda: ["192.168.1.20", "10.0.0.3"])
    path = tmp_path / "lesson.json"
    assert run(["class", "--port", "8600", "--file", str(path)]) == 0
    record = LessonRoom(path).record
    said = capsys.readouterr().out
    assert "http://192.168.1.20:8600\n" in said
    assert "http://10.0.0.3:8600\n" in said
    assert record.code in said
    assert said.count(f"http://192.168.1.20:8600/teach?key={record.key}") == 1
    [command] = became
    assert command[:2] == ["streamlit", "run"]
    assert command[3:7] == ["--server.address", "0.0.0.0", "--server.port", "8600"]
    hosts = {option.partition("=")[2] for option in command[7:]}
    assert hosts == {"192.168.1.20", "10.0.0.3", "127.0.0.1", "localhost", "[::1]"}


def test_without_a_network_there_is_no_class(
    became: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(addresses, "network_addresses", list)
    assert run(["class", "--file", str(tmp_path / "lesson.json")]) == 2
    assert "in no network" in capsys.readouterr().err
    assert became == []


def test_this_machines_own_addresses_are_not_loopback() -> None:
    assert not [address for address in addresses.network_addresses() if address.startswith(("127.", "169.254."))]


def test_the_command_and_the_server_name_the_variables_alike() -> None:
    from alexnet_viz.ui import class_gate

    assert (commands.FILE, commands.ADDRESS) == (class_gate.FILE, class_gate.ADDRESS)
