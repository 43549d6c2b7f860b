"""Jobs: how many of a person's wait."""

import threading
from collections.abc import Iterator

import pytest

from alexnet_viz.ui import jobs as jobs_module
from alexnet_viz.ui.jobs import Jobs, Progress
from alexnet_viz.ui.people import asked_by


class Held:
    """Work of which each stands still until the test opens it."""

    def __init__(self) -> None:
        self.begun, self.open = threading.Event(), threading.Event()
        self.jobs: Jobs[str, str] = Jobs(self.work, lambda: False)

    def work(self, asked: str, _progress: Progress) -> str:
        self.begun.set()
        assert self.open.wait(20)
        return asked

    def start(self, person: str, name: str) -> str:
        with asked_by(person):
            return str(self.jobs.start(name, (name, "", ""), 1)["id"])

    def state(self, person: str, job: str) -> tuple[str, str]:
        with asked_by(person):
            record = self.jobs.state(job)[0]
        return record["state"], record["message"]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    monkeypatch.setattr(jobs_module, "_MOST_WAITING", 2)
    made = Held()
    made.start("ann", "runs")
    assert made.begun.wait(20)
    yield made
    made.open.set()


def test_a_persons_oldest_waiting_job_makes_room_and_is_told_so(held: Held) -> None:
    waiting = [held.start("ann", f"ann {number}") for number in range(4)]
    assert [held.state("ann", job)[0] for job in waiting] == ["failed", "failed", "waiting", "waiting"]
    assert "start it again" in held.state("ann", waiting[0])[1]
    with asked_by("ann"):
        assert "start it again" in held.jobs.failure(("ann 0", "", ""))
    bobs = held.start("bob", "bob")
    with asked_by("bob"):
        assert held.jobs.state(bobs)[0]["before"] == 3  # what runs, and two of Ann's


def test_what_another_waits_for_too_does_not_make_room(held: Held) -> None:
    shared = held.start("ann", "shared")
    assert held.start("bob", "shared") == shared
    own = [held.start("ann", f"ann {number}") for number in range(2)]
    bobs = held.start("bob", "bob")
    assert [held.state("ann", job)[0] for job in (shared, *own)] == ["waiting"] * 3
    assert held.state("bob", bobs)[0] == "waiting"


def test_the_same_asked_for_again_takes_no_room(held: Held) -> None:
    own = [held.start("ann", f"ann {number}") for number in range(2)]
    assert held.start("ann", "ann 0") == own[0]
    assert [held.state("ann", job)[0] for job in own] == ["waiting"] * 2
