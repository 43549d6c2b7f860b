"""Class names and normalisation that a training's file notes beside its weights.

Only plain text and numbers are read, and only what fits the network; a person's own choice takes precedence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from alexnet_viz.checkpoints.choices import NORMALISATIONS, UNDECIDED, Choice
from alexnet_viz.checkpoints.metadata import check_classes
from alexnet_viz.checkpoints.names_of_classes import KEYS, class_names, names_of
from alexnet_viz.errors import CheckpointError
from alexnet_viz.images import InputRule
from alexnet_viz.language import said
from alexnet_viz.strict_json import JsonError, read_json

_LONGEST_TEXT = 500_000  # of names in a safetensors file's metadata; 10,000 names of 50 characters


class Notes(NamedTuple):
    """What was found in a file.

    Attributes:
        classes: Lists of names, each with the key under which it was, the likeliest first.
        normalisation: As a choice calls it; "" where none was found.
        unused: A mean and deviation that are of other pictures than from 0 to 1; "" where none was found.
    """

    classes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    normalisation: str = ""
    unused: str = ""

    def told(self, count: int, rule: InputRule, choice: Choice) -> tuple[dict[str, object], list[str]]:
        """Return what the file says of a network, as metadata, and in sentences; nothing of what is chosen.

        Args:
            count: Of its classes.
            rule: That is taken for it otherwise.
            choice: A person's.
        """
        told: dict[str, object] = {}
        sentences: list[str] = []
        for key, names in () if choice.classes else self.classes:
            try:
                check_classes(names, count)
            except CheckpointError as error:  # of another network, or not to be shown
                unfit = said("The names that the file notes under '{key}' are not used. {why}.", key=key, why=error)
                sentences = sentences or [unfit]
            else:
                told["classes"] = list(names)
                sentences = [said("The file names its classes itself, under '{key}'.", key=key)]
                break
        if self.normalisation and not choice.normalisation:
            its = Choice(normalisation=self.normalisation).rule(rule.size, rule.channels)
            told["input"] = its.to_record()
            numbers = _in_words(its.mean, its.std)
            sentences.append(
                said(
                    "Pictures are normalised with the mean and deviation that the file notes, {numbers}.",
                    numbers=numbers,
                )
            )
        elif self.unused and not choice.normalisation:
            sentences.append(
                said(
                    "Pictures are normalised without the mean and deviation that the file notes, {numbers}: they are "
                    "not of pictures from 0 to 1. Choose what holds.",
                    numbers=self.unused,
                )
            )
        return ({**told, "undecided": list(UNDECIDED)} if told else {}), sentences


NO_NOTES = Notes()


def notes_in(held: Mapping[Any, Any]) -> Notes:
    """Return what is noted in a file's dictionary, or in one in it."""
    classes = [(key, names_of(each[key])) for each in _levels(held, 3) for key in _of_classes(each)]  # meta.config
    levels = list(_levels(held, 2))  # a deeper mean may be one of scores
    usable, unused = (next(filter(None, map(read, levels)), "") for read in (_normalisation, _of_other_pictures))
    return Notes(tuple((key, names) for key, names in classes if names), usable, unused)


def notes_in_texts(texts: Mapping[str, str]) -> Notes:
    """Return what is noted in the metadata of another program's safetensors file, whose values are texts."""
    return notes_in({key: _value(key, text) for key, text in texts.items() if len(text) <= _LONGEST_TEXT})


def _value(key: str, text: str) -> object:
    """Return what a text holds as JSON, or the names of classes that it lists; else the text."""
    with suppress(JsonError):
        return read_json(text)
    with suppress(CheckpointError):
        return class_names(text) if key.lower() in KEYS else text
    return text


def _levels(held: Mapping[Any, Any], deepest: int) -> Iterator[Mapping[Any, Any]]:
    """Yield a dictionary and those in it once each, the outer ones first."""
    level = {id(held): held}
    seen: set[int] = set()
    for _ in range(deepest):
        yield from level.values()
        seen |= level.keys()
        inner = (each for outer in level.values() for each in outer.values() if isinstance(each, Mapping))
        level = {id(each): each for each in inner if id(each) not in seen}


def _of_classes(held: Mapping[Any, Any]) -> list[str]:
    """Return the keys under which a dictionary may name its classes, the likeliest first, however they are written."""
    keys = [key for key in held if type(key) is str and key.lower() in KEYS]
    return sorted(keys, key=lambda key: KEYS.index(key.lower()))


def _normalisation(held: Mapping[Any, Any]) -> str:
    """Return the mean and deviation in a dictionary as a choice calls them; "" where there are none, or odd ones."""
    mean, std = map(_shares, _noted(held))
    if not (mean and std) or 0 in std:
        return ""
    for name, known in NORMALISATIONS.items():
        if not known.bgr and (known.mean, known.std) == (mean, std):
            return name
    return "/".join(",".join(map(repr, numbers)) for numbers in (mean, std))


def _noted(held: Mapping[Any, Any]) -> tuple[object, object]:
    """Return what is called a mean and a deviation of pictures; transformers puts image_ before it."""
    return held.get("mean", held.get("image_mean")), held.get("std", held.get("image_std"))


def _of_other_pictures(held: Mapping[Any, Any]) -> str:
    """Return a mean and deviation of pictures up to 255, or below 0, in words; "" where there are none, or odd ones."""
    mean, std = _noted(held)
    if not (isinstance(mean, list | tuple) and isinstance(std, list | tuple) and len(mean) == len(std) == 3):
        return ""
    plain = all(type(number) in (int, float) and abs(number) < 1_000 for number in (*mean, *std))
    return _in_words(mean, std) if plain and not (_shares(mean) and _shares(std)) else ""


def _in_words(*numbers: Iterable[float]) -> str:
    return "/".join(",".join(f"{number:g}" for number in each) for each in numbers)


def _shares(value: object) -> tuple[float, ...]:
    """Return a number from 0 to 1 for each colour, one for all; () for something else, as a mean of up to 255."""
    numbers = value if isinstance(value, list | tuple) and len(value) in (1, 3) else ()
    usable = [float(each) for each in numbers if type(each) in (int, float) and 0 <= each <= 1]
    return tuple(usable * (3 // len(numbers))) if numbers and len(usable) == len(numbers) else ()
