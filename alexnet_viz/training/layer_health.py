"""Health of each layer with weights: dead ReLUs, size of gradients and of updates."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from alexnet_viz.model import AlexNet

Walk = Callable[[AlexNet, Tensor], Iterator[tuple[str, Tensor]]]


@dataclass(frozen=True)
class LayerHealth:
    """One layer after one epoch.

    Attributes:
        layer: Stage name of the layer, "block1.conv".
        dead: Share of the channels (units) whose ReLU gave only zeros on the probed pictures; None without a ReLU.
        update_ratio: Length of the last update over the length of the weights.
        gradient_norm: Length of the last gradient of the weights, before clipping.
    """

    layer: str
    dead: float | None
    update_ratio: float | None
    gradient_norm: float | None


class Doctor:
    """Measures one update of a network.

    doctor.before_update(); optimiser.step(); doctor.after_update(); doctor.report(pictures, walk)

    Args:
        model: The network.
        ratio, gradient: What was measured last, by layer; kept by the caller, who may stop before the report.
    """

    def __init__(
        self, model: AlexNet, ratio: dict[str, float] | None = None, gradient: dict[str, float] | None = None
    ) -> None:
        self._model = model
        self._layers = [(name, module) for name, module in model.chain() if isinstance(module, nn.Conv2d | nn.Linear)]
        self._before: dict[str, Tensor] = {}
        self._gradient = {} if gradient is None else gradient
        self._ratio = {} if ratio is None else ratio
        # Silence is a ReLU's; a tanh that stands in its place is never silent for good.
        self._relus = {name for name, module in model.chain() if isinstance(module, nn.ReLU)}

    def before_update(self) -> None:
        """Keep the weights and measure the gradients; call before clipping."""
        for name, module in self._layers:
            if module.weight.grad is not None:
                self._before[name] = module.weight.detach().clone()
                self._gradient[name] = length(module.weight.grad)

    def after_update(self) -> None:
        """Measure how far the weights moved, and let the kept ones go."""
        for name, module in self._layers:
            if name in self._before:
                moved = length(module.weight.detach() - self._before.pop(name))
                self._ratio[name] = moved / max(1e-12, length(module.weight.detach()))

    def report(self, pictures: Tensor, walk: Walk) -> tuple[LayerHealth, ...]:
        """Return the health of every layer; ReLUs are judged on the given pictures, (N, 3, S, S) normalised."""
        dead = self._dead_shares(pictures, walk)
        return tuple(
            LayerHealth(name, dead.get(name), self._ratio.get(name), self._gradient.get(name))
            for name, _ in self._layers
        )

    def _dead_shares(self, pictures: Tensor, walk: Walk) -> dict[str, float]:
        self._model.eval()
        shares, layer = {}, ""
        with torch.no_grad():
            for stage, output in walk(self._model, pictures):
                if stage in self._relus:
                    silent = (output.flatten(2) if output.dim() > 2 else output[..., None]).abs().amax(dim=(0, 2)) == 0
                    shares[layer] = float(silent.float().mean())
                layer = stage
        return shares


def length(values: Tensor) -> float:
    """Return the Euclidean length of all values, right to 0.01 %: rows in float32, their sum in float64.

    Forty million squares added up in float32 come out 0.3 to 2 % off; all in float64 takes ten times as long.
    """
    rows = torch.linalg.vector_norm(values.flatten(1), dim=1)
    return float(torch.linalg.vector_norm(rows.double()))
