"""A checkpoint small enough to ship: float16, and the fully connected layers as low-rank products.

A matrix W (m, n) becomes P (Pᵀ W), P (m, r) orthonormal. The first columns of P span what the following layers read of
W's output: without a ReLU between them (variant seed) the logits are unchanged up to float16 rounding. The others span
the directions in which the outputs of real pictures vary most, so that fc1 and fc2 look the same.

Before that, the first layer's filters are projected on the directions in which image patches vary most: their other
components are initial noise, which hides the learned pattern.
"""

from copy import deepcopy
from dataclasses import replace

import torch
from torch import Tensor

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.first_filters import DIRECTIONS
from alexnet_viz.patches import PATCHED_PICTURES, first_convolution, patch_covariance, strongest_directions, within
from alexnet_viz.training.augmentation import prepare_as
from alexnet_viz.training.datasets.dataset import Split

# 94 of each: 7.6 MB of convolutions, 4.1 MB of factors, and up to 0.3 MB of what was learnt from make at most 12 MB.
RANK = 94
_BATCH = 64
_READ_BY_NEXT = {"fc1": ("fc2", "classification_layer"), "fc2": ("classification_layer",)}


def low_rank_factors(checkpoint: Checkpoint, pictures: Split, rank: int = RANK) -> dict[str, tuple[Tensor, Tensor]]:
    """Return the factors of fc1 and fc2, ready for `checkpoints.save_packed`.

    Args:
        checkpoint: What to pack.
        pictures: A thousand or so of the training pictures, to see in which directions outputs vary.
        rank: Columns of the left factor; at least the number of classes, or answers change.
    Returns:
        By parameter name: left (m, rank) and right (rank, n), float32.
    """
    outputs = _outputs(checkpoint, pictures)
    state = checkpoint.model.state_dict()
    factors = {}
    for layer, followers in _READ_BY_NEXT.items():
        needed = state[f"{followers[-1]}.weight"].double()
        for follower in reversed(followers[:-1]):
            needed = needed @ state[f"{follower}.weight"].double()
        weight = state[f"{layer}.weight"].double()
        # The bias is added afterwards and stays whole: only what the weights make has to be kept.
        basis = _basis(needed.cpu(), outputs[layer] - state[f"{layer}.bias"].double().cpu(), rank)
        factors[f"{layer}.weight"] = (basis.float(), (basis.T @ weight.cpu()).float())
    return factors


def with_first_layer_within(
    checkpoint: Checkpoint, pictures: Split, directions: int = DIRECTIONS
) -> tuple[Checkpoint, float]:
    """Return the checkpoint with its first filters projected, and the share of the patches' variance that they keep.

    Args:
        checkpoint: Stays as it is.
        pictures: Training pictures; the first `PATCHED_PICTURES` are looked at.
        directions: Of the patches' variance, the strongest first, that the filters keep.
    """
    model = deepcopy(checkpoint.model)
    convolution = first_convolution(model)
    few = pictures.first(PATCHED_PICTURES).images.to(checkpoint.device)
    kept, share = strongest_directions(
        patch_covariance(prepare_as(few, checkpoint.input_rule), convolution), directions
    )
    with torch.no_grad():
        convolution.weight.copy_(within(convolution.weight, kept.to(convolution.weight.device)))
    return replace(checkpoint, model=model), share


def _outputs(checkpoint: Checkpoint, pictures: Split) -> dict[str, Tensor]:
    """Return the outputs of fc1 and fc2, (N, 4096) float64."""
    rule = checkpoint.input_rule
    parts: dict[str, list[Tensor]] = {"fc1": [], "fc2": []}
    for first in range(0, len(pictures), _BATCH):
        images = pictures.images[first : first + _BATCH].to(checkpoint.device)
        with torch.no_grad():
            for stage, output in checkpoint.model.walk(prepare_as(images, rule)):
                if stage in parts:
                    parts[stage].append(output.double().cpu())
    return {stage: torch.cat(found) for stage, found in parts.items()}


def _basis(needed: Tensor, outputs: Tensor, rank: int) -> Tensor:
    """Return (m, rank) orthonormal columns: the rows of `needed` (k, m), then the outputs' principal directions.

    Args:
        outputs: (N, m).
    """
    first = torch.linalg.qr(needed.T).Q[:, :rank]
    rest = outputs - (outputs @ first) @ first.T
    # Principal directions from the N x N matrix of products, smaller than m x m.
    values, vectors = torch.linalg.eigh(rest @ rest.T)
    count = min(rank - first.shape[1], int((values > values[-1] * 1e-10).sum()))
    directions = rest.T @ vectors[:, -count:] if count > 0 else rest.new_zeros((rest.shape[1], 0))
    basis: Tensor = torch.linalg.qr(torch.cat([first, directions], dim=1)).Q
    return basis
