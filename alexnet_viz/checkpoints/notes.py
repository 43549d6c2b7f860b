"""What a training's file notes beside its weights of its classes and of how its pictures were normalised.

Only plain texts and numbers are taken, and only what fits the network; a person's own choice goes before.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from alexnet_viz.checkpoints.choices import NORMALISATIONS, UNDECIDED, Choice
from alexnet_viz.checkpoints.metadata import check_classes
from alexnet_viz.checkpoints.names_of_classes import KEYS, names_of
from alexnet_viz.errors import CheckpointError
from alexnet_viz.images import InputRule
from alexnet_viz.language import said


class Notes(NamedTuple):
    """What was found in a file.

    Attributes:
        classes: Lists of names, each with the key under which it was, the likeliest first.
        normalisation: As a choice calls it; "" where none was found.
    """

    classes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    normalisation: str = ""

    def told(self, count: int, rule: InputRule, choice: Choice) -> tuple[dict[str, object], list[str]]:
        """Return what the file says of a network, as metadata, and in sentences; nothing of what is chosen.

        Args:
            count: Of its classes.
            rule: That is taken for it otherwise.
            choice: A person's.
        """
        told: dict[str, object] = {}
        sentences = []
        for key, names in () if choice.classes else self.classes:
            with suppress(CheckpointError):  # of another network, or not to be shown
                check_classes(names, count)
                told["classes"] = list(names)
                sentences.append(said("The file names its classes itself, under '{key}'.", key=key))
                break
        if self.normalisation and not choice.normalisation:
            its = Choice(normalisation=self.normalisation).rule(rule.size, rule.channels)
            told["input"] = its.to_record()
            numbers = "/".join(",".join(f"{number:g}" for number in each) for each in (its.mean, its.std))
            sentences.append(
                said(
                    "Pictures are normalised with the mean and deviation that the file notes, {numbers}.",
                    numbers=numbers,
                )
            )
        return ({**told, "undecided": list(UNDECIDED)} if told else {}), sentences


NO_NOTES = Notes()


def notes_in(held: Mapping[Any, Any]) -> Notes:
    """Return what is noted in a file's dictionary, or in one in it."""
    levels = [held, *(each for each in held.values() if isinstance(each, Mapping))]
    classes = [(key, names_of(each[key])) for each in levels for key in KEYS if key in each]
    normalisations = (_normalisation(each) for each in levels)
    return Notes(tuple((key, names) for key, names in classes if names), next(filter(None, normalisations), ""))


def _normalisation(held: Mapping[Any, Any]) -> str:
    """Return the mean and deviation in a dictionary as a choice calls them; "" where there are none, or odd ones."""
    mean, std = _shares(held.get("mean")), _shares(held.get("std"))
    if not (mean and std) or 0 in std:
        return ""
    for name, known in NORMALISATIONS.items():
        if not known.bgr and (known.mean, known.std) == (mean, std):
            return name
    return "/".join(",".join(map(repr, numbers)) for numbers in (mean, std))


def _shares(value: object) -> tuple[float, ...]:
    """Return three numbers from 0 to 1; () where a value is something else, as a mean of pictures up to 255."""
    numbers = value if isinstance(value, list | tuple) and len(value) == 3 else ()
    usable = [float(each) for each in numbers if type(each) in (int, float) and 0 <= each <= 1]
    return tuple(usable) if len(usable) == len(numbers) else ()
