"""The command `lesson`. Its imports are inside the functions, because torch takes seconds to import."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexnet_viz.cli_output import add_command, one_line, print_json, print_line, print_table, so_many

if TYPE_CHECKING:
    from alexnet_viz.lessons.asked import Asked
    from alexnet_viz.lessons.reading import LessonFile


def register(commands: Any) -> None:
    """Add the command to a parser's subparsers."""
    lesson = add_command(commands, "lesson", _lesson, "check a lesson's file, and compute its answers")
    lesson.add_argument("act", choices=["check", "list"], help="check FILE, or list the lessons that there are")
    lesson.add_argument("file", nargs="?", metavar="FILE", help="a lesson in YAML, or the name of a shipped one")


def _lesson(options: argparse.Namespace) -> int:
    return _list(options) if options.act == "list" else _check(options)


def _list(options: argparse.Namespace) -> int:
    from alexnet_viz.lessons.folder import lessons

    rows = [
        {
            "name": each.name,
            "title": each.file.lesson.title if each.file else None,
            "minutes": each.file.lesson.minutes if each.file else None,
            "steps": len(each.file.lesson.steps) if each.file else None,
            "problem": each.problem or None,
        }
        for each in lessons()
    ]
    if options.json:
        print_json(rows)
        return 0
    told = [(str(row["name"]), str(row["problem"] or row["title"]), _minutes(row["minutes"])) for row in rows]
    print_table(("name", "title", "time"), told)
    return 0


def _minutes(minutes: object) -> str:
    return f"{minutes} min" if minutes else ""


def _check(options: argparse.Namespace) -> int:
    from alexnet_viz.errors import LessonError
    from alexnet_viz.lessons.checking import check_lesson
    from alexnet_viz.lessons.folder import lesson_paths
    from alexnet_viz.lessons.reading import read_lesson

    if options.file is None:
        raise LessonError("lesson check", 1, "name a file; `lesson list` shows the lessons that there are")
    file = read_lesson(lesson_paths().get(options.file, Path(options.file)))
    asked = check_lesson(file)
    if options.json:
        print_json(_record(file, asked))
        return 0
    lesson = file.lesson
    steps = so_many(len(lesson.steps), "step")
    print_line(f"{one_line(lesson.title)}, {lesson.minutes} min, {steps}. Every answer can be given.")
    rows = [
        (
            str(index),
            step.title,
            "" if found is None else found.ask,
            "" if found is None else found.in_words(found.answer),
        )
        for index, (step, found) in enumerate(zip(lesson.steps, asked, strict=True), start=1)
    ]
    print_table(("step", "title", "question", "answer"), rows, right=(0,))
    return 0


def _record(file: LessonFile, asked: list[Asked | None]) -> dict[str, object]:
    steps = [
        {
            "title": step.title,
            "question": None if found is None else found.ask,
            "kind": None if found is None else found.kind,
            "answer": None if found is None else found.answer,
            "tolerance": None if found is None else found.tolerance,
        }
        for step, found in zip(file.lesson.steps, asked, strict=True)
    ]
    return {"title": file.lesson.title, "minutes": file.lesson.minutes, "steps": steps}
