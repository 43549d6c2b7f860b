"""Long jobs about units: between their passes the engine serves photos and other people."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from alexnet_viz.explain.attribution import Pause
from alexnet_viz.inference import Engine
from alexnet_viz.ui.jobs import Progress

Result = TypeVar("Result")


def in_turns(engine: Engine, progress: Progress, work: Callable[[Progress, Pause], Result]) -> Result:
    """Run long work in the engine's turns; return its result.

    Args:
        engine: What the work needs is loaded already.
        progress: Of the job; raises once it is cancelled.
        work: Takes the same progress, and a pause to call between its passes, which raises as well.
    """
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done = count
        progress(count)

    def in_turn(pass_on: Callable[[], None]) -> Result:
        def pause() -> None:
            progress(done)
            pass_on()

        return work(tell, pause)

    return engine.in_turns(in_turn)
