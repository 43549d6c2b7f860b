"""Checkpoints: found by name, read without trusting the file, written atomically.

checkpoint = load_checkpoint("untrained")
checkpoint.model, checkpoint.classes, checkpoint.input_rule
"""

from alexnet_viz.checkpoints.choices import (
    NORMALISATIONS,
    Choice,
    choices_file,
    keep_choice,
    read_choice,
    usual_normalisations,
)
from alexnet_viz.checkpoints.fitting import variants_alike
from alexnet_viz.checkpoints.formats import MOST_FILE_BYTES
from alexnet_viz.checkpoints.learnt_from import LearntFrom
from alexnet_viz.checkpoints.loading import Checkpoint, load_checkpoint
from alexnet_viz.checkpoints.names_of_classes import class_names, read_class_names
from alexnet_viz.checkpoints.registry import (
    ENDINGS,
    UNTRAINED,
    CheckpointEntry,
    CheckpointRef,
    available_checkpoints,
    best_checkpoint,
    checkpoints_of_runs,
    find_checkpoint,
    find_imagenet,
    identify,
    kept_folder,
    named_files,
    resolve_checkpoint,
    stored_metadata,
)
from alexnet_viz.checkpoints.saving import save_checkpoint, save_described, save_packed

__all__ = [
    "ENDINGS",
    "MOST_FILE_BYTES",
    "NORMALISATIONS",
    "UNTRAINED",
    "Checkpoint",
    "CheckpointEntry",
    "CheckpointRef",
    "Choice",
    "LearntFrom",
    "available_checkpoints",
    "best_checkpoint",
    "checkpoints_of_runs",
    "choices_file",
    "class_names",
    "find_checkpoint",
    "find_imagenet",
    "identify",
    "keep_choice",
    "kept_folder",
    "load_checkpoint",
    "named_files",
    "read_choice",
    "read_class_names",
    "resolve_checkpoint",
    "save_checkpoint",
    "save_described",
    "save_packed",
    "stored_metadata",
    "usual_normalisations",
    "variants_alike",
]
