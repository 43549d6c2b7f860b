"""Update the translation catalogues from the source.

    python -m tools.languages                  list what each catalogue lacks
    python -m tools.languages write [FILE…]    add new messages of the source, and translations from JSON files

A JSON file is {"de": {English: German or [singular, plural]}, "fr": …}. Messages that the source no longer has are
removed.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from alexnet_viz.cli_output import print_line
from alexnet_viz.images import GALLERY
from alexnet_viz.language import FOLDER, LANGUAGES
from alexnet_viz.lessons.folder import SHIPPED
from alexnet_viz.lessons.reading import read_lesson
from alexnet_viz.lessons.spoken import sentences

_PACKAGE = Path(__file__).parents[1] / "alexnet_viz"
_TEXT = r'\s*("(?:[^"\\\n]|\\.)*")\s*'
_CALL = re.compile(rf"\b(gettext|ngettext|gettextNodes)\({_TEXT}(?:,{_TEXT})?(?=[,)])")
_KEYWORDS = {**DEFAULT_KEYWORDS, "gettextNodes": None, "said": None, "counted": (1, 2)}
_HEAD = "# {language} for alexnet_viz. Written by `python -m tools.languages write`; translations are changed here."
_CHANGING = tuple(
    f'"{name}'.encode()
    for name in ("POT-", "PO-", "Report-", "Last-", "Language-Team", "Generated-", "Content-Transfer-")
)
Message = str | tuple[str, str]


@cache  # a second; it is asked for once for each language
def source_messages() -> dict[Message, list[tuple[str, int]]]:
    """Return every message of pages and lessons, with where it stands."""
    found: dict[Message, list[tuple[str, int]]] = {}
    methods: list[tuple[str, Any]] = [("**.py", "python"), ("**.js", _of_module)]
    for name, line, message, _, _ in extract_from_dir(_PACKAGE, methods, keywords=_KEYWORDS):
        found.setdefault(_message(message), []).append((f"alexnet_viz/{Path(name).as_posix()}", line))
    for photo in GALLERY:
        for text in (photo.title, photo.what):
            found.setdefault(str(text), []).append(("alexnet_viz/gallery/gallery.json", 1))
    for path in sorted(SHIPPED.glob("*.yaml")):
        for text in sentences(read_lesson(path).lesson):
            found.setdefault(text, []).append((f"alexnet_viz/lessons/shipped/{path.name}", 1))
    return found


def _of_module(file: Any, *_: object, **__: object) -> Iterator[Any]:
    """Return the messages of a JavaScript module; Babel's reader misses those in templates and in other calls."""
    text = file.read().decode()
    for call in _CALL.finditer(text):
        name, *texts = call.groups()
        line = text.count("\n", 0, call.start()) + 1
        yield line, name, [json.loads(each) for each in texts if each is not None], []


def _message(extracted: Any) -> Message:
    return (extracted[0], extracted[1]) if isinstance(extracted, list | tuple) else str(extracted)


def catalog(language: str) -> Catalog:
    """Return a language's catalog as it is on the disk."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def updated(language: str, given: Iterable[dict[str, Any]]) -> Catalog:
    """Return the catalog of what the source says now, with what is known and what is given."""
    path = FOLDER / f"{language}.po"
    known = {_message(each.id): each.string for each in catalog(language)} if path.exists() else {}
    new: dict[str, Any] = {}
    for texts in given:
        new |= texts
    result = Catalog(
        language, header_comment=_HEAD.format(language=LANGUAGES[language]), project="alexnet_viz", fuzzy=False
    )
    for message, places in sorted(source_messages().items(), key=lambda each: each[1][0]):
        string = new.get(message if isinstance(message, str) else message[0], known.get(message, ""))
        files = sorted({name for name, _ in places})
        if isinstance(string, list | tuple):  # French and Spanish have a third, of whole millions: as for more than one
            string = [string[0], *[string[-1]] * (result.num_plurals - 1)]
        result.add(message, string, locations=[(name, 0) for name in files])
    return result


def lacking(language: str) -> list[Message]:
    """Return what the source says and the language does not."""
    known = {_message(each.id): each.string for each in catalog(language)}
    return [message for message in source_messages() if not _is_whole(known.get(message))]


def _is_whole(string: Any) -> bool:
    return all(string) if isinstance(string, list | tuple) else bool(string)


def _write(files: Iterator[str]) -> None:
    given = [json.loads(Path(name).read_text("utf-8")) for name in files]
    for language in list(LANGUAGES)[1:]:
        result = updated(language, [each.get(language, {}) for each in given])
        with (FOLDER / f"{language}.po").open("wb") as file:
            file.write(_without_dates(result))


def _without_dates(result: Catalog) -> bytes:
    """Return the file, without the part of its head that would be another one each time."""
    written = BytesIO()
    write_po(written, result, width=110, include_lineno=False)
    lines = written.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(_CHANGING))


def main() -> None:
    """Report or write."""
    if sys.argv[1:2] == ["write"]:
        _write(iter(sys.argv[2:]))
    for language, name in list(LANGUAGES.items())[1:]:
        missing = lacking(language)
        print_line(f"{name}: {len(missing)} of {len(source_messages())} messages are missing")
        for message in missing[:20]:
            print_line(f"    {message}")


if __name__ == "__main__":
    main()
