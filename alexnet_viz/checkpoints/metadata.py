"""A checkpoint's metadata: strings in the file, checked values in the program.

Any value may come from a stranger's file, so each is accepted only if it is of the expected kind.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from alexnet_viz import __version__
from alexnet_viz.atomic import without_nan
from alexnet_viz.checkpoints.learnt_from import KEY as LEARNT_FROM
from alexnet_viz.errors import CheckpointError
from alexnet_viz.language import counted, said
from alexnet_viz.strict_json import is_shallow

FORMAT = "alexnet_viz/1"
MOST_CLASSES = 10_000
_LONGEST_NAME = 100  # characters of a class's name; ImageNet's longest has 33
_LONGEST_TEXT = 2_000
_MOST_SENTENCES = 20
_DEEPEST = 6  # levels of lists and dictionaries; a recipe has two
_PLAIN = ("variant", "source", "packing", "version", LEARNT_FROM)  # stored as they are; every other value as JSON
_DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # make text read backwards


def encode_metadata(values: Mapping[str, object]) -> dict[str, str]:
    """Return `values` as a file holds them, with the format's name and this version; what is no number becomes null."""
    stored = {"format": FORMAT}
    for key, value in {**values, "version": __version__}.items():
        text = json.dumps(without_nan(value), ensure_ascii=False, allow_nan=False)
        stored[key] = str(value) if key in _PLAIN else text
    return stored


def is_ours(stored: Mapping[str, str]) -> bool:
    """Return whether a file's strings are those of this program, of whatever version."""
    return stored.get("format", "").startswith("alexnet_viz/")


def decode_metadata(stored: Mapping[str, str] | None, name: str) -> dict[str, object]:
    """Return what a file says about itself, checked; {} when it says nothing in this format.

    Args:
        stored: The file's strings, or None.
        name: The file as the person knows it.
    Raises:
        CheckpointError: A value is not what it should be, or another version of the program wrote the file.
    """
    if stored is None or not is_ours(stored):
        return {}
    written_as = stored["format"]
    if written_as != FORMAT:
        raise CheckpointError(
            name,
            said(
                "has the format '{written_as}', this version reads {format}; update it",
                written_as=shorten(written_as),
                format=FORMAT,
            ),
        )
    known = [key for key in stored if key in _CHECKS]
    values = {key: _decode(stored[key], key, name) for key in known}
    for key, value in values.items():
        fits, wanted = _CHECKS[key]
        if not fits(value):
            raise CheckpointError(
                name, said("has unusable metadata: '{key}' should be {wanted}; save it again", key=key, wanted=wanted)
            )
    return {key: without_nan(value) for key, value in values.items()}


def shorten(value: object, limit: int = 60) -> str:
    """Return a stranger's value as one printable line of at most `limit` characters and an ellipsis."""
    text = str(value)
    shown = "".join(character if character.isprintable() else "?" for character in text[:limit])
    return shown + "…" * (len(text) > limit)


def _decode(text: str, key: str, name: str) -> object:
    if key in _PLAIN:
        return text
    try:
        value: object = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise CheckpointError(
            name, said("has damaged metadata: '{key}' is not JSON; save it again", key=key)
        ) from error
    if not is_shallow(value, _DEEPEST):
        raise CheckpointError(name, said("has unusable metadata: '{key}' is nested too deeply; save it again", key=key))
    return value


def _is_text(value: object, limit: int = _LONGEST_TEXT) -> bool:
    """Return whether a value is one line that may be shown as it is."""
    return (
        isinstance(value, str)
        and 1 <= len(value) <= limit
        and not any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in _DIRECTION_CONTROLS for c in value)
    )


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**63


def _is_classes(value: object) -> bool:
    names = value if isinstance(value, list) else []
    return 1 <= len(names) <= MOST_CLASSES and all(_is_text(name, _LONGEST_NAME) for name in names)


def check_classes(names: Sequence[str], count: int) -> None:
    """Refuse what cannot be the names of `count` classes.

    Raises:
        CheckpointError: One name is missing or too many, or cannot be shown.
    """
    if len(names) != count:
        reason = counted(
            "has {classes} classes, and {n} name was given; give one name a line",
            "has {classes} classes, and {n} names were given; give one name a line",
            len(names),
            classes=count,
        )
        raise CheckpointError(said("This checkpoint"), reason)
    unusable = next((number for number, name in enumerate(names, 1) if not _is_text(name, _LONGEST_NAME)), None)
    if unusable is not None:
        reason = said(
            "cannot take the name in line {line}: a name has 1 to {most} printable characters",
            line=str(unusable),
            most=_LONGEST_NAME,
        )
        raise CheckpointError(said("This checkpoint"), reason)


def _is_record(value: object) -> bool:
    return isinstance(value, dict)


def _is_sentences(value: object) -> bool:
    return isinstance(value, list) and len(value) <= _MOST_SENTENCES and all(_is_text(each) for each in value)


_CHECKS: dict[str, tuple[Callable[[object], bool], str]] = {
    "variant": (_is_text, "a variant's name"),
    "classes": (_is_classes, f"a list of 1 to {MOST_CLASSES:,} names of 1 to {_LONGEST_NAME} printable characters"),
    "input": (_is_record, "an input rule"),
    "epoch": (_is_count, "a whole number from 0"),
    "step": (_is_count, "a whole number from 0"),
    "metrics": (_is_record, "an object of numbers"),
    "recipe": (_is_record, "an object of settings"),
    "seed": (lambda value: value is None or (type(value) is int and abs(value) < 2**64), "a whole number"),
    "assumed": (_is_sentences, f"a list of up to {_MOST_SENTENCES} lines"),
    "undecided": (_is_sentences, "a list of what nothing in the file decides"),
    "packing": (_is_text, "the name of a packing"),
    LEARNT_FROM: (lambda value: isinstance(value, str) and value.isascii(), "as this program writes it"),
    "source": (lambda value: value == "" or _is_text(value), f"one line of up to {_LONGEST_TEXT:,} characters"),
    "version": (_is_text, "the version of alexnet_viz that wrote it"),
}
