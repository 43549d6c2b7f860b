"""First filters drawn as noise and as pictures' patches vary: how soon each learns, over three seeds.

    python -m benchmarks.first_filters

Trains the preset `fast` on 2,000 drawings of `shapes`, once each, and prints the validation and how much of the first
filters' energy lies at up to 0.3 cycles a pixel, before and after; the mean loss of every 25 steps goes to
benchmarks/first_filters.csv. About ten minutes on two cores.
"""

import csv
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import mean

import torch

from alexnet_viz.device import choose_device
from alexnet_viz.model import AlexNet
from alexnet_viz.patches import first_convolution
from alexnet_viz.training.datasets import load_dataset
from alexnet_viz.training.launcher import KEEP_MEMORY
from alexnet_viz.training.recipe import preset
from alexnet_viz.training.trainer import EpochDone, StepDone, Trainer
from alexnet_viz.training.worker import untrained_network
from benchmarks.machine import machine

VIEWS, SEEDS, STEPS = 2000, (0, 1, 2), 25
FILE = Path(__file__).with_suffix(".csv")


def smooth_share(model: AlexNet) -> float:
    """Return the share of the first filters' energy at spatial frequencies up to 0.3 cycles a pixel, 0 … 1."""
    weight = first_convolution(model).weight.detach()
    power = torch.fft.fft2(weight).abs().square().sum(dim=(0, 1))
    across, down = (torch.fft.fftfreq(side).square() for side in power.shape)
    return float(power[across[:, None] + down[None] <= 0.3**2].sum() / power.sum())


def train(init: str, seed: int) -> Iterator[tuple[int, float]]:
    """Train one network, print its row, yield (step, mean loss of the last `STEPS` steps)."""
    recipe = replace(preset("fast"), init=init, seed=seed, epochs=1, limit=VIEWS, precision="fp32")
    data = load_dataset("shapes", None, seed, VIEWS)
    torch.manual_seed(seed)
    model = untrained_network(recipe, data)
    before, losses = smooth_share(model), []
    for event in Trainer(model, data, recipe, device=choose_device(), precision="fp32").events():
        if isinstance(event, StepDone):
            losses.append(event.loss)
            if len(losses) % STEPS == 0:
                yield event.step, mean(losses[-STEPS:])
        elif isinstance(event, EpochDone) and event.epoch == 1:
            scores = f"{event.val_accuracy:.1%} | {event.val_loss:.3f}"
            print(f"| {init} | {seed} | {scores} | {before:.2f} | {smooth_share(model):.2f} |", flush=True)


def main() -> None:
    if not KEEP_MEMORY.items() <= os.environ.items():  # read by glibc at the start
        os.execve(sys.executable, [sys.executable, "-m", "benchmarks.first_filters"], {**os.environ, **KEEP_MEMORY})
    print(machine(), flush=True)
    print("| init | seed | right | loss | smooth before | smooth after |\n|---|--:|--:|--:|--:|--:|", flush=True)
    with FILE.open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["init", "seed", "step", "loss"])
        for seed in SEEDS:
            for init in ("fast", "patches"):
                rows.writerows([init, seed, step, f"{loss:.4f}"] for step, loss in train(init, seed))


if __name__ == "__main__":
    main()
