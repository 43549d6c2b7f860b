"""What a run can be resumed from: the files that its trainer saved, and which of them are still intact.

No torch, so that a resume is refused where it is asked for, and not half a minute later by a trainer that fails.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from alexnet_viz.atomic import replace_json
from alexnet_viz.errors import ResumeError
from alexnet_viz.language import all_of, said
from alexnet_viz.runs.folder import CHECKPOINT_NAME, Run, checkpoint_order
from alexnet_viz.strict_json import read_json_file

_CHECKSUMS = "checksums.json"
_FROM_CHECKPOINT = "resume-from"
_SUFFIX, _RESUME = ".safetensors", "resume-"
_CHUNK = 1 << 22  # bytes
FIRST = "epoch-000"  # before the first step: to start anew loses nothing


@dataclass(frozen=True)
class Left:
    """What a run can be resumed from.

    Attributes:
        pair: Name of the newest checkpoint that is whole and has its whole resume file, "epoch-003"; "" without one.
        damaged: Names of the files that are missing or not what was written, of those that matter.
        last_whole: Name of the newest checkpoint of a whole epoch whose file is whole; "" without one.
        is_new: Whether nothing was ever saved but the network before its first step.
    """

    pair: str
    damaged: tuple[str, ...]
    last_whole: str
    is_new: bool


def what_is_left(run: Run) -> Left:
    """Return what a run can go on from; reads each file that matters once, a second for each 500 MB."""
    folder, known = run.folder / "checkpoints", read_checksums(run.folder)
    pairs = [name for name in _names(known) if f"{_RESUME}{name}" in _names(known)]
    if not known:  # of a version that wrote no checksums; the trainer finds what is torn
        names = (path.stem.removeprefix(_RESUME) for path in folder.glob(f"{_RESUME}*{_SUFFIX}"))
        pairs = sorted((name for name in names if CHECKPOINT_NAME.fullmatch(f"{name}{_SUFFIX}")), key=checkpoint_order)
    pair, damaged = "", tuple[str, ...]()
    for name in reversed(pairs):  # an older one is there only where a trainer was killed before it removed that
        broken = tuple(file for file in _pair_files(name) if not is_whole(folder / file))
        damaged = damaged or broken
        if not broken:
            pair = name
            break
    is_new = not any(name != FIRST for name in pairs) and run.status().epoch == 0
    return Left(pair, damaged, "" if pair else _last_whole(run), is_new)


def check_resumable(run: Run, *, from_checkpoint: bool = False) -> None:
    """Refuse a resume that would silently lose something; with `from_checkpoint` request the last whole epoch instead.

    Args:
        run: Whose start lock is held.
        from_checkpoint: Whether to go on from the weights of the last whole epoch, with a new optimiser.
    Raises:
        ResumeError: There is no complete pair of files, or with `from_checkpoint` no whole checkpoint.
    """
    left = what_is_left(run)
    pending = requested_checkpoint(run)
    if not (left.pair or left.is_new) and pending and pending == left.last_whole:
        return  # it was asked for before, and the trainer was killed before it saved anything
    (run.folder / _FROM_CHECKPOINT).unlink(missing_ok=True)
    if left.pair or left.is_new:
        return
    if not from_checkpoint or not left.last_whole:
        raise ResumeError(run.id, damage_in_words(left), left.last_whole)
    (run.folder / _FROM_CHECKPOINT).write_text(left.last_whole, encoding="utf-8")


def damage_in_words(left: Left) -> str:
    """Return why a run cannot go on as it was, and from what it can."""
    files = all_of(left.damaged) if left.damaged else said("the files to go on from")
    if len(left.damaged) == 1:
        why = said("cannot go on as it was: {file} is damaged or missing", file=files)
    else:
        why = said("cannot go on as it was: {files} are damaged or missing", files=files)
    if not left.last_whole:
        return said("{why}, and so is every checkpoint; its curves are kept, start a new run", why=why)
    return said(
        "{why}. Its checkpoint of epoch {epoch} is whole: go on from there with a new optimiser (resume with "
        "--from-checkpoint), or start a new run from it",
        why=why,
        epoch=str(int(left.last_whole.removeprefix("epoch-"))),
    )


def requested_checkpoint(run: Run) -> str:
    """Return the checkpoint that a resume was asked to go on from with a new optimiser; "" for the last pair."""
    try:
        return (run.folder / _FROM_CHECKPOINT).read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        return ""


def note_saved(run: Run, files: Iterable[Path]) -> None:
    """Keep the checksums of files that were just saved, of those that are still there too; a request is then done."""
    folder = run.folder / "checkpoints"
    known = {name: value for name, value in read_checksums(run.folder).items() if (folder / name).exists()}
    for file in files:
        known.pop(file.name, None)  # the newest stands last
        known[file.name] = checksum(file)
    replace_json(run.folder / _CHECKSUMS, known)
    (run.folder / _FROM_CHECKPOINT).unlink(missing_ok=True)


def read_checksums(folder: Path) -> Mapping[str, str]:
    """Return the checksum of each file that a run's trainer reported saved, oldest first; {} where there are none."""
    try:
        record: dict[str, str] = read_json_file(folder / _CHECKSUMS, dict[str, str])
    except (OSError, ValueError):
        return {}
    return record


def is_whole(file: Path) -> bool:
    """Return whether a checkpoint of a run is what its trainer wrote; where no checksum is known, whether it exists."""
    wanted = read_checksums(file.parent.parent).get(file.name)
    try:
        return file.is_file() if wanted is None else checksum(file) == wanted
    except OSError:
        return False


def checksum(file: Path) -> str:
    """Return length and CRC-32 of a file: against accidents of disks and copies, not against a forger."""
    value, length = 0, 0
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            value, length = zlib.crc32(chunk, value), length + len(chunk)
    return f"{length}-{value:08x}"


def _pair_files(name: str) -> tuple[str, str]:
    return f"{name}{_SUFFIX}", f"{_RESUME}{name}{_SUFFIX}"


def _last_whole(run: Run) -> str:
    epochs = [file for file in run.checkpoints() if file.epoch is not None]
    return next((file.name for file in reversed(epochs) if is_whole(file.path)), "")


def _names(known: Iterable[str]) -> list[str]:
    return [name.removesuffix(_SUFFIX) for name in known]
