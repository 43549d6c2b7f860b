"""Translation of pages and lessons: GNU gettext catalogues, read by Babel.

The source is in English, and its text is the key. Values in a message are named in braces:
`gettext("{here} here").format(here=count)`. The request determines the language; everything outside a request (the
command line, exports, notebooks) is English. Text that is kept for people of several languages, and every error, is
English that can be translated later: `said("{name} is empty", name=name)`, which `in_words` translates.
"""

from __future__ import annotations

import gettext as gnu
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

FOLDER = Path(__file__).parent / "languages"
# As each calls itself; the first is what the source is written in.
LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
_ODD = re.compile(r"\{(?!\w+\})")  # a place that is no name of a value
_THIN = "\u202f"  # between thousands; no line breaks there
_current: ContextVar[str] = ContextVar("language", default="en")


def gettext(message: str) -> str:
    """Return a message in the current language, in English where it is not translated."""
    if _current.get() == "en" or not message:  # "" is the catalog's own head
        return message
    return _translations(_current.get()).gettext(message)


class _Said(str):
    """An English sentence with its template and values, for translation; `many` and `n` are those of `counted`."""

    message: str
    values: Mapping[str, object]
    many: str = ""
    n: int = 0

    def in_words(self) -> str:
        """Return it in the current language."""
        values = {name: in_words(value) for name, value in self.values.items()}
        message = ngettext(self.message, self.many, self.n) if self.many else gettext(self.message)
        return _filled(message, values, _THIN)


class _Figures(str):
    """A number as written in English, 1,234.5; its marks are replaced when the sentence is translated."""


def figures(text: str) -> str:
    """Return a number's text, "2.30", whose marks `in_words` replaces with those of another language."""
    return _Figures(text)


def said(message: str, **values: object) -> str:
    """Return an English sentence that `in_words` can translate later.

    Args:
        message: In English, with the values' names in braces; thousands of whole numbers are told apart.
        values: These may be such sentences themselves, errors that say one, or numbers of `figures`.
    """
    text = _Said(_filled(message, values, ","))
    text.message, text.values = message, {name: _sentence_of(value) for name, value in values.items()}
    return text


def counted(one: str, many: str, n: int, **values: object) -> str:
    """Return a sentence like `said`, singular or plural; both forms contain the number as {n}."""
    text = _Said(_filled(one if n == 1 else many, {"n": n, **values}, ","))
    text.message, text.many, text.n = one, many, n
    text.values = {"n": n, **{name: _sentence_of(value) for name, value in values.items()}}
    return text


def part_of(sentence: str, name: str) -> str:
    """Return a value of a sentence of `said` by its name; "" where it has none."""
    found = sentence.values.get(name) if isinstance(sentence, _Said) else None
    return found if isinstance(found, str) else ""


def all_of(names: Sequence[str]) -> str:
    """Return names as "A and B and C"."""
    first, *others = names
    return said("{first} and {second}", first=first, second=all_of(others)) if others else first


def in_a_row(sentences: Sequence[str]) -> str:
    """Return sentences one after the other; "" where there are none."""
    first, *others = sentences or [""]
    return said("{first} {second}", first=first, second=in_a_row(others)) if others else first


def any_of(names: Sequence[str]) -> str:
    """Return names as "A or B or C"."""
    first, *others = names
    return said("{first} or {second}", first=first, second=any_of(others)) if others else first


def some_of(names: Sequence[str], most: int = 4) -> str:
    """Return the first names as "A, B, C and 7 more"; all where there are at most so many."""
    first = ", ".join(names[:most])
    return said("{names} and {n} more", names=first, n=len(names) - most) if len(names) > most else first


def sentence_record(value: object) -> object:
    """Return a sentence of `said` as JSON can keep it, so that `sentence_of_record` knows it again."""
    if isinstance(value, _Said):
        parts = {name: sentence_record(part) for name, part in value.values.items()}
        return {"message": value.message, "many": value.many, "n": value.n, "values": parts}
    if isinstance(value, _Figures):
        return {"figures": str(value)}
    return value if isinstance(value, int) else str(value)


def sentence_of_record(record: object) -> str:
    """Return what `sentence_record` has kept; raises ValueError where it is no such thing."""
    if isinstance(record, Mapping):
        return figures(str(record["figures"])) if "figures" in record else _kept(record)
    return str(record)


def _kept(record: Mapping[str, Any]) -> str:
    message, many, n = str(record.get("message", "")), str(record.get("many", "")), record.get("n", 0)
    if not isinstance(record.get("values"), Mapping) or not isinstance(n, int) or _ODD.search(message + many):
        raise ValueError("no sentence")
    values = {
        str(name): each if isinstance(each, int) else sentence_of_record(each)
        for name, each in record["values"].items()
    }
    try:
        if many:
            return counted(message, many, n, **{name: each for name, each in values.items() if name != "n"})
        return said(message, **values)
    except (KeyError, IndexError, TypeError) as error:  # TypeError: a value called as a parameter is
        raise ValueError("a value is missing") from error


def _sentence_of(value: object) -> object:
    """Return an error's translatable sentence, anything else unchanged."""
    told = value.args[0] if isinstance(value, Exception) and value.args else value
    return told if isinstance(told, _Said) else value


def in_words(content: Any) -> Any:
    """Translate a sentence of `said`, or those in a record, to the current language; leave anything else as it is."""
    if _current.get() == "en":
        return content
    if isinstance(content, _Said):
        return content.in_words()
    if isinstance(content, _Figures):
        return content.replace(",", _THIN).replace(".", decimal_mark(_current.get()))
    if isinstance(content, Mapping):
        return {key: in_words(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [in_words(value) for value in content]
    return content


def _filled(message: str, values: Mapping[str, object], thousands: str) -> str:
    shown = {
        name: f"{value:,}".replace(",", thousands) if isinstance(value, int) else value
        for name, value in values.items()
    }
    return message.format(**shown) if values else message


def ngettext(one: str, many: str, count: int) -> str:
    """Return the singular or plural message for a number, in the current language."""
    if _current.get() == "en":
        return one if count == 1 else many
    return _translations(_current.get()).ngettext(one, many, count)


def current_language() -> str:
    """Return the current language, a key of `LANGUAGES`."""
    return _current.get()


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Use a language, a key of `LANGUAGES`, within the block."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


@lru_cache(maxsize=256)
def accepted_language(header: str) -> str:
    """Return the first of our languages that an Accept-Language header asks for, English where it asks for none.

    Args:
        header: As RFC 9110, 12.5.4, has it: "de-CH, fr;q=0.8".
    """
    from babel import negotiate_locale

    asked = []
    for part in header.split(",")[:20]:
        tag, _, quality = part.partition(";")
        asked.append((_quality(quality), tag.strip()))
    asked.sort(key=lambda each: -each[0])
    return negotiate_locale([tag for quality, tag in asked if quality], list(LANGUAGES), sep="-") or "en"


def _quality(text: str) -> float:
    try:
        return float(text.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0


@cache
def messages(language: str) -> dict[str, str | list[str]]:
    """Return a language's translations by English message: one text, or singular and plural."""
    found: dict[str, str | list[str]] = {}
    for message in _catalog(language):
        if message.id and isinstance(message.id, str) and message.string:  # "" is the file's own head
            found[message.id] = str(message.string)
        elif isinstance(message.id, list | tuple) and all(message.string or [""]):
            found[message.id[0]] = [*(message.string or ())]
    return found


@cache
def decimal_mark(language: str) -> str:
    """Return the mark between whole numbers and decimals."""
    if language == "en":
        return "."  # without Babel, which the command line need not wait for
    from babel.numbers import get_decimal_symbol

    return get_decimal_symbol(language)


@cache
def _translations(language: str) -> gnu.NullTranslations:
    from babel.messages.mofile import write_mo

    compiled = BytesIO()
    write_mo(compiled, _catalog(language))
    compiled.seek(0)
    return gnu.GNUTranslations(compiled)


@cache  # a tenth of a second to read, for the pages' words and the server's
def _catalog(language: str) -> Catalog:
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    if language == "en":
        return Catalog("en")
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)
