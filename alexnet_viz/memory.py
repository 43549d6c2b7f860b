"""Whether an error means that memory ran out: Python, torch and CUDA each say it in their own words."""

from __future__ import annotations

import errno

from alexnet_viz.language import said

NOT_ENOUGH = said("There is not enough memory free for this. Try again in a minute, or end other programs first.")


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether Python, torch or CUDA could not get memory."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    words = str(error).lower()
    return any(part in words for part in ("out of memory", "allocate memory", "bad_alloc", "bad allocation"))
