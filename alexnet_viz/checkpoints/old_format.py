"""The format of torch.save before PyTorch 1.6: several pickles in a row instead of an archive.

A number that tells the format, a version, the machine, then the program; the names of its storages, and their numbers
in this order, a count before each.
"""

from __future__ import annotations

import io
import re
from typing import BinaryIO

from alexnet_viz.checkpoints.pickle_machine import MOST_PROGRAM_BYTES, MOST_RECORDS, TOO_LONG, Machine
from alexnet_viz.checkpoints.pickle_values import Record, RefusedError, expect
from alexnet_viz.language import said

# The pickled number that tells it, by each protocol; from 4 on in a frame.
_START = re.compile(rb"\x80(?:[\x02\x03]|[\x04\x05]\x95.{8})\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19\.", re.DOTALL)
_VERSION = 1001
_COUNT_BYTES = 8


def is_old(start: bytes) -> bool:
    """Return whether a file that begins so is of this format."""
    return _START.match(start) is not None


def read_old(stream: BinaryIO) -> tuple[object, Machine, dict[str, Record]]:
    """Return what the program builds, the machine that ran it, and where each record is; reads no numbers.

    Raises:
        RefusedError: The file is not what torch.save writes, or does not hold what it describes.
    """
    stream.seek(0)
    start = io.BytesIO(stream.read(MOST_PROGRAM_BYTES))
    try:
        machine = Machine()
        Machine().run(start)  # the number that tells the format
        if Machine().run(start) != _VERSION or not expect(Machine().run(start), dict).get("little_endian"):
            raise RefusedError(said("was written on a machine of another kind; save it again on this one"))
        result = machine.run(start)
        keys = expect(Machine().run(start), list)
    except Exception as error:
        if start.tell() == MOST_PROGRAM_BYTES:
            raise RefusedError(TOO_LONG) from error
        raise
    if len(keys) > MOST_RECORDS:
        raise RefusedError(said("holds {n} records, AlexNet about 25; save model.state_dict() alone", n=len(keys)))
    names = [f"data/{expect(key, str)}".lower() for key in keys]
    return result, machine, _records(stream, start.tell(), names, machine)


def _records(stream: BinaryIO, place: int, names: list[str], machine: Machine) -> dict[str, Record]:
    """Return where each storage's numbers are, if the file holds all that are described."""
    records = {}
    for name in names:
        storage = machine.storages[name]
        stream.seek(place)
        count = stream.read(_COUNT_BYTES)
        if len(count) == _COUNT_BYTES and int.from_bytes(count, "little", signed=True) != storage.length:
            raise RefusedError(said("is damaged: it describes numbers that it does not hold"))
        records[name] = Record(place + _COUNT_BYTES, storage.size)
        place += _COUNT_BYTES + storage.size
    if place > stream.seek(0, io.SEEK_END) or records.keys() != machine.storages.keys():
        raise RefusedError(said("is incomplete: the end of the file is missing; copy it again"))
    return records
