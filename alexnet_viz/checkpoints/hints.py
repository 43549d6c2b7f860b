"""What the layer names in a file say about the network, and what they leave open.

Most files number the modules of an `nn.Sequential`: "features.0", "features.3" leave room for an activation and a
pooling between two convolutions, "net.0", "net.4" for a layer more. Which layers these are is in no name.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from alexnet_viz.checkpoints.recognition import CONVOLUTIONS, FULLY_CONNECTED
from alexnet_viz.language import said
from alexnet_viz.variants import Variant


class Hints(NamedTuple):
    """What a file's names say of the network; None where they say nothing.

    Attributes:
        norms: Whether the numbers leave room for a normalisation in blocks 1 and 2.
        fc_relu: Whether they leave room for a ReLU after fc1 and fc2.
        of_caffe: Whether the layers are called as in Caffe's AlexNet, which has a ReLU there.
    """

    norms: tuple[bool, bool] | None = None
    fc_relu: bool | None = None
    of_caffe: bool = False

    def suggest(self, variant: Variant) -> bool:
        """Return whether a variant has what there is room for, and what is usual under these names."""
        fc_relu = True if self.of_caffe else self.fc_relu
        return self.norms in (None, _norms(variant)) and fc_relu in (None, variant.fc_relu)

    def allow(self, variant: Variant) -> bool:
        """Return whether there is room for everything that a variant has; dropout may take an LRN's place."""
        room = self.norms is None or all(map(bool.__ge__, self.norms, _norms(variant)))
        return room and self.fc_relu in (None, variant.fc_relu)

    def words(self) -> str:
        """Return in words what the numbers leave, "no room for LRN in blocks 1 and 2"; "" where they say nothing."""
        parts = []
        if self.norms is not None:
            both = {
                (True, True): said("room for LRN or another layer in blocks 1 and 2"),
                (False, False): said("no room for LRN in blocks 1 and 2"),
            }
            alone = said("room for LRN or another layer in block {block} alone", block=1 if self.norms[0] else 2)
            parts.append(both.get(self.norms, alone))
        if self.fc_relu:
            parts.append(said("room for a ReLU or another activation after fc1 and fc2"))
        return said("{first}, and {second}", first=parts[0], second=parts[1]) if len(parts) > 1 else "".join(parts)

    def sentences(self) -> list[str]:
        """Return what the names say, in sentences; [] where they say nothing."""
        numbers = said("The numbers in its layers' names leave {words}.", words=self.words())
        convention = said("Its layers are named as in Caffe's AlexNet, which has a ReLU after fc1 and fc2.")
        return [*([numbers] if self.words() else []), *([convention] if self.of_caffe else [])]

    def left_open(self) -> str:
        """Return what no name says of a network of which only one variant has the shapes, without a full stop."""
        fc_relu = self.fc_relu or self.of_caffe
        if self.norms is None and not fc_relu:
            return said("Nothing in the file says whether it has LRN, a ReLU after fc1 and fc2, or another activation")
        if self.norms is None:
            return said("Nothing in the file says whether it has LRN, or another activation")
        if not fc_relu:
            return said("Nothing in the file says whether it has a ReLU after fc1 and fc2, or another activation")
        return said("Which activation it has is not in the file")


def _norms(variant: Variant) -> tuple[bool, bool]:
    return variant.convolutions[0].norm, variant.convolutions[1].norm


def hints(names: Mapping[str, str]) -> Hints:
    """Return what a file's names say; `names` gives the file's name for each of our tensors."""
    if not all(f"{layer}.weight" in names for layer in (*CONVOLUTIONS, *FULLY_CONNECTED)):
        return Hints()
    convolutions = _steps([names[f"{layer}.weight"] for layer in CONVOLUTIONS])
    linears = _steps([names[f"{layer}.weight"] for layer in FULLY_CONNECTED])
    norms = None
    if convolutions and convolutions[2:] == [2, 2] and set(convolutions[:2]) <= {3, 4}:
        norms = (convolutions[0] == 4, convolutions[1] == 4)
    fc_relu = True if 3 in linears else None  # 1 and 2 leave open what stands between, or what the code calls
    return Hints(norms, fc_relu, _has_names_of_caffe(names.values()))


def _has_names_of_caffe(names: Iterable[str]) -> bool:
    """Return whether the last layer is called as Caffe's AlexNets call it: conv1 … fc6, fc7, fc8."""
    return any(re.search(r"\bfc8\b", name, re.IGNORECASE) for name in names)


def _steps(names: Sequence[str]) -> list[int]:
    """Return the differences of the numbers in names that are equal otherwise, "net.0", "net.4"; [] for others."""
    found = [re.fullmatch(r"((?:.*\.)?)([0-9]{1,4})\.weight", name) for name in names]
    if not all(found) or len({match[1] for match in found if match}) > 1:
        return []
    return [after - before for before, after in itertools.pairwise(int(match[2]) for match in found if match)]
