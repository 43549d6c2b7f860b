"""Jobs: how many of a person's wait, and whose is next."""

import threading
from collections.abc import Iterator

import pytest

from alexnet_viz.ui import jobs as jobs_module
from alexnet_viz.ui.jobs import Jobs, Progress
from alexnet_viz.ui.people import asked_by


class Held:
    """Work of which each stands still until the test opens it."""

    def __init__(self) -> None:
        self.begun, self.open, self.all_done = threading.Event(), threading.Event(), threading.Event()
        self.done: list[str] = []
        self.jobs: Jobs[str, str] = Jobs(self.work)

    def work(self, asked: str, _progress: Progress) -> str:
        self.begun.set()
        assert self.open.wait(20)
        self.done.append(asked)
        if len(self.done) == 6:
            self.all_done.set()
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


def test_each_persons_first_job_is_done_before_anyones_second(held: Held) -> None:
    for person, name in (("ann", "ann 1"), ("ann", "ann 2"), ("bob", "bob 1"), ("bob", "bob 2"), ("cleo", "cleo 1")):
        held.start(person, name)
    cleos = held.start("cleo", "cleo 1")
    with asked_by("cleo"):
        assert held.jobs.state(cleos)[0]["before"] == 2  # what runs, and Bob's first
    held.open.set()
    assert held.all_done.wait(20)
    assert held.done == ["runs", "bob 1", "cleo 1", "ann 1", "bob 2", "ann 2"]


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
