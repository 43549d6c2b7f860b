"""The languages of pages and lessons: GNU gettext's catalogs, read by Babel.

The source is in English, and what stands there is the key. A message with values in it names them in braces:
`gettext("{here} here").format(here=count)`. Which language is asked for is told by the request; everything outside of
one (the command line, exports, notebooks) is English. What is kept for people of several languages, and every error, is
English too, and knows how to be said otherwise: `said("{name} is empty", name=name)`, which `in_words` says to one.
"""

from __future__ import annotations

import gettext as gnu
from collections.abc import Iterator, Mapping
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
_THIN = "\u202f"  # between thousands; no line breaks there
_current: ContextVar[str] = ContextVar("language", default="en")


def gettext(message: str) -> str:
    """Return a message in the language in use, in English where its catalog lacks it."""
    if _current.get() == "en" or not message:  # "" is the catalog's own head
        return message
    return _translations(_current.get()).gettext(message)


class _Said(str):
    """A sentence in English that knows what it was made of."""

    message: str
    values: dict[str, object]


def said(message: str, **values: object) -> str:
    """Return a sentence in English that can be said in another language later, by `in_words`.

    Args:
        message: In English, with the values' names in braces; thousands of whole numbers are told apart.
        values: These may be such sentences themselves.
    """
    text = _Said(_filled(message, values, ","))
    text.message, text.values = message, values
    return text


def in_words(content: Any) -> Any:
    """Return a sentence of `said`, or a record with some in it, in the language in use; everything else as it is."""
    if _current.get() == "en":
        return content
    if isinstance(content, _Said):
        values = {name: in_words(value) for name, value in content.values.items()}
        return _filled(gettext(content.message), values, _THIN)
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
    """Return the message for so many, in the language in use."""
    if _current.get() == "en":
        return one if count == 1 else many
    return _translations(_current.get()).ngettext(one, many, count)


def current_language() -> str:
    """Return the language in use, a key of `LANGUAGES`."""
    return _current.get()


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Use a language, a key of `LANGUAGES`, for what is said inside."""
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
    """Return what a language says for each English message that it has: one text, or those for one and for more."""
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
