"""The part of the pickle machine that `torch.save` uses for tensors, with shapes in place of tensors.

Only the operations and names that `torch.save` writes for tensors and for a training's plain notes exist, and no name
in a file is ever imported. What is no tensor is passed over without being built.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple

from alexnet_viz.checkpoints.metadata import shorten
from alexnet_viz.checkpoints.shapes import StoredTensor
from alexnet_viz.language import said
from alexnet_viz.model import STATE_KEY

MOST_RECORDS = 1_000  # a file of this network's weights has about 25
MOST_PROGRAM_BYTES = 1_000_000  # and a program of 2 kB; one of ours that says what it learnt from 250 kB
TOO_LONG = said(
    "describes far more than AlexNet's tensors, or holds them as NumPy arrays; save model.state_dict() alone"
)
_MOST_ELEMENTS = 2**40  # along a side or from one to the next; the largest file holds 10^9 bytes
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


class Place(NamedTuple):
    """Where a tensor's numbers lie: in which record of the file, and how, in elements."""

    record: str
    offset: int
    strides: tuple[int, ...]


class Record(NamedTuple):
    """Numbers as they lie in a file: from which byte on, None in an archive, which knows it, and how many bytes."""

    start: int | None
    size: int


class RefusedError(Exception):
    """The rest of a sentence that begins with the file's name."""


class _Global(NamedTuple):
    name: str


class Storage(NamedTuple):
    """Numbers that tensors lie in, as a program describes them."""

    dtype: str
    item_size: int
    length: int
    record: str

    @property
    def size(self) -> int:
        """How many bytes they are."""
        return self.length * self.item_size


class HeldTensor(NamedTuple):
    """A tensor as a program builds it."""

    stored: StoredTensor
    place: Place


class _PassedOver:
    """Stands for what is neither a tensor nor a container: a count of scores, a size, a path. Nothing is made of it."""


PLAIN = (bool, int, float, str, _PassedOver, type(None))  # what is no tensor and holds none


class Machine:
    """The part of the pickle machine that `torch.save` uses for tensors, with shapes in place of tensors."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._outer: list[list[Any]] = []  # stacks below each open mark
        self._memo: dict[int, Any] = {}
        self.about: dict[int, dict[str, str]] = {}  # by the identity of a dictionary: what it says of itself
        self.storages: dict[str, Storage] = {}  # by record; whoever reads the file compares them with what is there

    def run(self, stream: BinaryIO) -> object:
        """Return what the program builds that begins here; the stream stands behind it then."""
        while (code := stream.read(1).decode("latin-1")) != _STOP:
            operation = _KNOWN.get(code)
            if operation is None:  # not genops: it decodes even what is refused, and warns of odd escapes
                raise RefusedError(
                    said("was not written by torch.save as it is by default; save model.state_dict() again")
                )
            _OPERATIONS[operation.name](self, _argument(operation, stream))
        return self._stack.pop()

    def _push(self, value: object) -> None:
        self._stack.append(value)

    def _check_protocol(self, protocol: int) -> None:
        if protocol != 2:
            raise RefusedError(
                said("was saved with another pickle_protocol than torch.save's own; leave that setting out")
            )

    def _mark(self, _: None) -> None:
        self._outer.append(self._stack)
        self._stack = []

    def _take_marked(self) -> list[Any]:
        marked, self._stack = self._stack, self._outer.pop()
        return marked

    def _put(self, index: int) -> None:
        self._memo[index] = self._stack[-1]

    def _get(self, index: int) -> None:
        self._push(self._memo[index])

    def _tuple_of_marked(self, _: None) -> None:
        self._push(tuple(self._take_marked()))

    def _tuple_of_last(self, count: int) -> None:
        items = [self._stack.pop() for _ in range(count)]
        self._push(tuple(reversed(items)))

    def _append(self, _: None) -> None:
        item = self._stack.pop()
        expect(self._stack[-1], list).append(item)

    def _append_marked(self, _: None) -> None:
        items = self._take_marked()
        expect(self._stack[-1], list).extend(items)

    def _set_item(self, _: None) -> None:
        value, key = self._stack.pop(), self._stack.pop()
        _set_items(self._stack[-1], [key, value])

    def _set_marked_items(self, _: None) -> None:
        items = self._take_marked()
        _set_items(self._stack[-1], items)

    def _build(self, _: None) -> None:
        """Drop the attributes of an OrderedDict and of what is passed over, less what a state dict says of itself."""
        attributes = self._stack.pop()
        if isinstance(self._stack[-1], _PassedOver):
            return
        if found := _about(attributes):
            self.about[id(expect(self._stack[-1], dict))] = found
        expect(self._stack[-1], dict)

    def _find(self, name: str) -> None:
        """Push a name's stand-in; nothing is imported."""
        if name in _PLAIN_VALUES:
            self._push(_PassedOver())
            return
        known = name in _CALLABLES or name.removeprefix("torch.") in _STORAGES
        if not known:
            raise RefusedError(
                said(
                    "holds more than plain tensors ({name}), and opening that could run code; save "
                    "model.state_dict() alone",
                    name=shorten(name),
                )
            )
        self._push(_Global(name))

    def _call(self, _: None) -> None:
        arguments, function = self._stack.pop(), self._stack.pop()
        if isinstance(function, _PassedOver):
            expect(arguments, tuple)
            self._push(_PassedOver())
            return
        self._push(_CALLABLES[expect(function, _Global).name](*expect(arguments, tuple)))

    def _load_storage(self, _: None) -> None:
        """Push a storage; the old format says behind its length whether it is a part of another."""
        kind, storage, key, _device, length, *part = expect(self._stack.pop(), tuple)
        dtype, item_size = _STORAGES[expect(storage, _Global).name.removeprefix("torch.")]
        found = Storage(dtype, item_size, expect(length, int), f"data/{expect(key, str)}".lower())
        if kind != "storage" or any(part) or self.storages.setdefault(found.record, found) != found:
            raise RefusedError(said("is damaged: it describes numbers that it does not hold"))
        self._push(found)


def _argument(operation: pickletools.OpcodeInfo, stream: BinaryIO) -> Any:
    """Read what follows an operation's code; a name as it is written, where pickletools would resolve escapes."""
    if operation.name == "GLOBAL":
        lines = [stream.readline() for _ in range(2)]
        if not lines[-1].endswith(b"\n"):
            raise EOFError
        return ".".join(line[:-1].decode() for line in lines)
    return operation.arg.reader(stream) if operation.arg else None


def _about(attributes: object) -> dict[str, str]:
    """Return what this program has noted among a state dict's versions, under whatever wrapper; {} where nothing."""
    versions = attributes.get("_metadata") if isinstance(attributes, dict) else None
    for each in versions.values() if isinstance(versions, dict) else ():
        noted = each.get(STATE_KEY) if isinstance(each, dict) else None
        if isinstance(noted, dict) and all(type(text) is str for pair in noted.items() for text in pair):
            return noted
    return {}


def expect(value: object, kind: type[Any]) -> Any:
    """Return a value that is of exactly this kind, or raise TypeError."""
    if type(value) is not kind:
        raise TypeError(f"{type(value).__name__} in place of {kind.__name__}")
    return value


def _set_items(target: object, items: list[Any]) -> None:
    if isinstance(target, _PassedOver):
        return
    dictionary = expect(target, dict)
    for key, value in zip(items[::2], items[1::2], strict=True):
        if type(key) not in (str, int):  # a tuple nested deeply enough ends the process when it is hashed
            raise RefusedError(said("holds more than a state dict; save model.state_dict() alone"))
        dictionary[key] = value


def _rebuild_tensor(storage: object, offset: object, shape: object, strides: object, *rest: object) -> HeldTensor:
    """Return a tensor's shape and place, if every element of it lies in its storage."""
    dtype, _item_size, length, record = expect(storage, Storage)
    first, sides, steps = expect(offset, int), expect(shape, tuple), expect(strides, tuple)
    numbers = [expect(number, int) for number in (first, *sides, *steps)]
    if min(numbers) < 0 or len(rest) > 3 or any(rest[2:]):
        raise RefusedError(said("holds tensors of a kind that AlexNet does not use; save model.state_dict() alone"))
    if max(numbers) > _MOST_ELEMENTS:  # steps of 0 would let any side fit, and a pickle's numbers have no end
        raise RefusedError(said("is damaged: it describes numbers that it does not hold"))
    last = first + sum((side - 1) * step for side, step in zip(sides, steps, strict=True))
    if 0 not in sides and last >= length:
        raise RefusedError(said("is damaged: it describes numbers that it does not hold"))
    return HeldTensor(StoredTensor(sides, dtype), Place(record, first, steps))


def _rebuild_parameter(tensor: object, *_: object) -> HeldTensor:
    return HeldTensor(*expect(tensor, HeldTensor))


def _empty_dictionary() -> dict[object, object]:
    return {}


_CALLABLES: dict[str, Callable[..., object]] = {
    "collections.OrderedDict": _empty_dictionary,
    "torch._utils._rebuild_tensor": _rebuild_tensor,  # before PyTorch 0.4
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
_OPERATIONS: dict[str, Callable[[Machine, Any], None]] = {
    "PROTO": Machine._check_protocol,
    **dict.fromkeys(
        ("BINUNICODE", "BINSTRING", "SHORT_BINSTRING", "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT"),
        Machine._push,
    ),
    "NONE": Machine._push,
    "NEWTRUE": lambda machine, _: machine._push(True),
    "NEWFALSE": lambda machine, _: machine._push(False),
    "EMPTY_DICT": lambda machine, _: machine._push({}),
    "EMPTY_LIST": lambda machine, _: machine._push([]),
    "EMPTY_TUPLE": lambda machine, _: machine._push(()),
    "MARK": Machine._mark,
    "TUPLE": Machine._tuple_of_marked,
    "TUPLE1": lambda machine, _: machine._tuple_of_last(1),
    "TUPLE2": lambda machine, _: machine._tuple_of_last(2),
    "TUPLE3": lambda machine, _: machine._tuple_of_last(3),
    **dict.fromkeys(("BINPUT", "LONG_BINPUT"), Machine._put),
    **dict.fromkeys(("BINGET", "LONG_BINGET"), Machine._get),
    "APPEND": Machine._append,
    "APPENDS": Machine._append_marked,
    "SETITEM": Machine._set_item,
    "SETITEMS": Machine._set_marked_items,
    "BUILD": Machine._build,
    "GLOBAL": Machine._find,
    "REDUCE": Machine._call,
    "NEWOBJ": Machine._call,
    "BINPERSID": Machine._load_storage,
}
_KNOWN = {operation.code: operation for operation in pickletools.opcodes if operation.name in _OPERATIONS}
_STOP = "."
