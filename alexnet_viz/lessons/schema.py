"""What a lesson file may contain; checked by msgspec, described for authors in docs/CLASSROOM.md."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=40)] | int | float  # 55 in a file is the word "55"
Tolerance = Annotated[float, msgspec.Meta(ge=0)]
Page = Literal["explore", "unit", "why", "compare", "train", "architecture"]
FactName = Literal[
    "width",
    "channels",
    "parameters",
    "multiply-adds",
    "receptive-field",
    "value",
    "largest",
    "silent-channels",
    "strongest-channel",
    "class",
    "probability",
    "loss",
]


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value computed by a network; what is left out is taken from the step's view.

    Attributes:
        fact: Which number or word.
        stage: Of which stage; "all" stages together for parameters and multiply-adds.
        channel: Of which channel.
        checkpoint: Of which network.
        photo: For which photo of the gallery.
        class_: Of which class, for a probability; the predicted one where it is left out.
        epoch: After which epoch, for a loss.
    """

    fact: FactName
    stage: str | None = None
    channel: int | None = None
    checkpoint: str | None = None
    photo: str | None = None
    class_: str | None = msgspec.field(default=None, name="class")
    epoch: int | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """The fields of every question.

    Attributes:
        ask: The question.
        hint: Below it, for who wants one.
        explanation: After the answer; "{answer}" in it is the answer.
    """

    ask: Short
    hint: str = ""
    explanation: Text


class Choice(Question, frozen=True, kw_only=True, tag="choice"):
    """One of some words.

    Attributes:
        choices: Two to six, in the order in which they are shown.
        answer: One of them, or what the network says.
    """

    choices: Annotated[tuple[Word, ...], msgspec.Meta(min_length=2, max_length=6)]
    answer: Word | Fact


class Number(Question, frozen=True, kw_only=True, tag="number"):
    """A number.

    Attributes:
        answer: It, or what the network says.
        tolerance: How far from it is still right.
        unit: "pixels", "%"; a share is asked for in percent.
    """

    answer: float | Fact
    tolerance: Tolerance = 0.0
    unit: str = ""


class Place(Question, frozen=True, kw_only=True, tag="place"):
    """A place on the map that the step shows.

    Attributes:
        answer: "strongest", where the map has its largest value, or row and column.
        tolerance: How many rows or columns beside it are still right.
    """

    answer: Literal["strongest"] | tuple[int, int] = "strongest"
    tolerance: Tolerance = 1.0


class Channel(Question, frozen=True, kw_only=True, tag="channel"):
    """A channel of the stage that the step shows."""

    answer: int | Fact


class Shape(Question, frozen=True, kw_only=True, tag="shape"):
    """The shape of a stage's output."""

    stage: str


class Parameters(Question, frozen=True, kw_only=True, tag="parameters"):
    """How many parameters a stage has.

    Attributes:
        stage: Which one, or "all".
        tolerance: The share of the answer that is still right.
    """

    stage: str
    tolerance: Tolerance = 0.0


class NextLoss(Question, frozen=True, kw_only=True, tag="next-loss"):
    """The loss on held-out pictures after an epoch of the run that the step shows.

    Attributes:
        epoch: Which one.
        tolerance: How far from it is still right.
    """

    epoch: int
    tolerance: Tolerance = 0.1


AnyQuestion = Choice | Number | Place | Channel | Shape | Parameters | NextLoss


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of a lesson.

    Attributes:
        title: In the list of steps.
        about: A few words under it.
        view: What is shown: the page, and its address's keys.
        text: The sentence that the class reads.
        note: Only the teacher sees it.
        question: None for a step that asks nothing.
        free: Whether pupils explore alone at this step.
    """

    title: Short
    about: Annotated[str, msgspec.Meta(max_length=60)] = ""
    view: dict[str, str | int | float]
    text: Text
    note: str = ""
    question: AnyQuestion | None = None
    free: bool = False


class Lesson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A lesson.

    Attributes:
        title: On every screen.
        about: One sentence for who chooses a lesson.
        minutes: How long it takes.
        steps: In order.
    """

    title: Short
    about: Text
    minutes: Annotated[int, msgspec.Meta(ge=1, le=600)]
    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1, max_length=60)]


# The keys of each page's address; a test compares them with the pages' own tables.
PAGE_KEYS: dict[str, frozenset[str]] = {
    "explore": frozenset(
        [
            "photo",
            "checkpoint",
            "resize",
            "stage",
            "channel",
            "place",
            "range",
            "top",
            "order",
            "map",
            "gamma",
            "silent",
            "tile",
            "view",
        ]
    ),
    "unit": frozenset(["photo", "checkpoint", "resize", "stage", "channel", "place", "terms", "input", "data"]),
    "why": frozenset(["photo", "checkpoint", "resize", "method", "target", "versus", "stage", "look", "untrained"]),
    "compare": frozenset(
        [
            "photo",
            "a",
            "b",
            "view",
            "stage",
            "other",
            "channel",
            "place",
            "order",
            "mode",
            "shown",
            "top",
            "pairs",
            "split",
            "data",
            "count",
            "more",
        ]
    ),
    "train": frozenset(["run", "epoch", "photo", "stage", "channel", "filter", "axis", "smoothing"]),
    "architecture": frozenset(["variant", "classes", "photo", "checkpoint", "numbers", "stage", "sort"]),
}


def as_text(value: str | float) -> str:
    """Return a value of a lesson's file as text: 55 and 55.0 are "55"."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
