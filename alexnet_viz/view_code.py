"""The current view as a short script: the same passes in plain PyTorch, from the photo to the open stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from torch import nn

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.errors import StageError
from alexnet_viz.images import InputRule
from alexnet_viz.local_response_norm import LocalResponseNorm
from alexnet_viz.model import AlexNet, FlattenMaps


@dataclass(frozen=True)
class Alteration:
    """A change of one channel of one stage.

    Attributes:
        stage, channel: Which.
        factor: What its values are multiplied with; None holds it at `mean`.
        mean: Of the channel in the unaltered network.
    """

    stage: str
    channel: int
    factor: float | None
    mean: float

    @property
    def line(self) -> str:
        """The Python statement for it."""
        if self.factor is None:
            mean = f"{self.mean!r}" if isfinite(self.mean) else f"float('{self.mean}')"
            return f"x[:, {self.channel}] = {mean}  # held at its mean in the unaltered network"
        if self.factor == 0:  # also what is no number
            return f"x[:, {self.channel}] = 0"
        return f"x[:, {self.channel}] *= {self.factor!r}"


@dataclass(frozen=True)
class View:
    """What is on the screen.

    Attributes:
        photo: Name of a gallery photo, or of a person's file.
        is_gallery: Which of the two.
        checkpoint: Its name, or the file's.
        rule: How the photo becomes the input.
        stage: The one that is open.
        channel: Of the stage, the one that is selected.
        altered: What is done to the network, as a browser writes it; "" for nothing.
        alterations: The same, a channel each.
    """

    photo: str
    is_gallery: bool
    checkpoint: str
    rule: InputRule
    stage: str
    channel: int = 0
    altered: str = ""
    alterations: tuple[Alteration, ...] = ()


def view_code(checkpoint: Checkpoint, view: View) -> str:
    """Return a script that prints the numbers of a view: the stage's, its channel's and, of the logits, the best five.

    Raises:
        StageError: The network has no such stage.
    """
    if view.stage not in checkpoint.model.stage_names:
        raise StageError(view.stage, checkpoint.model.stage_names)
    last = _LOGITS if view.stage == "logits" else _CHANNEL.format(channel=view.channel)
    about = f"{view.stage} of the photo {view.photo} under {view.checkpoint}, variant {checkpoint.variant}"
    about += f", altered: {view.altered}" if view.altered else ""
    lines = [
        *(
            '"""',
            _text(about)[1:-1],
            '"""',
            "import torch",
            "import torch.nn.functional as F",
            "",
            "import alexnet_viz",
        ),
        *(["from alexnet_viz.images import GALLERY"] if view.is_gallery else []),
        "",
        f"checkpoint = alexnet_viz.load_checkpoint({_text(view.checkpoint)}, 'cpu')",
        "weights = checkpoint.model.state_dict()",
        *_input(view),
        "",
        *_passes(checkpoint.model, view),
        *_STAGE.splitlines(),
        *last.splitlines(),
    ]
    if checkpoint.chosen:
        lines.insert(1, f"Chosen, where the file says nothing: {' '.join(checkpoint.chosen)}")
    return "\n".join(lines) + "\n"


_STAGE = """
values = x[0]
print("shape", tuple(values.shape))
print(f"from {values.min():.6g} to {values.max():.6g}, mean {values.mean():.6g}")"""
_CHANNEL = """channel = values[{channel}]
print(f"{channel}: maximum {{channel.max():.6g}}, mean {{channel.mean():.6g}}")"""
_LOGITS = """probabilities = values.softmax(0) if len(values) > 1 else values.sigmoid()
for k in probabilities.argsort(descending=True)[:5].tolist():
    print(f"{k}: logit {values[k]:.6g}, probability {probabilities[k]:.6g}")"""


def _text(value: str) -> str:
    """Return a text as Python writes it, whatever is in it."""
    return ascii(value).replace('"""', '\\"\\"\\"')


def _input(view: View) -> Iterator[str]:
    """Yield how the photo becomes the network's input; as `InputRule.box` and `images.normalised` do it."""
    found = f"next(each.path for each in GALLERY if each.name == {_text(view.photo)})"
    rule = view.rule
    yield f"photo = alexnet_viz.read_image({found if view.is_gallery else _text(view.photo)})"
    yield "width, height = photo.size"
    if rule.resize == "squash":
        yield "box = (0, 0, width, height)"
    elif rule.short_side == rule.size:
        yield "side = min(width, height)"
        yield "left, top = (width - side) // 2, (height - side) // 2"
        yield "box = (left, top, left + side, top + side)"
    else:
        yield f"side = min(width, height) * {rule.size} / {rule.short_side}"
        yield "box = ((width - side) / 2, (height - side) / 2, (width + side) / 2, (height + side) / 2)"
    yield f"photo = photo.resize(({rule.size}, {rule.size}), 2, box)  # 2: bilinear"
    if rule.channels == 1:
        yield 'photo = photo.convert("L")  # grey'
    shape = f"({rule.size}, {rule.size}, {rule.channels})"
    yield f"pixels = torch.frombuffer(bytearray(photo.tobytes()), dtype=torch.uint8).view{shape}"
    yield f"mean, deviation = torch.tensor({list(rule.mean)}), torch.tensor({list(rule.std)})"
    yield "x = ((pixels / 255 - mean) / deviation).permute(2, 0, 1)[None]"


def _passes(model: AlexNet, view: View) -> Iterator[str]:
    """Yield a line for each layer up to the view's stage, and for each channel that is altered there."""
    names = {id(module): name for name, module in model.named_modules()}
    for name, module in model.chain():
        if call := _call(module, names[id(module)]):
            yield f"x = {call}" + (f"  # {name}" if name else "")
        yield from (each.line for each in view.alterations if each.stage == name)
        if name == view.stage:
            return


def _call(module: nn.Module, name: str) -> str:
    """Return the call of torch that does what a layer does; "" for dropout, which does nothing outside of training."""
    if isinstance(module, nn.Conv2d):
        settings = f"stride={module.stride[0]}, padding={module.padding[0]}, groups={module.groups}"
        return f'F.conv2d(x, weights["{name}.weight"], weights["{name}.bias"], {settings})'
    if isinstance(module, nn.Linear):
        return f'F.linear(x, weights["{name}.weight"], weights["{name}.bias"])'
    if isinstance(module, LocalResponseNorm):
        settings = f"alpha={module.alpha}, beta={module.beta}, k={module.k}"
        return f"F.local_response_norm(x, {module.size}, {settings})"
    if isinstance(module, nn.MaxPool2d):
        return f"F.max_pool2d(x, {module.kernel_size}, {module.stride})"
    calls: dict[type[nn.Module], str] = {nn.ReLU: "F.relu(x)", nn.Tanh: "torch.tanh(x)", FlattenMaps: "x.flatten(1)"}
    return calls.get(type(module), "")
