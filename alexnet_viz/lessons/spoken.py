"""A lesson's text in the current language: the lessons that come with the app are translated like any other text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import msgspec

from alexnet_viz.language import gettext
from alexnet_viz.lessons.folder import SHIPPED
from alexnet_viz.lessons.reading import read_lesson
from alexnet_viz.lessons.schema import Choice, Fact, Lesson

_SAID = frozenset({"title", "about", "text", "note", "ask", "hint", "explanation", "unit"})


def speaker(lesson: Lesson) -> Callable[[str], str]:
    """Return the function that translates a lesson's sentences; people's own lessons stay as written."""
    return gettext if lesson in _shipped() else str


@cache
def _shipped() -> tuple[Lesson, ...]:
    return tuple(read_lesson(path).lesson for path in sorted(SHIPPED.glob("*.yaml")))


def sentences(part: msgspec.Struct) -> Iterator[str]:
    """Yield every translatable text of a lesson; class names that a network answers with are not translated."""
    for name in part.__struct_fields__:
        value = getattr(part, name)
        if name in _SAID and _has_words(value):
            yield value
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, msgspec.Struct):
                yield from sentences(inner)
    if isinstance(part, Choice) and not isinstance(part.answer, Fact):
        yield from (word for word in part.choices if isinstance(word, str) and _has_words(word))


def _has_words(text: str) -> bool:
    return any(map(str.isalpha, text.replace("{answer}", "")))
