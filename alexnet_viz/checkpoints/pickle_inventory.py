"""The tensors that a .pt file holds, read without unpickling it.

    read_inventory(stream, "cat.pt").tensors  # {"fc1.bias": StoredTensor((4096,), "float32"), …}

`torch.load(weights_only=True)` keeps a file from running code, but not from asking for any amount of memory (a
bytearray of any size) nor from ending the process (a tuple nested too deeply to be hashed), and it reads an optimiser's
state that nobody needs. So the file's program is interpreted here: only the operations and names that `torch.save`
writes for tensors and for a training's plain notes exist, no name in the file is ever imported, and every storage must
lie in the file at its full size. What is no tensor is passed over without being built.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import chain
from typing import Any, BinaryIO, NamedTuple, TypeGuard

from alexnet_viz.checkpoints.metadata import shorten
from alexnet_viz.checkpoints.notes import NO_NOTES, Notes, notes_in
from alexnet_viz.checkpoints.old_format import is_old, read_old
from alexnet_viz.checkpoints.other_formats import START_BYTES, why_other_archive
from alexnet_viz.checkpoints.pickle_machine import MOST_PROGRAM_BYTES, MOST_RECORDS, TOO_LONG, Machine
from alexnet_viz.checkpoints.pickle_names import is_module
from alexnet_viz.checkpoints.pickle_values import (
    PLAIN,
    HeldTensor,
    PassedOver,
    Place,
    Record,
    RefusedError,
    more_than_tensors,
)
from alexnet_viz.checkpoints.shapes import StoredTensor
from alexnet_viz.errors import CheckpointError
from alexnet_viz.language import said

_MOST_DIRECTORY_BYTES = 2_000_000
# Under which names training scripts keep the weights, the likeliest first.
_STATE_KEYS = (
    *("state_dict", "model_state_dict", "model", "model_state", "net", "network", "weights", "params", "module"),
    *("ema", "ema_state_dict", "model_ema", "state_dict_ema"),
)
_BESIDE = re.compile("optim|moment|velocity|grad|exp_avg|mask|teacher", re.IGNORECASE)  # what is not the network
_OPTIMISERS = "param_groups"  # beside an optimiser's "state"
_DEEPEST_STATE = 6  # dictionaries in dictionaries
_FIRST_WINDOWS = (11, 11)  # of AlexNet's first convolution
_DIMENSIONS = [2, 2, 2, 4, 4, 4, 4, 4]  # of its layers' weights
_Keys = tuple[str | int, ...]


class Inventory(NamedTuple):
    """The tensors of a .pt file.

    Attributes:
        tensors: By the names that the file gives them.
        places: Of the same.
        key: Under which keys the file holds them, "model.state_dict"; "" when it is the state dict itself.
        others: Keys under which it holds further tensors of convolutions, another set of weights.
        records: Where the numbers are, by name.
        notes: What else it says of the network.
        about: What the state dict says of itself, where this program wrote it: metadata as a safetensors file has them.
    """

    tensors: dict[str, StoredTensor]
    places: dict[str, Place]
    key: str
    others: tuple[str, ...]
    records: Mapping[str, Record]
    notes: Notes = NO_NOTES
    about: Mapping[str, str] | None = None


def read_inventory(stream: BinaryIO, name: str) -> Inventory:
    """Return what `torch.load` would return for a file written by `torch.save`, tensors as shapes; reads a few kB.

    Args:
        stream: Opened for reading, seekable.
        name: The file as the person knows it.
    Raises:
        CheckpointError: Anything but a state dict, bare or under a key that training scripts use.
    """
    try:
        stream.seek(0)
        result, machine, records = read_old(stream) if is_old(stream.read(START_BYTES)) else _read_archive(stream)
    except RefusedError as refused:
        raise CheckpointError(name, refused.args[0]) from refused
    except Exception as error:  # zipfile and pickletools raise a dozen types for damaged files
        raise CheckpointError(name, said("is damaged: it cannot be read as a file that torch.save wrote")) from error
    return _find_state(result, records, machine.about, name)


def read_record(stream: BinaryIO, inventory: Inventory, record: str) -> bytearray:
    """Return a record of a file that `read_inventory` has accepted."""
    start, size = inventory.records[record]
    if start is not None:
        stream.seek(start)
        return bytearray(stream.read(size))
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        root = archive.infolist()[0].filename.partition("/")[0] + "/"
        found = next(entry for entry in archive.infolist() if entry.filename.removeprefix(root).lower() == record)
        return bytearray(archive.read(found))


def _read_archive(stream: BinaryIO) -> tuple[object, Machine, dict[str, Record]]:
    """Return what a zip's program builds, the machine that ran it, and each record, by name without the archive's."""
    program, sizes = _read_program(stream)
    machine = Machine()
    result = machine.run(io.BytesIO(program))
    if any(sizes.get(record) != storage.size for record, storage in machine.storages.items()):
        raise RefusedError(said("is damaged: it describes numbers that it does not hold"))
    return result, machine, {record: Record(None, size) for record, size in sizes.items()}


def _read_program(stream: BinaryIO) -> tuple[bytes, dict[str, int]]:
    """Return the pickled program and the size in bytes of each record."""
    _check_directory(stream)
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
        _check_entries(entries, stream.seek(0, 2))
        root = entries[0].filename.partition("/")[0] + "/"
        sizes = {entry.filename.removeprefix(root).lower(): entry.file_size for entry in entries}
        if len(sizes) != len(entries) or not all(entry.filename.startswith(root) for entry in entries):
            raise RefusedError(said("is an archive with doubled or stray names; torch.save writes none"))
        if "byteorder" in sizes and archive.read(root + "byteorder") != b"little":
            raise RefusedError(said("was written on a machine of another byte order; save it again on this one"))
        if "data.pkl" not in sizes:
            raise RefusedError(why_other_archive(list(sizes)))
        if sizes["data.pkl"] > MOST_PROGRAM_BYTES:
            raise RefusedError(TOO_LONG)
        return archive.read(root + "data.pkl"), sizes


def _check_entries(entries: Sequence[zipfile.ZipInfo], file_size: int) -> None:
    """Refuse an archive that torch.save has not written, told by the names and the sizes of what it holds."""
    names = [entry.filename for entry in entries]
    if any(name.endswith("/constants.pkl") for name in names):  # whose source is compressed
        raise RefusedError(said("holds a whole program (TorchScript); save model.state_dict() alone"))
    if names and not any(name.endswith("data.pkl") for name in names):
        raise RefusedError(why_other_archive(names))
    if any(entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1 for entry in entries):
        raise RefusedError(said("is a compressed archive, torch.save writes uncompressed ones; unpack it"))
    if sum(entry.file_size for entry in entries) > file_size:
        raise RefusedError(said("claims to hold more than its own size; it is damaged"))


def _check_directory(stream: BinaryIO) -> None:
    """Refuse an archive whose list of contents is huge or not where torch.save puts it, before the list is read."""
    stream.seek(max(0, stream.seek(0, 2) - 98))
    tail = stream.read(98)
    if tail[-22:-18] != b"PK\x05\x06" or tail[-2:] != b"\0\0":
        raise RefusedError(said("is incomplete: the end of the file is missing; copy it again"))
    count, size, offset = struct.unpack("<HLL", tail[-12:-2])
    if tail[-42:-38] == b"PK\x06\x07" and struct.unpack("<QQQ", tail[32:56]) != (count, size, offset):
        raise RefusedError(said("has two different lists of contents; it is damaged"))
    if count > MOST_RECORDS or size > _MOST_DIRECTORY_BYTES:
        raise RefusedError(said("holds {n} records, AlexNet about 25; save model.state_dict() alone", n=count))


def _find_state(
    result: object, records: Mapping[str, Record], about: Mapping[int, Mapping[str, str]], name: str
) -> Inventory:
    """Return the state dict within what a file holds."""
    if type(result) in (list, tuple):  # (weights, optimiser's state, epoch)
        result = _entries(result)
    if isinstance(result, PassedOver) and result.name:
        raise CheckpointError(name, more_than_tensors(result.name))
    if not isinstance(result, dict):
        raise CheckpointError(name, said("does not hold a state dict; save model.state_dict()"))
    found = dict(_states(result))
    if not found and _OPTIMISERS in result:
        raise CheckpointError(
            name, said("holds an optimiser's numbers and no network's weights; save model.state_dict()")
        )
    likeliest = _likeliest(found)
    chosen, state = _whole(result, likeliest, found.get(likeliest, result))
    parts = [keys for keys in found if keys == likeliest or (chosen != likeliest and keys[:-1] == chosen)]
    others = tuple(".".join(map(str, keys)) for keys in found if keys not in parts)
    if not found:
        _refuse_whole(state, name)
    inner = {id(each) for each in found.values() if each is not state}  # told as others
    tensors, places = _tensors({entry: each for entry, each in state.items() if id(each) not in inner}, name)
    key = ".".join(map(str, chosen))
    return Inventory(tensors, places, key, others, records, notes_in(result), about.get(id(state)))


def _refuse_whole(held: Mapping[Any, Any], name: str) -> None:
    """Refuse a file that has no convolution's weights and holds a network whole, whose class would have to be built."""
    for each in held.values():
        if isinstance(each, PassedOver) and is_module(each.name):
            raise CheckpointError(name, more_than_tensors(each.name))


def _tensors(state: Mapping[Any, Any], name: str) -> tuple[dict[str, StoredTensor], dict[str, Place]]:
    """Return a state dict's tensors and where each lies."""
    if any(isinstance(key, PassedOver) for key in state):
        raise CheckpointError(name, said("holds more than a state dict; save model.state_dict() alone"))
    if all(isinstance(each, PLAIN) for each in state.values()):
        raise CheckpointError(name, said("holds no tensors; save model.state_dict() of an AlexNet"))
    tensors: dict[str, StoredTensor] = {}
    places: dict[str, Place] = {}
    for entry, tensor in state.items():
        if isinstance(tensor, PLAIN):  # an epoch, a score: noted among the weights
            continue
        if not isinstance(tensor, HeldTensor) or not isinstance(entry, str):
            found_entry = shorten(str(entry))
            raise CheckpointError(
                name,
                said(
                    "holds '{entry}', which is not a tensor; save model.state_dict() alone",
                    entry=found_entry,
                ),
            )
        tensors[entry], places[entry] = tensor
    return tensors, places


def _likeliest(found: Mapping[_Keys, dict[Any, Any]]) -> _Keys:
    """Return the keys of the weights to be shown: an AlexNet's before another network's, a usual key before others."""
    likely = [keys for keys, state in found.items() if any(_is_first(value) for value in state.values())] or [*found]
    return min(likely, key=lambda keys: _unlikeliness(keys, found[keys]), default=())


def _unlikeliness(keys: _Keys, state: Mapping[Any, Any]) -> tuple[int, ...]:
    """Return what is least for the likeliest: a file's own top, then names, then a usual key, the outer ones first."""
    last = keys[-1] if keys else ""
    named = last in _STATE_KEYS
    beside = _BESIDE.search(".".join(map(str, keys))) is not None
    listed = all(str(name).isdigit() for name in state)
    return (bool(keys), beside, listed, not named, len(keys) * named, _STATE_KEYS.index(str(last)) if named else 0)


def _whole(result: dict[Any, Any], keys: _Keys, state: dict[Any, Any]) -> tuple[_Keys, dict[Any, Any]]:
    """Return weights and their keys; of a network whose halves or layers are kept one by one, all of them."""
    parent = reduce(lambda held, key: _entries(held[key]), keys[:-1], result)
    parts = {key: part for key, each in parent.items() if _dimensions(part := _entries(each))}
    if keys and len(parts) > 1 and sorted(chain.from_iterable(map(_dimensions, parts.values()))) == _DIMENSIONS:
        return keys[:-1], {f"{key}.{name}": tensor for key, part in parts.items() for name, tensor in part.items()}
    return keys, state


def _dimensions(state: dict[Any, Any]) -> list[int]:
    """Return the numbers of dimensions of a state dict's tensors, less those of one or none."""
    found = [len(each.stored.shape) for each in state.values() if isinstance(each, HeldTensor)]
    return [dimensions for dimensions in found if dimensions > 1]


def _is_first(value: object) -> bool:
    return _is_convolution(value) and value.stored.shape[2:] == _FIRST_WINDOWS


def _is_convolution(value: object) -> TypeGuard[HeldTensor]:
    return isinstance(value, HeldTensor) and len(value.stored.shape) == 4


def _states(held: dict[Any, Any]) -> Iterator[tuple[_Keys, dict[Any, Any]]]:
    """Yield each dictionary that holds a convolution's weights, and the keys that lead to it, the outer ones first."""
    level: list[tuple[_Keys, dict[Any, Any]]] = [((), held)]
    seen = {id(held)}  # a dictionary may hold itself
    while level:
        inner = []
        for keys, each in level:
            if any(type(key) is str and _is_convolution(value) for key, value in each.items()):
                yield keys, each
            for key, value in each.items():
                if id(value) in seen or (key == "state" and _OPTIMISERS in each):  # moments, of the weights' shapes
                    continue
                if type(key) in (str, int) and (entries := _entries(value)):
                    seen.add(id(value))
                    inner.append(((*keys, key), entries))
        level = inner if len(level[0][0]) < _DEEPEST_STATE else []


def _entries(value: object) -> dict[Any, Any]:
    """Return what a dictionary, a list or a tuple holds, by key or place; {} for anything else, tensors among it."""
    if isinstance(value, dict):
        return value
    listed = value if isinstance(value, list | tuple) and type(value) in (list, tuple) else ()  # no tensor
    return {str(place): each for place, each in enumerate(listed)}
