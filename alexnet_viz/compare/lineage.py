"""Whether two networks come from one training, so that their channels still have the same numbers.

A checkpoint names its run and what that run started from; the chain goes on through the files that are still there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from alexnet_viz.checkpoints import UNTRAINED, Checkpoint, named_files, stored_metadata
from alexnet_viz.errors import AlexNetVizError
from alexnet_viz.language import said
from alexnet_viz.runs import find_run_checkpoint, runs_folder

_MOST_LINKS = 20  # of a chain; one that is longer, or goes in a circle, is not followed further

# The shipped cifar10-photographs started from runs that are not shipped, the first from cifar10-fast's, that was drawn.
_SHIPPED_LINKS = {
    "20261130-171712-mix-ff59": "20261130-165428-mix-2dcb:7",
    "20261130-165428-mix-2dcb": "20261130-162931-mix-566f:7",
    "20261130-162931-mix-566f": "20261130-073514-mix-c5ad:12",
    "20261130-073514-mix-c5ad": "20261130-033325-mix-679a:8",
    "20261130-033325-mix-679a": "20261130-024128-mix-a18a:9",
    "20261130-024128-mix-a18a": "20261129-235248-mix-5464:6",
    "20261129-235248-mix-5464": "20261129-232936-mix-9164:2",
    "20261129-232936-mix-9164": "20261129-075958-mix-ec08:4",
    "20261129-075958-mix-ec08": "20261129-063537-mix-2027:1",
    "20261129-063537-mix-2027": "20261129-060251-mix-f399:2",
    "20261129-060251-mix-f399": "20261125-140817-cifar10-fb85:1",
    "20261125-140817-cifar10-fb85": "20261125-133510-cifar10-4122:3",
    "20261125-133510-cifar10-4122": "20261125-063913-cifar10-d3e9:10",
    "20261125-063913-cifar10-d3e9": UNTRAINED,
}


def same_run(first: Checkpoint, second: Checkpoint) -> str:
    """Return, in a sentence, why channels of the two networks have the same numbers; "" where nothing says so."""
    if first.variant != second.variant:
        return ""
    if _is_one_run(first.metadata, second.metadata):
        return said("A and B are epochs of one run: channels keep their number")
    sides = {str(side.path): side.path for side in (first, second) if side.path is not None}
    a, b = list(_lineage(first, sides)), list(_lineage(second, sides))
    if a[:1] and a[0] in b:
        return said("B goes on from A: channels keep their number")
    if b[:1] and b[0] in a:
        return said("A goes on from B: channels keep their number")
    # Trainings that were only drawn alike have gone their own ways from the first step on.
    if set(a) & set(b) - {UNTRAINED}:
        return said("A and B go on from one training: channels keep their number")
    return ""


def _is_one_run(about: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Return whether both name the same source (apart from its epoch), recipe, seed and variant."""
    if not about.get("recipe") or any(about.get(key) != other.get(key) for key in ("recipe", "seed", "variant")):
        return False
    sources = [re.sub(r"epoch \d+( of \d+)?", "", str(metadata["source"])) for metadata in (about, other)]
    return sources[0] == sources[1]


def _lineage(checkpoint: Checkpoint, sides: Mapping[str, Path]) -> Iterator[str]:
    """Yield what a network is an epoch of and what that started from, the latest first.

    Args:
        checkpoint: The network.
        sides: The files that are compared, by their paths.
    """
    if checkpoint.name == UNTRAINED and checkpoint.path is None:
        yield UNTRAINED
        return
    metadata: Mapping[str, object] = checkpoint.metadata
    if _run_of(metadata):
        yield _run_of(metadata)
    for _ in range(_MOST_LINKS):
        started_from = _started_from(metadata)
        if not started_from:
            return
        run = started_from.rpartition(":")[0]
        metadata = _stored(started_from, sides)
        yield _run_of(metadata) or run or started_from


def _run_of(metadata: Mapping[str, object]) -> str:
    found = re.match(r"run ([\w.-]+)", str(metadata.get("source", "")))
    return found[1] if found else ""


def _started_from(metadata: Mapping[str, object]) -> str:
    """Return the name that a run started from, "untrained" for the same initial weights; "" where nothing says so."""
    recipe = metadata.get("recipe")
    if not isinstance(recipe, dict):
        return _SHIPPED_LINKS.get(_run_of(metadata), "")
    if recipe.get("start_from"):
        return str(recipe["start_from"])
    drawn = {"init": recipe.get("init"), "seed": recipe.get("seed"), "variant": recipe.get("variant")}
    return UNTRAINED if drawn == {"init": "fast", "seed": 0, "variant": "seed"} else ""


def _stored(name: str, sides: Mapping[str, Path]) -> Mapping[str, object]:
    """Return the metadata of the checkpoint with a name; where it is missing, the run that its name tells.

    The name stands in a file that may be a stranger's: no path is followed but that of a file that is compared.
    """
    with suppress(AlexNetVizError):
        path = named_files().get(name) or find_run_checkpoint(name, runs_folder()) or sides.get(name)
        if path is not None:
            return stored_metadata(path)
    run = name.rpartition(":")[0]
    return {"source": f"run {run}"} if run else {}
