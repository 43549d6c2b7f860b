"""The only code that opens model files: the format is recognised by the first bytes, and no file is trusted.

safetensors with this package's metadata (or none), and .pt files of a state dict: the article's own, torchvision's,
bare or nested as training scripts save them. Names, shapes and sizes are known before any number is read.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import BinaryIO

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from alexnet_viz.checkpoints.metadata import is_ours, shorten
from alexnet_viz.checkpoints.notes import NO_NOTES, Notes, notes_in_texts
from alexnet_viz.checkpoints.old_format import is_old
from alexnet_viz.checkpoints.other_formats import START_BYTES, why_no_model
from alexnet_viz.checkpoints.pickle_inventory import read_inventory, read_record
from alexnet_viz.checkpoints.pickle_values import Place
from alexnet_viz.checkpoints.shapes import StoredTensor
from alexnet_viz.errors import CheckpointError
from alexnet_viz.language import said
from alexnet_viz.number_words import megabytes_beyond

MOST_BYTES = 400_000_000  # of the weights; the largest variant with 1,000 classes is 250 MB in float32
MOST_FILE_BYTES = 1_000_000_000  # with an optimiser's state beside them, which is not read: Adam's is twice the weights
_MOST_HEADER_BYTES = 10_000_000  # of a safetensors file: 10,000 class names of 100 characters, with room to spare
_DTYPES = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16"}  # safetensors' names


@dataclass(frozen=True)
class ModelFile:
    """An open file.

    Attributes:
        tensors: Shapes, in the order of the network as far as the file has one.
        metadata: Strings that this program wrote; None where there are none.
        read: Reads the tensors of given names, and nothing else.
        key: Under which keys of the file the tensors are; "" where it holds nothing else.
        others: Keys under which it holds further weights.
        notes: What it says of the network beside them.
    """

    tensors: Mapping[str, StoredTensor]
    metadata: Mapping[str, str] | None
    read: Callable[[Sequence[str]], dict[str, Tensor]]
    key: str = ""
    others: tuple[str, ...] = ()
    notes: Notes = NO_NOTES


@contextmanager
def opened(path: Path) -> Iterator[ModelFile]:
    """Open a model file of either format, told by its first bytes; whatever fails is a CheckpointError."""
    name = shorten(path.name)
    try:
        with path.open("rb") as stream:
            yield _open_pickled(stream, name) if _is_pickled(stream, name) else _open_safetensors(path, stream, name)
    except OSError as error:
        raise CheckpointError(
            name, said("cannot be read: {problem}", problem=error.strerror or said("the disk failed"))
        ) from error
    except SafetensorError as error:
        raise CheckpointError(
            name, said("is damaged: its header and its content do not agree; copy it again")
        ) from error


def _is_pickled(stream: BinaryIO, name: str) -> bool:
    """Return whether a file begins as torch.save writes; otherwise it begins as safetensors does, or is refused."""
    size = os.fstat(stream.fileno()).st_size
    if size == 0:
        raise CheckpointError(name, said("is empty; choose another file"))
    if size > MOST_FILE_BYTES:
        raise CheckpointError(
            name,
            said(
                "is {size} MB, the limit is {limit} MB; save model.state_dict() alone, as float32",
                size=megabytes_beyond(size),
                limit=MOST_FILE_BYTES // 1_000_000,
            ),
        )
    start = stream.read(START_BYTES)
    if start.startswith(b"PK\x03\x04") or is_old(start):
        return True
    header_size = int.from_bytes(start[:8], "little")
    if start[8:9] != b"{" or header_size > size - 8:
        raise CheckpointError(name, why_no_model(start))
    if header_size > _MOST_HEADER_BYTES:
        raise CheckpointError(
            name, said("has a header of {size} MB, the limit is 10 MB", size=megabytes_beyond(header_size))
        )
    return False


def _open_safetensors(path: Path, stream: BinaryIO, name: str) -> ModelFile:
    """Return the file as safetensors' own reader has checked it; its numbers come by ordinary reads.

    That reader maps the file into memory, where one that is cut short meanwhile would end the process.
    """
    tensors = {}
    with safe_open(path, framework="pt") as handle:
        metadata = handle.metadata() or {}
        for entry in sorted(handle.keys(), key=_natural):  # the file has them in another order than the network
            piece = handle.get_slice(entry)
            tensors[entry] = StoredTensor(tuple(piece.get_shape()), _DTYPES.get(piece.get_dtype(), piece.get_dtype()))
    if not tensors:
        raise CheckpointError(name, said("holds no tensors; save model.state_dict() of an AlexNet"))
    stream.seek(0)
    begin = int.from_bytes(stream.read(8), "little") + 8
    header = json.loads(stream.read(begin - 8))

    def read(names: Sequence[str]) -> dict[str, Tensor]:
        return {entry: read_one(entry) for entry in names}

    def read_one(entry: str) -> Tensor:
        start, end = header[entry]["data_offsets"]
        stream.seek(begin + start)
        content = bytearray(stream.read(end - start))
        if len(content) != end - start:
            raise CheckpointError(name, said("is incomplete: the end of the file is missing; copy it again"))
        stored = tensors[entry]
        return _tensor({"": content}, stored, Place("", 0, _steps(stored.shape)))

    if is_ours(metadata):
        return ModelFile(tensors, metadata, read)
    return ModelFile(tensors, None, read, notes=notes_in_texts(metadata))


def _steps(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return how far apart neighbours along each side are where the numbers lie in order."""
    return tuple(prod(shape[place:]) for place in range(1, len(shape) + 1))


def _natural(name: str) -> list[tuple[int, str]]:
    """Return what sorts "net.4" before "net.10": of two numbers the longer one is the larger, however long."""
    words = re.split(r"([0-9]+)", name)
    words[1::2] = [number.lstrip("0") for number in words[1::2]]
    return [(len(word), word) if place % 2 else (-1, word) for place, word in enumerate(words)]


def _open_pickled(stream: BinaryIO, name: str) -> ModelFile:
    inventory = read_inventory(stream, name)

    def read(names: Sequence[str]) -> dict[str, Tensor]:
        wanted = {inventory.places[entry].record for entry in names}
        size = sum(inventory.records[record].size for record in wanted)
        if size > MOST_BYTES:
            raise CheckpointError(
                name,
                said(
                    "has weights of {size} MB, the limit is {limit} MB; save them as float32",
                    size=megabytes_beyond(size),
                    limit=MOST_BYTES // 1_000_000,
                ),
            )
        storages = {record: read_record(stream, inventory, record) for record in wanted}
        return {entry: _tensor(storages, inventory.tensors[entry], inventory.places[entry]) for entry in names}

    return ModelFile(inventory.tensors, inventory.about, read, inventory.key, inventory.others, inventory.notes)


def _tensor(storages: Mapping[str, bytearray], stored: StoredTensor, place: Place) -> Tensor:
    dtype = getattr(torch, stored.dtype)
    if 0 in stored.shape:
        return torch.empty(stored.shape, dtype=dtype)
    return torch.frombuffer(storages[place.record], dtype=dtype).as_strided(stored.shape, place.strides, place.offset)
