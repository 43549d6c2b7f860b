"""Export of a checkpoint for other programs: safetensors, state dicts under two sets of names, ONNX."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import cast

import torch
from torch import Tensor

from alexnet_viz.checkpoints.choices import replacing_model
from alexnet_viz.checkpoints.loading import Checkpoint
from alexnet_viz.checkpoints.metadata import encode_metadata, shorten
from alexnet_viz.checkpoints.saving import described, save_described
from alexnet_viz.errors import CheckpointError
from alexnet_viz.language import all_of, said
from alexnet_viz.model import STATE_KEY, TORCHVISION_NAMES

EXPORT_FORMATS = {"safetensors": ".safetensors", "state-dict": ".pt", "torchvision": ".pt", "onnx": ".onnx"}
_OF_TORCHVISION = ("torchvision", "torchvision-wide")


def export_checkpoint(path: Path, checkpoint: Checkpoint, form: str) -> dict[str, object]:
    """Write a checkpoint to `path`, whole or not at all; return "path", "format", "bytes" and for ONNX "opset".

    Args:
        path: Its folder must exist; a file of this name is replaced.
        checkpoint: As it is: factors are multiplied out, every number is a float32.
        form: A key of `EXPORT_FORMATS`. "state-dict" has the names of the article's class, "torchvision" those of
            torchvision.models.alexnet; both keep what is known of the network where load_state_dict passes over it.
    Raises:
        CheckpointError: This variant cannot have torchvision's names, or the file cannot be written.
    """
    opset = {}
    try:
        if form == "safetensors":
            save_described(path, checkpoint)
        elif form == "onnx":
            opset = {"opset": _write_onnx(path, checkpoint)}
        else:
            state = _state(checkpoint, _torchvision_names(checkpoint) if form == "torchvision" else {})
            with replacing_model(path) as partial:
                torch.save(state, partial)
        return {"path": str(path), "format": form, "bytes": path.stat().st_size, **opset}
    except (OSError, RuntimeError) as error:  # RuntimeError: torch's own, where there is no such folder
        raise CheckpointError(
            path.name, said("cannot be written: {problem}; choose another place", problem=shorten(error, 200))
        ) from error


def _write_onnx(path: Path, checkpoint: Checkpoint) -> int:
    from alexnet_viz.checkpoints.onnx_file import OPSET, write_onnx  # half a second to import

    with replacing_model(path) as partial:
        write_onnx(partial, checkpoint.model, encode_metadata(described(checkpoint)))
    return OPSET


def _torchvision_names(checkpoint: Checkpoint) -> dict[str, str]:
    """Return torchvision's name for each of our layers, where the network computes what its class would."""
    if checkpoint.variant not in _OF_TORCHVISION:
        variant = checkpoint.model.variant
        reason = said(
            "is of the variant {variant} ({title}), which torchvision's class does not compute; under its names the "
            "file would be taken for another network (only {names} can have them); choose state-dict",
            variant=variant.name,
            title=variant.title,
            names=all_of(_OF_TORCHVISION),
        )
        raise CheckpointError(checkpoint.name, reason)
    return {own: theirs for theirs, own in TORCHVISION_NAMES.items()}


def _state(checkpoint: Checkpoint, layers: dict[str, str]) -> dict[str, Tensor]:
    """Return the state dict, its layers renamed, with what is known of the network among torch's own versions."""
    whole = checkpoint.model.state_dict()
    state: OrderedDict[str, Tensor] = OrderedDict()
    for name, tensor in whole.items():
        layer, _, part = name.rpartition(".")
        state[f"{layers.get(layer, layer)}.{part}"] = tensor.cpu().float()
    about = cast(dict[str, object], whole._metadata[""])  # type: ignore[attr-defined]
    versions = {"": {**about, STATE_KEY: encode_metadata(described(checkpoint))}}
    state._metadata = versions  # type: ignore[attr-defined]
    return state
