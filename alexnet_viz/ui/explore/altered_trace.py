"""A photo's pass with some channels off, held or multiplied; only the later stages are computed again.

An alteration is part of a browser's request: the shared network is only read.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from alexnet_viz.answers import probabilities
from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.explain.ablation import altered_stages, changes_of, check_changes, shares_of_change
from alexnet_viz.inference import Engine, Trace
from alexnet_viz.recent import Recent
from alexnet_viz.view_code import Alteration

_MOST_KEPT = 12  # at most 8.4 MB each; stages before the alteration are shared with the unaltered pass


@dataclass(frozen=True, eq=False)
class AlteredTrace(Trace):
    """The pass of an altered network.

    Attributes:
        altered: The changes, as a browser writes them.
        change: By stage from the first altered one on, how large the change is as a share of what was there.
    """

    altered: str
    change: dict[str, float]


class AlteredTraces:
    """Altered passes of the process; the last ones stay in memory, since a page asks for one stage after the other.

    Args:
        engine: In whose queue they are computed.
        clock: Seconds.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._kept: Recent[tuple[Trace, str], AlteredTrace] = Recent(_MOST_KEPT, clock=clock)

    def find(self, checkpoint: Checkpoint, before: Trace, altered: str) -> AlteredTrace:
        """Return the altered pass; waits its turn.

        Args:
            checkpoint: Only read.
            before: Its unaltered pass.
            altered: As `changes_of` reads it.
        Raises:
            StageError, ExplanationError: There is no such stage or channel, or this is no list of changes.
        """
        key = (before, altered)
        with self._lock:
            known = self._kept.get(key)
        if known is not None:
            return known
        found = self._engine.in_turns(lambda _pass_on: _compute(checkpoint, before, altered))
        with self._lock:
            return self._kept.setdefault(key, found)

    def let_go(self) -> bool:
        """Remove expired entries; return whether there were any."""
        with self._lock:
            return bool(list(self._kept.expire()))


def _compute(checkpoint: Checkpoint, before: Trace, altered: str) -> AlteredTrace:
    changes = changes_of(altered)
    started = time.perf_counter()
    after = altered_stages(checkpoint.model, before.stages, changes)
    seconds = time.perf_counter() - started
    stages, logits = {**before.stages, **after}, after["logits"]
    change = shares_of_change(before.stages, after)
    place = (before.input, seconds, before.device, before.memory_bytes)
    return AlteredTrace(stages, logits, probabilities(logits), *place, altered, change)


def alterations_of(before: Trace, altered: str) -> tuple[Alteration, ...]:
    """Return each channel's change and its mean in the unaltered pass; the later of two changes counts.

    Raises:
        StageError, ExplanationError: There is no such stage or channel, or this is no list of changes.
    """
    changes = changes_of(altered) if altered else []
    check_changes(before.stages, changes)
    last = {(change.stage, change.channel): change.factor for change in changes}
    means = {place: float(before.stages[place[0]][place[1]].mean()) for place in last}
    return tuple(Alteration(*place, factor, means[place]) for place, factor in last.items())
