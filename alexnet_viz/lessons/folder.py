"""Where lesson files are: those that come with the app, and a folder for people's own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from alexnet_viz.errors import LessonError
from alexnet_viz.lessons.reading import LessonFile, read_lesson

SHIPPED = Path(__file__).with_name("shipped")
_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True)
class Listed:
    """A lesson's file in a folder.

    Attributes:
        name: The file's name without its ending, in addresses and on the command line.
        file: The lesson; None where it cannot be used.
        problem: Why not, with file and line.
    """

    name: str
    file: LessonFile | None
    problem: str = ""


def own_folder() -> Path:
    """Return the folder of people's own lessons: ALEXNET_VIZ_LESSONS, else lessons/ where the app was started."""
    return Path(os.environ.get("ALEXNET_VIZ_LESSONS") or "lessons")


def lesson_paths() -> dict[str, Path]:
    """Return every lesson's file by name; a person's own replaces a shipped one of the same name."""
    folders = (SHIPPED, own_folder())
    found = [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())]
    return {path.stem: path for path in found if path.suffix in _ENDINGS}


def lessons() -> list[Listed]:
    """Return all lessons, the shipped ones first; a file that cannot be used says why and hides no other."""
    return [_listed(name, path) for name, path in lesson_paths().items()]


def _listed(name: str, path: Path) -> Listed:
    try:
        return Listed(name, read_lesson(path))
    except LessonError as error:
        return Listed(name, None, str(error))
