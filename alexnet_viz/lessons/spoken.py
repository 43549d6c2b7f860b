"""What a lesson says, in the language in use: a shipped lesson's sentences are in the catalogs like any other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import msgspec

from alexnet_viz.language import gettext
from alexnet_viz.lessons.schema import Lesson

_SAID = frozenset({"title", "about", "text", "note", "ask", "hint", "explanation"})
Part = TypeVar("Part", bound=msgspec.Struct)


def spoken(lesson: Lesson) -> Lesson:
    """Return the lesson in the language in use; what no catalog has, as one's own lesson, stays as it is."""
    return _spoken(lesson)


def sentences(part: msgspec.Struct) -> Iterator[str]:
    """Yield everything that a lesson says."""
    for name in part.__struct_fields__:
        value = getattr(part, name)
        if name in _SAID and value:
            yield value
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, msgspec.Struct):
                yield from sentences(inner)


def _spoken(part: Part) -> Part:
    changed: dict[str, object] = {}
    for name in part.__struct_fields__:
        value = getattr(part, name)
        if name in _SAID and value:
            changed[name] = gettext(value)
        elif isinstance(value, msgspec.Struct):
            changed[name] = _spoken(value)
        elif isinstance(value, tuple):
            changed[name] = tuple(_spoken(each) if isinstance(each, msgspec.Struct) else each for each in value)
    return msgspec.structs.replace(part, **changed)
