"""Images a second in training: ours, the article's way, and what each of our measures is worth by itself.

    python -m benchmarks.training [--seconds 20]

The plain script is written as the article's author would: torch's own layers, float32, Adam, a DataLoader that resizes
picture by picture. Every other row is ours with one thing taken away, the last two with pictures made more like
photographs. Each row is a process of its own, because the memory allocator reads its settings at its start. The last
column is the share of this machine's own matrix product rate (in the row's precision, 4096 x 4096) that the network's
arithmetic reaches.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_viz.architecture import layer_table
from alexnet_viz.device import choose_device, describe_device
from alexnet_viz.model import AlexNet, LocalResponseNorm, initialise
from alexnet_viz.training import photo_augmentation
from alexnet_viz.training.datasets import Dataset
from alexnet_viz.training.datasets.shapes import shapes
from alexnet_viz.training.launcher import KEEP_MEMORY
from alexnet_viz.training.probe import faster_precision
from alexnet_viz.training.recipe import Recipe
from alexnet_viz.training.trainer import StepDone, Trainer

RECIPE = Recipe(batch_size=64, epochs=1000)
ROWS = (
    "plain script", "ours", "stock LRN", "other precision", "channels first", "memory given back", "unfused",
    "as photographs", "blurred by pooling",
)  # fmt: skip
# A step takes three times the multiply-adds of a forward pass, two operations each; the first layer has no input
# gradient, which is left out of the count.
OPERATIONS_PER_MAC = 6


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--row", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.row:
        print(json.dumps(measure(options.row, options.seconds)))
        return
    print(f"{describe_device(choose_device())}, batch {RECIPE.batch_size}, 227 x 227, {options.seconds:.0f} s a row\n")
    print(f"{'':>18}{'precision':>12}{'images/s':>12}{'x plain':>10}{'of matrix rate':>16}")
    plain = 0.0
    for row in ROWS:
        found = in_its_own_process(row, options.seconds)
        plain = plain or found["rate"]
        numbers = f"{found['rate']:>12.1f}{found['rate'] / plain:>10.2f}{found['utilisation']:>16.0%}"
        print(f"{row:>18}{found['precision']:>12}{numbers}", flush=True)


def in_its_own_process(row: str, seconds: float) -> dict[str, float]:
    keeps = row not in ("plain script", "memory given back")
    environment = {key: value for key, value in os.environ.items() if key not in KEEP_MEMORY}
    command = [sys.executable, "-m", "benchmarks.training", "--row", row, "--seconds", str(seconds)]
    done = subprocess.run(
        command, env={**environment, **(KEEP_MEMORY if keeps else {})}, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


def measure(row: str, seconds: float) -> dict[str, object]:
    device = choose_device()
    data = shapes(0, train=1024, held_out=16)
    model = AlexNet(10)
    initialise(model, 0)
    macs = sum(layer.macs for layer in layer_table(model))
    if row == "plain script":
        precision, steps = "fp32", plain_steps(data, device)
    else:
        precision = faster_precision(model, RECIPE, device)
        if row == "other precision":
            precision = {"fp32": "bf16", "bf16": "fp32"}[precision]
        steps = our_steps(row, model, data, device, precision)
    rate = images_per_second(steps, seconds)
    reached = rate * macs * OPERATIONS_PER_MAC / matrix_rate(device, precision)
    return {"rate": rate, "precision": precision, "utilisation": reached}


def images_per_second(steps: Iterator[int], seconds: float) -> float:
    for _ in range(3):
        next(steps)
    started, images = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        images += next(steps)
    return images / (time.perf_counter() - started)


def our_steps(row: str, model: AlexNet, data: Dataset, device: torch.device, precision: str) -> Iterator[int]:
    if row == "stock LRN":
        for block in (model.block1, model.block2, model.block5):
            block.norm_layer = nn.LocalResponseNorm(5, 1e-4, 0.75, 2.0)
    recipe = replace(RECIPE, augmentation="photograph") if row in ROWS[-2:] else RECIPE
    if row == "blurred by pooling":
        side = photo_augmentation.DETAIL
        photo_augmentation.blurred = lambda values: F.avg_pool2d(values, side, 1, side // 2, count_include_pad=False)
    trainer = Trainer(model, data, recipe, device=device, precision=precision)
    if row == "channels first":
        trainer.model.to(memory_format=torch.contiguous_format)
    if row == "unfused":
        parameters = list(trainer.model.parameters())
        trainer._optimiser = torch.optim.SGD(parameters, lr=0.01, momentum=0.9, weight_decay=5e-4, foreach=False)
    for event in trainer.events():
        if isinstance(event, StepDone):
            yield RECIPE.batch_size


def plain_steps(data: Dataset, device: torch.device) -> Iterator[int]:
    """Train as a first script would."""
    from torch.utils.data import DataLoader
    from torchvision import transforms

    steps = [transforms.ToPILImage(), transforms.Resize((227, 227)), transforms.ToTensor()]
    preparation = transforms.Compose([*steps, transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))])

    class Pictures(torch.utils.data.Dataset[tuple[Tensor, int]]):
        def __len__(self) -> int:
            return len(data.train)

        def __getitem__(self, number: int) -> tuple[Tensor, int]:
            return preparation(data.train.images[number]), int(data.train.labels[number])

    model = AlexNet(10).to(device)
    for block in (model.block1, model.block2, model.block5):
        assert isinstance(block.norm_layer, LocalResponseNorm)
        block.norm_layer = nn.LocalResponseNorm(5, 1e-4, 0.75, 2.0)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-4)
    criterion: Callable[[Tensor, Tensor], Tensor] = nn.CrossEntropyLoss()
    while True:
        for images, labels in DataLoader(Pictures(), batch_size=RECIPE.batch_size, shuffle=True):
            optimiser.zero_grad()
            loss = criterion(model(images.to(device)), labels.to(device))
            loss.backward()
            optimiser.step()
            loss.item()
            yield len(labels)


def matrix_rate(device: torch.device, precision: str) -> float:
    """Return the operations a second of a product of two 4096 x 4096 matrices, the best of five."""
    kind = torch.bfloat16 if precision == "bf16" else torch.float32
    a, b = (torch.randn((4096, 4096), device=device).to(kind) for _ in range(2))
    best = 0.0
    for _ in range(5):
        started = time.perf_counter()
        float((a @ b)[0, 0])
        best = max(best, 2 * 4096**3 / (time.perf_counter() - started))
    return best


if __name__ == "__main__":
    main()
