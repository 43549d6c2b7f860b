"""Why this class: attributions for and against it, with Captum's methods.

found = attribute(checkpoint.model, trace.input, Question("grad-cam", target=3, versus=6))
found.values  # (S, S), one number per pixel of the network's input

Captum registers hooks on the network that it explains. It gets a copy that shares the parameters, so the network that
everybody uses stays unchanged. Captum takes a second to import: it is imported when first used.
"""

from __future__ import annotations

import copy
import importlib
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from alexnet_viz.architecture import layer_table
from alexnet_viz.device import full_float32, pictures_at_once
from alexnet_viz.errors import ExplanationError, StageError
from alexnet_viz.language import said
from alexnet_viz.model import AlexNet

if TYPE_CHECKING:
    from captum.attr import Attribution as CaptumMethod

METHODS = (
    *("grad-cam", "occlusion", "integrated-gradients", "saliency", "smoothgrad", "guided-backprop", "deconvolution"),
)
UNSIGNED = ("saliency", "smoothgrad")  # how much, not in which direction
OCCLUSION_SIDE, OCCLUSION_STEP = 35, 8  # pixels: 625 places at 227
_PATH_STEPS = 50  # of integrated gradients
_NOISY_COPIES, _NOISE = 25, 0.15  # of smoothgrad; the noise as a share of the range of the input (Smilkov et al. 2017)

Pause = Callable[[], None]


def no_pause() -> None:
    """Go on at once."""


@dataclass(frozen=True)
class Question:
    """What is asked of a network about a picture.

    Attributes:
        method: One of `METHODS`.
        target: Number of the class that is asked about.
        versus: Number of the class that it is held against; the difference of the two logits is then explained.
        stage: Of Grad-CAM: any stage of maps, "" for the last one before its normalisation and pooling.
    """

    method: str
    target: int
    versus: int | None = None
    stage: str = ""


@dataclass(frozen=True)
class Squares:
    """The places of a stage as squares of the input, each around the centre of its receptive field.

    The outer squares reach the border. Attributes: how many a side, the first centre and the distance of the next in
    pixels, and the input's side.
    """

    count: int
    first: float
    step: float
    size: int

    @property
    def of_pixel(self) -> Tensor:
        """The square of each row, and of each column, (S,)."""
        middle = torch.arange(self.size) + 0.5
        return torch.floor((middle - self.first) / self.step + 0.5).long().clamp(0, self.count - 1)

    def spread(self, values: Tensor) -> Tensor:
        """Return (…, count, count) as (…, S, S): each value on its whole square, nothing in between."""
        at = self.of_pixel.to(values.device)
        return values[..., at, :][..., at]

    def means(self, values: Tensor) -> Tensor:
        """Return (S, S) as (count, count): the mean over each square."""
        member = torch.nn.functional.one_hot(self.of_pixel, self.count).to(values)
        return (member.T @ values @ member) / self.areas.to(values)

    @property
    def areas(self) -> Tensor:
        """The pixels of each square, (count, count)."""
        sides = torch.bincount(self.of_pixel, minlength=self.count).float()
        return sides[:, None] * sides[None, :]


@dataclass(frozen=True, eq=False)
class Attribution:
    """What a method says.

    Attributes:
        values: (S, S) float32, by pixel of the network's input; signed unless the method is in `UNSIGNED`.
        computed_at: Height and width at which it was computed.
        stage: Of Grad-CAM; "" for methods that start from the input.
    """

    values: Tensor
    computed_at: tuple[int, int]
    stage: str


def attribute(model: AlexNet, pixels: Tensor, question: Question, pause: Pause = no_pause) -> Attribution:
    """Return what one method says of one picture.

    Args:
        model: In eval mode; only read.
        pixels: (3, S, S), normalised.
        question: The method, and between which classes.
        pause: Called before each pass; what it raises ends the work.
    Raises:
        ExplanationError: There is no such method, or its map is not finite.
        StageError: Grad-CAM at a stage without maps.
    """
    if question.method not in METHODS:
        raise ExplanationError(
            said("no method '{method}'; choose {names}", method=question.method, names=", ".join(METHODS))
        )
    device = next(model.parameters()).device
    network = _Contrast(private_copy(model), question.versus, pause)
    batch = pixels[None].to(device).clone().requires_grad_()
    with full_float32(device), _captum_says_nothing():
        if question.method == "grad-cam":
            found = _grad_cam(network, batch, question)
        elif question.method == "occlusion":
            found = _occlusion(network, batch, question)
        else:
            found = _by_gradient(network, batch, question)
    if not bool(torch.isfinite(found.values).all()):
        raise ExplanationError(
            said("the map is not finite: the gradient overflowed; try grad-cam, or another checkpoint")
        )
    return found


def load_captum() -> None:
    """Import Captum, which takes a second, before somebody else has to wait for it."""
    importlib.import_module("captum.attr")


def private_copy(model: AlexNet) -> AlexNet:
    """Return a network of its own modules and the very same parameters: hooks on it are nobody else's."""
    shared = {id(tensor): tensor for tensor in chain(model.parameters(), model.buffers())}
    return copy.deepcopy(model, shared)


def squares_of(model: AlexNet, stage: str) -> Squares:
    """Return where the places of a stage lie on the input; raises StageError where it has no maps."""
    with_maps = {layer.name: layer for layer in layer_table(model) if layer.jump}
    if stage not in with_maps:
        raise StageError(stage, tuple(with_maps))
    layer = with_maps[stage]
    size = model.variant.input_size
    return Squares(layer.output_shape[-1], layer.start + layer.receptive_field / 2, layer.jump, size)


def last_maps(model: AlexNet) -> str:
    """Return the stage that Grad-CAM looks at by default: the last ReLU of maps."""
    return [name for name in model.stage_names if name.startswith("block") and name.endswith(".relu")][-1]


class _Contrast(nn.Module):
    """Logits, or how far each is above that of the class it is held against; pauses before each pass."""

    def __init__(self, model: AlexNet, versus: int | None, pause: Pause) -> None:
        super().__init__()
        self.model, self.versus, self.pause = model, versus, pause

    def forward(self, images: Tensor) -> Tensor:
        self.pause()
        logits: Tensor = self.model(images)
        return logits if self.versus is None else logits - logits[:, self.versus : self.versus + 1]


def _grad_cam(network: _Contrast, batch: Tensor, question: Question) -> Attribution:
    from captum.attr import LayerGradCam

    stage = question.stage or last_maps(network.model)
    squares = squares_of(network.model, stage)
    layer = dict(network.model.chain())[stage]
    maps = LayerGradCam(network, layer).attribute(batch, target=question.target)[0, 0].detach().float().cpu()
    return Attribution(squares.spread(maps), (squares.count, squares.count), stage)


def _occlusion(network: _Contrast, batch: Tensor, question: Question) -> Attribution:
    """Captum covers every place with the mean colour, which is 0, and gives each pixel the mean of what it cost."""
    from captum.attr import Occlusion

    at_once = pictures_at_once(batch.device)
    channels = batch.shape[1]
    window, step = (channels, OCCLUSION_SIDE, OCCLUSION_SIDE), (channels, OCCLUSION_STEP, OCCLUSION_STEP)
    with torch.no_grad():
        found = Occlusion(network).attribute(
            batch.detach(), window, strides=step, target=question.target, perturbations_per_eval=at_once
        )
    places = occlusion_places(batch.shape[-1])
    return Attribution(found[0, 0].float().cpu(), (places, places), "")


def occlusion_places(size: int) -> int:
    """Return at how many places a side occlusion covers an input of that side."""
    return -(-(size - OCCLUSION_SIDE) // OCCLUSION_STEP) + 1


def passes_of(method: str, size: int, device: torch.device) -> int:
    """Return how many passes a method takes for an input of that side: as often it pauses."""
    pictures = {"integrated-gradients": _PATH_STEPS, "smoothgrad": _NOISY_COPIES}
    if method == "occlusion":  # and the picture itself
        return 1 + -(-(occlusion_places(size) ** 2) // pictures_at_once(device))
    return -(-pictures.get(method, 1) // pictures_at_once(device))


def _by_gradient(network: _Contrast, batch: Tensor, question: Question) -> Attribution:
    gradient = _gradients(network, batch, question).detach()[0].float().cpu()
    values = gradient.abs().amax(0) if question.method in UNSIGNED else gradient.sum(0)
    return Attribution(values, (batch.shape[-2], batch.shape[-1]), "")


def _gradients(network: _Contrast, batch: Tensor, question: Question) -> Tensor:
    from captum.attr import IntegratedGradients, NoiseTunnel, Saliency

    target, at_once = question.target, pictures_at_once(batch.device)
    if question.method == "integrated-gradients":  # from the mean colour, which is 0
        return _tensor(
            IntegratedGradients(network).attribute(
                batch, target=target, n_steps=_PATH_STEPS, internal_batch_size=at_once
            )
        )
    if question.method == "smoothgrad":
        deviation = _NOISE * float(batch.detach().max() - batch.detach().min())
        tunnel = NoiseTunnel(Saliency(network))
        with _seeded():
            return _tensor(
                tunnel.attribute(
                    *(batch, "smoothgrad"),
                    nt_samples=_NOISY_COPIES,
                    nt_samples_batch_size=at_once,
                    stdevs=deviation,
                    target=target,
                    abs=False,
                )
            )
    if question.method == "saliency":
        return _tensor(Saliency(network).attribute(batch, target=target, abs=False))
    return _tensor(_through_relus(network, question.method).attribute(batch, target=target))


def _through_relus(network: nn.Module, method: str) -> CaptumMethod:
    from captum.attr import Deconvolution, GuidedBackprop

    return GuidedBackprop(network) if method == "guided-backprop" else Deconvolution(network)


def _tensor(found: object) -> Tensor:
    if not isinstance(found, Tensor):
        raise TypeError(f"Captum returned a {type(found).__name__}")
    return found


@contextmanager
def _seeded() -> Iterator[None]:
    """Draw the same noise every time, and leave the generators as they were."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield


@contextmanager
def _captum_says_nothing() -> Iterator[None]:
    """Captum warns that it sets hooks, which are on our copy."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Setting (forward|backward)", category=UserWarning)
        yield
