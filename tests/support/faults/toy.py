"""Trainings of seconds: a network with hardly any channels on sixteen drawn pictures."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from alexnet_viz.runs import Run, list_runs
from alexnet_viz.training import launcher
from alexnet_viz.training.launcher import Launch
from alexnet_viz.training.recipe import Recipe

TINY = str(Path(__file__).parents[2] / "training" / "tiny_trainer.py")
SHORT = Recipe(small_size=67, small_share=1.0, batch_size=8, epochs=2, limit=16, precision="fp32", learning_rate=0.001)
ENDLESS = replace(SHORT, epochs=10_000, keep_every=5)
SETTINGS = {key: str(value) for key, value in SHORT.to_record().items() if key in ("limit", "batch_size", "small_size")}


def launch(recipe: Recipe = ENDLESS) -> Launch:
    return Launch("shapes", recipe, threads=1, niceness=0)


@contextmanager
def toy_trainers(runs: Path) -> Iterator[None]:
    """Have the launcher start trainers of the toy network for the block; those of `runs` are ended with it."""
    before = launcher._TRAINER
    launcher._TRAINER = (TINY,)
    try:
        yield
    finally:
        end_all(runs)
        launcher._TRAINER = before


def end_all(runs: Path) -> None:
    """End every trainer of a folder, and collect those that this process started."""
    for run in list_runs(runs):
        launcher.kill(run)
    for child in list(launcher._children.values()):
        child.process.wait()
    launcher.collect_children()


def steps(run: Run) -> list[object]:
    return [point["step"] for point in run.metrics() if point["kind"] == "step"]
