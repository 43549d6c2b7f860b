"""The layer table: shapes, parameters, multiply-adds and receptive fields, computed from the modules.

for layer in layer_table(AlexNet(num_classes=1000)):
    print(layer.name, layer.output_shape, layer.params_spelled, layer.receptive_field)
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from torch import nn

from alexnet_viz.model import AlexNet, LocalResponseNorm


@dataclass(frozen=True)
class Layer:
    """One stage of the network.

    Attributes:
        name: Stage name, "block1.conv".
        kind: "convolution", "relu", "tanh", "lrn", "pooling" or "fully connected".
        window: "11 × 11, stride 4", with padding and groups where there are any; "5 channels" for LRN; else "".
        output_shape: (C, H, W), or (units,).
        params: Number of weights and biases.
        params_spelled: The product that gives `params`, "11 × 11 × 3 × 96 + 96"; "" where there are none.
        macs: Multiply-adds for one image, of convolutions and fully connected layers.
        macs_spelled: The product that gives `macs`; "" where there are none.
        receptive_field: Side in input pixels of what one unit sees, before clipping at the border; of a fully connected
            unit what reaches it.
        jump: Input pixels between the receptive fields of neighbouring units; 0 where a unit has no place.
        start: Input row (and column) of the first pixel that the first unit sees; negative where it sees padding.
        reach: Input rows (and columns) that any unit of the stage sees: all of them, or fewer where a window that moved
            on would no longer have fitted.
    """

    name: str
    kind: str
    window: str
    output_shape: tuple[int, ...]
    params: int
    params_spelled: str
    macs: int
    macs_spelled: str
    receptive_field: int
    jump: int
    start: int
    reach: int


@dataclass(frozen=True)
class _Place:
    """What the walk along the chain knows before a module."""

    shape: tuple[int, ...]
    reach: int
    receptive_field: int = 1
    jump: int = 1
    start: int = 0


def layer_table(model: AlexNet) -> tuple[Layer, ...]:
    """Return one row per stage, in order; a model on the meta device will do."""
    size = model.variant.input_size
    place = _Place((model.in_channels, size, size), reach=size)
    layers = []
    for name, module in model.chain():
        if not name:  # flattening and dropout compute nothing
            continue
        layer = _layer(name, module, place)
        place = _Place(layer.output_shape, layer.reach, layer.receptive_field, layer.jump, layer.start)
        layers.append(layer)
    return tuple(layers)


def table_record(model: AlexNet) -> dict[str, object]:
    """Return the table with its totals, ready for JSON: what the command `layers` prints."""
    layers = layer_table(model)
    return {
        "variant": model.variant.name,
        "input": [model.in_channels, model.variant.input_size, model.variant.input_size],
        "layers": [asdict(layer) for layer in layers],
        "total_params": sum(layer.params for layer in layers),
        "total_macs": sum(layer.macs for layer in layers),
    }


def _layer(name: str, module: nn.Module, place: _Place) -> Layer:
    if isinstance(module, nn.Conv2d):
        return _convolution(name, module, place)
    if isinstance(module, nn.MaxPool2d):
        return _pooling(name, module, place)
    if isinstance(module, nn.Linear):
        return _fully_connected(name, module, place)
    if isinstance(module, LocalResponseNorm):
        return _without_weights(name, "lrn", f"{module.size} channels", place)
    return _without_weights(name, "tanh" if isinstance(module, nn.Tanh) else "relu", "", place)


def _convolution(name: str, module: nn.Conv2d, place: _Place) -> Layer:
    side, stride, padding = _one(module.kernel_size), _one(module.stride), _one(module.padding)
    after = _slide(place, module.out_channels, side, stride, padding)
    _, height, width = after.shape
    filters = f"{side} × {side} × {module.in_channels // module.groups} × {module.out_channels}"
    groups = f", {module.groups} groups" if module.groups > 1 else ""
    return Layer(
        name=name,
        kind="convolution",
        window=_window(side, stride, padding) + groups,
        output_shape=after.shape,
        params=_parameter_count(module),
        params_spelled=f"{filters} + {module.out_channels}",
        macs=module.weight.numel() * height * width,
        macs_spelled=f"{filters} × {height} × {width}",
        **_seen(after),
    )


def _pooling(name: str, module: nn.MaxPool2d, place: _Place) -> Layer:
    side, stride, padding = _one(module.kernel_size), _one(module.stride), _one(module.padding)
    return _without_weights(
        name, "pooling", _window(side, stride, padding), _slide(place, place.shape[0], side, stride, padding)
    )


def _fully_connected(name: str, module: nn.Linear, place: _Place) -> Layer:
    channels, *sides = place.shape
    weights = " × ".join(str(number) for number in (*sides, channels, module.out_features))
    return Layer(
        name=name,
        kind="fully connected",
        window="",
        output_shape=(module.out_features,),
        params=_parameter_count(module),
        params_spelled=f"{weights} + {module.out_features}",
        macs=module.weight.numel(),
        macs_spelled=weights,
        receptive_field=place.reach,
        jump=0,
        start=0,
        reach=place.reach,
    )


def _without_weights(name: str, kind: str, window: str, after: _Place) -> Layer:
    return Layer(name, kind, window, after.shape, 0, "", 0, "", **_seen(after))


def _seen(place: _Place) -> dict[str, int]:
    fields = ("receptive_field", "jump", "start", "reach")
    return {field: getattr(place, field) for field in fields}


def _slide(place: _Place, channels: int, side: int, stride: int, padding: int) -> _Place:
    """Return the place after a window of this side slides over `place`.

    One step of the window covers `jump` input pixels, so a side of k adds (k - 1) jumps to the receptive field, and
    padding moves its start outwards by a jump each. The last unit may end before what the stage in front has reached.
    """
    _, height, width = place.shape
    shape = (channels, (height + 2 * padding - side) // stride + 1, (width + 2 * padding - side) // stride + 1)
    receptive_field, jump = place.receptive_field + (side - 1) * place.jump, place.jump * stride
    start = place.start - padding * place.jump
    reach = min(place.reach, start + (shape[1] - 1) * jump + receptive_field)
    return _Place(shape, reach, receptive_field, jump, start)


def _window(side: int, stride: int, padding: int) -> str:
    return f"{side} × {side}, stride {stride}" + (f", padding {padding}" if padding else "")


def _one(setting: int | str | tuple[int, ...]) -> int:
    """Return the side of a square window's setting, given as one number or as two equal ones."""
    number = setting if isinstance(setting, int) else setting[0]
    return int(number)


def _parameter_count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())
