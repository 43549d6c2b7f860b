"""Files that a killed trainer left half saved: up to 233 MB each, of no use to any reader."""

from contextlib import suppress
from pathlib import Path

from filelock import Timeout

from alexnet_viz.runs.folder import Run, list_runs, nobody_trains

# Our own names, and those of safetensors, which writes to a name of its own first.
_PATTERNS = ("checkpoints/*.partial", "checkpoints/.tmp*", "status.json.*.partial", "checksums.json.*.partial")


def sweep_run(run: Run) -> None:
    """Remove what was left in a run's folder; nobody else may be training it."""
    for file in _left_in(run):
        file.unlink(missing_ok=True)


def sweep_runs(runs: Path) -> None:
    """Remove left files in all runs of a folder that nobody trains; what cannot be removed stays."""
    with suppress(OSError):  # a folder that may not be listed
        for run in list_runs(runs):
            with suppress(OSError, Timeout):
                if _left_in(run):
                    with nobody_trains(run):
                        sweep_run(run)


def _left_in(run: Run) -> list[Path]:
    return [file for pattern in _PATTERNS for file in run.folder.glob(pattern)]
