"""How the benchmarks of single functions take time."""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

WARM_UP = 3  # first turns, which also compile, reserve memory and fill caches


class Milliseconds(NamedTuple):
    """Of one call: what a clock showed, and how long the process's threads were busy."""

    clock: float
    processor: float


def times_in_turns(ways: Sequence[Callable[[], object]], turns: int, warm_up: int) -> list[list[Milliseconds]]:
    """Return the times of every call, one list for each of `ways`.

    The ways take turns, so that a change of clock rate meets all of them. What a call returns is freed within its time.
    """
    times: list[list[Milliseconds]] = [[] for _ in ways]
    for turn in range(warm_up + turns):
        for way, own in zip(ways, times, strict=True):
            started = time.perf_counter(), time.process_time()
            way()
            ended = time.perf_counter(), time.process_time()
            if turn >= warm_up:
                own.append(Milliseconds(1000 * (ended[0] - started[0]), 1000 * (ended[1] - started[1])))
    return times


def milliseconds_in_turns(ways: Sequence[Callable[[], object]], turns: int) -> list[list[float]]:
    """Return the processor time of every call, one list for each of `ways`, as `times_in_turns`.

    Processor time of a single thread, not time on the clock: it hardly depends on what else the machine is doing.
    """
    return [[one.processor for one in times] for times in times_in_turns(ways, turns, WARM_UP)]
