"""Model files for tests: the right shapes in a few bytes, and anything else in their place."""

import json
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from alexnet_viz.checkpoints import load_checkpoint, save_packed

# The article's tensors, from its text; torchvision's, from its documentation.
CONVOLUTIONS = {"seed": [(96, 3, 11), (256, 96, 5), (384, 256, 3), (384, 384, 3), (256, 384, 3)]}
TORCHVISION = {
    "features.0": (64, 3, 11, 11),
    "features.3": (192, 64, 5, 5),
    "features.6": (384, 192, 3, 3),
    "features.8": (256, 384, 3, 3),
    "features.10": (256, 256, 3, 3),
    "classifier.1": (4096, 9216),
    "classifier.4": (4096, 4096),
    "classifier.6": (1000, 4096),
}


def article_shapes(classes: int = 10, channels: int = 3) -> dict[str, tuple[int, ...]]:
    weights: dict[str, tuple[int, ...]] = {}
    for number, (out, into, side) in enumerate(CONVOLUTIONS["seed"], start=1):
        weights[f"block{number}.conv_layer"] = (out, channels if number == 1 else into, side, side)
    weights |= {"fc1": (4096, 9216), "fc2": (4096, 4096), "classification_layer": (classes, 4096)}
    return {
        f"{name}.{kind}": shape if kind == "weight" else shape[:1]
        for name, shape in weights.items()
        for kind in ("weight", "bias")
    }


def write_small_checkpoint(path: Path, **metadata: object) -> None:
    """Write the untrained network with fc1 and fc2 of rank one, so that the file is small."""
    untrained = load_checkpoint("untrained")
    state = untrained.model.state_dict()
    factors = {
        name: (torch.zeros(len(state[name]), 1), torch.zeros(1, state[name].shape[1]))
        for name in ("fc1.weight", "fc2.weight")
    }
    stated = replace(untrained, metadata={**untrained.metadata, **metadata})
    save_packed(path, stated, factors, metrics={}, source="a test")


def tiny(shapes: dict[str, tuple[int, ...]], dtype: torch.dtype = torch.float32) -> "OrderedDict[str, Tensor]":
    """Return tensors of full shape that a file holds in a few bytes: each repeats one number, its place in the list."""
    return OrderedDict(
        (name, torch.tensor(place, dtype=dtype).expand(shape)) for place, (name, shape) in enumerate(shapes.items(), 1)
    )


def saved(state: object, path: Path) -> Path:
    torch.save(state, path)
    return path


def write_safetensors(path: Path, header: object, size: int = 0) -> Path:
    """Write a file with this header and `size` bytes of zeros that take no space on the disk."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    with path.open("wb") as stream:
        stream.write(len(text).to_bytes(8, "little") + text)
        stream.truncate(8 + len(text) + size)
    return path


def safetensors_header(
    shapes: dict[str, tuple[int, ...]], metadata: dict[str, str] | None = None, dtype: str = "F32", item: int = 4
) -> tuple[dict[str, object], int]:
    header: dict[str, object] = {"__metadata__": metadata} if metadata else {}
    end = 0
    for name, shape in shapes.items():
        start = end
        end += item * torch.Size(shape).numel()
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}
    return header, end


def described(tmp_path: Path, **metadata: str) -> Path:
    """Write the article's network with these metadata, all weights zero."""
    header, size = safetensors_header(article_shapes(), {"format": "alexnet_viz/1", **metadata})
    return write_safetensors(tmp_path / "epoch-004.safetensors", header, size)
