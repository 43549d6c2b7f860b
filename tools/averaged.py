"""A weighted average of two networks' weights, which is often better than either network.

    python -m tools.averaged FIRST SECOND SHARE OUT

SHARE, 0 to 1, is the weight of SECOND, which must have been trained further from FIRST ("Robust fine-tuning of
zero-shot models", Wortsman et al., 2022, interpolates in this way). OUT is a safetensors file for `pack`; it records
what SECOND learnt from, which includes what FIRST did.
"""

import sys
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

from alexnet_viz.checkpoints import Checkpoint, load_checkpoint
from alexnet_viz.checkpoints.saving import save_described


def averaged(first: Checkpoint, second: Checkpoint, share: float) -> Checkpoint:
    """Return the second with its weights drawn back to the first's.

    Args:
        first: Of the same variant and number of classes; its weights count `1 - share`.
        second: What is returned but for the weights and its scores, which are no longer true.
        share: 0 to 1.
    """
    theirs, own = first.model.state_dict(), second.model.state_dict()
    model = deepcopy(second.model)
    model.load_state_dict({name: (1 - share) * theirs[name] + share * own[name] for name in own})
    recipe = second.metadata.get("recipe")
    recipe = {**(recipe if isinstance(recipe, dict) else {}), "share_of_last_training": share}
    return replace(second, model=model, metadata={**second.metadata, "metrics": {}, "recipe": recipe})


def main() -> None:
    """Write the average."""
    first, second, share, out = sys.argv[1:]
    between = averaged(load_checkpoint(first, "cpu"), load_checkpoint(second, "cpu"), float(share))
    save_described(Path(out), between)


if __name__ == "__main__":
    main()
