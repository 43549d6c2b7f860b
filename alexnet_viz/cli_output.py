"""What all commands share: parser, output, progress bar."""

from __future__ import annotations

import argparse
import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from alexnet_viz.atomic import is_no_file, without_nan

_BAR_WIDTH = 30


def add_command(
    commands: Any, name: str, command: Callable[[argparse.Namespace], int], summary: str
) -> argparse.ArgumentParser:
    """Add a command to a parser's subparsers and return its parser; `command` takes the options, returns the code."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=command)
    return parser


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Return an argument type for whole numbers; unlike Python's int, it refuses "1_0"."""

    def read(text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else least - 1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"'{one_line(text)[:60]}' is not a whole number from {least} to {most}")
        return number

    return read


def file_to_write(text: str) -> Path:
    """Return the file that an argument names; refuses one that cannot be written before minutes are spent on it."""
    path = Path(text)
    folder = path.parent
    if is_no_file(path):
        raise argparse.ArgumentTypeError(
            f"'{one_line(text)}' is {'a folder' if path.is_dir() else 'no file'}; name a file"
        )
    if not folder.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder '{one_line(str(folder))}'; make it, or choose another")
    if not os.access(folder, os.W_OK):
        raise argparse.ArgumentTypeError(
            f"nothing can be written into '{one_line(str(folder))}'; choose another folder"
        )
    return path


def print_line(text: str = "", *, flush: bool = False) -> None:
    """Print a line on standard output."""
    print(text, flush=flush)


def print_note(text: str) -> None:
    """Print a line on standard error, for people; standard output holds the answer alone."""
    print(f"alexnet_viz: {one_line(text)}", file=sys.stderr)


def print_notes(texts: Iterable[str]) -> None:
    """Print a line on standard error for each."""
    for text in texts:
        print_note(text)


def print_json(document: object) -> None:
    """Print a JSON document, NaN and infinity as null; in ASCII, which every terminal accepts."""
    print(json.dumps(without_nan(document), allow_nan=False))


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> None:
    """Print aligned columns; those numbered in `right` are aligned to the right."""
    lines = [[one_line(cell) for cell in row] for row in ([head] if head else []) + list(rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = [
            cell.rjust(width) if index in right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())


def so_many(count: int, one: str, many: str = "") -> str:
    """Return "1 picture", "1,200 pictures"; `many` is an irregular plural."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def one_line(text: str) -> str:
    """Return `text` on one line, without control characters; spaces of any width become plain spaces."""
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    return " " if unicodedata.category(character) == "Zs" else "?"


class Bar:
    """A progress bar on a terminal's standard error; nothing elsewhere.

    Args:
        silent: Whether nothing is drawn on a terminal either.
    """

    def __init__(self, silent: bool) -> None:
        self.shown = sys.stderr.isatty() and not silent

    def draw(self, share: float, words: str) -> None:
        """Draw the bar over the last one; `share` goes from 0 to 1."""
        if self.shown:
            full = round(_BAR_WIDTH * min(1.0, share))
            sys.stderr.write(f"\r\x1b[K[{'#' * full}{'.' * (_BAR_WIDTH - full)}] {words}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Remove the bar."""
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
