"""The work of the trainer's process: read the run's configuration, train, record what happens."""

import os
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch

from alexnet_viz.checkpoints import Checkpoint, LearntFrom, load_checkpoint, stored_metadata
from alexnet_viz.checkpoints.learnt_from import NOTHING
from alexnet_viz.device import choose_device
from alexnet_viz.errors import DatasetError, DeviceError, RunError
from alexnet_viz.images import InputRule
from alexnet_viz.language import all_of, counted, said
from alexnet_viz.model import AlexNet, initialise
from alexnet_viz.patches import PATCHED_PICTURES, draw_as_patches, first_convolution
from alexnet_viz.runs import MetricsWriter, Run
from alexnet_viz.training.augmentation import prepare_as
from alexnet_viz.training.chance import Chance
from alexnet_viz.training.checkpoint_retention import CheckpointKeeper, Resumable, find_resumable, fingerprint
from alexnet_viz.training.datasets import Dataset, load_dataset
from alexnet_viz.training.probe import faster_precision
from alexnet_viz.training.recipe import Recipe
from alexnet_viz.training.trainer import EpochDone, Progress, StepDone, Trainer
from alexnet_viz.variants import find_variant

_LEAST_UNSEEN = 16  # held-out pictures to validate on without those learnt from before; of fewer a share says little

Report = Callable[[int, int], None]  # (epoch, step)


class StoppedError(Exception):
    """The run was asked to end, and everything is written."""


def train_run(run: Run, report: Report) -> str:
    """Train a run to its end, from where it was left; return a closing sentence.

    Args:
        run: Its folder holds the configuration and takes the results.
        report: Called with completed epochs and steps whenever they grow.
    Raises:
        StoppedError: A stop was requested; a checkpoint of the moment is written.
        AlexNetVizError: The data are gone, the loss is no number, …
        OSError: The disk is full.
    """
    if run.stop_requested:  # while torch was imported, which a busy machine takes its time for
        raise StoppedError
    config = run.config()
    if gone := [key for key in ("recipe", "dataset", "device") if not config.get(key)]:
        problem = f"without {', '.join(gone)}"
        raise RunError(
            run.id, said("its config.json cannot be read ({problem}); it can only be deleted", problem=problem)
        )
    recipe = Recipe.from_record(_mapping(config["recipe"]))
    torch.set_num_threads(_thread_count(run, int(str(config.get("threads") or 0))))
    device = _device(run, str(config["device"]))
    folder = Path(str(config["data"])) if config.get("data") else None
    side = find_variant(recipe.variant).input_size
    data = load_dataset(str(config["dataset"]), folder, recipe.seed, recipe.limit, side)
    left = find_resumable(run)
    if left is not None:
        _check_same_data(left, data)
    model, rule, before = _beginning(recipe, data, left, str(config.get("start_path") or recipe.start_from))
    data = replace(data, mean=rule.mean, std=rule.std)
    fair, validated_on = _validated_on_unseen(data, before)
    with MetricsWriter(run.folder / "metrics.jsonl") as metrics:
        precision = left.precision if left else _precision(recipe, model, device)
        trainer = Trainer(model, fair, recipe, device=device, precision=precision, state=left.state if left else None)
        keeper = CheckpointKeeper(run, recipe, data, precision, before)
        _announce(metrics, trainer, validated_on, resumed=left is not None)
        if left is not None:
            keeper.go_on_from(left)
        _follow(trainer, run, keeper, metrics, report, run.last_epoch_metrics() if left else {})
    trained = counted(
        "trained on {images} images for {n} epoch",
        "trained on {images} images for {n} epochs",
        recipe.epochs,
        images=len(data.train),
    )
    verdict = trainer.verdict()
    return said("{trained}; {verdict}", trained=trained, verdict=verdict) if verdict else trained


def _thread_count(run: Run, given: int) -> int:
    """Return how many threads compute: where nobody said it, those of before the stop, as sums depend on their number.

    Unless this machine has fewer cores than that.
    """
    told = [count for point in run.metrics() if isinstance(count := point.get("threads"), int)]
    if given or not told or not 0 < told[-1] <= (os.cpu_count() or 1):
        return given or torch.get_num_threads()
    return told[-1]


def _device(run: Run, name: str) -> torch.device:
    """Return the run's device; raises RunError where this machine does not have it."""
    try:
        return choose_device(name)
    except DeviceError as error:
        raise RunError(
            run.id,
            said(
                "was trained on {device}, which this machine does not have; go on with it where there is one, or start "
                "a new run from its last checkpoint here",
                device=name,
            ),
        ) from error


def _follow(
    trainer: Trainer,
    run: Run,
    keeper: CheckpointKeeper,
    metrics: MetricsWriter,
    report: Report,
    last: dict[str, object],
) -> None:
    """Record the trainer's events; `last` holds the newest epoch's numbers so far."""
    report(trainer.epoch, trainer.progress.step)
    _end_if_asked(run, trainer, metrics)
    # What it goes on from is on the disk: to write that anew would only risk it.
    saved = deepcopy(trainer.progress) if trainer.progress != Progress() else None
    for event in trainer.events():
        if isinstance(event, StepDone):
            metrics.write(_step_record(event))
            report(trainer.epoch, event.step)
        elif isinstance(event, EpochDone):
            last = _epoch_record(event)
            metrics.write(last)
            keeper.save(trainer.model, trainer.state(), _scores(last, trainer.chance))
            report(event.epoch, event.step)
        if run.stop_requested and not (isinstance(event, EpochDone) and event.epoch == trainer.recipe.epochs):
            if not isinstance(event, EpochDone) and trainer.progress != saved:
                keeper.save(trainer.model, trainer.state(), _scores(last, trainer.chance))
            _end_if_asked(run, trainer, metrics)


def _end_if_asked(run: Run, trainer: Trainer, metrics: MetricsWriter) -> None:
    """End a training that was asked to; everything that it has learnt is saved, or it has learnt nothing since then."""
    if run.stop_requested:
        metrics.write({"kind": "event", "event": "stopped", "step": trainer.progress.step, "time": time.time()})
        raise StoppedError


def _check_same_data(left: Resumable, data: Dataset) -> None:
    """Refuse to resume with other pictures or classes: labels could shift, and the curve would mix two trainings.

    Raises:
        DatasetError: The data are not those that the run began with.
    """
    classes = stored_metadata(left.checkpoint).get("classes")
    if isinstance(classes, list) and tuple(classes) != data.classes:
        gone, new = sorted(set(classes) - set(data.classes)), sorted(set(data.classes) - set(classes))
        changes = [said("without {names}", names=", ".join(gone))] if gone else []
        changes += [said("with the new {names}", names=", ".join(new))] if new else []
        raise DatasetError(
            data.name,
            said(
                "has {n} classes now and had {before} when the run began ({changes}); put the old ones back "
                "to resume, or start a new run",
                n=len(data.classes),
                before=len(classes),
                changes=all_of(changes) if changes else said("in another order"),
            ),
        )
    if left.data and left.data != fingerprint(data):
        raise DatasetError(
            data.name,
            said(
                "has other pictures than when the run began, or the same ones in other classes; put "
                "the old ones back to resume, or start a new run"
            ),
        )


def _beginning(
    recipe: Recipe, data: Dataset, left: Resumable | None, start_from: str
) -> tuple[AlexNet, InputRule, LearntFrom]:
    """Return the network to train on from, how its pictures are normalised, and what it has learnt from so far."""
    if left is not None:
        checkpoint = load_checkpoint(left.checkpoint, device="cpu")
        return checkpoint.model, checkpoint.input_rule, checkpoint.learnt_from
    torch.manual_seed(recipe.seed)
    if start_from:
        source = load_checkpoint(start_from, device="cpu")
        return starting_network(source, recipe, data.classes), source.input_rule, source.learnt_from
    model = untrained_network(recipe, data)
    return model, data.input_rule(model.variant.input_size), NOTHING


def untrained_network(recipe: Recipe, data: Dataset) -> AlexNet:
    """Return the network that a training begins with where it starts from no checkpoint."""
    model = AlexNet(len(data.classes), variant=recipe.variant)
    if recipe.init != "torch":
        initialise(model, recipe.seed)
    if recipe.init == "patches":
        pictures = data.train.first(PATCHED_PICTURES).images
        inputs = prepare_as(pictures, data.input_rule(model.variant.input_size))
        draw_as_patches(first_convolution(model), inputs, recipe.seed)
    return model


def starting_network(source: Checkpoint, recipe: Recipe, classes: tuple[str, ...]) -> AlexNet:
    """Return the network of a checkpoint; its last layer is new where the classes differ."""
    if source.classes == classes:
        return source.model
    model = AlexNet(len(classes), source.model.in_channels, source.model.variant)
    initialise(model, recipe.seed)
    state = {key: value for key, value in source.model.state_dict().items() if not key.startswith("classification")}
    model.load_state_dict(state, strict=False)
    return model


def _precision(recipe: Recipe, model: AlexNet, device: torch.device) -> str:
    return faster_precision(model, recipe, device) if recipe.precision == "auto" else recipe.precision


def _validated_on_unseen(data: Dataset, before: LearntFrom) -> tuple[Dataset, dict[str, object]]:
    """Return the data without held-out pictures that the network had learnt from before, and what is told of that.

    Where hardly any would be left, all stay, and how many of them had been learnt from is told.
    """
    learnt = before.holds(data.held_out.digests)
    others = np.flatnonzero(~learnt)
    told: dict[str, object] = {"is_known": before.is_complete, "left_out": 0, "learnt_before": 0}
    if not learnt.any():
        return data, told
    if len(others) < _LEAST_UNSEEN:
        return data, {**told, "learnt_before": int(learnt.sum())}
    unseen = data.held_out.chosen(torch.from_numpy(others))
    return replace(data, held_out=unseen), {**told, "left_out": int(learnt.sum())}


def _announce(metrics: MetricsWriter, trainer: Trainer, validated_on: dict[str, object], *, resumed: bool) -> None:
    metrics.write(
        {
            "kind": "event",
            "event": "resumed" if resumed else "started",
            "step": trainer.progress.step,
            "epochs": trainer.epoch if trainer.progress.has_looked or trainer.progress.step else None,
            "time": time.time(),
            "precision": trainer.precision,
            "threads": torch.get_num_threads(),
            "device": str(trainer.device),
            "pid": os.getpid(),
            "train_images": len(trainer.data.train),
            "val_images": len(trainer.data.held_out),
            "held_out": validated_on,
            "notes": list(trainer.data.notes),
            "classes": len(trainer.data.classes),
            "chance": asdict(trainer.chance),
            "full_size": trainer.model.variant.input_size,
            "steps": trainer.schedule.steps,
        }
    )


def _step_record(event: StepDone) -> dict[str, object]:
    return {
        "kind": "step",
        "step": event.step,
        "epoch": event.epoch,
        "time": round(time.time(), 3),
        "loss": event.loss,
        "lr": event.learning_rate,
        "images_per_s": round(event.images_per_second, 1),
        "size": event.size,
    }


def _epoch_record(event: EpochDone) -> dict[str, object]:
    record = asdict(event)
    return {"kind": "epoch", **record, "time": round(time.time(), 3), "seconds": round(event.seconds, 2)}


def _scores(record: dict[str, object], chance: Chance) -> dict[str, object]:
    keys = ("train_loss", "train_accuracy", "val_loss", "val_accuracy", "val_images")
    known = {key: record[key] for key in keys if record.get(key) is not None}
    return {**known, "chance_accuracy": chance.accuracy, "chance_loss": chance.loss}


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
