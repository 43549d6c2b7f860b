"""What a .pt file would build, read without building it.

    read_inventory(stream, "cat.pt").tensors  # {"fc1.bias": StoredTensor((4096,), "float32"), …}

`torch.load(weights_only=True)` keeps a file from running code, but not from asking for any amount of memory (a
bytearray of any size) nor from ending the process (a tuple nested too deeply to be hashed), and it reads an optimiser's
state that nobody needs. So the file's program is interpreted here: only the operations and names that `torch.save`
writes for tensors and for a training's plain notes exist, no name in the file is ever imported, and every storage must
lie in the archive at its full size. What is no tensor is passed over without being built.
"""

from __future__ import annotations

import io
import pickletools
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

from alexnet_viz.checkpoints.contents import StoredTensor
from alexnet_viz.checkpoints.metadata import shorten
from alexnet_viz.errors import CheckpointError
from alexnet_viz.model import STATE_KEY

_MOST_RECORDS = 1_000  # an archive of this network's weights has about 25
_MOST_PROGRAM_BYTES = 1_000_000  # and a program of 2 kB; one of ours that says what it learnt from 250 kB
_MOST_DIRECTORY_BYTES = 1_000_000
_STORAGES = {
    "DoubleStorage": ("float64", 8),
    "FloatStorage": ("float32", 4),
    "HalfStorage": ("float16", 2),
    "BFloat16Storage": ("bfloat16", 2),
    "LongStorage": ("int64", 8),
    "IntStorage": ("int32", 4),
    "ShortStorage": ("int16", 2),
    "CharStorage": ("int8", 1),
    "ByteStorage": ("uint8", 1),
    "BoolStorage": ("bool", 1),
    "ComplexFloatStorage": ("complex64", 8),
    "ComplexDoubleStorage": ("complex128", 16),
}
# Under which names training scripts keep the weights, the likeliest first.
_STATE_KEYS = (
    *("state_dict", "model_state_dict", "model", "model_state", "net", "network", "weights", "params", "module"),
    *("ema", "ema_state_dict", "model_ema", "state_dict_ema"),
)
_DEEPEST_STATE = 3  # dictionaries in dictionaries


class Place(NamedTuple):
    """Where a tensor's numbers lie: in which record of the archive, and how, in elements."""

    record: str
    offset: int
    strides: tuple[int, ...]


class Inventory(NamedTuple):
    """The tensors of a .pt file.

    Attributes:
        tensors: By the names that the file gives them.
        places: Of the same.
        key: Under which keys the file holds them, "model.state_dict"; "" when it is the state dict itself.
        others: Keys under which it holds further tensors of convolutions, another set of weights.
        records: The size in bytes of each of the archive's records.
        about: What the state dict says of itself, where this program wrote it: metadata as a safetensors file has them.
    """

    tensors: dict[str, StoredTensor]
    places: dict[str, Place]
    key: str
    others: tuple[str, ...]
    records: Mapping[str, int]
    about: Mapping[str, str] | None = None


def read_inventory(stream: BinaryIO, name: str) -> Inventory:
    """Return what `torch.load` would return for a zip written by `torch.save`, tensors as shapes; reads a few kB.

    Args:
        stream: Opened for reading, seekable.
        name: The file as the person knows it.
    Raises:
        CheckpointError: Anything but a state dict, bare or under a key that training scripts use.
    """
    try:
        program, sizes = _read_archive(stream)
        machine = _Machine(sizes)
        result = machine.run(program)
    except _RefusedError as refused:
        raise CheckpointError(name, str(refused)) from refused
    except Exception as error:  # zipfile and pickletools raise a dozen types for damaged files
        raise CheckpointError(name, "is damaged: it cannot be read as a file that torch.save wrote") from error
    return _find_state(result, sizes, machine.about, name)


def read_record(stream: BinaryIO, record: str) -> bytearray:
    """Return a record of an archive that `read_inventory` has accepted."""
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        root = archive.infolist()[0].filename.partition("/")[0] + "/"
        found = next(entry for entry in archive.infolist() if entry.filename.removeprefix(root).lower() == record)
        return bytearray(archive.read(found))


class _RefusedError(Exception):
    """The rest of a sentence that begins with the file's name."""


def _read_archive(stream: BinaryIO) -> tuple[bytes, dict[str, int]]:
    """Return the pickled program and the size in bytes of each record, by its name behind the archive's own."""
    _check_directory(stream)
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
        file_size = stream.seek(0, 2)
        if any(entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1 for entry in entries):
            raise _RefusedError("is a compressed archive, torch.save writes uncompressed ones; unpack it")
        if sum(entry.file_size for entry in entries) > file_size:
            raise _RefusedError("claims to hold more than its own size; it is damaged")
        root = entries[0].filename.partition("/")[0] + "/"
        sizes = {entry.filename.removeprefix(root).lower(): entry.file_size for entry in entries}
        if len(sizes) != len(entries) or not all(entry.filename.startswith(root) for entry in entries):
            raise _RefusedError("is an archive with doubled or stray names; torch.save writes none")
        if "constants.pkl" in sizes:
            raise _RefusedError("holds a whole program (TorchScript); save model.state_dict() alone")
        if "byteorder" in sizes and archive.read(root + "byteorder") != b"little":
            raise _RefusedError("was written on a machine of another byte order; save it again on this one")
        if "data.pkl" not in sizes:
            raise _RefusedError("is an archive, but not one that torch.save wrote; unpack it and give the file inside")
        if sizes["data.pkl"] > _MOST_PROGRAM_BYTES:
            raise _RefusedError("describes far more than AlexNet's tensors; save model.state_dict() alone")
        return archive.read(root + "data.pkl"), sizes


def _check_directory(stream: BinaryIO) -> None:
    """Refuse an archive whose list of contents is huge or not where torch.save puts it, before the list is read."""
    stream.seek(max(0, stream.seek(0, 2) - 98))
    tail = stream.read(98)
    if tail[-22:-18] != b"PK\x05\x06" or tail[-2:] != b"\0\0":
        raise _RefusedError("is incomplete: the end of the file is missing; copy it again")
    count, size, offset = struct.unpack("<HLL", tail[-12:-2])
    if tail[-42:-38] == b"PK\x06\x07" and struct.unpack("<QQQ", tail[32:56]) != (count, size, offset):
        raise _RefusedError("has two different lists of contents; it is damaged")
    if count > _MOST_RECORDS or size > _MOST_DIRECTORY_BYTES:
        raise _RefusedError(f"holds {count:,} records, AlexNet about 25; save model.state_dict() alone")


class _Global(NamedTuple):
    name: str


class _Storage(NamedTuple):
    dtype: str
    length: int
    record: str


class _Tensor(NamedTuple):
    stored: StoredTensor
    place: Place


class _PassedOver:
    """Stands for what is neither a tensor nor a container: a count of scores, a size, a path. Nothing is made of it."""


class _Machine:
    """The part of the pickle machine that `torch.save` uses for tensors, with shapes in place of tensors."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self._sizes = sizes
        self._stack: list[Any] = []
        self._outer: list[list[Any]] = []  # stacks below each open mark
        self._memo: dict[int, Any] = {}
        self.about: dict[int, dict[str, str]] = {}  # by the identity of a dictionary: what it says of itself

    def run(self, program: bytes) -> object:
        """Return what the program builds."""
        stream = io.BytesIO(program)
        while (code := stream.read(1).decode("latin-1")) != _STOP:
            operation = _KNOWN.get(code)
            if operation is None:  # not genops: it decodes even what is refused, and warns of odd escapes
                raise _RefusedError("was not written by torch.save as it is by default; save model.state_dict() again")
            _OPERATIONS[operation.name](self, _argument(operation, stream))
        return self._stack.pop()

    def push(self, value: object) -> None:
        self._stack.append(value)

    def check_protocol(self, protocol: int) -> None:
        if protocol != 2:
            raise _RefusedError("was saved with another pickle_protocol than torch.save's own; leave that setting out")

    def mark(self, _: None) -> None:
        self._outer.append(self._stack)
        self._stack = []

    def _take_marked(self) -> list[Any]:
        marked, self._stack = self._stack, self._outer.pop()
        return marked

    def put(self, index: int) -> None:
        self._memo[index] = self._stack[-1]

    def get(self, index: int) -> None:
        self.push(self._memo[index])

    def tuple_of_marked(self, _: None) -> None:
        self.push(tuple(self._take_marked()))

    def tuple_of_last(self, count: int) -> None:
        items = [self._stack.pop() for _ in range(count)]
        self.push(tuple(reversed(items)))

    def append(self, _: None) -> None:
        item = self._stack.pop()
        _expect(self._stack[-1], list).append(item)

    def append_marked(self, _: None) -> None:
        items = self._take_marked()
        _expect(self._stack[-1], list).extend(items)

    def set_item(self, _: None) -> None:
        value, key = self._stack.pop(), self._stack.pop()
        _set_items(self._stack[-1], [key, value])

    def set_marked_items(self, _: None) -> None:
        items = self._take_marked()
        _set_items(self._stack[-1], items)

    def build(self, _: None) -> None:
        """Drop the attributes of an OrderedDict and of what is passed over, less what a state dict says of itself."""
        attributes = self._stack.pop()
        if isinstance(self._stack[-1], _PassedOver):
            return
        if found := _about(attributes):
            self.about[id(_expect(self._stack[-1], dict))] = found
        _expect(self._stack[-1], dict)

    def find(self, name: str) -> None:
        """Push a name's stand-in; nothing is imported."""
        if name in _PLAIN_VALUES:
            self.push(_PassedOver())
            return
        known = name in _CALLABLES or name.removeprefix("torch.") in _STORAGES
        if not known:
            raise _RefusedError(
                f"holds more than plain tensors ({shorten(name)}), and opening that could run code; "
                "save model.state_dict() alone"
            )
        self.push(_Global(name))

    def call(self, _: None) -> None:
        arguments, function = self._stack.pop(), self._stack.pop()
        if isinstance(function, _PassedOver):
            _expect(arguments, tuple)
            self.push(_PassedOver())
            return
        self.push(_CALLABLES[_expect(function, _Global).name](*_expect(arguments, tuple)))

    def load_storage(self, _: None) -> None:
        """Push a storage, if its record is in the archive at its full size."""
        kind, storage, key, _device, length = _expect(self._stack.pop(), tuple)
        dtype, item_size = _STORAGES[_expect(storage, _Global).name.removeprefix("torch.")]
        record = f"data/{_expect(key, str)}".lower()
        stored = self._sizes.get(record)
        if kind != "storage" or stored != _expect(length, int) * item_size:
            raise _RefusedError("is damaged: it describes numbers that it does not hold")
        self.push(_Storage(dtype, length, record))


def _argument(operation: pickletools.OpcodeInfo, stream: BinaryIO) -> Any:
    """Read what follows an operation's code; a name as it is written, where pickletools would resolve escapes."""
    if operation.name == "GLOBAL":
        return ".".join(stream.readline()[:-1].decode() for _ in range(2))
    return operation.arg.reader(stream) if operation.arg else None


def _about(attributes: object) -> dict[str, str]:
    """Return what this program has noted among a state dict's versions, under whatever wrapper; {} where nothing."""
    versions = attributes.get("_metadata") if isinstance(attributes, dict) else None
    for each in versions.values() if isinstance(versions, dict) else ():
        noted = each.get(STATE_KEY) if isinstance(each, dict) else None
        if isinstance(noted, dict) and all(type(text) is str for pair in noted.items() for text in pair):
            return noted
    return {}


def _expect(value: object, kind: type[Any]) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{type(value).__name__} in place of {kind.__name__}")
    return value


def _set_items(target: object, items: list[Any]) -> None:
    if isinstance(target, _PassedOver):
        return
    dictionary = _expect(target, dict)
    for key, value in zip(items[::2], items[1::2], strict=True):
        if type(key) not in (str, int):  # a tuple nested deeply enough ends the process when it is hashed
            raise _RefusedError("holds more than a state dict; save model.state_dict() alone")
        dictionary[key] = value


def _rebuild_tensor(storage: object, offset: object, shape: object, strides: object, *rest: object) -> _Tensor:
    """Return a tensor's shape and place, if every element of it lies in its storage."""
    dtype, length, record = _expect(storage, _Storage)
    first, sides, steps = _expect(offset, int), _expect(shape, tuple), _expect(strides, tuple)
    if any(_expect(number, int) < 0 for number in (first, *sides, *steps)) or len(rest) > 3 or any(rest[2:]):
        raise _RefusedError("holds tensors of a kind that AlexNet does not use; save model.state_dict() alone")
    last = first + sum((side - 1) * step for side, step in zip(sides, steps, strict=True))
    if 0 not in sides and last >= length:
        raise _RefusedError("is damaged: it describes numbers that it does not hold")
    return _Tensor(StoredTensor(sides, dtype), Place(record, first, steps))


def _rebuild_parameter(tensor: object, *_: object) -> _Tensor:
    return _Tensor(*_expect(tensor, _Tensor))


def _empty_dictionary() -> dict[object, object]:
    return {}


_CALLABLES: dict[str, Callable[..., object]] = {
    "collections.OrderedDict": _empty_dictionary,
    "torch._utils._rebuild_tensor_v2": _rebuild_tensor,
    "torch._utils._rebuild_parameter": _rebuild_parameter,
}
# What training scripts note beside the weights; each is passed over, and none is looked up.
_PLAIN_VALUES = frozenset(
    (
        *("collections.Counter", "collections.defaultdict", "torch.Size", "torch.device", "argparse.Namespace"),
        *("pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib._local.PosixPath"),
        *("numpy.dtype", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "_codecs.encode"),
        *("__builtin__.int", "__builtin__.list", "__builtin__.dict", "__builtin__.set", "datetime.datetime"),
        *("builtins.int", "builtins.list", "builtins.dict", "builtins.set"),
        *(f"torch.{name}" for name in ("float16", "bfloat16", "float32", "float64", "int64", "int32", "uint8", "bool")),
    )
)
_OPERATIONS: dict[str, Callable[[_Machine, Any], None]] = {
    "PROTO": _Machine.check_protocol,
    **dict.fromkeys(
        ("BINUNICODE", "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT"),
        _Machine.push,
    ),
    "NONE": _Machine.push,
    "NEWTRUE": lambda machine, _: machine.push(True),
    "NEWFALSE": lambda machine, _: machine.push(False),
    "EMPTY_DICT": lambda machine, _: machine.push({}),
    "EMPTY_LIST": lambda machine, _: machine.push([]),
    "EMPTY_TUPLE": lambda machine, _: machine.push(()),
    "MARK": _Machine.mark,
    "TUPLE": _Machine.tuple_of_marked,
    "TUPLE1": lambda machine, _: machine.tuple_of_last(1),
    "TUPLE2": lambda machine, _: machine.tuple_of_last(2),
    "TUPLE3": lambda machine, _: machine.tuple_of_last(3),
    **dict.fromkeys(("BINPUT", "LONG_BINPUT"), _Machine.put),
    **dict.fromkeys(("BINGET", "LONG_BINGET"), _Machine.get),
    "APPEND": _Machine.append,
    "APPENDS": _Machine.append_marked,
    "SETITEM": _Machine.set_item,
    "SETITEMS": _Machine.set_marked_items,
    "BUILD": _Machine.build,
    "GLOBAL": _Machine.find,
    "REDUCE": _Machine.call,
    "NEWOBJ": _Machine.call,
    "BINPERSID": _Machine.load_storage,
}
_KNOWN = {operation.code: operation for operation in pickletools.opcodes if operation.name in _OPERATIONS}
_STOP = "."


def _find_state(
    result: object, records: Mapping[str, int], about: Mapping[int, Mapping[str, str]], name: str
) -> Inventory:
    """Return the state dict within what a file holds."""
    if not isinstance(result, dict):
        raise CheckpointError(name, "does not hold a state dict; save model.state_dict()")
    found = dict(_states(result))
    named = [keys for keys in found if keys and keys[-1] in _STATE_KEYS]
    chosen = min(named, key=lambda keys: (len(keys), _STATE_KEYS.index(keys[-1])), default=next(iter(found), ()))
    state = found.get(chosen, result)
    if not state:
        raise CheckpointError(name, "holds no tensors; save model.state_dict() of an AlexNet")
    tensors, places = {}, {}
    for entry, tensor in state.items():
        if not isinstance(tensor, _Tensor) or not isinstance(entry, str):
            found_entry = shorten(str(entry))
            raise CheckpointError(name, f"holds '{found_entry}', which is not a tensor; save model.state_dict() alone")
        tensors[entry], places[entry] = tensor
    others = tuple(".".join(keys) for keys in found if keys != chosen)
    return Inventory(tensors, places, ".".join(chosen), others, records, about.get(id(state)))


def _states(held: dict[Any, Any]) -> Iterator[tuple[tuple[str, ...], dict[Any, Any]]]:
    """Yield each dictionary that holds a convolution's weights, and the keys that lead to it, the outer ones first."""
    level: list[tuple[tuple[str, ...], dict[Any, Any]]] = [((), held)]
    seen = {id(held)}  # a dictionary may hold itself
    while level:
        inner = []
        for keys, each in level:
            if any(isinstance(value, _Tensor) and len(value.stored.shape) == 4 for value in each.values()):
                yield keys, each
            for key, value in each.items():
                if type(key) is str and isinstance(value, dict) and id(value) not in seen:
                    seen.add(id(value))
                    inner.append(((*keys, key), value))
        level = inner if len(level[0][0]) < _DEEPEST_STATE else []
