"""A run as the Train page receives it: the keys of the page's typedef `Run`, which a test compares with these."""

from typing import TypedDict

from alexnet_viz.runs import CheckpointFile


class Kept(TypedDict):
    """A checkpoint of a run."""

    name: str
    epoch: int | None


class CurveFacts(TypedDict):
    """Facts from a run's curves, as its trainer wrote them: as untrusted as the file.

    Attributes:
        points: Grows by one whenever something came.
        measured: The newest epoch's losses, accuracies, number of images and their side in pixels.
        best: The best validation accuracy at full size, 0 to 1; `best_epoch` is where it was.
        first: Accuracy and number of images before the first step.
        steps: How many the run will have. As the rest down to `full_size`, None of a run of an earlier version.
        chance: What guessing scores: accuracy and loss.
        last_time: Seconds of the clock.
        duration: Seconds of work, without the time between a stop and a resume.
    """

    points: int
    measured: dict[str, object]
    best: object
    best_epoch: int | None
    first: dict[str, object] | None
    steps: object
    classes: object
    chance: object
    held_out: object
    train_images: object
    val_images: object
    full_size: object
    last_time: float | None
    duration: float
    images_per_s: float | None


class RunRow(CurveFacts):
    """A row of the list of runs.

    Attributes:
        state: As in `runs.status.Status`, "stopping", or "shipped" of a network that came with the app.
        message: Why it failed, or what it says of its end; `verdict` is what that says of the learning.
        created: Seconds of the clock.
        seconds_left: None before that can be told, and of a run that is not under way.
    """

    id: str
    name: str
    dataset: object
    seed: object
    recipe: dict[str, object]
    state: str
    epoch: int | None
    step: object
    message: str
    verdict: str
    note: str
    created: object
    checkpoints: list[Kept]
    seconds_left: float | None


class Refusal(TypedDict):
    """Why a run cannot be resumed, and its checkpoint that it can continue from, where there is one."""

    error: str
    last_whole: str | None


def kept(files: list[CheckpointFile]) -> list[Kept]:
    """Return the checkpoints of a run as the page lists them."""
    return [{"name": file.name, "epoch": file.epoch} for file in files]
