"""Class names in the forms that people have them: lines, numbered lists, tables, JSON or Python.

class_names("cat, dog") == class_names('{"dog": 1, "cat": 0}') == class_names("a = ['cat', 'dog']")  # ("cat", "dog")
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from alexnet_viz.checkpoints.metadata import shorten
from alexnet_viz.errors import CheckpointError
from alexnet_viz.language import said
from alexnet_viz.strict_json import read_regular

# Under which keys files and configurations keep them, the likeliest first.
KEYS = (
    *("classes", "class_names", "class_to_idx", "idx_to_class", "labels", "label_names", "names", "id2label"),
    *("label2id", "categories"),
)
_MOST_NAMES_BYTES = 2_000_000  # 10,000 names of 100 characters take one
_ASSIGNED = re.compile(r"[A-Za-z_][\w.]*\s*(?::[^=\n]{0,100})?=\s*(?=[\[({])")  # "classes = (", "names: list[str] = ["
_TITLE = re.compile(rf"(?:{'|'.join(KEYS)})\s*:\s*", re.IGNORECASE)  # of a list in YAML
_NUMBER_FIRST = re.compile(r"([0-9]{1,6})[\s:.,;=)–-]+(.+)")
_NUMBER_LAST = re.compile(r"(.+?)\s*[:,;=\t]\s*([0-9]{1,6})")
_QUOTED = re.compile(r"""(["'])((?:(?!\1).)*)\1,?""")
_LEFT_OVER = re.compile(r"""^["']|["']$|["']\s*[:,]""")
_TITLES_OF_NUMBERS = frozenset(("", "#", "index", "idx", "id", "number", "no", "nr", "key", "class_id", "label_id"))
_TITLES_OF_NAMES = frozenset(("name", "names", "class", "classes", "class_name", "label", "labels", "label_name"))


def class_names(text: str, whose: str = "") -> tuple[str, ...]:
    """Return the names in a text file or a pasted list, in the order of the classes; () where there are none.

    One a line, or between commas where it is one line; numbers before or behind them are taken for the classes' own
    where they count from 0 or 1. A list, or a dictionary from names to numbers or the other way round, as JSON or
    Python write it.

    Raises:
        CheckpointError: It is a list or a dictionary of something else, or brackets and quotes are left over.
    """
    about = whose or said("The list of classes")
    text = text.removeprefix("\ufeff").strip()
    value = _literal(_TITLE.sub("", _ASSIGNED.sub("", text, count=1), count=1))
    if value:
        names = names_of(value)
        if not names:
            raise CheckpointError(
                about,
                said(
                    "is a list or a dictionary, but not of one name for each class; give names, or names with numbers "
                    "from 0 on"
                ),
            )
        return names
    names = _of_lines([line.strip() for line in text.splitlines() if line.strip()]) if value is None else ()
    for name in names:
        if _is_left_over(name):
            raise CheckpointError(
                about,
                said(
                    "has '{name}', where brackets or quotes are left over; give one class's name a line, or a list or "
                    "a dictionary as JSON or Python write it",
                    name=shorten(name),
                ),
            )
    return names


def names_of(value: object) -> tuple[str, ...]:
    """Return the names that a list, or a dictionary of names and numbers, gives to classes; () where it gives none."""
    if isinstance(value, list | tuple):
        return tuple(value) if all(type(each) is str for each in value) else ()
    if not isinstance(value, Mapping):
        return ()
    for key in KEYS:  # of a configuration
        if isinstance(value.get(key), list | tuple | Mapping) and (found := names_of(value[key])):
            return found
    by_number = [(_index(key), _name(each)) for key, each in value.items()]
    by_name = [(_index(each), _name(key)) for key, each in value.items()]
    return _in_order(by_number) or _in_order(by_name)


def read_class_names(path: Path) -> tuple[str, ...]:
    """Return the names in a text file.

    Raises:
        CheckpointError: It cannot be read, or holds none.
    """
    name = shorten(path.name)
    try:
        content = read_regular(path, _MOST_NAMES_BYTES + 1)
        text = content.decode()
    except OSError as error:
        raise CheckpointError(name, said("cannot be read: {problem}", problem=error.strerror or error)) from error
    except UnicodeDecodeError as error:
        raise CheckpointError(
            name, said("is not a text in UTF-8; give a text file with one class's name a line")
        ) from error
    if len(content) > _MOST_NAMES_BYTES:
        raise CheckpointError(name, said("is larger than 2 MB; give a text file with one class's name a line"))
    names = class_names(text, name)
    if not names:
        raise CheckpointError(name, said("holds no names; give a text file with one class's name a line"))
    return names


def doubled(names: Iterable[str]) -> list[str]:
    """Return each name that stands there more than once."""
    seen: set[str] = set()
    again = {name: None for name in names if name in seen or seen.add(name)}  # type: ignore[func-returns-value]
    return list(again)


def _index(value: object) -> int | None:
    if type(value) is str and re.fullmatch("[0-9]{1,6}", value):
        return int(value)
    return value if type(value) is int else None


def _name(value: object) -> str | None:
    """Return a class's name; of several, as ImageNet's ["n01440764", "tench"], the last."""
    last = value[-1] if isinstance(value, list | tuple) and value else value
    return last if type(last) is str else None


def _in_order(pairs: Sequence[tuple[int | None, str | None]]) -> tuple[str, ...]:
    """Return names by their numbers; () where these do not count from 0 or 1, or something else is among them."""
    found = {number: name for number, name in pairs if number is not None and name is not None}
    numbers = sorted(found)
    if len(found) < len(pairs) or not numbers or numbers[0] not in (0, 1) or numbers[-1] - numbers[0] != len(found) - 1:
        return ()
    return tuple(found[number] for number in numbers)


def _literal(text: str) -> object:
    """Return the list or dictionary that a text writes as JSON or Python do, None where it writes none."""
    if text.startswith(("[", "(", "{")):
        for read in (json.loads, ast.literal_eval):
            with suppress(ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
                value: object = read(text)
                return None if isinstance(value, set) else value  # a set has no order but that of its text
    return None


def _of_lines(lines: list[str]) -> tuple[str, ...]:
    if len(lines) == 1:
        bare = re.fullmatch(r"\[(.*)\]|\((.*)\)|\{(.*)\}", lines[0])
        whole = next(filter(None, bare.groups()), "") if bare else lines[0]
        lines = [part.strip() for part in whole.split(",") if part.strip()] if "," in whole else lines
    elif lines and _TITLE.fullmatch(f"{lines[0]} "):
        lines = lines[1:]
    if lines and all(line.startswith("- ") for line in lines):
        lines = [line[2:].strip() for line in lines]
    return _of_table(lines) or _numbered([_unquoted(line) for line in lines])


def _of_table(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the names of a table whose first line says what stands in each column; () where it is none."""
    mark = next((mark for mark in "\t;," if lines and mark in lines[0]), None)
    rows = [[_unquoted(cell.strip()) for cell in line.split(mark)] if mark else [line] for line in lines]
    titles = [cell.lower().replace(" ", "_") for cell in rows[0]] if rows else []
    named = [place for place, title in enumerate(titles) if title in _TITLES_OF_NAMES]
    numbered = [place for place, title in enumerate(titles) if title in _TITLES_OF_NUMBERS]
    if len(rows) < 2 or not named or len(named) + len(numbered) < len(titles):
        return ()
    if any(len(row) != len(titles) for row in rows):
        return ()
    if not numbered:
        return tuple(row[named[-1]] for row in rows[1:])
    return _in_order([(_index(row[numbered[0]]), row[named[-1]]) for row in rows[1:]])


def _numbered(lines: Sequence[str]) -> tuple[str, ...]:
    """Return names without the numbers of their classes, in their order; as they are where the numbers are not these.

    Numbers without which two names would be the same are a part of them.
    """
    for pattern, number, name in ((_NUMBER_FIRST, 1, 2), (_NUMBER_LAST, 2, 1)):
        found = [pattern.fullmatch(line) for line in lines]
        names = _in_order([(int(each[number]), _unquoted(each[name])) for each in found if each]) if all(found) else ()
        if len(names) > 1 and not doubled(names):
            return names
    return tuple(lines)


def _unquoted(text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    return quoted[2].strip() if quoted else text


def _is_left_over(name: str) -> bool:
    unpaired = any(name.count(first) != name.count(last) for first, last in zip("([{", ")]}", strict=True))
    return unpaired or bool(_LEFT_OVER.search(name)) or not name.strip("()[]{}:, ")
