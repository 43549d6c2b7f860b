"""An interpreter for the pickle operations that `torch.save` uses, with shapes in place of tensors.

Only the operations and names that `torch.save` writes for tensors and for a training's plain notes exist, and no name
in a file is ever imported. What is no tensor is passed over without being built.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from typing import Any, BinaryIO

from alexnet_viz.checkpoints.pickle_names import is_plain
from alexnet_viz.checkpoints.pickle_values import (
    CALLABLES,
    STORAGES,
    Global,
    PassedOver,
    RefusedError,
    Storage,
    expect,
    more_than_tensors,
    other_tensors,
)
from alexnet_viz.language import said
from alexnet_viz.model import STATE_KEY

# A file of this network's weights has about 25 records and a program of 600 operations in 2 kB. A training's notes may
# be a loss of every step, as a number or as a tensor, and arrays beside them.
MOST_RECORDS = 10_000
MOST_PROGRAM_BYTES = 20_000_000
_MOST_OPERATIONS = 1_000_000  # a second or two
_PROTOCOLS = range(2, 6)
TOO_LONG = said(
    "describes far more than AlexNet's tensors, or holds them as NumPy arrays; save model.state_dict() alone"
)
_KEYS = (str, int, float, bool, type(None))  # of dictionaries


class Machine:
    """The part of the pickle machine that `torch.save` uses for tensors, with shapes in place of tensors."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._outer: list[list[Any]] = []  # stacks below each open mark
        self._memo: dict[int, Any] = {}
        self._left = _MOST_OPERATIONS
        self.about: dict[int, dict[str, str]] = {}  # by the identity of a dictionary: what it says of itself
        self.storages: dict[str, Storage] = {}  # by record; whoever reads the file compares them with what is there

    def run(self, stream: BinaryIO) -> object:
        """Return what the program builds that begins here; the stream stands behind it then."""
        while (code := stream.read(1).decode("latin-1")) != _STOP:
            self._left -= 1
            if self._left < 0:
                raise RefusedError(TOO_LONG)
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
        if protocol not in _PROTOCOLS:
            raise RefusedError(
                said("was saved with a pickle_protocol that is not one of 2 to 5; leave that setting out")
            )

    def _mark(self, _: None) -> None:
        self._outer.append(self._stack)
        self._stack = []

    def _take_marked(self) -> list[Any]:
        marked, self._stack = self._stack, self._outer.pop()
        return marked

    def _put(self, index: int) -> None:
        self._memo[index] = self._stack[-1]

    def _put_next(self, _: None) -> None:
        self._put(len(self._memo))

    def _get(self, index: int) -> None:
        self._push(self._memo[index])

    def _tuple_of_marked(self, _: None) -> None:
        self._push(tuple(self._take_marked()))

    def _tuple_of_last(self, count: int) -> None:
        items = [self._stack.pop() for _ in range(count)]
        self._push(tuple(reversed(items)))

    def _append(self, _: None) -> None:
        item = self._stack.pop()
        self._extend([item])

    def _append_marked(self, _: None) -> None:
        self._extend(self._take_marked())

    def _extend(self, items: list[Any]) -> None:
        if not isinstance(self._stack[-1], PassedOver):
            expect(self._stack[-1], list).extend(items)

    def _pass_over(self, _: object) -> None:
        self._push(PassedOver())

    def _pass_over_marked(self, _: None) -> None:
        self._take_marked()
        self._push(PassedOver())

    def _set_item(self, _: None) -> None:
        value, key = self._stack.pop(), self._stack.pop()
        _set_items(self._stack[-1], [key, value])

    def _set_marked_items(self, _: None) -> None:
        items = self._take_marked()
        _set_items(self._stack[-1], items)

    def _build(self, _: None) -> None:
        """Drop the attributes of an OrderedDict and of what is passed over, less what a state dict says of itself."""
        attributes = self._stack.pop()
        if isinstance(self._stack[-1], PassedOver):
            return
        if found := _about(attributes):
            self.about[id(expect(self._stack[-1], dict))] = found
        expect(self._stack[-1], dict)

    def _find(self, name: str) -> None:
        """Push a name's stand-in; nothing is imported."""
        if is_plain(name):
            self._push(PassedOver(name))
            return
        known = name in CALLABLES or name.removeprefix("torch.") in STORAGES
        if not known:
            raise RefusedError(other_tensors(name) or more_than_tensors(name))
        self._push(Global(name))

    def _find_on_stack(self, _: None) -> None:
        name, module = self._stack.pop(), self._stack.pop()
        self._find(f"{expect(module, str)}.{expect(name, str)}")

    def _call(self, _: None) -> None:
        arguments, function = self._stack.pop(), self._stack.pop()
        if isinstance(function, PassedOver):
            expect(arguments, tuple)
            self._push(PassedOver(function.name))
            return
        self._push(CALLABLES[expect(function, Global).name](*expect(arguments, tuple)))

    def _call_by_name(self, _: None) -> None:
        expect(self._stack.pop(), dict)
        self._call(None)

    def _load_storage(self, _: None) -> None:
        """Push a storage; the old format says behind its length whether it is a part of another."""
        noted = expect(self._stack.pop(), tuple)
        if noted[:1] == ("module",) and isinstance(noted[1], PassedOver):  # a layer's class, its source behind it
            self._push(noted[1])
            return
        kind, storage, key, _device, length, *part = noted
        dtype, item_size = STORAGES[expect(storage, Global).name.removeprefix("torch.")]
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


def _set_items(target: object, items: list[Any]) -> None:
    if isinstance(target, PassedOver):
        return
    dictionary = expect(target, dict)
    for key, value in zip(items[::2], items[1::2], strict=True):
        # A tuple nested deeply enough ends the process when it is hashed: something else stands for it.
        dictionary[key if type(key) in _KEYS else PassedOver()] = value


_OPERATIONS: dict[str, Callable[[Machine, Any], None]] = {
    "PROTO": Machine._check_protocol,
    **dict.fromkeys(
        (
            *("BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "BINSTRING", "SHORT_BINSTRING"),
            *("BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT"),
        ),
        Machine._push,
    ),
    **dict.fromkeys(("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8", "EMPTY_SET"), Machine._pass_over),
    "FROZENSET": Machine._pass_over_marked,
    "FRAME": lambda _machine, _size: None,
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
    "MEMOIZE": Machine._put_next,
    **dict.fromkeys(("BINGET", "LONG_BINGET"), Machine._get),
    "APPEND": Machine._append,
    **dict.fromkeys(("APPENDS", "ADDITEMS"), Machine._append_marked),
    "SETITEM": Machine._set_item,
    "SETITEMS": Machine._set_marked_items,
    "BUILD": Machine._build,
    "GLOBAL": Machine._find,
    "STACK_GLOBAL": Machine._find_on_stack,
    "REDUCE": Machine._call,
    "NEWOBJ": Machine._call,
    "NEWOBJ_EX": Machine._call_by_name,
    "BINPERSID": Machine._load_storage,
}
_KNOWN = {operation.code: operation for operation in pickletools.opcodes if operation.name in _OPERATIONS}
_STOP = "."
