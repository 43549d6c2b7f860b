"""Model files that people have sent."""

import stat

import pytest

from alexnet_viz.checkpoints import Choice, choices_file, keep_choice
from alexnet_viz.errors import CheckpointError
from alexnet_viz.ui import uploaded_checkpoints
from alexnet_viz.ui.uploaded_checkpoints import ABSENCE_SECONDS, MOST_OF_A_SESSION, OwnCheckpoints


class Browsers:
    """Sessions that have a browser now, and the time."""

    def __init__(self, *alive: str) -> None:
        self.alive, self.now = set(alive), 0.0
        self.kept = OwnCheckpoints(lambda session: session in self.alive, lambda: self.now)

    def send(self, session: str, title: str = "a.pt", size: int = 7) -> str:
        file = self.kept.new_file(".pt")
        file.write_bytes(b"x" * size)
        return self.kept.add(file, title, session)

    def files(self) -> int:
        return len(list(self.kept.new_file("").parent.iterdir())) - 1  # the lock


def test_a_session_keeps_its_last_four_and_none_of_anothers_go() -> None:
    browsers = Browsers("ann", "bob")
    bobs = browsers.send("bob", "bob.pt")
    names = [browsers.send("ann", f"{number}.pt") for number in range(6)]
    assert MOST_OF_A_SESSION == 4
    assert browsers.files() == 5
    assert [name for name in names if browsers.kept.find(name) is None] == names[:2]
    for name, title in [(bobs, "bob.pt"), (names[2], "2.pt"), (names[5], "5.pt")]:
        found = browsers.kept.find(name)
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
    assert browsers.kept.find(anns) is not None  # it may come back
    browsers.now += 1
    browsers.kept.sweep()
    assert browsers.kept.find(anns) is None
    assert browsers.kept.find(bobs) is not None
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
    assert browsers.kept.find(name) is not None


def test_what_no_session_sent_goes_too() -> None:
    browsers = Browsers()
    name = browsers.send("")
    browsers.now = ABSENCE_SECONDS + 1
    browsers.kept.sweep()
    assert browsers.kept.find(name) is None


def test_all_together_are_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploaded_checkpoints, "MOST_BYTES", 25)
    browsers = Browsers("ann", "bob")
    browsers.send("ann", size=10)
    browsers.send("bob", size=10)
    with pytest.raises(CheckpointError, match=r"^c\.pt does not fit beside what others have opened"):
        browsers.send("cleo", "c.pt", size=10)
    browsers.alive.clear()
    browsers.now = ABSENCE_SECONDS + 1
    assert browsers.kept.find(browsers.send("cleo", "c.pt", size=25)) is not None


def test_names_cannot_be_guessed() -> None:
    browsers = Browsers("ann")
    first, second = browsers.send("ann"), browsers.send("ann")
    assert first != second
    assert len(first) >= len("own-") + 16
    assert browsers.kept.find("a.pt") is None


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
    browsers = Browsers("before", "after")
    name = browsers.send("before", "mine.pt")
    assert browsers.kept.adopt(name, "after") == "mine.pt"  # a reload begins a new session
    browsers.alive.remove("before")
    browsers.now = ABSENCE_SECONDS + 1
    browsers.kept.sweep()
    assert browsers.kept.find(name) is not None
    browsers.alive.clear()
    browsers.now += ABSENCE_SECONDS + 1
    browsers.kept.sweep()
    assert browsers.kept.find(name) is None


def test_a_renamed_file_has_a_new_name() -> None:
    browsers = Browsers("ann")
    name = browsers.send("ann", "mine.pt")
    renamed = browsers.kept.rename(name, "Letters")
    assert browsers.kept.find(name) is None
    assert browsers.kept.title(renamed) == "Letters"
    assert browsers.files() == 1


def test_what_was_chosen_of_a_file_goes_with_it() -> None:
    browsers = Browsers("ann")
    found = browsers.kept.find(browsers.send("ann", "mine.pt"))
    assert found is not None
    keep_choice(found[0], Choice(variant="paper"))
    browsers.alive.clear()
    browsers.now += ABSENCE_SECONDS + 1
    browsers.kept.sweep()
    assert not found[0].exists()
    assert not choices_file(found[0]).exists()
