"""The lesson in progress: one per process, safe for any number of threads.

room = LessonRoom(Path("classroom.json"))
room.open("layers", lesson, asked)
pupil = room.join()
room.answer(pupil, step=3, given="27")
room.act("reveal")
room.told(pupil)  # what this pupil's page shows
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from alexnet_viz.classroom import names
from alexnet_viz.classroom.presence import MOST_PUPILS, Presence, is_id, new_id
from alexnet_viz.classroom.record import Record, Saver, View, load
from alexnet_viz.errors import AnswerError, ClassroomError
from alexnet_viz.language import said
from alexnet_viz.lessons.asked import Asked
from alexnet_viz.lessons.schema import Lesson, Step, as_text
from alexnet_viz.lessons.spoken import speaker

_MOST_SHOWN = 3  # rows of right answers, and of wrong ones: a slide still has room for its picture
_MOST_QUERY = 40  # keys of an address
ACTS = ("begin", "next", "back", "reveal", "blank", "free", "bring", "end")


class LessonRoom:
    """Who is here, what the class sees, what it has answered.

    Args:
        path: The file that keeps it; None keeps it in memory only.
        changed: Called after every change, from the thread that made it.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        path: Path | None = None,
        changed: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lock = threading.RLock()
        self._record = load(path)
        self._presence = Presence(self._record.pupils, clock)
        self._saver = Saver(path) if path is not None else None
        self.changed = changed
        self._save()
        self.flush()  # its codes must be the same after a restart

    @property
    def record(self) -> Record:
        """The saved state; read only."""
        return self._record

    @property
    def version(self) -> int:
        """A number that increases with every change."""
        return self._record.version

    # ---------------------------------------------------------------- the teacher
    def open(self, name: str, lesson: Lesson, asked: list[Asked | None]) -> None:
        """Open a lesson at its first step; pupils stay, answers are removed."""
        with self._lock:
            self._record = self._begun(name=name, lesson=lesson, asked=asked, phase="running")
            self._go(0)

    def close(self) -> None:
        """Close the lesson; pupils stay."""
        with self._lock:
            self._record = self._begun()
            self._keep()

    def _begun(self, **given: Any) -> Record:
        """Return a record without answers, with the present pupils and the names that they have given."""
        kept = ("code", "key", "secret", "pupils", "calls", "version", "names", "may_train", "runs")
        return Record(**{name: getattr(self._record, name) for name in kept}, **given)

    def act(self, act: str) -> None:
        """Do what the teacher's button says, one of ACTS; raises ClassroomError."""
        with self._lock:
            record = self._record
            if act not in ACTS or record.lesson is None:
                raise ClassroomError(said("No lesson is open. Choose one at the top of the Classroom page."))
            if act in ("next", "back"):
                self._go(record.step + (1 if act == "next" else -1))
                return
            if act == "reveal" and record.asked[record.step] is not None and record.step not in record.revealed:
                record.revealed.append(record.step)
            elif act == "blank":
                record.is_blank = not record.is_blank
            elif act == "free":
                record.is_free = not record.is_free
            elif act == "bring":
                self._bring()
            elif act in ("begin", "end"):
                record.phase = "running" if act == "begin" else "over"
            self._keep()

    def go(self, step: int) -> None:
        """Open a step, from 0."""
        with self._lock:
            self._go(step)

    def show(self, view: View, step: int | None = None) -> int:
        """Show the class another view, as the teacher moves about; return the version that has it.

        Args:
            view: What the teacher's page shows.
            step: At which step; where the class is at another by now, it stays there.
        """
        if len(view.query) > _MOST_QUERY or any(len(text) > 200 for pair in view.query.items() for text in pair):
            raise ClassroomError(said("This view's address is too long to be followed."))
        with self._lock:
            if view != self._record.view and step in (None, self._record.step):
                self._record.view = view
                self._keep()
            return self.version

    def table(self) -> list[list[object]]:
        """Return the answers as rows of step, question, answer, count, right: no names, in no pupil's order."""
        with self._lock:
            record = self._record
            rows: list[list[object]] = []
            for index, asked in enumerate(record.asked):
                if asked is not None:
                    spread = asked.spread(record.answers.get(index, {}).values())
                    rows += [[index + 1, asked.ask, row["answer"], row["count"], row["right"]] for row in spread]
            return rows

    def allow_training(self, is_allowed: bool) -> None:
        """Allow the class to launch trainings, or forbid it."""
        with self._lock:
            self._record.may_train = is_allowed
            self._keep()

    def keep_run(self, pupil: str, run: str) -> None:
        """Note that a pupil has launched a run: it is theirs to stop."""
        with self._lock:
            self._record.runs[run] = pupil
            self._keep()

    def choose_name(self, unit: str, name: str) -> None:
        """Show a proposed name of a unit on the class's pages; raises ClassroomError."""
        with self._lock:
            names.choose(self._record, unit, name)
            self._keep()

    def names_table(self) -> list[list[object]]:
        """Return the names that the class proposes, as rows."""
        with self._lock:
            return names.table(self._record)

    def _go(self, step: int) -> None:
        record = self._record
        if record.lesson is None or not 0 <= step < len(record.lesson.steps):
            return
        record.step = step
        record.is_blank = False
        record.is_free = record.lesson.steps[step].free
        record.view = view_of(record.lesson.steps[step])
        self._keep()

    def _bring(self) -> None:
        self._record.is_free = False
        self._record.calls += 1
        self._presence.bring()
        for pupil in self._record.pupils.values():
            pupil.is_alone = False

    # ---------------------------------------------------------------- the class
    def join(self, pupil: str = "") -> str:
        """Add a pupil and return the id that their browser keeps.

        Args:
            pupil: The id that the page with the code was made for: a second tap on its button is the same square.
        Raises:
            ClassroomError: The room is full.
        """
        pupil = pupil if is_id(pupil) else new_id()
        if not self.welcome(pupil):
            raise ClassroomError(said("{n} are here, the most that one lesson takes.", n=MOST_PUPILS))
        return pupil

    def welcome(self, pupil: str) -> bool:
        """Record that a pupil who has joined is here; one who was away is added again.

        Returns:
            False where the room is full, or where `pupil` is no id.
        """
        with self._lock:
            if not self.knows(pupil):
                self._let_go()
                if len(self._record.pupils) >= MOST_PUPILS or not is_id(pupil):
                    return False
                self._presence.take_in(self._record.pupils, pupil)
                self._keep()
            self._presence.note(pupil)
            return True

    def _let_go(self) -> None:
        """Remove the pupils who have gone; their answers stay."""
        if self._presence.let_go(self._record.pupils):
            self._keep()

    def knows(self, pupil: str) -> bool:
        """Return whether somebody of this id is here."""
        return pupil in self._record.pupils

    def answer(self, pupil: str, step: int, given: object) -> None:
        """Count an answer, in place of the pupil's earlier one.

        Raises:
            AnswerError: It is no answer to the question, or comes after Reveal.
            ClassroomError: The step asks nothing, or is not the one that the class is at.
        """
        with self._lock:
            record = self._record
            asked = record.asked[step] if 0 <= step < len(record.asked) else None
            if not self.knows(pupil) or asked is None or step != record.step or record.phase != "running":
                raise ClassroomError(said("The class is at another question by now."))
            if step in record.revealed:
                raise AnswerError(said("The answer is already shown."))
            record.answers.setdefault(step, {})[pupil] = asked.read(given)
            self._keep()

    def leave(self, pupil: str, *, alone: bool) -> None:
        """Record that a pupil explores alone, or has come back."""
        with self._lock:
            if self.knows(pupil) and self._record.pupils[pupil].is_alone != alone:
                self._record.pupils[pupil].is_alone = alone
                self._keep()

    def propose_name(self, pupil: str, unit: str, checkpoint: str, name: str) -> None:
        """Take a pupil's name for a unit; raises ClassroomError."""
        with self._lock:
            if self.knows(pupil):
                names.propose(self._record, pupil, unit, checkpoint, name)
                self._keep()

    # ---------------------------------------------------------------- what a page is told
    def told(self, pupil: str | None = None) -> dict[str, object]:
        """Return what a pupil's page shows, ready for JSON; without a pupil, what is projected."""
        with self._lock:
            self._let_go()
            record = self._record
            own = record.pupils.get(pupil or "")
            steps = record.lesson.steps if record.lesson else ()
            return {
                "version": record.version,
                "phase": record.phase,
                "title": self._say(record.lesson.title) if record.lesson else "",
                "step": record.step,
                "steps": len(steps),
                "text": self._say(steps[record.step].text) if steps else "",
                "is_blank": record.is_blank,
                "is_free": record.is_free,
                "calls": record.calls,
                # who has answered and gone is among those of whom so many have answered
                "here": len(record.pupils.keys() | record.answers.get(record.step, {}).keys()),
                "view": {"path": record.view.path, "query": record.view.query},
                "question": self._question(pupil),
                "square": own.square if own else None,
                "is_alone": own.is_alone if own else False,
                "names": names.chosen(record),
                "may_train": record.may_train,
            }

    def told_teacher(self) -> dict[str, object]:
        """Return what the teacher's page shows in addition: notes, answers, squares, the code."""
        with self._lock:
            record = self._record
            answers = record.answers.get(record.step, {})
            asked = self._spoken()
            told = self.told()  # lets go who has gone
            squares = {
                each.square: "alone" if each.is_alone else "answered" if key in answers else "thinking"
                for key, each in record.pupils.items()
            }
            lesson = record.lesson
            return {
                **told,
                "code": record.code,
                "lesson": record.name,
                "minutes": lesson.minutes if lesson else 0,
                "list": [
                    {"title": self._say(each.title), "about": self._say(each.about), "note": self._say(each.note)}
                    for each in (lesson.steps if lesson else ())
                ],
                "spread": asked.spread(answers.values()) if asked else [],
                "right": asked.in_words(asked.answer) if asked else "",
                "explanation": asked.explained() if asked else "",
                "proposals": names.proposals(record),
                "squares": [squares.get(number, "away") for number in range(1, max(squares, default=0) + 1)],
            }

    def _question(self, pupil: str | None) -> dict[str, object] | None:
        record, asked = self._record, self._spoken()
        if asked is None:
            return None
        answers = record.answers.get(record.step, {})
        own = answers.get(pupil or "")
        told: dict[str, object] = {
            "kind": asked.kind,
            "ask": asked.ask,
            "hint": asked.hint,
            "unit": asked.unit,
            "choices": list(asked.shown),
            "numbers": 0 if asked.choices else len(asked.answer),
            "answered": len(answers),
            "own": asked.in_words(own) if own is not None else None,
            "revealed": None,
        }
        if record.step in record.revealed:  # never before
            told["revealed"] = {
                "answer": asked.in_words(asked.answer),
                "explanation": asked.explained(),
                "spread": asked.spread(answers.values(), _MOST_SHOWN),
                "is_right": None if own is None else asked.is_right(own),
            }
        return told

    def _say(self, text: str) -> str:
        """Return a sentence of the lesson in the language of the request; the lesson is stored as its file has it."""
        return speaker(self._record.lesson)(text) if self._record.lesson else text

    def _spoken(self) -> Asked | None:
        """Return the step's question in the language of the request."""
        record = self._record
        asked = record.asked[record.step] if record.asked else None
        return asked.spoken(self._say) if asked else None

    def _keep(self) -> None:
        self._record.version += 1
        self._save()
        self.changed()

    def _save(self) -> None:
        if self._saver is not None:
            self._saver.put(msgspec.json.encode(self._record))

    def flush(self) -> None:
        """Wait until the file holds the current state."""
        if self._saver is not None:
            self._saver.flush()


def view_of(step: Step) -> View:
    """Return the address of a step's view."""
    page = str(step.view["page"])
    query = {key: as_text(value) for key, value in step.view.items() if key != "page"}
    return View("" if page == "explore" else page, query)
