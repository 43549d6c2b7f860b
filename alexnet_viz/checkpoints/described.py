"""A model file's description: its contents, facts about the file itself, and a person's choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from alexnet_viz.checkpoints import imagenet
from alexnet_viz.checkpoints.assumptions import where_from
from alexnet_viz.checkpoints.choices import Choice, choices_file, read_choice
from alexnet_viz.checkpoints.contents import Contents, describe
from alexnet_viz.checkpoints.formats import ModelFile
from alexnet_viz.checkpoints.metadata import encode_metadata, shorten
from alexnet_viz.errors import CheckpointError
from alexnet_viz.images import InputRule
from alexnet_viz.language import said

_WITH_NOTES = "a state dict with a training's notes"
_ONE_OUTPUT = said(
    "It has one output, of which a softmax would always be 100 %: its sigmoid is shown, and taken for the probability "
    "of its class."
)


def described(file: ModelFile, path: Path, choice: Choice) -> Contents:
    """Return which network a file holds; of one with several things in it, "assumed" says which was taken.

    Raises:
        CheckpointError: It holds none, or the choice says something else; where that is an old one, it is named.
    """
    stored = imagenet.metadata_of(path) if file.metadata is None else file.metadata
    contents = _as_chosen(file, stored, path, choice)
    sentences = [*where_from(file.key, file.others), *([_ONE_OUTPUT] if len(contents.classes) == 1 else [])]
    if stored is None:
        rule = InputRule.from_record(contents.metadata["input"])
        told, noted = file.notes.told(len(contents.classes), rule, choice)
        if told:
            source = {"source": _WITH_NOTES}
            contents = describe(file.tensors, encode_metadata({**told, **source}), shorten(path.name), choice)
        sentences += noted
    assumed = dict.fromkeys([*sentences, *cast(list[str], contents.metadata["assumed"])])
    return replace(contents, metadata={**contents.metadata, "assumed": list(assumed)})


def _as_chosen(file: ModelFile, stored: Mapping[str, str] | None, path: Path, choice: Choice) -> Contents:
    name = shorten(path.name)
    try:
        return describe(file.tensors, stored, name, choice)
    except CheckpointError as error:
        given = choice.without(read_choice(path))
        if given == choice:
            raise
        describe(file.tensors, stored, name, given)  # raises where it is not the kept choice that does not fit
        kept = shorten(choices_file(path).name)
        reason = said(
            "{problem}. That was chosen before and is kept in {file} beside it: remove that file, or choose again",
            problem=error.reason,
            file=kept,
        )
        raise CheckpointError(error.name, reason) from error
