"""The article's network with few channels: everything of it but its size, so that a pass takes a millisecond."""

from dataclasses import replace

from torch import nn

from alexnet_viz.model import AlexNet, initialise
from alexnet_viz.variants import VARIANTS

CHANNELS = (4, 6, 8, 8, 4)


def small_network(variant: str = "seed", classes: int = 5, seed: int = 1) -> AlexNet:
    whole = VARIANTS[variant]
    # Groups would cut the few channels as they cut the many.
    convolutions = tuple(
        replace(each, out_channels=count) for each, count in zip(whole.convolutions, CHANNELS, strict=True)
    )
    model = AlexNet(classes, 3, replace(whole, convolutions=convolutions, fc_units=8))
    initialise(model, seed)
    last = model.classification_layer
    nn.init.normal_(last.weight, std=1.0)  # answers that differ
    return model.eval().requires_grad_(False)
