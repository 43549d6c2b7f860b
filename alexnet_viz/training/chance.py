"""What guessing scores, by the largest class or by the shares of the classes: what a network has to beat."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

_BEYOND = 2.0  # standard errors: by luck alone one network in forty lies further above chance


@dataclass(frozen=True)
class Chance:
    """Scores of the best answer that does not look at the picture.

    Attributes:
        accuracy: The largest class's share.
        loss: The entropy of the shares, nats.
    """

    accuracy: float
    loss: float

    def is_beaten(self, accuracy: float, loss: float, count: int) -> bool:
        """Return whether a network's scores over `count` pictures are better than guessing, beyond luck."""
        luck = _BEYOND * math.sqrt(self.accuracy * (1 - self.accuracy) / max(1, count))
        return accuracy > self.accuracy + luck or loss < 0.98 * self.loss


def chance_of(labels: Tensor, class_count: int) -> Chance:
    """Return what guessing scores on pictures with these labels.

    Args:
        labels: (N,) int64.
        class_count: Number of classes.
    """
    return chance_of_counts(torch.bincount(labels.cpu(), minlength=class_count))


def chance_of_counts(counts: Tensor) -> Chance:
    """Return what guessing scores where each class has so many pictures, (K,)."""
    shares = counts.double() / max(1, int(counts.sum()))
    return Chance(float(shares.max()), float(-torch.special.xlogy(shares, shares).sum()))
