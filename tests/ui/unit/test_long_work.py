"""Jobs take turns with everybody else, and end where they pause."""

import threading

import pytest

from alexnet_viz.explain.attribution import Pause
from alexnet_viz.inference import Engine
from alexnet_viz.ui.jobs import Progress
from alexnet_viz.ui.unit.long_work import in_turns


class CancelledError(Exception):
    pass


def test_others_go_between_the_passes_of_a_job() -> None:
    engine, answered, begun = Engine("cpu"), threading.Event(), threading.Event()

    def work(tell: Progress, pause: Pause) -> int:
        passes = 0
        while not answered.is_set():  # never ends unless the question below is answered meanwhile
            tell(passes)
            begun.set()
            pause()
            passes += 1
        return passes

    found: list[int] = []
    job = threading.Thread(target=lambda: found.append(in_turns(engine, lambda _: None, work)))
    job.start()
    assert begun.wait(60)
    engine.in_turns(lambda _: answered.set())
    job.join(60)
    assert found
    engine.close()


def test_a_cancelled_job_ends_at_its_next_pause_and_frees_the_engine() -> None:
    engine, told = Engine("cpu"), []

    def progress(done: int) -> None:
        told.append(done)
        if len(told) == 3:
            raise CancelledError

    def work(tell: Progress, pause: Pause) -> None:
        tell(5)
        for _ in range(10):
            pause()

    with pytest.raises(CancelledError):
        in_turns(engine, progress, work)
    assert told == [5, 5, 5]
    assert engine.in_turns(lambda _: "free") == "free"
    engine.close()
