"""Reads the binary answers of the server, written again from their description."""

import json
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray


def read(message: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return header and arrays of [u32 length][JSON][arrays]; a half-precision value is times the header's scale."""
    (length,) = struct.unpack_from("<I", message)
    header = json.loads(message[4 : 4 + length])
    arrays = {}
    for entry in header["arrays"]:
        dtype = np.dtype("<" + entry["dtype"])
        count = int(np.prod(entry["shape"]))
        values = np.frombuffer(message, dtype, count, 4 + length + entry["offset"]).reshape(entry["shape"])
        arrays[entry["name"]] = values.astype(np.float32) * header["scale"] if entry["dtype"] == "f2" else values
    return header, arrays
