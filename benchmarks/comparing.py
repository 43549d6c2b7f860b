"""Two checkpoints over many pictures: answers, CKA and matching against the bare forward passes.

    python -m benchmarks.comparing [PICTURES] [THREADS]

Pictures of 32 x 32 as CIFAR-10's, 128 by default, two threads by default. The bare passes get their inputs ready-made;
everything else prepares them itself. All ways take turns. Goals: answers at most 1.15 times the bare passes; CKA over
eleven stages adds at most 30 % to them. Below the measured ratios stands what the multiply-adds alone would give.
"""

import statistics
import sys
from collections.abc import Callable
from functools import partial

import torch
from torch import nn

from alexnet_viz.architecture import layer_table
from alexnet_viz.checkpoints import Checkpoint, load_checkpoint
from alexnet_viz.compare.matching import MATCHED_STAGES
from alexnet_viz.compare.paired_pass import BATCH, compare_on
from alexnet_viz.compare.similarity import similarity_stages
from alexnet_viz.model import AlexNet, initialise
from alexnet_viz.training.augmentation import prepare
from alexnet_viz.training.datasets.dataset import Split
from benchmarks.processor_time import times_in_turns

TURNS, WARM_UP = 3, 1
MOST_FOR_ANSWERS, MOST_FOR_CKA = 1.15, 0.30


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 128
    torch.set_num_threads(int(sys.argv[2]) if len(sys.argv) > 2 else min(2, torch.get_num_threads()))
    first, second = load_checkpoint("untrained", "cpu"), another()
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (count, 3, 32, 32), generator=generator, dtype=torch.uint8)
    split = Split.of_stored(images, torch.randint(0, 10, (count,), generator=generator))
    assert first.digest != second.digest  # computed once, and remembered
    compare = partial(compare_on, first, second, split, first.classes)
    ways: dict[str, Callable[[], object]] = {
        "bare passes": partial(bare_passes, first, second, prepared(first, split)),
        "answers": partial(compare, with_cka=False, with_matching=False),
        "answers, CKA": partial(compare, with_matching=False),
        "answers, CKA, matching": compare,
    }
    threads = torch.get_num_threads()
    print(f"{count} pictures, {threads} thread{'s' * (threads > 1)}; ms a picture, medians of {TURNS} turns\n")
    print(f"{'':>24}{'clock':>10}{'ratio':>8}{'processor':>12}{'ratio':>8}{'multiply-adds':>16}")
    times = times_in_turns(list(ways.values()), TURNS, WARM_UP)
    medians = [[statistics.median(one[kind] for one in own) / count for own in times] for kind in (0, 1)]
    for row, (name, macs) in enumerate(zip(ways, multiply_adds(first.model), strict=True)):
        clock, processor = (f"{own[row]:.2f}" for own in medians)
        ratios = [f"{own[row] / own[0]:.3f}" for own in medians]
        print(f"{name:>24}{clock:>10}{ratios[0]:>8}{processor:>12}{ratios[1]:>8}{macs:>16.3f}")
    for kind, own in zip(("clock", "processor"), medians, strict=True):
        answers, cka = own[1] / own[0], (own[2] - own[1]) / own[0]
        print(
            f"{kind}: answers {answers:.3f} times, {'met' if answers <= MOST_FOR_ANSWERS else 'missed'}; "
            f"CKA adds {cka:.1%}, {'met' if cka <= MOST_FOR_CKA else 'missed'}"
        )


def another() -> Checkpoint:
    """Return a second network like the untrained one."""
    first = load_checkpoint("untrained", "cpu")
    model = AlexNet(10).eval().requires_grad_(False)
    initialise(model, 1)
    return Checkpoint("another", model, first.classes, "seed", first.metadata, first.device, None)


def prepared(checkpoint: Checkpoint, split: Split) -> list[torch.Tensor]:
    rule = checkpoint.input_rule
    return [prepare(images, rule.size, rule.mean, rule.std) for images in split.images.split(BATCH)]


def bare_passes(first: Checkpoint, second: Checkpoint, batches: list[torch.Tensor]) -> None:
    networks = [nn.Sequential(*(module for _, module in each.model.chain())) for each in (first, second)]
    with torch.no_grad():
        for batch in batches:
            for network in networks:
                network(batch)


def multiply_adds(model: AlexNet) -> list[float]:
    """Return the multiply-adds of each way for one picture, as a share of the two bare passes."""
    layers = {layer.name: layer for layer in layer_table(model)}
    passes = 2 * sum(layer.macs for layer in layers.values())
    values = [torch.Size(layers[name].output_shape).numel() for name in similarity_stages(tuple(layers))]
    grams = 2 * BATCH * sum(values)  # a batch of N pictures: N x N products of as many values, for A and for B
    maps = [layers[name].output_shape for name in MATCHED_STAGES]
    matching = sum(channels**2 * height * width for channels, height, width in maps)
    return [1, 1, 1 + grams / passes, 1 + (grams + matching) / passes]


if __name__ == "__main__":
    main()
