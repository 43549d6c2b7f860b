"""Class names from folder names, made to fit one line; two folders are never merged silently."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field

from alexnet_viz.language import all_of, said

_LONGEST = 100  # letters
_KEPT_HEAD = 60
_MOST_NOTES = 4  # of one kind
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"  # part of how some languages and emoji are written


@dataclass
class Naming:
    """The class of each folder.

    Attributes:
        names: By (is it learnt from, the folder's name); folders that are no class are missing.
        refusals: The same of those that are missing, with the reasons.
        notes: Where two folders are one class, or nearly are, sentences.
    """

    names: dict[tuple[bool, str], str] = field(default_factory=dict)
    refusals: dict[tuple[bool, str], str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def name_classes(learnt: Iterable[str], measured: Iterable[str]) -> Naming:
    """Return the classes of folders by their names.

    Args:
        learnt: Of the folders to learn from: each is a class, those that are written alike the same one.
        measured: Of the folders to measure on: each is the class that is written like it, but for capitals and spaces.
    """
    naming = Naming()
    classes: dict[str, list[str]] = defaultdict(list)
    for folder in sorted(set(learnt)):
        name = _short(_one_line(folder), classes)
        naming.names[True, folder] = name
        classes[name].append(folder)
    alike: dict[str, list[str]] = defaultdict(list)
    for name, folders in classes.items():
        alike[likeness(folders[0])].append(name)
        if len(folders) > 1:
            written = all_of([*map(_quoted, folders)])
            note = said(
                "The folders {written} are written alike and taken as one class, {name}.", written=written, name=name
            )
            naming.notes.append(note)
    for names in alike.values():
        if len(names) > 1:
            naming.notes.append(
                said(
                    "{names} are {n} classes; if they are the same thing, put their pictures into one folder.",
                    names=all_of(names),
                    n=len(names),
                )
            )
    before = len(naming.notes)
    for folder in sorted(set(measured)):
        _find_class(naming, folder, classes, alike)
    _shorten(naming, before)
    return naming


def likeness(name: str) -> str:
    """Return what is the same for names that a person would read as one: "Stop sign", "stop_sign", "STOP  SIGN "."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    plain = "".join(letter for letter in plain if unicodedata.category(letter) not in ("Cf", "Cc"))
    return re.sub(r"[\s_\-]+", " ", plain).strip()


def _short(name: str, taken: Container[str]) -> str:
    """Return a name of at most 100 letters; where two would be cut to the same, one ends in letters of its own."""
    if len(name) <= _LONGEST:
        return name
    short = f"{name[:_KEPT_HEAD]}…{name[_KEPT_HEAD - _LONGEST + 1 :]}"
    if short not in taken:
        return short
    own = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return f"{short[: _LONGEST - len(own) - 1]} {own}"


def _one_line(folder: str) -> str:
    r"""Return a name composed, without blanks around it; what cannot be seen is spelt out: \x07."""
    name = unicodedata.normalize("NFC", folder).strip()
    return "".join(map(_visible, name)) or "?"


def _visible(letter: str) -> str:
    return letter if letter.isprintable() or letter in _JOINERS else letter.encode("unicode_escape").decode()


def _quoted(folder: str) -> str:
    """Return a folder's name so that its blanks are seen and its letters are those in the file."""
    shown = "".join(map(_visible, folder))
    if unicodedata.is_normalized("NFC", folder):
        return said("“{name}”", name=shown)
    return said("“{name}” (letters and accents apart)", name=shown)


def _shorten(naming: Naming, before: int) -> None:
    """Say of many folders to measure on that each is taken for the class written like it, in one note."""
    taken = naming.notes[before:]
    if len(taken) > _MOST_NOTES:
        note = said("{first} {n} more folders are taken for classes in this way.", first=taken[0], n=len(taken) - 1)
        naming.notes[before:] = [note]


def _find_class(naming: Naming, folder: str, classes: Mapping[str, list[str]], alike: Mapping[str, list[str]]) -> None:
    """Give a folder to measure on its class: that of the same name, else the one that is written nearly so."""
    key = (False, folder)
    if (True, folder) in naming.names:
        naming.names[key] = naming.names[True, folder]
        return
    name = _one_line(folder)
    like = [name] if name in classes else alike.get(likeness(folder), [])
    if len(like) == 1:
        naming.names[key] = like[0]
        taken = _quoted(classes[like[0]][0])
        naming.notes.append(said("{folder} is taken for the class {name}.", folder=_quoted(folder), name=taken))
    elif like:
        naming.refusals[key] = said("could be any of the classes {names}", names=", ".join(like))
    else:
        naming.refusals[key] = said("is no class of the pictures to learn from")
