"""One forward pass as a message for the browser: a header of facts, and arrays."""

import hashlib
from functools import cache
from math import isfinite
from pathlib import Path

import numpy as np
from PIL import Image
from torch import Tensor

from alexnet_viz.architecture import Layer, layer_table
from alexnet_viz.checkpoints import Checkpoint, variants_alike
from alexnet_viz.feature_maps import encode, summary, value_range
from alexnet_viz.images import InputRule
from alexnet_viz.inference import Trace
from alexnet_viz.language import in_words
from alexnet_viz.shipped import PACKAGE
from alexnet_viz.ui.explore.altered_trace import AlteredTrace
from alexnet_viz.ui.photos import Photo


def encode_trace(
    photo: Photo,
    seen: Image.Image,
    checkpoint: Checkpoint,
    called: tuple[str, str],
    rule: InputRule,
    trace: Trace,
) -> bytes:
    """Return everything but the maps: what the network saw, every stage's range, face and statistics, the answer.

    What is said of the checkpoint is in the language in use.

    Args:
        photo: What was shown.
        seen: The same, as the network saw it.
        checkpoint: What looked at it.
        called: The checkpoint's name in addresses, and its title; its own name may be a path of this machine.
        rule: How the photo became the input.
        trace: What was computed.
    """
    layers = {layer.name: layer for layer in layer_table(checkpoint.model)}
    header = {
        "photo": photo.record(),
        "checkpoint": _checkpoint(checkpoint, called),
        "has_answer": trace.has_answer,
        "altered": _altered(trace),
        "input": {**rule.to_record(), "box": rule.box(photo.width, photo.height)},
        "stages": [_stage(layers[name], maps) for name, maps in trace.stages.items()],
        "device": trace.device,
        "seconds": trace.seconds,
        "memory": trace.memory_bytes,
    }
    arrays = {
        "seen": np.asarray(seen),
        "logits": trace.logits.numpy(),
        "probabilities": trace.probabilities.numpy(),
        **summary(trace.stages),
    }
    return encode(in_words(header), arrays)


def _checkpoint(checkpoint: Checkpoint, called: tuple[str, str]) -> dict[str, object]:
    return {
        "name": called[0],
        "title": called[1],
        "digest": digest_in_addresses(checkpoint),
        "classes": list(checkpoint.classes),
        "trained": checkpoint.trained,
        "variant": checkpoint.variant,
        "epoch": checkpoint.metadata.get("epoch"),
        "assumed": list(checkpoint.assumed),
        "chosen": list(checkpoint.chosen),
        "undecided": list(checkpoint.undecided),
        "normalisation": checkpoint.normalisation,
        "alike": [{"name": each.name, "title": each.title} for each in variants_alike(checkpoint.model.variant)],
    }


def _stage(layer: Layer, maps: Tensor) -> dict[str, object]:
    minimum, maximum, limit, finite = value_range(maps)
    return {
        "name": layer.name,
        "kind": layer.kind,
        "shape": list(maps.shape),
        "minimum": minimum,
        "maximum": maximum,
        "limit": limit,
        "signed": _is_signed(layer.name, minimum),
        "finite": finite,
        "field": layer.receptive_field,
        "jump": layer.jump,
        "start": layer.start,
        "reach": layer.reach,
    }


def _altered(trace: Trace) -> dict[str, object] | None:
    if not isinstance(trace, AlteredTrace):
        return None
    change = {stage: share if isfinite(share) else None for stage, share in trace.change.items()}
    return {"changes": trace.altered, "change": change}


def digest_in_addresses(checkpoint: Checkpoint) -> str:
    """Return the digest in addresses whose answers may be cached for ever: of the checkpoint's content and the code."""
    return f"{checkpoint.digest}-{code_version()}"


@cache
def code_version(package: Path = PACKAGE) -> str:
    """Return a digest of a package's code, so that a browser does not reuse answers of another version."""
    sources = sorted((path.relative_to(package).as_posix(), path.read_bytes()) for path in package.rglob("*.py"))
    return hashlib.sha256(repr(sources).encode()).hexdigest()[:12]


def _is_signed(stage: str, minimum: float) -> bool:
    """Return whether a stage may hold values of either sign, so that its colours diverge from zero."""
    return stage.endswith(".conv") or stage in ("fc1", "fc2", "logits") or minimum < 0
