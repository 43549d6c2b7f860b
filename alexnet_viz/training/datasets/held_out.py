"""Which pictures are held out: decided by each picture's content, whatever the seed, number and order.

A picture that one training learnt from is never held out in another, and adding a picture to a folder moves no other.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def is_held_out(digests: NDArray[np.uint64], share: int) -> NDArray[np.bool_]:
    """Return which pictures' digests say that they are held out, (N,): one in `share` on average."""
    return digests < np.uint64(2**64 // share)


def held_out_of_each_class(digests: NDArray[np.uint64], classes: NDArray[Any], share: int) -> NDArray[np.bool_]:
    """Return which pictures are held out, (N,), so that each class has some to learn from and some held out.

    A class none of which would be held out gives the picture of the smallest digest, and one all of which would be
    keeps that of the largest to learn from; a class of one picture is learnt from.

    Args:
        digests: (N,).
        classes: (N,) numbers or names.
        share: One in so many is held out, on average.
    """
    chosen = is_held_out(digests, share)
    order = np.lexsort((digests, classes))  # by class, in each by digest: one pass, however many classes there are
    if not len(order):
        return chosen
    ordered = classes[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    for own in np.split(order, starts[1:]):
        mine = digests[own]
        if not chosen[own].any():
            chosen[own[mine == mine[0]]] = True
        if chosen[own].all():
            chosen[own[mine == mine[-1]]] = False
    return chosen
