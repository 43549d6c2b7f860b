"""A whole lesson with all its answers, or what is wrong with it, with file and line."""

from __future__ import annotations

from alexnet_viz.errors import AlexNetVizError
from alexnet_viz.lessons.asked import Asked
from alexnet_viz.lessons.facts import Facts
from alexnet_viz.lessons.questions import resolve
from alexnet_viz.lessons.reading import LessonFile


def check_lesson(file: LessonFile, facts: Facts | None = None) -> list[Asked | None]:
    """Return each step's question with its answer, None where a step asks nothing.

    Raises:
        LessonError: A name is unknown, or an answer cannot be computed.
    """
    facts = facts if facts is not None else Facts()
    asked = []
    for index, step in enumerate(file.lesson.steps):
        try:
            _check_names(step.view, facts)
            asked.append(resolve(step, facts))
        except AlexNetVizError as error:
            part = "question" if step.question is not None else "view"
            raise file.refusal(str(error), "steps", index, part) from error
    return asked


def _check_names(view: dict[str, str | int | float], facts: Facts) -> None:
    """Refuse a view that names a checkpoint or a stage that does not exist; Architecture names stages its own way."""
    checkpoint, stage = view.get("checkpoint"), view.get("stage")
    if checkpoint is not None and stage is not None and view["page"] != "architecture":
        facts.layer(str(checkpoint), str(stage))
