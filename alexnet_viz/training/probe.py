"""Which precision trains faster on this machine: measured, since the processor's name and flags do not tell."""

import time
from collections.abc import Callable

import torch
import torch.nn.functional as F

from alexnet_viz.model import AlexNet
from alexnet_viz.training.recipe import Recipe
from alexnet_viz.training.train_network import prepare_model, training_logits

# bf16 is worth its rounding only for a clear gain; a nearer race could also end otherwise the next time.
_WORTHWHILE_GAIN = 1.15
PROBED_PICTURES = 8
_ENOUGH_SECONDS = 10.0  # on a busy machine one round says what can be known, and the server would end no sooner


def faster_precision(model: AlexNet, recipe: Recipe, device: torch.device) -> str:
    """Return "bf16" or "fp32": whichever takes a forward and backward pass of this network sooner here.

    Parameters are left as they are, without gradients. Takes about a second.
    """
    if device.type == "mps":  # autocast to bf16 exists there on some systems only
        return "fp32"
    times = step_times(model, recipe, device)
    return "bf16" if times["bf16"] * _WORTHWHILE_GAIN < times["fp32"] else "fp32"


def step_times(
    model: AlexNet,
    recipe: Recipe,
    device: torch.device,
    rounds: int = 2,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """Return the seconds of one forward and backward pass of PROBED_PICTURES in each precision, the best of all rounds.

    No further round is begun after ten seconds.
    """
    model = prepare_model(model, recipe, device)
    generator = torch.Generator().manual_seed(0)
    size = recipe.small_size or model.variant.input_size
    pictures = torch.randn((PROBED_PICTURES, model.in_channels, size, size), generator=generator)
    pictures = pictures.to(device).contiguous(memory_format=torch.channels_last)
    labels = torch.zeros(PROBED_PICTURES, dtype=torch.int64, device=device)
    best = {"fp32": float("inf"), "bf16": float("inf")}
    spent = 0.0
    for _ in range(rounds):  # in turn, so that a busy moment of the machine hits both
        if spent >= _ENOUGH_SECONDS:
            break
        for precision in best:
            started = clock()
            with torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16"):
                loss = F.cross_entropy(training_logits(model, pictures).float(), labels)
            loss.backward()  # type: ignore[no-untyped-call]
            float(loss.detach())  # waits for a device that works on its own
            seconds = clock() - started
            best[precision] = min(best[precision], seconds)
            spent += seconds
            model.zero_grad(set_to_none=True)
    return best
