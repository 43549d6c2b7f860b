"""The command line's options for a checkpoint, and the report of what was assumed about it.

torch takes seconds to import, so whatever needs it is imported inside the functions.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_viz.cli_output import one_line, print_line, print_note
from alexnet_viz.errors import CheckpointError

if TYPE_CHECKING:
    from alexnet_viz.checkpoints import Checkpoint, Choice


def add_checkpoint_options(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Add --checkpoint, and the options for what its file does not say."""
    default = "" if required else "; default the best shipped"
    named = f"a name from `checkpoints`, a path, or RUN:EPOCH{default}"
    parser.add_argument("--checkpoint", required=required, metavar="C", help=named)
    add_choice_options(parser)


def add_choice_options(parser: argparse.ArgumentParser, side: str = "") -> None:
    """Add --variant, --normalisation and --classes; for A of two checkpoints --variant-a and so on."""
    suffix, whose = (f"-{side}", f" {side.upper()},") if side else ("", "")
    variant = f"of{whose} a file that does not say which network it is"
    parser.add_argument(f"--variant{suffix}", default="", metavar="V", help=variant)
    words = (
        f"of{whose} a file that does not say it: imagenet, cifar10, half, none, caffe, or MEAN,MEAN,MEAN/STD,STD,STD"
    )
    blue = "; /bgr behind it where the network takes blue, green, red"
    parser.add_argument(f"--normalisation{suffix}", default="", metavar="N", help=words + blue)
    names = (
        f"of{whose} a text file with one class's name a line" if side else "a text file with one class's name a line"
    )
    parser.add_argument(f"--classes{suffix}", type=Path, metavar="FILE", help=names)


def asked_checkpoint(options: argparse.Namespace, device: str | None = None) -> Checkpoint:
    """Return the given checkpoint, by default the one that the app opens with, with the person's choices applied.

    What its file leaves open and the person says is kept beside it; anything else holds for this command alone. Without
    --json, what was chosen and assumed of it is printed; with it, `assumed_record` belongs into the document.

    Raises:
        AlexNetVizError: There is no such checkpoint, or it cannot be what it is said to be.
    """
    from alexnet_viz import checkpoints

    name = checkpoints.best_checkpoint().name if options.checkpoint is None else options.checkpoint
    return chosen_checkpoint(name, choice_of(options), options, device)


def choice_of(options: argparse.Namespace, side: str = "") -> Choice:
    """Return the choice made by the options of `add_choice_options`.

    Raises:
        CheckpointError: There is no such variant or normalisation, or the file of names cannot be read.
    """
    from alexnet_viz import checkpoints

    suffix = f"_{side}" if side else ""
    variant, normalisation, file = (
        getattr(options, f"{key}{suffix}") for key in ("variant", "normalisation", "classes")
    )
    names = checkpoints.read_class_names(file) if file is not None else ()
    return checkpoints.Choice(variant, normalisation, names)


def chosen_checkpoint(
    name: str, choice: Choice, options: argparse.Namespace, device: str | None = None, *, keep: bool = True
) -> Checkpoint:
    """Return a checkpoint as the person says that it is; see `asked_checkpoint`. Without `keep` nothing is kept."""
    from alexnet_viz import checkpoints

    found = checkpoints.resolve_checkpoint(name, choice=choice)
    if found.path is None and choice:
        raise CheckpointError(name, "is drawn by this program, which knows what it is; leave the choice out")
    checkpoint = checkpoints.load_checkpoint(found, device)
    if keep and found.path is not None and choice.only(checkpoint.undecided):
        _keep(found.path, choice.only(checkpoint.undecided))
    if not options.json:
        _print_assumed(checkpoint)
    return checkpoint


def _keep(path: Path, choice: Choice) -> None:
    """Save a choice beside its file; where that fails, print a note and continue."""
    from alexnet_viz import checkpoints

    before = checkpoints.read_choice(path)
    if choice.over(before) == before:
        return
    try:
        checkpoints.keep_choice(path, choice.over(before))
        kept = checkpoints.choices_file(path)
        print_note(f"what was chosen is kept in {kept} and holds from now on; remove that file to undo it")
    except CheckpointError as error:
        print_note(f"what was chosen holds for this command alone: {error}")


def _print_assumed(checkpoint: Checkpoint) -> None:
    """Print what was chosen and what was assumed about a checkpoint's file."""
    name = one_line(checkpoint.name)
    if checkpoint.chosen:
        print_line(f"Chosen for {name}: {one_line(' '.join(checkpoint.chosen))}")
    if checkpoint.assumed:
        print_line(f"Assumed of {name}: {one_line(' '.join(checkpoint.assumed))}")


def assumed_record(checkpoint: Checkpoint) -> dict[str, list[str]]:
    """Return the same for a JSON document; {} where there is nothing to say."""
    said = {"chosen": list(checkpoint.chosen), "assumed": list(checkpoint.assumed)}
    return {key: sentences for key, sentences in said.items() if sentences}
