"""AlexNet as people have published it, written anew in their manner: what each computes, and what it saves."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
from torch import Tensor, nn

WIDE, ONE_WEIRD_TRICK, HALF = (96, 256, 384, 384, 256), (64, 192, 384, 256, 256), (48, 128, 192, 192, 128)
State = OrderedDict[str, Tensor]
M = TypeVar("M", bound=nn.Module)


class Published(nn.Module):
    """Convolutions and fully connected layers, each with what its author put behind it.

    Args:
        widths, padding, groups: Of the convolutions; padding of the first, groups of the second, fourth and fifth.
        norm: Makes what follows the ReLU of blocks 1 and 2.
        units, classes: Of the fully connected layers.
        activation: Of all layers.
        dropout: Whether there are modules of dropout, which shift the numbers of the others.
        pooled: Side of the last maps.
        channels: Of the pictures.
        pool_first: Whether the pooling comes before the normalisation, as in CaffeNet.
    """

    def __init__(
        self,
        widths: Sequence[int] = WIDE,
        *,
        padding: int = 0,
        groups: int = 1,
        norm: Callable[[], nn.Module] | None = None,
        units: int = 4096,
        classes: int = 10,
        activation: Callable[[], nn.Module] = nn.ReLU,
        fc_activation: bool = True,
        dropout: bool = True,
        pooled: int = 6,
        channels: int = 3,
        pool_first: bool = False,
    ) -> None:
        super().__init__()
        windows = [(11, 4, padding, 1), (5, 1, 2, groups), (3, 1, 1, 1), (3, 1, 1, groups), (3, 1, 1, groups)]
        layers: list[nn.Module] = []
        before = channels
        for number, (width, (side, stride, pad, cut)) in enumerate(zip(widths, windows, strict=True)):
            layers += [nn.Conv2d(before, width, side, stride, pad, groups=cut), activation()]
            behind = [norm()] if norm and number in (0, 1) else []
            behind += [nn.MaxPool2d(3, 2)] if number in (0, 1, 4) else []
            layers += behind[::-1] if pool_first else behind
            before = width
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d((pooled, pooled))
        drop = [nn.Dropout()] if dropout else []
        closing = [activation()] if fc_activation else []
        first, second = nn.Linear(before * pooled**2, units), nn.Linear(units, units)
        self.classifier = nn.Sequential(*drop, first, *closing, *drop, second, *closing, nn.Linear(units, classes))

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


def published(**settings: object) -> Published:
    """Return a definition with numbers of its own, ready to compute."""
    with torch.device("meta"):
        model = Published(**settings)  # type: ignore[arg-type]
    return with_numbers(model)


def with_numbers(model: M) -> M:
    """Give a module on "meta" numbers that take no room: each output's weights are one number, biases are drawn."""
    generator = torch.Generator().manual_seed(0)
    state = OrderedDict()
    for name, parameter in model.state_dict().items():
        numbers = torch.randn(parameter.shape[0], generator=generator)
        if parameter.dim() > 1:
            fan_in = parameter[0].numel()
            numbers = (numbers * 4 / fan_in).view(-1, *[1] * (parameter.dim() - 1)).expand(parameter.shape)
        if parameter.dim() == 4 and parameter.shape[1] == 3:  # the first layer's: colours are told apart
            numbers = numbers * torch.tensor([0.5, 1.0, 1.5]).view(1, 3, 1, 1)
        state[name] = numbers
    model.load_state_dict(state, assign=True)
    return model.eval().requires_grad_(False)


def layers_of(state: State) -> list[str]:
    """Return the names of a state's eight layers."""
    return list(dict.fromkeys(name.rpartition(".")[0] for name in state))


def called(state: State, names: Sequence[str]) -> State:
    """Return a state whose eight layers have other names."""
    own = dict(zip(layers_of(state), names, strict=True))
    renamed = ((*name.rpartition(".")[::2], tensor) for name, tensor in state.items())
    return OrderedDict((f"{own[layer]}.{part}", tensor) for layer, part, tensor in renamed)


def under(state: State, prefix: str) -> State:
    """Return a state as a wrapper saves it."""
    return OrderedDict((f"{prefix}{name}", tensor) for name, tensor in state.items())


def as_type(state: State, dtype: torch.dtype) -> State:
    """Return a state in another precision, of which a file still holds each number once."""
    return OrderedDict((name, _first_of_each(tensor).to(dtype).expand(tensor.shape)) for name, tensor in state.items())


def _first_of_each(tensor: Tensor) -> Tensor:
    for dimension in range(1, tensor.dim()):
        tensor = tensor.narrow(dimension, 0, 1)
    return tensor
