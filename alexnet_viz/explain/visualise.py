"""A picture made for a channel: from noise along the gradient of its response.

    made = make_picture(checkpoint, Goal("block5.relu", 64))
    made.picture, made.response

After C. Olah, A. Mordvintsev and L. Schubert, "Feature Visualization", Distill 2017: Fourier components falling as
1 / f^1.5, decorrelated colours, and small shifts, rotations and scalings in every step.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.device import full_float32
from alexnet_viz.errors import ExplanationError
from alexnet_viz.explain.attribution import Pause, no_pause
from alexnet_viz.explain.field_response import Answer, FieldResponse
from alexnet_viz.language import said

STEPS = 256
_RATE = 0.05
_FALL = 1.5
_SHIFT, _TURN, _SCALING = 1 / 24, 5.0, 0.05  # of the side, in degrees, of the size
PHOTO_DEVIATION = 0.2  # of the range of values; that of the gallery's photos is 0.19
# Square root of the covariance of colours in photographs (the article's own, from ImageNet).
_COLOURS = ((0.26, 0.09, 0.02), (0.27, 0.00, -0.05), (0.27, -0.09, 0.03))
Contrast = Literal["photo", "full"]


@dataclass(frozen=True)
class Goal:
    """What to make.

    Attributes:
        stage, channel: For whom.
        negative: Inhibits, before the ReLU, in place of excites.
        steps: Of Adam.
        seed: Of noise and shifts; the same for both signs, and the same picture again.
        contrast: "photo", a deviation of 0.2 around mean grey, or "full".
    """

    stage: str
    channel: int
    negative: bool = False
    steps: int = STEPS
    seed: int = 0
    contrast: Contrast = "photo"


@dataclass(frozen=True, eq=False)
class Moment:
    """The picture after some steps: (side, side, 3) uint8, and the response to those very bytes."""

    step: int
    picture: Tensor
    response: float


# Called every eight steps and at those of the film. To cancel, it raises; what it raises comes out unchanged.
Progress = Callable[[Moment], None]


@dataclass(frozen=True)
class Made:
    """The last moment, and the film: steps 0, 4, 8, 16 … up to it."""

    goal: Goal
    film: tuple[Moment, ...]

    @property
    def picture(self) -> Tensor:
        """The picture that would be saved, (side, side, 3) uint8."""
        return self.film[-1].picture

    @property
    def response(self) -> float:
        """The response to the picture that would be saved; before the ReLU where it inhibits."""
        return self.film[-1].response


def is_behind_relu(stage: str) -> bool:
    """Return whether a stage has lost what is below zero, so that what inhibits is measured in front of the ReLU."""
    return stage.endswith((".relu", ".norm", ".pool"))


def make_picture(checkpoint: Checkpoint, goal: Goal, progress: Progress = lambda moment: None) -> Made:
    """Return a picture made for a channel.

    Raises:
        StageError, UnitError: There is no such stage or channel.
        ExplanationError: No gradient reaches the channel, or it is not finite.
    """
    making = Making(goal)
    making.go_on(checkpoint, goal.steps, progress)
    return Made(goal, making.film)


class Making:
    """A picture that is being made. It may stand still, at any step, and go on later as if it had not.

    Args:
        goal: What; how many steps is said to `go_on`.
    """

    def __init__(self, goal: Goal) -> None:
        self._goal = goal
        self._generator = torch.Generator().manual_seed(goal.seed)
        self._canvas: _Canvas | None = None
        self._optimiser: torch.optim.Optimizer | None = None
        self._step = 0
        self._kept: tuple[Moment, ...] = ()
        self._last: Moment | None = None

    @property
    def film(self) -> tuple[Moment, ...]:
        """Steps 0, 4, 8, 16 … and the last one that was looked at; empty before the first."""
        kept, last = self._kept, self._last
        return kept if last is None or last in kept else (*kept, last)

    def go_on(
        self,
        checkpoint: Checkpoint,
        steps: int,
        progress: Progress = lambda moment: None,
        pause: Pause = no_pause,
    ) -> None:
        """Go on to this step.

        Args:
            checkpoint: The same every time.
            steps: From the beginning.
            progress: Of each moment that is looked at.
            pause: Called before each step; what it raises comes out unchanged, and the picture may go on later.
        Raises:
            StageError, UnitError, ExplanationError: See `make_picture`.
        """
        response = FieldResponse(checkpoint, self._goal.stage, self._goal.channel)
        canvas, optimiser = self._begun(response.side, checkpoint.device)
        with full_float32(checkpoint.device):
            if self._last is None:
                self._look(canvas, response, progress)
            while self._step < steps:
                pause()
                _climb(canvas, optimiser, response, self._goal, self._generator, self._step)
                self._step += 1
                if _in_film(self._step) or self._step % 8 == 0 or self._step == steps:
                    self._look(canvas, response, progress)

    def _begun(self, side: int, device: torch.device) -> tuple[_Canvas, torch.optim.Optimizer]:
        if self._canvas is None or self._optimiser is None:
            self._canvas = _Canvas(side, self._goal.contrast, self._generator, device)
            self._optimiser = torch.optim.Adam([self._canvas.spectrum], lr=_RATE)
        return self._canvas, self._optimiser

    def _look(self, canvas: _Canvas, response: FieldResponse, progress: Progress) -> None:
        self._last = _moment(canvas, response, self._goal, self._step)
        if _in_film(self._step):
            self._kept = (*self._kept, self._last)
        progress(self._last)


def _in_film(step: int) -> bool:
    return step == 0 or (step >= 4 and step & (step - 1) == 0)


def _moment(canvas: _Canvas, response: FieldResponse, goal: Goal, step: int) -> Moment:
    with torch.no_grad():
        picture = canvas.picture().mul(255).round().to(torch.uint8)
        answer = response(picture.float() / 255)
    value = answer.before_relu if goal.negative else answer.value
    return Moment(step, picture[0].permute(1, 2, 0).cpu(), float(value))


def _climb(
    canvas: _Canvas,
    optimiser: torch.optim.Optimizer,
    response: FieldResponse,
    goal: Goal,
    generator: torch.Generator,
    step: int,
) -> None:
    optimiser.zero_grad()
    height = _height(response(_moved(canvas.picture(), generator)), goal)
    torch.autograd.backward(-height)
    gradient = canvas.spectrum.grad
    # A ReLU hands back no gradient for what is no number, so that the height is looked at too.
    if gradient is None or not bool(height.isfinite() & gradient.isfinite().all()):
        raise ExplanationError(said("Not finite at step {step}. Another seed usually helps.", step=str(step)))
    if not bool(gradient.any()):
        raise ExplanationError(said("No gradient reaches this channel: there is nothing to climb."))
    optimiser.step()


def _height(answer: Answer, goal: Goal) -> Tensor:
    """Return what grows: after a ReLU that is closed there is no slope, so that before it is climbed."""
    if goal.negative:
        return -answer.before_relu.sum()
    return torch.where(answer.value > 0, answer.value, answer.before_relu).sum()


class _Canvas:
    """A picture as its Fourier components in decorrelated colours; `spectrum` is what is learnt."""

    def __init__(self, side: int, contrast: Contrast, generator: torch.Generator, device: torch.device) -> None:
        self._side, self._contrast = side, contrast
        rows, columns = torch.fft.fftfreq(side)[:, None], torch.fft.rfftfreq(side)[None]
        frequency = (rows.square() + columns.square()).sqrt().clamp_min(1 / side)
        self._scale = (frequency * side).pow(-_FALL).mul(side).to(device)
        colours = torch.tensor(_COLOURS)
        self._colours = (colours / colours.norm(dim=0).max()).to(device)
        shape = (1, 3, side, side // 2 + 1, 2)
        self.spectrum = torch.randn(shape, generator=generator).to(device).requires_grad_()

    def picture(self) -> Tensor:
        """Return the picture, (1, 3, side, side) in 0 … 1."""
        waves = torch.view_as_complex(self.spectrum) * self._scale
        decorrelated = torch.fft.irfft2(waves, s=(self._side, self._side))
        coloured = torch.einsum("rc,nchw->nrhw", self._colours, decorrelated)
        even = coloured - coloured.mean()
        if self._contrast == "full":
            return torch.sigmoid(4 * even / even.detach().std().clamp_min(1e-6))
        return (0.5 + PHOTO_DEVIATION * even / even.std().clamp_min(1e-6)).clamp(0, 1)


def _moved(picture: Tensor, generator: torch.Generator) -> Tensor:
    """Return the picture shifted, turned and scaled a little."""
    draws = (2 * torch.rand(4, generator=generator) - 1).tolist()
    angle, size = math.radians(_TURN) * draws[0], 1 + _SCALING * draws[1]
    cosine, sine = size * math.cos(angle), size * math.sin(angle)
    rows = [[cosine, -sine, 2 * _SHIFT * draws[2]], [sine, cosine, 2 * _SHIFT * draws[3]]]
    matrix = picture.new_tensor([rows])
    grid = F.affine_grid(matrix, list(picture.shape), align_corners=False)
    return F.grid_sample(picture, grid, padding_mode="reflection", align_corners=False)
