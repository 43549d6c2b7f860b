"""Lesson files: YAML checked against the schema; every error names the file and the line.

file = read_lesson(Path("layers.yaml"))
file.lesson.steps[3].question
raise file.refusal("no such stage", "steps", 3, "question")
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import msgspec
import yaml

from alexnet_viz.errors import LessonError
from alexnet_viz.language import said
from alexnet_viz.lessons.schema import PAGE_KEYS, Lesson, Step
from alexnet_viz.strict_json import read_regular, without_nan

_MOST_BYTES = 500_000  # a lesson of nine steps has five kB
_DEEPEST = 16  # levels of lists and names; a lesson has five
_PATH = re.compile(r"^(?P<reason>.*?)(?: - at `(?:key in )?\$(?P<path>.*)`)?$", re.DOTALL)
_UNKNOWN = re.compile(r"unknown field `(?P<key>.*)`")


@dataclass(frozen=True)
class LessonFile:
    """A lesson, and where in its file everything stands."""

    name: str
    lesson: Lesson
    root: yaml.Node

    def refusal(self, reason: str, *path: str | int) -> LessonError:
        """Return what is wrong at a place, as an error to raise."""
        return LessonError(self.name, _line(self.root, path), reason)


def read_lesson(path: Path) -> LessonFile:
    """Return the lesson in a file.

    Raises:
        LessonError: It cannot be read, is no YAML, or holds something else than a lesson.
    """
    try:
        content = read_regular(path, _MOST_BYTES + 1)
    except OSError as error:
        raise LessonError(
            path.name, 1, said("it cannot be read: {problem}", problem=error.strerror or error)
        ) from error
    if len(content) > _MOST_BYTES:
        raise LessonError(path.name, 1, said("it is larger than {size} kB, the limit", size=_MOST_BYTES // 1000))
    return parse_lesson(content, path.name)


def parse_lesson(content: bytes, name: str) -> LessonFile:
    """Return the lesson in a file's content; raises LessonError."""
    root = _composed(content, name)
    try:
        value = yaml.SafeLoader("").construct_document(root)
    except yaml.constructor.ConstructorError as error:
        mark = error.problem_mark
        raise LessonError(
            name, mark.line + 1 if mark else 1, said("this is not accepted: {problem}", problem=error.problem)
        ) from error
    try:
        lesson = msgspec.convert(without_nan(value), Lesson)
    except msgspec.ValidationError as error:
        raise _located(str(error), name, root) from error
    file = LessonFile(name, lesson, root)
    for index, step in enumerate(lesson.steps):
        _check_view(file, index, step)
    return file


def _composed(content: bytes, name: str) -> yaml.Node:
    """Return the document's nodes."""
    try:
        text = content.decode("utf-8")
        _refuse_tricks(text, name)
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise LessonError(
            name, mark.line + 1 if mark else 1, said("this is not YAML: {problem}", problem=error.problem)
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise LessonError(name, 1, said("this is not YAML: {problem}", problem=str(error).splitlines()[0])) from error
    if root is None:
        raise LessonError(name, 1, said("it is empty; begin with title, about, minutes and steps"))
    _refuse_repetitions(root, name)
    return root


def _refuse_tricks(text: str, name: str) -> None:
    """Refuse aliases, with which a short file can expand to a long one, and deep nesting.

    The parser's time grows with the square of the depth, so that it must not be left to come to the end of it.
    """
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise LessonError(name, line, said("it is nested too deeply"))
        if isinstance(event, yaml.AliasEvent):
            raise LessonError(name, line, said("an alias (*name) is not accepted; write it out"))


def _refuse_repetitions(node: yaml.Node, name: str) -> None:
    """Refuse duplicate keys: YAML would silently keep the last one."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise LessonError(name, key.start_mark.line + 1, said("a list cannot be a name; write a word"))
            if key.value in seen:
                raise LessonError(
                    name, key.start_mark.line + 1, said("'{key}' stands here a second time", key=key.value)
                )
            seen.add(key.value)
            _refuse_repetitions(value, name)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repetitions(item, name)


def _located(message: str, name: str, root: yaml.Node) -> LessonError:
    """Return msgspec's message with the line of the place that it names."""
    match = _PATH.match(message)
    reason, path = (match["reason"], match["path"] or "") if match else (message, "")
    places: list[str | int] = [int(index) if index else key for key, index in re.findall(r"\.([\w-]+)|\[(\d+)\]", path)]
    unknown = _UNKNOWN.search(reason)
    if unknown:
        places.append(unknown["key"])
    where = ".".join(map(str, places)) if places and not unknown else ""
    return LessonError(name, _line(root, places), f"{where}: {reason}" if where else reason)


def _line(node: yaml.Node, path: tuple[str | int, ...] | list[str | int]) -> int:
    """Return the line, from 1, of a place or of the last part of it that is there."""
    line = node.start_mark.line
    for part in path:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == part), None)
            if found is None:
                break
            line, node = found[0].start_mark.line, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line
        else:
            break
    return int(line) + 1


def _check_view(file: LessonFile, index: int, step: Step) -> None:
    page = step.view.get("page")
    if page not in PAGE_KEYS:
        pages = ", ".join(PAGE_KEYS)
        reason = said("the view's page is '{page}'; choose {pages}", page=page, pages=pages)
        raise file.refusal(reason, "steps", index, "view", "page")
    keys = PAGE_KEYS[str(page)]
    for key in step.view:
        if key != "page" and key not in keys:
            accepted = ", ".join(sorted(keys))
            reason = said("the page {page} has no '{key}'; it has {accepted}", page=page, key=key, accepted=accepted)
            raise file.refusal(reason, "steps", index, "view", key)
