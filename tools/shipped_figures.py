"""How alike the shipped networks are, and how often they are right: checkpoints/figures.json.

    python -m tools.shipped_figures DATA

Similarity and agreement are of each two networks over the sample of test pictures that ships with the app; DATA holds
CIFAR-10's python batches, on all of whose test pictures those networks are measured whose files do not state it.
To be run again whenever the weights of a shipped network change; a quarter of an hour on two cores.
"""

import json
import sys
from itertools import combinations
from pathlib import Path

from alexnet_viz.checkpoints import UNTRAINED, Checkpoint, load_checkpoint
from alexnet_viz.compare.paired_pass import compare_on
from alexnet_viz.compare.shipped import FIGURES, weights_digest
from alexnet_viz.compare.similarity import similarity_stages
from alexnet_viz.training.datasets.cifar10 import CLASSES, test_pictures
from alexnet_viz.training.datasets.cifar10_sample import sample_pictures
from alexnet_viz.training.evaluation import evaluate


def pair_record(first: Checkpoint, second: Checkpoint) -> dict[str, object]:
    """Return the figures of two networks, similarities to four decimals."""
    found = compare_on(first, second, sample_pictures(), CLASSES, with_answers=False, with_matching=False)
    assert found.cka is not None
    cka = [[value if value is None else round(value, 4) for value in row] for row in found.cka.values]
    return {"a": first.name, "b": second.name, "agreement": found.agreement, "cka": cka}


def right_record(checkpoint: Checkpoint, data: Path) -> dict[str, object]:
    """Return how often a network is right on all test pictures."""
    found = evaluate(checkpoint, test_pictures(data), CLASSES)
    return {"accuracy": found.accuracy, "images": found.count}


def main() -> None:
    """Measure and write."""
    files = sorted(FIGURES.parent.glob("*.safetensors"))
    networks = [load_checkpoint(UNTRAINED), *(load_checkpoint(path.stem) for path in files)]
    unstated = [one for one in networks[1:] if "test_accuracy" not in one.metadata["metrics"]]  # type: ignore[operator]
    record = {
        "weights": {path.stem: weights_digest(path) for path in files},
        "right": {one.name: right_record(one, Path(sys.argv[1])) for one in unstated},
        "images": len(sample_pictures()),
        "stages": similarity_stages(networks[0].model.stage_names),
        "pairs": [pair_record(*pair) for pair in combinations(networks, 2)],
    }
    FIGURES.write_text(json.dumps(record) + "\n", "utf-8")


if __name__ == "__main__":
    main()
