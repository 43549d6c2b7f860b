"""Names that may occur among a training's notes in a .pt file: passed over, never imported.

Any other name is refused, because it could run code.
"""

from __future__ import annotations

import re

_PYTHONS = (
    *("complex", "dict", "float", "frozenset", "int", "list", "object", "range", "set", "slice", "str", "tuple"),
    *("bool", "bytes", "long", "unicode", "xrange"),  # the last three: what protocol 2 calls int, str and range
)
_NUMPYS = (
    *("bool", "bool_", "complex64", "complex128", "dtype", "float16", "float32", "float64", "int8", "int16", "int32"),
    *("int64", "longlong", "ndarray", "str_", "uint8", "uint16", "uint32", "uint64"),
)
_NAMES = frozenset(
    (
        *("_codecs.encode", "argparse.Namespace", "collections.Counter", "collections.defaultdict"),
        *("collections.deque", "types.SimpleNamespace", "typing.Any", "uuid.UUID", "uuid.SafeUUID"),
        *(f"datetime.{name}" for name in ("date", "datetime", "time", "timedelta", "timezone")),
        *("decimal.Decimal", "fractions.Fraction"),
        *(f"pathlib.{name}" for name in ("Path", "PosixPath", "PurePosixPath", "PureWindowsPath", "WindowsPath")),
        *("pathlib._local.PosixPath", "pathlib._local.WindowsPath"),
        *(f"{module}.{name}" for module in ("builtins", "__builtin__") for name in _PYTHONS),
        *(f"numpy.{name}" for name in _NUMPYS),
        *(
            f"numpy.{core}.{name}"
            for core in ("core", "_core")
            for name in ("multiarray.scalar", "multiarray._reconstruct", "numeric._frombuffer")
        ),
        *(f"numpy.random._pickle.__{name}_ctor" for name in ("randomstate", "generator", "bit_generator")),
        *("numpy.random._mt19937.MT19937", "numpy.random._pcg64.PCG64", "numpy.random._pcg64.PCG64DXSM"),
        *("numpy.random._philox.Philox", "numpy.random._sfc64.SFC64", "numpy.random.bit_generator.SeedSequence"),
        "numpy.random.bit_generator.__pyx_unpickle_SeedSequence",
        *("torch.Size", "torch.device", "torch.torch_version.TorchVersion", "torch.nn.parameter.Parameter"),
        *(f"torch.{name}" for name in ("float16", "bfloat16", "float32", "float64", "complex64", "complex128")),
        *(f"torch.{name}" for name in ("int8", "int16", "int32", "int64", "uint8", "bool")),
    )
)
# Classes of a training's parts: a loss, an optimiser's schedule, a framework's settings.
_CLASSES = re.compile(
    r"(?:torch\.nn\.modules|torch\.optim|pytorch_lightning|lightning|lightning_fabric|omegaconf)(?:\.[a-z_]+)+\.[A-Z]\w*"
    r"|torch\.optim\.[A-Z]\w*"
)


def is_plain(name: str) -> bool:
    """Return whether a name may stand among the notes of a training."""
    return name in _NAMES or _CLASSES.fullmatch(name) is not None


def is_module(name: str) -> bool:
    """Return whether it is a layer, a network or a loss: whole, where its state dict is wanted."""
    return name.startswith("torch.nn.modules.")
