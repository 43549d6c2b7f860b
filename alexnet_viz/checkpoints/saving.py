"""Checkpoints written atomically: as they are, or packed for shipping."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor

from alexnet_viz.checkpoints.choices import Choice, replacing_model
from alexnet_viz.checkpoints.contents import PACKING
from alexnet_viz.checkpoints.learnt_from import KEY as LEARNT_FROM
from alexnet_viz.checkpoints.learnt_from import UNKNOWN, LearntFrom
from alexnet_viz.checkpoints.loading import Checkpoint
from alexnet_viz.checkpoints.metadata import encode_metadata, shorten
from alexnet_viz.errors import CheckpointError
from alexnet_viz.images import InputRule
from alexnet_viz.language import said
from alexnet_viz.model import AlexNet


def save_checkpoint(
    path: Path,
    model: AlexNet,
    *,
    classes: Sequence[str],
    input_rule: InputRule,
    epoch: int,
    step: int,
    metrics: Mapping[str, object],
    recipe: Mapping[str, object],
    seed: int,
    source: str,
    learnt_from: LearntFrom = UNKNOWN,
) -> None:
    """Write `model` and what is known about it to `path`, whole or not at all; NaN among `metrics` becomes null.

    Raises:
        ValueError: Not one name per class.
        CheckpointError: The file cannot be written.
    """
    if len(classes) != model.num_classes:
        raise ValueError(f"{len(classes)} names for {model.num_classes} classes")
    metadata = encode_metadata(
        {
            "variant": model.variant.name,
            "classes": list(classes),
            "input": input_rule.to_record(),
            "epoch": epoch,
            "step": step,
            "metrics": metrics,
            "recipe": recipe,
            "seed": seed,
            "source": source,
            LEARNT_FROM: learnt_from.to_text(),
        }
    )
    _write(path, {name: tensor.detach().cpu().float() for name, tensor in model.state_dict().items()}, metadata)


def save_described(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint with all that is known, was assumed and was chosen about it.

    Raises:
        CheckpointError: The file cannot be written.
    """
    tensors = {name: tensor.detach().cpu().float() for name, tensor in checkpoint.model.state_dict().items()}
    _write(path, tensors, encode_metadata(described(checkpoint)))


def described(checkpoint: Checkpoint) -> dict[str, object]:
    """Return what a file that holds a checkpoint whole says about it: with its values, as they were chosen."""
    of_the_file = ("packing", "chosen", "normalisation")
    told = {key: value for key, value in checkpoint.metadata.items() if key not in of_the_file}
    if Choice(normalisation=checkpoint.normalisation).bgr:  # its weights are turned: doing it again would undo it
        told["undecided"] = [each for each in checkpoint.undecided if each != "normalisation"]
    return told


def save_packed(
    path: Path,
    checkpoint: Checkpoint,
    factors: Mapping[str, tuple[Tensor, Tensor]],
    *,
    metrics: Mapping[str, object],
    source: str,
) -> None:
    """Write a checkpoint as float16, with some matrices as products of two.

    Args:
        path: Where to.
        checkpoint: What to write.
        factors: For "fc1.weight" (m, n): a left (m, r) and a right (r, n) whose product takes its place.
        metrics, source: In place of the checkpoint's own.
    Raises:
        CheckpointError: The file cannot be written.
    """
    tensors = {name: tensor for name, tensor in checkpoint.model.state_dict().items() if name not in factors}
    for name, (left, right) in factors.items():
        tensors |= {f"{name}.left": left, f"{name}.right": right}
    values = {**described(checkpoint), "metrics": metrics, "source": source, "packing": PACKING}
    _write(path, {name: tensor.detach().cpu().half() for name, tensor in tensors.items()}, encode_metadata(values))


def _write(path: Path, tensors: Mapping[str, Tensor], metadata: dict[str, str]) -> None:
    try:
        with replacing_model(path) as partial:
            save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, partial, metadata)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(path.name, said("cannot be written: {problem}", problem=shorten(error, 200))) from error
