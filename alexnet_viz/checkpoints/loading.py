"""Loaded checkpoints: a network, its classes, and its metadata.

    checkpoint = load_checkpoint("untrained")
    checkpoint.model, checkpoint.classes, checkpoint.input_rule

A weight may be NaN: what a diverged training computes is shown, not hidden.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import cast

import torch
from torch import Tensor

from alexnet_viz.checkpoints.assumptions import CIFAR10_CLASSES, sentence
from alexnet_viz.checkpoints.choices import normalisation_of
from alexnet_viz.checkpoints.contents import Contents
from alexnet_viz.checkpoints.described import described
from alexnet_viz.checkpoints.formats import ModelFile, opened
from alexnet_viz.checkpoints.learnt_from import KEY as LEARNT_FROM
from alexnet_viz.checkpoints.learnt_from import NOTHING, UNKNOWN, LearntFrom
from alexnet_viz.checkpoints.metadata import shorten
from alexnet_viz.checkpoints.recognition import FULLY_CONNECTED
from alexnet_viz.checkpoints.registry import (
    UNTRAINED,
    UNTRAINED_METADATA,
    CheckpointRef,
    resolve_checkpoint,
)
from alexnet_viz.checkpoints.shapes import FIRST_WEIGHT, tensor_shapes
from alexnet_viz.device import choose_device
from alexnet_viz.errors import CheckpointError
from alexnet_viz.images import InputRule
from alexnet_viz.language import said
from alexnet_viz.model import AlexNet, initialise
from alexnet_viz.variants import VARIANTS, Variant


@dataclass
class Checkpoint:
    """A network ready to compute, with what is known about it.

    Attributes:
        name: As it was asked for.
        model: In eval mode, float32, no parameter takes a gradient. Shared by everyone: not to be changed.
        classes: One name per logit.
        variant: Key of `model.VARIANTS`.
        metadata: The file's values, see `checkpoints.metadata`; "classes", "input", "source" and "variant" are always
            there. "assumed" says what was taken for granted of the file, "chosen" what a person has said of it.
        device: Where the model is.
        path: The file, None for the untrained network.
    """

    name: str
    model: AlexNet
    classes: tuple[str, ...]
    variant: str
    metadata: dict[str, object]
    device: torch.device
    path: Path | None

    @property
    def input_rule(self) -> InputRule:
        """How a picture becomes this network's input."""
        return InputRule.from_record(self.metadata["input"])

    @property
    def assumed(self) -> tuple[str, ...]:
        """What was taken for granted of the file, or changed in it, in sentences; the page and the command say them."""
        return tuple(cast(list[str], self.metadata.get("assumed", [])))

    @property
    def chosen(self) -> tuple[str, ...]:
        """What a person has chosen of it, in sentences."""
        return tuple(cast(list[str], self.metadata.get("chosen", [])))

    @property
    def normalisation(self) -> str:
        """How the normalisation of its pictures is called in a choice."""
        return str(self.metadata.get("normalisation") or normalisation_of(self.input_rule))

    @property
    def undecided(self) -> tuple[str, ...]:
        """What nothing in the file decides, of variant, normalisation and classes: chosen, or else assumed."""
        return tuple(cast(list[str], self.metadata.get("undecided", [])))

    @property
    def trained(self) -> bool:
        """Whether any step of training went into it; a file that does not say so is taken for trained."""
        return self.metadata.get("epoch") != 0 or self.metadata.get("step", 0) != 0

    @cached_property
    def learnt_from(self) -> LearntFrom:
        """What it learnt from, as far as the file says.

        Raises:
            CheckpointError: What the file says cannot be read.
        """
        if LEARNT_FROM not in self.metadata:
            recipe = self.metadata.get("recipe")
            began = recipe.get("start_from") if isinstance(recipe, dict) else None
            return UNKNOWN if self.trained or began else NOTHING
        try:
            return LearntFrom.from_text(str(self.metadata[LEARNT_FROM]))
        except ValueError as error:
            reason = said("does not say readably what it learnt from ({problem}); save it again", problem=error)
            raise CheckpointError(shorten(self.name), reason) from error

    @cached_property
    def digest(self) -> str:
        """The content's SHA-256, in hexadecimal: of everything that decides what is computed and how it is called.

        It does not depend on the file's name, place or format. 0.2 s for 233 MB, once.
        """
        content = hashlib.sha256(repr((self.variant, self.classes, self.input_rule)).encode())
        for name, tensor in self.model.state_dict().items():
            content.update(name.encode())
            content.update(memoryview(tensor.cpu().contiguous().numpy()).cast("B"))
        return content.hexdigest()


def load_checkpoint(
    name_or_path: str | os.PathLike[str] | CheckpointRef, device: str | torch.device | None = None
) -> Checkpoint:
    """Return a checkpoint by a name of `available_checkpoints`, by the path of a file, or as it was found before.

    Args:
        name_or_path: A path may be any file of this machine: give names only where strangers may ask.
        device: Where the model goes; by default `choose_device()`'s answer.
    Raises:
        CheckpointError: There is no such checkpoint, or its file is not one.
        DeviceError: There is no such device.
    """
    target = choose_device(device)
    found = name_or_path if isinstance(name_or_path, CheckpointRef) else resolve_checkpoint(name_or_path)
    path = found.path
    if path is None:
        return _untrained(target)
    with opened(path) as file:
        contents = described(file, path, found.choice)
        tensors = _read_tensors(file, contents, shorten(path.name))
    metadata = contents.metadata
    if broken := _not_finite(tensors):
        assumed = list(dict.fromkeys([*cast(list[str], metadata["assumed"]), sentence(broken)]))
        metadata = {
            **metadata,
            "source": "; ".join(filter(None, (str(metadata["source"]), broken))),
            "assumed": assumed,
        }
    return Checkpoint(
        name=found.name,
        model=_frozen(_assembled(contents.variant, tensors), target),
        classes=contents.classes,
        variant=contents.variant.name,
        metadata=metadata,
        device=target,
        path=path,
    )


def _untrained(device: torch.device) -> Checkpoint:
    variant = VARIANTS["seed"]
    shapes = tensor_shapes(variant, len(CIFAR10_CLASSES))
    model = _assembled(variant, {name: torch.empty(shape) for name, shape in shapes.items()})
    initialise(model, seed=0)
    model = _frozen(model, device)
    return Checkpoint(UNTRAINED, model, CIFAR10_CLASSES, "seed", dict(UNTRAINED_METADATA), device, None)


def _assembled(variant: Variant, tensors: Mapping[str, Tensor]) -> AlexNet:
    """Return a network that uses the very tensors; none is allocated or drawn first."""
    with torch.device("meta"):
        model = AlexNet(len(tensors["classification_layer.bias"]), tensors[FIRST_WEIGHT].shape[1], variant)
    model.load_state_dict(tensors, strict=True, assign=True)
    return model


def _frozen(model: AlexNet, device: torch.device) -> AlexNet:
    return model.eval().requires_grad_(False).to(device)


def _read_tensors(file: ModelFile, contents: Contents, name: str) -> dict[str, Tensor]:
    """Return the network's tensors under their own names, float32, each in memory of its own."""
    try:
        whole = [theirs for theirs in contents.names.values() if theirs not in contents.made | contents.factors.keys()]
        read = file.read([*whole, *chain.from_iterable(contents.factors.values())])
        for theirs, (left, right) in contents.factors.items():
            read[theirs] = read.pop(left).float() @ read.pop(right).float()
        shapes = tensor_shapes(contents.variant, len(contents.classes))  # a bias has one number an output
        read |= {theirs: torch.zeros(shapes[own]) for own, theirs in contents.names.items() if theirs in contents.made}
        tensors = {own: _own_float32(read.pop(theirs)) for own, theirs in contents.names.items()}  # one twice at a time
        for layer in FULLY_CONNECTED:  # some are written as convolutions
            tensors[f"{layer}.weight"] = tensors[f"{layer}.weight"].flatten(1)
        if contents.bgr:
            tensors[FIRST_WEIGHT] = tensors[FIRST_WEIGHT].flip(1)
        return tensors
    except CheckpointError:
        raise
    except Exception as error:  # torch raises a dozen types for damaged files
        raise CheckpointError(name, said("is damaged, or needs more memory than is free")) from error


def _not_finite(tensors: Mapping[str, Tensor]) -> str:
    """Return how many numbers are NaN or infinite, in words; "" where none is."""
    counts = {}
    for name, tensor in tensors.items():
        if not bool(torch.isfinite(tensor.sum(dtype=torch.float64))):  # a finite sum has finite terms
            counts[name] = int((~torch.isfinite(tensor)).sum())
    if not counts:
        return ""
    return f"{sum(counts.values()):,} of its numbers are not finite, the first in {next(iter(counts))}"


def _own_float32(tensor: Tensor) -> Tensor:
    """Return a plain float32 copy, which keeps neither the file mapped nor a larger storage alive."""
    return tensor.detach().to(torch.float32, copy=True, memory_format=torch.contiguous_format)
