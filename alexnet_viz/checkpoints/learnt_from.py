"""Which pictures a checkpoint learnt from: 32 bits of each picture's digest, packed into its metadata.

48,029 pictures take some 150 kB. Lists of checkpoints never read it; `Checkpoint.learnt_from` reads it on demand.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

KEY = "learnt_from"  # in a file's metadata
_MOST_PICTURES = 2_000_000  # of a data set: what a file claims is unpacked up to here


@dataclass(frozen=True)
class LearntFrom:
    """What a network learnt from.

    Attributes:
        sources: By name of the data set, the lower half of each picture's digest: (N,) uint32, sorted, each once. The
            upper half decides what is held out. (Of 10,000 pictures beside 50,000 learnt from, one is wrongly taken
            for one of these in every ninth case.)
        is_complete: Whether that is all; False for a file that does not say, and for what began from such a file.
    """

    sources: Mapping[str, NDArray[np.uint32]] = field(default_factory=dict)
    is_complete: bool = True

    def and_from(self, data_set: str, digests: NDArray[np.uint64]) -> LearntFrom:
        """Return this and the pictures of a data set, (N,) digests; those of one name are put together."""
        known = self.sources.get(data_set, np.empty(0, np.uint32))
        return LearntFrom({**self.sources, data_set: np.union1d(known, _lower(digests))}, self.is_complete)

    def holds(self, digests: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Return which of the pictures, (N,) digests, were learnt from as far as is known."""
        wanted = _lower(digests)
        found = np.zeros(len(wanted), np.bool_)
        for learnt in self.sources.values():
            if len(learnt):
                found |= learnt[np.searchsorted(learnt, wanted).clip(max=len(learnt) - 1)] == wanted
        return found

    def to_text(self) -> str:
        """Return it as metadata hold it: JSON of names, counts, and digests packed as `_pack` says."""
        sources = [
            {"data_set": name, "pictures": len(each), "digests": _pack(each)} for name, each in self.sources.items()
        ]
        return json.dumps({"complete": self.is_complete, "sources": sources})

    @staticmethod
    def from_text(text: str) -> LearntFrom:
        """Return what a file says.

        Raises:
            ValueError: It says nothing that can be read.
        """
        try:
            record = json.loads(text)
            sources = {
                str(each["data_set"]): _unpack(each["digests"], int(each["pictures"])) for each in record["sources"]
            }
            return LearntFrom(sources, bool(record["complete"]))
        except (KeyError, TypeError, AttributeError, RecursionError, OverflowError, zlib.error) as error:
            raise ValueError("it is not in this version's form") from error


NOTHING, UNKNOWN = LearntFrom(), LearntFrom(is_complete=False)


def _lower(digests: NDArray[np.uint64]) -> NDArray[np.uint32]:
    return (digests & np.uint64(0xFFFFFFFF)).astype(np.uint32)


def _pack(learnt: NDArray[np.uint32]) -> str:
    """Return the distances from each to the next, all their lowest bytes first, deflated, in base64.

    The upper bytes of distances are small, so that they take next to nothing: 2.3 bytes a picture of 50,000.
    """
    distances = np.diff(learnt, prepend=np.uint32(0)).astype("<u4")
    planes = distances.view(np.uint8).reshape(-1, 4).T
    return base64.b64encode(zlib.compress(planes.tobytes(), 9)).decode("ascii")


def _unpack(text: str, count: int) -> NDArray[np.uint32]:
    if not 0 <= count <= _MOST_PICTURES:
        raise ValueError(f"it names {count:,} pictures, the limit is {_MOST_PICTURES:,}")
    unpacking = zlib.decompressobj()
    planes = unpacking.decompress(base64.b64decode(text, validate=True), 4 * count + 1)  # a bomb stops here
    if len(planes) != 4 * count:
        raise ValueError("its pictures are not as many as it says")
    distances = np.frombuffer(planes, np.uint8).reshape(4, count).T.copy().view("<u4")[:, 0]
    return np.sort(distances.cumsum(dtype=np.uint32))
