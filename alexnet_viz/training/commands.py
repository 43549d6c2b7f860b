"""Commands of the training: dataset, train, resume, stop, runs, delete, evaluate.

`register(commands)` adds them to the command line; each is imported where it is used, since torch takes seconds.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexnet_viz.cli_output import Bar, add_command, print_json, print_line
from alexnet_viz.errors import RecipeError
from alexnet_viz.number_words import percent

if TYPE_CHECKING:
    from alexnet_viz.runs import Run
    from alexnet_viz.training.recipe import Recipe

_FOLLOW_SECONDS = 0.3
_PACKING_PICTURES = 1000


def register(commands: Any) -> None:
    """Add the commands to a parser's subparsers; each sets `run`, which takes the options, returns the exit code."""
    dataset = add_command(
        commands, "dataset", _dataset, "check class folders, or a zip of them, as `train` would take them"
    )
    dataset.add_argument("path", type=Path, metavar="PATH")
    _add_train(add_command(commands, "train", _train, "train a network in a process of its own"))
    resume = add_command(commands, "resume", _resume, "go on with a run from its last complete checkpoint")
    resume.add_argument("id", metavar="RUN", help="an id or a name from `runs`")
    resume.add_argument("--detach", action="store_true", help="return at once")
    resume.add_argument(
        "--from-checkpoint",
        action="store_true",
        help="where the resume file is damaged: go on from the last whole epoch, with a new optimiser",
    )
    stop = add_command(commands, "stop", _stop, "let a run write a checkpoint and end")
    stop.add_argument("id", metavar="RUN")
    runs = add_command(commands, "runs", _runs, "all runs, the newest first")
    delete = add_command(commands, "delete", _delete, "remove a run and its files")
    delete.add_argument("id", metavar="RUN")
    for parser in (resume, stop, runs, delete):
        _add_runs_folder(parser)
    evaluate = add_command(
        commands, "evaluate", _evaluate, "how often a checkpoint is right on pictures it never learnt from"
    )
    evaluate.add_argument("--checkpoint", required=True, metavar="C")
    add_data(evaluate)
    pack = add_command(commands, "pack", _pack, "write a checkpoint small enough to ship, and measure what that costs")
    pack.add_argument("--checkpoint", required=True, metavar="C")
    pack.add_argument("--out", required=True, type=Path, metavar="FILE", help="the .safetensors to write")
    add_data(pack)


def _add_train(parser: argparse.ArgumentParser) -> None:
    add_data(parser)
    parser.add_argument("--preset", default="fast", metavar="P", help="recipe to start from; default fast")
    parser.add_argument("--epochs", metavar="N", help="passes over the pictures; default the preset's")
    parser.add_argument("--seed", metavar="S", help="of everything random; default 0")
    parser.add_argument("--name", default="", help="for the list of runs")
    parser.add_argument("--detach", action="store_true", help="return at once; the training goes on")
    parser.add_argument("--download", action="store_true", help="fetch cifar10 into --data first (170 MB)")
    parser.add_argument("--threads", type=int, default=0, metavar="N", help="of the arithmetic; default all cores")
    parser.add_argument(
        "--niceness", type=int, default=5, metavar="N", help="0 to 19, how far it stands back; default 5"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change a setting of the recipe; may be repeated",
    )
    _add_runs_folder(parser)


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a data set: --dataset, --data and --limit."""
    names = "shapes, cifar10 or folder; to measure on, cifar10-sample, which ships with the app"
    parser.add_argument("--dataset", required=True, metavar="D", help=names)
    add_data_options(parser)


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Add --data and --limit, which go with --dataset."""
    parser.add_argument("--data", type=Path, metavar="DIR", help="where the data are: a folder, or a zip of one")
    parser.add_argument("--limit", metavar="K", help="use only so many pictures")


def _add_runs_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--runs", type=Path, metavar="DIR", help="folder of the runs; default ALEXNET_VIZ_RUNS or runs/"
    )


# ---------------------------------------------------------------- commands


def _dataset(options: argparse.Namespace) -> int:
    from alexnet_viz.training.datasets.folder import inspect_folder

    found = inspect_folder(options.path)
    if options.json:
        print_json(found.to_record())
        return 0
    for name, count in found.per_class.items():
        print_line(f"{name}: {count}")
    print_line(f"{found.image_count} pictures of {len(found.classes)} classes, {len(found.skipped)} files skipped")
    for split in found.split_records():
        print_line(f"{', '.join(split['folders'])}: {split['images']} pictures, {split['use']}")
    for note in found.notes:
        print_line(note)
    for file in found.skipped:
        print_line(f"  {file.file}: {file.reason}")
    return 0


def _train(options: argparse.Namespace) -> int:
    from alexnet_viz.device import choose_device
    from alexnet_viz.runs import runs_folder
    from alexnet_viz.training.estimate import check_data, disk_need_of
    from alexnet_viz.training.launcher import Launch, start

    recipe = _recipe(options)
    data = data_folder(options)
    class_count = check_data(options.dataset, data, recipe)
    launch = Launch(
        dataset=options.dataset,
        recipe=recipe,
        data=data,
        name=options.name,
        device=str(choose_device()),
        threads=options.threads,
        niceness=options.niceness,
    )
    need = disk_need_of(recipe, class_count)
    run = start(launch, runs_folder(options.runs), need)
    if not options.json:
        print_line(f"run {run.id}\n{run.folder}\nneeds up to {need / 1e9:.1f} GB of disk", flush=True)
    return _follow(run, options)


def _recipe(options: argparse.Namespace) -> Recipe:
    from alexnet_viz.training.recipe import preset

    settings = {}
    for item in options.set:
        name, equals, value = item.partition("=")
        if not equals:
            raise RecipeError("--set", f"takes KEY=VALUE, not '{item}'")
        settings[name.strip()] = value.strip()
    given = {key: getattr(options, key) for key in ("epochs", "seed", "limit")}
    return preset(options.preset).with_settings({**settings, **{k: v for k, v in given.items() if v is not None}})


def data_folder(options: argparse.Namespace) -> Path | None:
    """Return where the data of --dataset and --data are."""
    if options.dataset != "cifar10":
        return options.data  # type: ignore[no-any-return]
    folder: Path = options.data or Path("data")
    if getattr(options, "download", False):
        from alexnet_viz.training.datasets.cifar10 import download

        download(folder)
    return folder


def _resume(options: argparse.Namespace) -> int:
    from alexnet_viz.training.launcher import resume

    run = _find(options)
    resume(run, from_checkpoint=options.from_checkpoint)
    return _follow(run, options)


def _stop(options: argparse.Namespace) -> int:
    from alexnet_viz.training.launcher import stop

    run = _find(options)
    stop(run)
    return _tell(run, options)


def _runs(options: argparse.Namespace) -> int:
    from alexnet_viz.runs import list_runs, runs_folder

    folder = runs_folder(options.runs)
    summaries = [run.summary() for run in list_runs(folder)]
    if options.json:
        print_json(summaries)
        return 0
    for summary in summaries:
        print_line(f"{summary['id']}  {summary['state']}  {_position(summary)}  {summary['name']}")
    if not summaries:
        print_line(f"no runs in {folder} yet")
    return 0


def _delete(options: argparse.Namespace) -> int:
    from alexnet_viz.runs import delete_run, runs_folder

    run = _find(options)
    delete_run(runs_folder(options.runs), run.id)
    if options.json:
        print_json({"id": run.id, "deleted": True})
    else:
        print_line(f"deleted {run.id}")
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from alexnet_viz.checkpoints import load_checkpoint
    from alexnet_viz.training.datasets.labelled import labelled_pictures
    from alexnet_viz.training.evaluation import evaluate
    from alexnet_viz.training.unseen import unseen

    checkpoint = load_checkpoint(options.checkpoint)
    pictures = labelled_pictures(options.dataset, data_folder(options), checkpoint.input_rule.short_side)
    found = unseen(pictures.split, {checkpoint.name: checkpoint}, limit_of(options))
    split = pictures.split.chosen(found.numbers)
    bar = Bar(options.json)
    result = evaluate(
        checkpoint, split, pictures.classes, lambda seen: bar.draw(seen / len(split), f"{seen:,} pictures")
    )
    bar.clear()
    if options.json:
        print_json({**result.to_record(), **found.to_record()})
        return 0
    loss = f"loss {result.loss:.4f}" if result.no_answer_count < result.count else ""
    scores = f"{percent(result.accuracy, 2)} of {result.count:,} pictures right"
    print_line(", ".join(filter(None, (scores, loss, result.no_answer_words))))
    print_line(f"always naming the most frequent class would be right on {percent(result.chance.accuracy)}")
    if found.words:
        print_line(found.words)
    for name, accuracy in result.per_class().items():
        print_line(f"  {name}: {'none' if accuracy is None else percent(accuracy, 1)}")
    return 0


def _pack(options: argparse.Namespace) -> int:
    from alexnet_viz.checkpoints import load_checkpoint, save_packed
    from alexnet_viz.training.datasets import load_dataset
    from alexnet_viz.training.datasets.labelled import labelled_pictures
    from alexnet_viz.training.evaluation import evaluate
    from alexnet_viz.training.packing import low_rank_factors
    from alexnet_viz.training.unseen import unseen

    checkpoint = load_checkpoint(options.checkpoint)
    folder = data_folder(options)
    size = checkpoint.input_rule.size
    data = load_dataset(options.dataset, folder, seed_of(checkpoint.metadata), side=size)
    pictures = labelled_pictures(options.dataset, folder, checkpoint.input_rule.short_side)
    found = unseen(pictures.split, {checkpoint.name: checkpoint}, limit_of(options))
    split = pictures.split.chosen(found.numbers)
    factors = low_rank_factors(checkpoint, data.train.first(_PACKING_PICTURES))
    source, metrics = str(checkpoint.metadata["source"]), _metrics_of(checkpoint.metadata)
    save_packed(options.out, checkpoint, factors, metrics=metrics, source=source)
    after = evaluate(load_checkpoint(str(options.out)), split, pictures.classes)
    metrics = {**metrics, "test_images": after.count, "test_accuracy": after.accuracy, "test_loss": after.loss}
    save_packed(options.out, checkpoint, factors, metrics=metrics, source=source)
    before = evaluate(checkpoint, split, pictures.classes)
    metrics["test_accuracy_unpacked"] = before.accuracy
    save_packed(options.out, checkpoint, factors, metrics=metrics, source=source)
    record = {"file": str(options.out), "bytes": options.out.stat().st_size, "metrics": metrics, **found.to_record()}
    if options.json:
        print_json({**record, "before": before.to_record(), "after": after.to_record()})
        return 0
    print_line(f"{record['file']}: {options.out.stat().st_size / 1e6:.1f} MB")
    first, second = percent(before.accuracy, 2), percent(after.accuracy, 2)
    print_line(f"{first} of {before.count:,} pictures right before, {second} after packing")
    if found.words:
        print_line(found.words)
    return 0


def limit_of(options: argparse.Namespace) -> int:
    """Return the number after --limit, 0 without one; raises RecipeError."""
    from alexnet_viz.training.recipe import Recipe

    return Recipe().with_settings({"limit": options.limit or "0"}).limit


def _metrics_of(metadata: dict[str, object]) -> dict[str, object]:
    metrics = metadata.get("metrics")
    return metrics if isinstance(metrics, dict) else {}


def seed_of(metadata: dict[str, object]) -> int:
    """Return the seed of a checkpoint's training, whose held-out pictures are then the same."""
    seed = metadata.get("seed")
    return seed if isinstance(seed, int) and 0 <= seed < 2**31 else 0


# ---------------------------------------------------------------- following a run


def _find(options: argparse.Namespace) -> Run:
    from alexnet_viz.runs import find_run, runs_folder

    return find_run(runs_folder(options.runs), options.id)


def _follow(run: Run, options: argparse.Namespace) -> int:
    """Wait until the run ends, unless detached, and tell how it went; Ctrl-C stops the run."""
    from alexnet_viz.training.launcher import wait

    if not options.detach:
        bar = _RunBar(options.json)
        try:
            while run.is_alive:
                bar.draw_run(run)
                wait(run, _FOLLOW_SECONDS)
        except KeyboardInterrupt:
            run.request_stop()
            wait(run, 60)
        bar.clear()
    return _tell(run, options)


def _tell(run: Run, options: argparse.Namespace) -> int:
    summary = run.summary()
    if options.json:
        print_json(summary)
    else:
        print_line(f"{summary['state']}, {_position(summary)}")
        if summary["state"] == "finished" and summary["message"]:
            print_line(str(summary["message"]))
        for key, value in run.last_epoch_metrics().items():
            if key in ("train_loss", "train_accuracy", "val_loss", "val_accuracy") and isinstance(value, float):
                print_line(f"  {key}: {value:.4f}")
    if summary["state"] in ("failed", "crashed"):
        sys.stderr.write(f"alexnet_viz: run {run.id} {summary['state']}: {summary['message']}\n")
        return 1
    return 0


def _position(summary: dict[str, object]) -> str:
    return f"epoch {summary['epoch']} of {summary['epochs']}, step {summary['step']}"


class _RunBar(Bar):
    """A progress bar that knows runs."""

    def draw_run(self, run: Run) -> None:
        """Draw where a run is."""
        if not self.shown:
            return
        points = run.metrics()
        steps = next((p["steps"] for p in reversed(points) if isinstance(p.get("steps"), int)), 0)
        last = next((p for p in reversed(points) if p.get("kind") == "step"), None)
        if last is None or not isinstance(steps, int) or steps == 0:
            self.draw(0.0, run.status().message)
            return
        step, loss, rate = last.get("step"), last.get("loss"), last.get("images_per_s")
        if isinstance(step, int):
            loss_text = f"{loss:.3f}" if isinstance(loss, float) else "no number"
            self.draw(step / steps, f"step {step} of {steps}, loss {loss_text}, {rate} images/s")
