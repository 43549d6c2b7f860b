"""How a trainer's process ended, as its parent saw it: a killed process cannot say so itself."""

import errno
import os
import signal
from pathlib import Path

from alexnet_viz.atomic import replace_json
from alexnet_viz.language import said
from alexnet_viz.strict_json import read_json_file

DISK_FULL = 74  # EX_IOERR
ALREADY_TRAINED = 75  # a trainer's exit code where another one holds the run: EX_TEMPFAIL of sysexits.h
NOT_WRITABLE = said("nothing can be written into its folder; allow it, then resume to go on")


def note_ending(folder: Path, pid: int, code: int, memory_kills: int) -> None:
    """Record how a trainer ended where a signal ended it.

    Args:
        folder: The run's; where it was deleted meanwhile nothing is kept.
        pid: The trainer's number.
        code: As the system gives it to a parent; negative for a signal.
        memory_kills: How many processes this machine ended for want of memory while the trainer lived.
    """
    if code < 0 and folder.is_dir():
        replace_json(folder / "ending.json", {"pid": pid, "signal": -code, "memory_kills": memory_kills})


def ending_in_words(folder: Path, pid: int) -> str:
    """Return how the trainer with this number ended, "" where nobody saw it."""
    try:
        record = read_json_file(folder / "ending.json")
        if record["pid"] != pid:
            return ""
        number, memory_kills = int(record["signal"]), int(record["memory_kills"])
    except (OSError, ValueError, TypeError, KeyError):
        return ""
    name = _signal_name(number)
    if number != signal.SIGKILL:
        return said(
            "the trainer's process was ended by the signal {number} ({name}); log.txt may say why",
            number=number,
            name=name,
        )
    if memory_kills:
        return said(
            "the system ended the trainer's process ({name}), and it did so for want of memory; use a smaller batch "
            "size, or end other programs",
            name=name,
        )
    return said(
        "the trainer's process was ended from outside ({name}): by “End at once”, by a person, or by the system, which "
        "does so when memory runs out",
        name=name,
    )


def takes_nothing(folder: Path) -> bool:
    """Return whether a folder exists but cannot be written to: permissions, immutable, on a read-only disk."""
    return folder.is_dir() and not os.access(folder, os.W_OK)


def is_refused(error: OSError) -> bool:
    """Return whether the system refused to write because nobody may, or not this user."""
    return isinstance(error, PermissionError) or error.errno == errno.EROFS


def memory_kills() -> int:
    """Return how many processes the system has killed for lack of memory since it started; 0 where it does not say."""
    try:
        lines = Path("/proc/vmstat").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
