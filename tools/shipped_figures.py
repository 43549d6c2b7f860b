"""Write checkpoints/figures.json: how similar each pair of shipped networks is.

    python -m tools.shipped_figures

Measured on the sample of test pictures that comes with the app, in the same batches as Compare. Run it again whenever
the weights of a shipped network change; it takes two minutes on two cores.
"""

import json
from itertools import combinations

import torch

from alexnet_viz.checkpoints import UNTRAINED, Checkpoint, load_checkpoint
from alexnet_viz.compare.alikeness import FIGURES, weights_digest
from alexnet_viz.compare.centring import centre
from alexnet_viz.compare.predictions import Agreement
from alexnet_viz.compare.similarity import CkaAccumulator, centred_gram, similarity_stages
from alexnet_viz.training.augmentation import prepare_as
from alexnet_viz.training.datasets.cifar10_sample import sample_pictures
from alexnet_viz.training.evaluation import BATCH


class Pair:
    """Two networks, and what is added up about them."""

    def __init__(self, first: Checkpoint, second: Checkpoint, stages: tuple[str, ...]) -> None:
        self.names = first.name, second.name
        self.cka = CkaAccumulator(stages, stages)
        self.agreement = Agreement(first.classes, second.classes)

    def record(self) -> dict[str, object]:
        """Return the figures, similarities to four decimals."""
        cka = [[value if value is None else round(value, 4) for value in row] for row in self.cka.matrix().values]
        return {"a": self.names[0], "b": self.names[1], "agreement": self.agreement.share, "cka": cka}


def outputs_of(
    network: Checkpoint, images: torch.Tensor, stages: tuple[str, ...]
) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    """Return the Gram matrices of a network's stages for one batch, and its logits."""
    grams, output = {}, torch.empty(0)
    with torch.no_grad():
        for name, output in network.model.walk(prepare_as(images, network.input_rule)):
            if name in stages:
                grams[name] = centred_gram(centre(output))
    return grams, output


def main() -> None:
    """Measure and write."""
    files = sorted(FIGURES.parent.glob("*.safetensors"))
    networks = [load_checkpoint(name, "cpu") for name in (UNTRAINED, *(path.stem for path in files))]
    stages = similarity_stages(networks[0].model.stage_names)
    pairs = [Pair(first, second, stages) for first, second in combinations(networks, 2)]
    images = sample_pictures().images
    for start in range(0, len(images), BATCH):
        found = {one.name: outputs_of(one, images[start : start + BATCH], stages) for one in networks}
        for pair in pairs:
            (first, logits), (second, others) = (found[name] for name in pair.names)
            pair.cka.add(first, second)
            pair.agreement.add(logits, others)
    record = {
        "weights": {path.stem: weights_digest(path) for path in files},
        "images": len(images),
        "stages": stages,
        "pairs": [pair.record() for pair in pairs],
    }
    FIGURES.write_text(json.dumps(record) + "\n", "utf-8")


if __name__ == "__main__":
    main()
