"""Which checkpoints of a run are kept, and the resume state saved beside the last one.

A checkpoint is complete before its resume state is written, and the older resume state is removed last: at every
moment there is one complete pair, or none yet.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from alexnet_viz.atomic import replacing
from alexnet_viz.checkpoints import LearntFrom, save_checkpoint, stored_metadata
from alexnet_viz.checkpoints.learnt_from import NOTHING
from alexnet_viz.errors import ResumeError
from alexnet_viz.model import AlexNet
from alexnet_viz.runs import Run
from alexnet_viz.runs.left_behind import sweep_run
from alexnet_viz.runs.resuming import damage_in_words, note_saved, requested_checkpoint, what_is_left
from alexnet_viz.training.datasets.dataset import Dataset
from alexnet_viz.training.recipe import Recipe
from alexnet_viz.training.trainer import JUDGED, Progress, State


@dataclass(frozen=True)
class Resumable:
    """A complete pair: weights in `checkpoint`, the rest in `state`.

    Attributes:
        precision: Must not change under way.
        data: `fingerprint` of what it was trained on; "" where that was not kept.
    """

    checkpoint: Path
    state: State
    precision: str
    data: str


class CheckpointKeeper:
    """Writes a run's checkpoints and removes those that need not be kept.

    Kept are epoch 0, every `keep_every`-th, the best and the last; and, after a stop inside an epoch, that moment.

    Args:
        run: The run.
        recipe: Its recipe.
        data: Its data set, for class names and normalisation.
        precision: Of the arithmetic, for the resume.
        before: What the network had learnt from before the run, or before it was resumed.
    """

    def __init__(self, run: Run, recipe: Recipe, data: Dataset, precision: str, before: LearntFrom = NOTHING) -> None:
        self._run, self._recipe, self._data, self._precision = run, recipe, data, precision
        self._before = before
        self._folder = run.folder / "checkpoints"
        self._fingerprint = fingerprint(data)
        sweep_run(run)

    def save(self, model: AlexNet, state: State, metrics: Mapping[str, object]) -> Path:
        """Write a checkpoint and its resume state, then remove what is not to be kept; return the checkpoint.

        Raises:
            OSError: The disk is full; the last complete pair is as it was.
        """
        progress = state.progress
        inside = progress.epoch_images > 0
        name = f"step-{progress.step:06d}" if inside else f"epoch-{progress.epochs_reported:03d}"
        path = self._folder / f"{name}.safetensors"
        save_checkpoint(
            path,
            model,
            classes=self._data.classes,
            input_rule=self._data.input_rule(model.variant.input_size),
            epoch=progress.epochs_reported,
            step=progress.step,
            metrics=dict(metrics),
            recipe=self._recipe.to_record(),
            seed=self._recipe.seed,
            source=f"run {self._run.id}, data set {self._data.name}",
            learnt_from=self._learnt_from(progress),
        )
        resume = self._folder / f"resume-{name}.safetensors"
        with replacing(resume) as partial:
            record = {"progress": asdict(progress), "precision": self._precision, "data": self._fingerprint}
            save_file(state.tensors, partial, metadata={"resume": json.dumps(record)})
        note_saved(self._run, (path, resume))
        self._prune(name, progress.epochs_reported)
        return path

    def go_on_from(self, left: Resumable) -> None:
        """Remove what lies ahead of it, damaged or of another course; the curves have been cut there by now."""
        self._prune(left.checkpoint.stem, left.state.progress.epochs_reported)

    def _learnt_from(self, progress: Progress) -> LearntFrom:
        """Return what the network learnt from: nothing of this run before its first step, all of it from then on."""
        return self._before.and_from(self._data.name, self._data.train.digests) if progress.step else self._before

    def _prune(self, last: str, epoch: int) -> None:
        kept = self._kept_epochs(epoch)
        for path in self._folder.glob("resume-*.safetensors"):
            if path.name != f"resume-{last}.safetensors":
                path.unlink()
        for file in self._run.checkpoints():
            if file.name != last and (file.epoch is None or file.epoch not in kept):
                file.path.unlink()

    def _kept_epochs(self, epoch: int) -> set[int]:
        """Return which of the epochs so far are kept."""
        every = keep_every(self._recipe)
        best = self._run.best_epoch()
        return {0, *range(every, epoch + 1, every)} | (set() if best is None else {best})


def keep_every(recipe: Recipe) -> int:
    """Return how many epochs lie between kept checkpoints."""
    return recipe.keep_every or -(-recipe.epochs // 10)


def find_resumable(run: Run) -> Resumable | None:
    """Return the newest complete pair of a run; None where nothing was saved, and the training starts anew.

    Where it was asked for, the weights of a whole checkpoint with a new optimiser.

    Raises:
        ResumeError: What was saved is damaged or missing: never silently from nothing.
    """
    folder = run.folder / "checkpoints"
    if name := requested_checkpoint(run):
        return _with_new_optimiser(run, folder / f"{name}.safetensors")
    left = what_is_left(run)
    if left.pair:
        pair = _read_pair(folder / f"resume-{left.pair}.safetensors", folder / f"{left.pair}.safetensors")
        if pair is not None:
            return pair
    if left.is_new:
        return None
    raise ResumeError(run.id, damage_in_words(replace(left, damaged=left.damaged or (f"resume-{left.pair}",))), "")


def fingerprint(data: Dataset) -> str:
    """Return a digest of the training and held-out pictures, their classes and their order."""
    digest = hashlib.blake2b("\0".join(data.classes).encode(), digest_size=16)
    for split in (data.train, data.held_out):
        digest.update(split.digests.tobytes())
        digest.update(split.labels.numpy().tobytes())
    return digest.hexdigest()


def _with_new_optimiser(run: Run, checkpoint: Path) -> Resumable:
    metadata = stored_metadata(checkpoint)
    step, epoch = int(str(metadata["step"])), int(str(metadata["epoch"]))
    scores = metadata.get("metrics")
    known = {name: value for name, value in scores.items() if name in JUDGED} if isinstance(scores, dict) else {}
    last = known if len(known) == len(JUDGED) else {}
    progress = Progress(step=step, epochs_reported=epoch, has_looked=True, last_epoch=last)
    told = [str(point["precision"]) for point in run.metrics() if point.get("precision")]
    return Resumable(checkpoint, State({}, progress), told[-1] if told else "fp32", "")


def _read_pair(path: Path, checkpoint: Path) -> Resumable | None:
    try:
        with safe_open(path, framework="pt") as file:
            record = json.loads(file.metadata()["resume"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
        state = State(tensors, Progress(**record["progress"]))
        return Resumable(checkpoint, state, str(record["precision"]), str(record.get("data", "")))
    except (OSError, SafetensorError, KeyError, ValueError, TypeError):
        return None


def disk_need(recipe: Recipe, parameter_count: int) -> int:
    """Return the most bytes that a run of this recipe uses: its checkpoints, two of them with resume state."""
    kept = min(recipe.epochs, recipe.epochs // keep_every(recipe) + 2) + 1
    moments = 2 if recipe.optimiser == "adam" else 1
    return 4 * parameter_count * (kept + 1 + 2 * moments)
