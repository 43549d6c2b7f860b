"""Look inside AlexNet from a notebook, with the same functions as the app.

import alexnet_viz

checkpoint = alexnet_viz.load_checkpoint("untrained")
trace = alexnet_viz.trace(checkpoint, alexnet_viz.read_image("cat.jpg"))
trace.stages["block1.pool"].shape  # (96, 27, 27)
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

from alexnet_viz.errors import AlexNetVizError

if TYPE_CHECKING:
    from alexnet_viz.checkpoints import load_checkpoint
    from alexnet_viz.images import read_image
    from alexnet_viz.inference import trace

__version__ = "0.2.0"
__all__ = ["AlexNetVizError", "__version__", "load_checkpoint", "read_image", "trace"]

# Read when torch is imported. Threads that have nothing to do sleep instead of spinning: beside another busy process
# on the same two cores a forward pass took 0.5 s instead of 4.2 s.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

_HOMES = {
    "load_checkpoint": "alexnet_viz.checkpoints",
    "read_image": "alexnet_viz.images",
    "trace": "alexnet_viz.inference",
}


def __getattr__(name: str) -> Any:
    """Import a name when it is first used: torch takes seconds, and polling a run does not need it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'alexnet_viz' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
