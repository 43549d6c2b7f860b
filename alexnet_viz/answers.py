"""The class that a network answers: its largest logit, or no answer where its outputs are not finite.

answers(torch.tensor([[0.5, 2.0], [nan, 1.0]]))  # tensor([1, NO_ANSWER])
"""

from collections.abc import Iterable

import torch
from torch import Tensor

NO_ANSWER = -1


def answers(logits: Tensor) -> Tensor:
    """Return the most probable class of each picture, (N,) int64; NO_ANSWER where one of its logits is not finite.

    `argmax` alone takes the first NaN for the largest number: a broken network would be right about that class.

    Args:
        logits: (N, K), any floating point.
    """
    return logits.argmax(dim=1).masked_fill(~torch.isfinite(logits).all(dim=1), NO_ANSWER)


def places_of(names: Iterable[str], classes: Iterable[str]) -> list[int]:
    """Return each name's index among the classes; equal names get an index each, in order.

    Raises:
        KeyError, IndexError: There is no class of a name, or not as many.
    """
    places: dict[str, list[int]] = {}
    for place, name in enumerate(classes):
        places.setdefault(name, []).append(place)
    return [places[name].pop(0) for name in names]


def no_answer_words(missing: int, count: int) -> str:
    """Return how many pictures got no answer, "no answer for 3 of 100: its outputs are not numbers"; "" for none."""
    return f"no answer for {missing:,} of {count:,}: its outputs are not numbers" if missing else ""


def probabilities(logits: Tensor) -> Tensor:
    """Return the softmax over the last dimension, of one output alone its sigmoid; all NaN where a logit is not finite.

    The softmax of one output is 1 whatever it is; its sigmoid is its share beside another that is always 0.

    Beside other classes none is certain: a float32 rounds 1 - 1e-9 to 1, and the screen would say "100 %" beside
    "< 0.1 %". It is the number before 1 then.
    """
    alone = logits.shape[-1] == 1
    shares = logits.sigmoid() if alone else logits.softmax(dim=-1)
    below_one = 1 - torch.finfo(shares.dtype).eps / 2
    return shares.clamp(max=below_one).where(logits.isfinite().all(dim=-1, keepdim=True), torch.nan)
