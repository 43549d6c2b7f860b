"""The network during training: pictures of any size, dropout and layout from the recipe, the optimiser."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from alexnet_viz.errors import InputSizeError
from alexnet_viz.model import AlexNet
from alexnet_viz.training.recipe import Recipe
from alexnet_viz.variants import POOLED_SIDE, spans


def prepare_model(model: AlexNet, recipe: Recipe, device: torch.device) -> AlexNet:
    """Put the network on the device as the recipe wants it: layout, dropout, what is frozen; return it."""
    model.dropout1.p = model.dropout2.p = recipe.dropout
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(recipe.freeze == "nothing" or not name.startswith("block"))
    return model.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def training_logits(model: AlexNet, x: Tensor) -> Tensor:
    """Return the logits of pictures of any side: the last pooling's maps are repeated up to the side that fc1 takes."""
    return head_logits(model, last_maps(model, x))


def last_maps(model: AlexNet, x: Tensor) -> Tensor:
    """Return the output of the five blocks, (N, C, h, w)."""
    for _, module in model.chain():
        if module is model.flatten:
            break
        x = module(x)
    return x


def head_logits(model: AlexNet, maps: Tensor) -> Tensor:
    """Return the logits of the blocks' output, (N, C, h, w)."""
    x, reached = enlarged(maps, model), False
    for _, module in model.chain():
        reached = reached or module is model.flatten
        if reached:
            x = module(x)
    return x


def training_stages(model: AlexNet, x: Tensor) -> Iterator[tuple[str, Tensor]]:
    """Yield each stage's name and output, as `AlexNet.walk` does, for pictures of any side."""
    for name, module in model.chain():
        x = module(enlarged(x, model)) if module is model.flatten else module(x)
        if name:
            yield name, x


def enlarged(maps: Tensor, model: AlexNet) -> Tensor:
    """Return (N, C, h, w) maps repeated to the side that fc1 takes.

    Raises:
        InputSizeError: h does not divide that side.
    """
    side = maps.shape[-1]
    if side == POOLED_SIDE:
        return maps
    times, rest = divmod(POOLED_SIDE, side)
    if rest:
        whole = f"{POOLED_SIDE} × {POOLED_SIDE}"
        ends = f"pictures of this size end in maps of {side} × {side}, which do not repeat to {whole}"
        raise InputSizeError(ends, spans(model.variant.training_sizes))
    return maps.repeat_interleave(times, dim=2).repeat_interleave(times, dim=3)


def make_optimiser(recipe: Recipe, parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
    """Return the recipe's optimiser, each of whose steps is one fused pass over the parameters."""
    rate, decay = recipe.learning_rate, recipe.weight_decay
    if recipe.optimiser == "adam":
        return torch.optim.Adam(parameters, lr=rate, betas=(recipe.momentum, 0.999), weight_decay=decay, fused=True)
    return torch.optim.SGD(parameters, lr=rate, momentum=recipe.momentum, weight_decay=decay, fused=True)
