"""A lesson's answers, computed by the engine that serves everyone."""

from __future__ import annotations

from alexnet_viz.classroom.lesson_room import LessonRoom
from alexnet_viz.errors import ClassroomError
from alexnet_viz.images import GALLERY
from alexnet_viz.language import said
from alexnet_viz.lessons.checking import check_lesson
from alexnet_viz.lessons.facts import Facts, Pass
from alexnet_viz.lessons.folder import Listed, lessons
from alexnet_viz.lessons.spoken import speaker
from alexnet_viz.ui.explore.service import Service, Subject


def listed_lessons() -> list[dict[str, object]]:
    """Return all lessons: title, minutes, each step's question; or why a file cannot be used."""
    return [_row(each) for each in lessons()]


def _row(listed: Listed) -> dict[str, object]:
    if listed.file is None:
        return {"name": listed.name, "title": listed.name, "problem": listed.problem}
    lesson = listed.file.lesson
    say = speaker(lesson)
    steps = [
        {"title": say(each.title), "ask": say(each.question.ask if each.question else "")} for each in lesson.steps
    ]
    row = {"name": listed.name, "title": say(lesson.title), "problem": ""}
    return {**row, "about": say(lesson.about), "minutes": lesson.minutes, "steps": steps}


def open_lesson(room: LessonRoom, service: Service, name: str) -> None:
    """Open a lesson by its name.

    Raises:
        ClassroomError: There is none of that name, or its file cannot be used.
        LessonError: An answer cannot be computed.
    """
    listed = next((each for each in lessons() if each.name == name), None)
    if listed is None or listed.file is None:
        raise ClassroomError(
            listed.problem if listed else said("There is no lesson '{name}'; choose one of the list.", name=name)
        )

    def passed(checkpoint: str, photo: str) -> Pass:
        if photo not in {each.name for each in GALLERY}:
            raise ClassroomError(
                said("'{photo}' is no photo of the gallery, and a lesson shows no other.", photo=photo)
            )
        loaded, _, _, result = service.subject(Subject(photo, checkpoint, ""))
        return Pass(result, loaded.classes)

    room.open(name, listed.file.lesson, check_lesson(listed.file, Facts(passes=passed)))
