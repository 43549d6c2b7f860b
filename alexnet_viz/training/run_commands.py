"""Commands about runs: train, resume, stop, runs, delete.

`register(commands)` adds them to the command line. Imports are inside the functions: importing torch takes seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexnet_viz.cli_output import (
    Bar,
    add_command,
    one_line,
    print_json,
    print_line,
    print_note,
    print_notes,
    whole_number,
)
from alexnet_viz.errors import RecipeError, RunError
from alexnet_viz.number_words import number, percent
from alexnet_viz.training.command_options import add_data, data_folder

if TYPE_CHECKING:
    from alexnet_viz.runs import Run
    from alexnet_viz.training.recipe import Recipe

_FOLLOW_SECONDS = 0.3
_SCORES = {
    "train_loss": "loss on the training images",
    "train_accuracy": "training images right",
    "val_loss": "loss on the held-out images",
    "val_accuracy": "held-out images right",
}


def register(commands: Any) -> None:
    """Add the commands to a parser's subparsers; each sets `run`, which takes the options, returns the exit code."""
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


def _add_train(parser: argparse.ArgumentParser) -> None:
    add_data(parser)
    parser.add_argument("--preset", default="fast", metavar="P", help="recipe to start from; default fast")
    parser.add_argument("--epochs", metavar="N", help="passes over the pictures; default the preset's")
    parser.add_argument("--seed", metavar="S", help="of everything random; default 0")
    parser.add_argument("--name", default="", help="for the list of runs")
    parser.add_argument("--detach", action="store_true", help="return at once; the training goes on")
    parser.add_argument("--download", action="store_true", help="fetch cifar10 into --data first (170 MB)")
    parser.add_argument(
        "--threads", type=whole_number(0, 999), default=0, metavar="N", help="of the arithmetic; default all cores"
    )
    parser.add_argument(
        "--niceness",
        type=whole_number(0, 19),
        default=5,
        metavar="N",
        help="0 to 19, how far it stands back; default 5",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change a setting of the recipe; may be repeated",
    )
    _add_runs_folder(parser)


def _add_runs_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--runs", type=Path, metavar="DIR", help="folder of the runs; default ALEXNET_VIZ_RUNS or runs/"
    )


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
    with _told_if_interrupted():
        run = start(launch, runs_folder(options.runs), need)
    if not options.json:
        print_line(f"run {run.id}\n{run.folder}\nneeds up to {need / 1e9:.1f} GB of disk", flush=True)
    return _follow(run, options)


@contextlib.contextmanager
def _told_if_interrupted() -> Iterator[None]:
    """Report what Ctrl-C during the start of a trainer has done."""
    try:
        yield
    except KeyboardInterrupt:
        print_note("interrupted while the training was starting; it was asked to end, `runs` says where it is")
        raise


def _recipe(options: argparse.Namespace) -> Recipe:
    from alexnet_viz.training.recipe import preset

    settings = {}
    for item in options.set:
        name, _, value = item.partition("=")
        if not name.strip() or name == item:
            raise RecipeError("--set", f"takes KEY=VALUE, not '{item}'")
        settings[name.strip()] = value.strip()
    given = {key: getattr(options, key) for key in ("epochs", "seed", "limit")}
    return preset(options.preset).with_settings({**settings, **{k: v for k, v in given.items() if v is not None}})


def _resume(options: argparse.Namespace) -> int:
    from alexnet_viz.training.launcher import resume

    run = _find(options)
    with _told_if_interrupted():
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
        print_line(one_line(f"{summary['id']}  {summary['state']}  {_position(summary)}  {summary['name']}"))
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


# ---------------------------------------------------------------- following a run


def _find(options: argparse.Namespace) -> Run:
    from alexnet_viz.runs import find_run, runs_folder

    return find_run(runs_folder(options.runs), options.id)


def _follow(run: Run, options: argparse.Namespace) -> int:
    """Wait until the run ends, unless detached, and tell how it went; Ctrl-C stops the run."""
    from alexnet_viz.training.launcher import wait

    if not options.detach:
        bar = _RunBar(run, options.json)
        notes: list[str] | None = None
        try:
            while run.is_alive:
                if notes is None and (notes := run.data_notes()):
                    bar.clear()
                    print_notes(notes)
                bar.draw_run()
                wait(run, _FOLLOW_SECONDS)
        except KeyboardInterrupt:
            run.request_stop()
            bar.clear()
            print_note(
                "interrupted; the training was asked to save what it has learnt and end, `runs` says where it is"
            )
            wait(run, 60)
        bar.clear()
        if notes is None:  # it ended in less time than a look takes
            print_notes(run.data_notes() or ())
    return _tell(run, options)


def _tell(run: Run, options: argparse.Namespace) -> int:
    summary = run.summary()
    if not run.folder.exists():
        raise RunError(run.id, "was deleted while it was followed; nothing of it is left")
    if options.json:
        print_json(summary)
    else:
        print_line(f"{summary['state']}, {_position(summary)}")
        if summary["state"] == "finished" and summary["message"]:
            print_line(str(summary["message"]))
        for key, value in run.last_epoch_metrics().items():
            if key in _SCORES and isinstance(value, float):
                print_line(f"  {_SCORES[key]}: {percent(value, 2) if 'accuracy' in key else number(value)}")
    if summary["state"] in ("failed", "crashed"):
        sys.stderr.write(f"alexnet_viz: run {run.id} {summary['state']}: {summary['message']}\n")
        return 1
    return 0


def _position(summary: dict[str, object]) -> str:
    return f"epoch {summary['epoch']} of {summary['epochs']}, step {summary['step']}"


class _RunBar(Bar):
    """A progress bar for a run."""

    def __init__(self, run: Run, silent: bool) -> None:
        from alexnet_viz.runs import MetricsReader

        super().__init__(silent)
        self._run, self._reader = run, MetricsReader(run.folder / "metrics.jsonl")

    def draw_run(self) -> None:
        """Draw where the run is."""
        if not self.shown:
            return
        self._reader.read()
        points = self._reader.points
        steps = next((p["steps"] for p in reversed(points) if isinstance(p.get("steps"), int)), 0)
        last = next((p for p in reversed(points) if p.get("kind") == "step"), None)
        if last is None or not isinstance(steps, int) or steps == 0:
            self.draw(0.0, self._run.status().message)
            return
        step, loss, rate = last.get("step"), last.get("loss"), last.get("images_per_s")
        if isinstance(step, int):
            loss_text = f"{loss:.3f}" if isinstance(loss, float) else "no number"
            self.draw(step / steps, f"step {step} of {steps}, loss {loss_text}, {rate} images/s")
