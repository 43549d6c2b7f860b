"""Commands of the training: dataset, evaluate, pack, and those about runs.

`register(commands)` adds them to the command line. Imports are inside the functions: importing torch takes seconds.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from alexnet_viz.checkpoint_options import add_checkpoint_options, asked_checkpoint, assumed_record
from alexnet_viz.cli_output import Bar, add_command, file_to_write, print_json, print_line, print_notes, so_many
from alexnet_viz.language import some_of
from alexnet_viz.number_words import percent
from alexnet_viz.training.command_options import add_data, data_folder, limit_of, seed_of
from alexnet_viz.training.run_commands import register as register_runs

_PACKING_PICTURES = 1000


def register(commands: Any) -> None:
    """Add the commands to a parser's subparsers; each sets `run`, which takes the options, returns the exit code."""
    dataset = add_command(
        commands, "dataset", _dataset, "check class folders, or a zip of them, as `train` would take them"
    )
    dataset.add_argument("path", type=Path, metavar="PATH")
    register_runs(commands)
    evaluate = add_command(
        commands, "evaluate", _evaluate, "how often a checkpoint is right on pictures it never learnt from"
    )
    add_checkpoint_options(evaluate, required=True)
    add_data(evaluate)
    pack = add_command(commands, "pack", _pack, "write a checkpoint small enough to ship, and measure what that costs")
    add_checkpoint_options(pack, required=True)
    pack.add_argument("--out", required=True, type=file_to_write, metavar="FILE", help="the .safetensors to write")
    add_data(pack)


def _dataset(options: argparse.Namespace) -> int:
    from alexnet_viz.training.datasets.folder import inspect_folder

    found = inspect_folder(options.path)
    if options.json:
        print_json(found.to_record())
        return 0
    for name, count in found.per_class.items():
        print_line(f"{name}: {count}")
    pictures, classes = so_many(found.image_count, "picture"), so_many(len(found.classes), "class", "classes")
    print_line(f"{pictures} of {classes}, {so_many(len(found.skipped), 'file')} skipped")
    for split in found.split_records():
        print_line(f"{some_of(split['folders'])}: {so_many(split['images'], 'picture')}, {split['use']}")
    for note in found.notes:
        print_line(note)
    for file in found.skipped:
        print_line(f"  {file.file}: {file.reason}")
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from alexnet_viz.training.datasets.labelled import labelled_pictures
    from alexnet_viz.training.evaluation import evaluate
    from alexnet_viz.training.unseen import unseen

    checkpoint = asked_checkpoint(options)
    pictures = labelled_pictures(options.dataset, data_folder(options), *checkpoint.input_rule.stored)
    print_notes(pictures.notes)
    found = unseen(pictures.split, {"the checkpoint": checkpoint}, limit_of(options))
    split = pictures.split.chosen(found.numbers)
    bar = Bar(options.json)
    result = evaluate(
        checkpoint, split, pictures.classes, lambda seen: bar.draw(seen / len(split), f"{seen:,} pictures")
    )
    bar.clear()
    if options.json:
        notes = {"notes": list(pictures.notes)}
        print_json({**result.to_record(), **found.to_record(), **notes, **assumed_record(checkpoint)})
        return 0
    loss = f"loss {result.loss:.4f}" if result.no_answer_count < result.count else ""
    scores = f"{percent(result.accuracy, 2)} of {so_many(result.count, 'picture')} right"
    print_line(", ".join(filter(None, (scores, loss, result.no_answer_words))))
    print_line(f"always naming the most frequent class would be right on {percent(result.chance.accuracy)}")
    if found.words:
        print_line(found.words)
    for name, accuracy in result.per_class().items():
        print_line(f"  {name}: {'none' if accuracy is None else percent(accuracy, 1)}")
    return 0


def _pack(options: argparse.Namespace) -> int:
    from alexnet_viz.checkpoints import load_checkpoint, save_packed
    from alexnet_viz.first_filters import DIRECTIONS
    from alexnet_viz.training.datasets import load_dataset
    from alexnet_viz.training.datasets.labelled import labelled_pictures
    from alexnet_viz.training.evaluation import all_classes, evaluate
    from alexnet_viz.training.packing import low_rank_factors, with_first_layer_within
    from alexnet_viz.training.unseen import unseen

    checkpoint = asked_checkpoint(options)
    folder = data_folder(options)
    size = checkpoint.input_rule.size
    data = load_dataset(options.dataset, folder, seed_of(checkpoint.metadata), side=size)
    pictures = labelled_pictures(options.dataset, folder, *checkpoint.input_rule.stored)
    all_classes(checkpoint, pictures.classes)  # before a minute is spent
    found = unseen(pictures.split, {"the checkpoint": checkpoint}, limit_of(options))
    split = pictures.split.chosen(found.numbers)
    projected, share = with_first_layer_within(checkpoint, data.train)
    factors = low_rank_factors(projected, data.train.first(_PACKING_PICTURES))
    source, metrics = str(checkpoint.metadata["source"]), _metrics_of(checkpoint.metadata)
    metrics |= {"conv1_directions": DIRECTIONS, "conv1_variance_kept": share}
    save_packed(options.out, projected, factors, metrics=metrics, source=source)
    after = evaluate(load_checkpoint(str(options.out)), split, pictures.classes)
    metrics = {**metrics, "test_images": after.count, "test_accuracy": after.accuracy, "test_loss": after.loss}
    save_packed(options.out, projected, factors, metrics=metrics, source=source)
    before = evaluate(checkpoint, split, pictures.classes)
    metrics["test_accuracy_unpacked"] = before.accuracy
    save_packed(options.out, projected, factors, metrics=metrics, source=source)
    record = {"file": str(options.out), "bytes": options.out.stat().st_size, "metrics": metrics, **found.to_record()}
    if options.json:
        measured = {"before": before.to_record(), "after": after.to_record()}
        print_json({**record, **measured, **assumed_record(checkpoint)})
        return 0
    print_line(f"{record['file']}: {options.out.stat().st_size / 1e6:.1f} MB")
    first, second = percent(before.accuracy, 2), percent(after.accuracy, 2)
    print_line(f"conv1 keeps {DIRECTIONS} directions, {percent(share, 2)} of the variance of the pictures' patches")
    print_line(f"{first} of {so_many(before.count, 'picture')} right before, {second} after packing")
    if found.words:
        print_line(found.words)
    return 0


def _metrics_of(metadata: dict[str, object]) -> dict[str, object]:
    metrics = metadata.get("metrics")
    return metrics if isinstance(metrics, dict) else {}
