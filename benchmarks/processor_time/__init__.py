"""How the benchmarks of single functions take time."""

import time
from collections.abc import Callable, Sequence

WARM_UP = 3  # first turns, which also compile, reserve memory and fill caches


def milliseconds_in_turns(ways: Sequence[Callable[[], object]], turns: int) -> list[list[float]]:
    """Return the processor time of every call, one list for each of `ways`.

    Processor time of a single thread, not time on the clock: it hardly depends on what else the machine is doing. The
    ways take turns, so that a change of clock rate meets all of them. What a call returns is freed within its time.
    """
    times: list[list[float]] = [[] for _ in ways]
    for turn in range(WARM_UP + turns):
        for way, own in zip(ways, times, strict=True):
            started = time.process_time()
            way()
            if turn >= WARM_UP:
                own.append(1000 * (time.process_time() - started))
    return times
