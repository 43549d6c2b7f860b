"""Model files that people have sent."""

import stat
from pathlib import Path

import pytest

from alexnet_viz.checkpoints import Choice, choices_file, keep_choice
from alexnet_viz.errors import CheckpointError
from alexnet_viz.ui import uploaded_checkpoints
from alexnet_viz.ui.people import asked_by
from alexnet_viz.ui.uploaded_checkpoints import ABSENCE_SECONDS, MOST_OF_A_PERSON, OwnCheckpoints


class Browsers:
    """Sessions that have a browser now, and the time."""

    def __init__(self, *alive: str) -> None:
        self.alive, self.now = set(alive), 0.0
        self.kept = OwnCheckpoints(lambda session: session in self.alive, lambda: self.now)

    def send(self, session: str, title: str = "a.pt", size: int = 7) -> str:
        file = self.kept.new_file(".pt")
        file.write_bytes(b"x" * size)
        with asked_by(session):  # a person of one tab
            return self.kept.add(file, title, session)

    def find(self, name: str, person: str = "ann") -> tuple[Path, str] | None:
        with asked_by(person):
            return self.kept.find(name)

    def files(self) -> int:
        return len(list(self.kept.new_file("").parent.iterdir())) - 1  # the lock


def test_a_person_keeps_their_last_four_and_none_of_anothers_go() -> None:
    browsers = Browsers("ann", "bob")
    bobs = browsers.send("bob", "bob.pt")
    names = [browsers.send("ann", f"{number}.pt") for number in range(6)]
    assert MOST_OF_A_PERSON == 4
    assert browsers.files() == 5
    assert [name for name in names if browsers.find(name) is None] == names[:2]
    for name, title, person in [(bobs, "bob.pt", "bob"), (names[2], "2.pt", "ann"), (names[5], "5.pt", "ann")]:
        found = browsers.find(name, person)
        assert found is not None
        assert found[0].is_file()
        assert found[1] == title


def test_files_go_when_their_session_has_ended() -> None:
    browsers = Browsers("ann", "bob")
    anns, bobs = browsers.send("ann"), browsers.send("bob")
    browsers.now = 1000.0
    browsers.kept.sweep()
    browsers.alive.remove("ann")
    browsers.now += ABSENCE_SECONDS
    browsers.kept.sweep()
    assert browsers.find(anns) is not None  # it may come back
    browsers.now += 1
    browsers.kept.sweep()
    assert browsers.find(anns) is None
    assert browsers.find(bobs, "bob") is not None
    assert browsers.files() == 1


def test_a_session_that_comes_back_in_time_keeps_its_files() -> None:
    browsers = Browsers("ann")
    name = browsers.send("ann")
    for _ in range(5):
        browsers.alive.clear()
        browsers.now += ABSENCE_SECONDS - 1
        browsers.kept.sweep()
        browsers.alive.add("ann")
        browsers.now += 1
        browsers.kept.sweep()
    assert browsers.find(name) is not None


def test_what_no_session_sent_goes_too() -> None:
    browsers = Browsers()
    name = browsers.send("")
    browsers.now = ABSENCE_SECONDS + 1
    browsers.kept.sweep()
    assert browsers.find(name, "") is None


def test_all_together_are_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploaded_checkpoints, "MOST_BYTES", 25)
    browsers = Browsers("ann", "bob")
    browsers.send("ann", size=10)
    browsers.send("bob", size=10)
    with pytest.raises(CheckpointError, match=r"^c\.pt does not fit beside what others have opened"):
        browsers.send("cleo", "c.pt", size=10)
    browsers.alive.clear()
    browsers.now = ABSENCE_SECONDS + 1
    assert browsers.find(browsers.send("cleo", "c.pt", size=25), "cleo") is not None


def test_names_cannot_be_guessed() -> None:
    browsers = Browsers("ann")
    first, second = browsers.send("ann"), browsers.send("ann")
    assert first != second
    assert len(first) >= len("own-") + 16
    assert browsers.find("a.pt") is None


def test_nobody_else_may_read_the_folder_and_it_goes_with_its_owner() -> None:
    kept = OwnCheckpoints(lambda session: True)
    file = kept.new_file(".pt")
    file.write_bytes(b"x")
    kept.add(file, "a.pt", "ann")  # from now on a thread looks after the sessions, and does not keep it alive
    folder = file.parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    del kept
    assert not folder.exists()


def test_a_file_lives_as_long_as_any_session_of_its_tab() -> None:
    browsers = Browsers("ann", "after")
    name = browsers.send("ann", "mine.pt")
    with asked_by("ann"):
        assert browsers.kept.adopt(name, "after") == "mine.pt"  # a reload begins a new session
    browsers.alive.remove("ann")
    browsers.now = ABSENCE_SECONDS + 1
    browsers.kept.sweep()
    assert browsers.find(name) is not None
    browsers.alive.clear()
    browsers.now += ABSENCE_SECONDS + 1
    browsers.kept.sweep()
    assert browsers.find(name) is None


def test_a_renamed_file_has_a_new_name() -> None:
    browsers = Browsers("ann")
    name = browsers.send("ann", "mine.pt")
    with asked_by("ann"):
        renamed = browsers.kept.rename(name, "Letters")
        assert browsers.kept.find(name) is None
        assert browsers.kept.title(renamed) == "Letters"
    assert browsers.files() == 1


def test_a_file_is_nobody_elses() -> None:
    browsers = Browsers("ann", "bob")
    name = browsers.send("ann", "mine.pt")
    for other in ("bob", ""):
        assert browsers.find(name, other) is None
        with asked_by(other):
            for use in (lambda: browsers.kept.title(name), lambda: browsers.kept.adopt(name, "bob")):
                with pytest.raises(CheckpointError, match="is no longer kept by the server; open its file again"):
                    use()
            with pytest.raises(CheckpointError, match="is no longer kept"):
                browsers.kept.rename(name, "theirs")
    assert browsers.find(name) is not None


def test_one_person_with_many_tabs_has_one_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploaded_checkpoints, "MOST_BYTES_OF_A_PERSON", 25)
    browsers = Browsers("ann", "first", "second", "third")
    names = []
    for tab in ("first", "second", "third"):
        file = browsers.kept.new_file(".pt")
        file.write_bytes(b"x" * 10)
        with asked_by("ann"):
            names.append(browsers.kept.add(file, f"{tab}.pt", tab))
    assert [browsers.find(name) is not None for name in names] == [False, True, True]
    assert browsers.find(browsers.send("ann", size=30)) is not None  # larger than all: the one sent last always stays
    assert browsers.files() == 1


def test_what_was_chosen_of_a_file_goes_with_it() -> None:
    browsers = Browsers("ann")
    found = browsers.find(browsers.send("ann", "mine.pt"))
    assert found is not None
    keep_choice(found[0], Choice(variant="paper"))
    browsers.alive.clear()
    browsers.now += ABSENCE_SECONDS + 1
    browsers.kept.sweep()
    assert not found[0].exists()
    assert not choices_file(found[0]).exists()


def test_a_file_that_goes_while_its_title_is_asked_for_is_no_fault_of_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Swept(dict[str, object]):
        def get(self, name: str, otherwise: object = None) -> object:
            return self.pop(name, otherwise)  # the sweeper comes right behind the first look

    browsers = Browsers("ann")
    name = browsers.send("ann", "a.pt")
    monkeypatch.setattr(browsers.kept, "_kept", Swept(browsers.kept._kept))
    with asked_by("ann"):
        assert browsers.kept.title(name) == "a.pt"
        with pytest.raises(CheckpointError, match="open its file again"):
            browsers.kept.title(name)
