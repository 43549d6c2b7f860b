"""A lesson that is being held: who sees what, what is counted, what a restart keeps."""

import stat
from pathlib import Path

import msgspec
import pytest

from alexnet_viz.classroom import names
from alexnet_viz.classroom.lesson_room import LessonRoom
from alexnet_viz.classroom.presence import AWAY_SECONDS, MOST_PUPILS
from alexnet_viz.classroom.record import View
from alexnet_viz.errors import AnswerError, ClassroomError
from alexnet_viz.lessons.asked import Asked
from alexnet_viz.lessons.schema import Lesson

ASKED = Asked("choice", "How wide?", "3 × 3", "It is {answer}.", ("55", "27", "13"), "27")


def lesson() -> Lesson:
    steps = [
        {"title": "Look", "text": "A map.", "note": "Wait.",
         "view": {"page": "explore", "stage": "block1.relu", "channel": 40.0}},
        {"title": "How wide?", "text": "Pooling.", "view": {"page": "train", "run": "cifar10-fast"}},
        {"title": "Play", "text": "Your own photo.", "view": {"page": "explore"}, "free": True},
    ]  # fmt: skip
    return msgspec.convert({"title": "Layers", "about": "About.", "minutes": 5, "steps": steps}, Lesson)


def room(path: Path | None = None) -> LessonRoom:
    opened = LessonRoom(path)
    opened.open("layers", lesson(), [None, ASKED, None])
    return opened


def question(held: LessonRoom, pupil: str | None = None) -> dict[str, object]:
    told = held.told(pupil)["question"]
    assert isinstance(told, dict)
    return told


def test_the_class_sees_the_steps_view() -> None:
    held = room()
    assert held.told()["view"] == {"path": "", "query": {"stage": "block1.relu", "channel": "40"}}
    held.act("next")
    assert held.told()["view"] == {"path": "train", "query": {"run": "cifar10-fast"}}
    held.act("back")
    held.act("back")
    assert held.told()["step"] == 0


def test_the_class_sees_where_the_teacher_goes() -> None:
    held = room()
    held.show(View("unit", {"stage": "block2.relu"}))
    assert held.told()["view"] == {"path": "unit", "query": {"stage": "block2.relu"}}
    before = held.version
    held.show(View("unit", {"stage": "block2.relu"}))
    assert held.version == before  # nothing is new, nobody is told
    with pytest.raises(ClassroomError, match="too long"):
        held.show(View("unit", {"stage": "x" * 201}))


def test_a_view_that_comes_after_its_step_leads_nobody_back() -> None:
    held = room()
    held.act("next")
    version = held.version
    assert held.show(View("", {"stage": "block1.relu"}), step=0) == version
    assert held.told()["view"] == {"path": "train", "query": {"run": "cifar10-fast"}}
    assert held.show(View("train", {"run": "other"}), step=1) == version + 1


def test_neither_answer_nor_distribution_is_told_before_reveal() -> None:
    held = room()
    held.act("next")
    anna, ben, cleo = (held.join() for _ in range(3))
    held.answer(anna, 1, "27")
    held.answer(ben, 1, "55")
    told = question(held, cleo)
    assert (told["answered"], told["own"], told["revealed"]) == (2, None, None)
    assert "27" not in msgspec.json.encode({**told, "choices": []}).decode()
    held.act("reveal")
    told = question(held, anna)
    assert told["own"] == "27"
    assert told["revealed"] == {
        "answer": "27",
        "explanation": "It is 27.",
        "spread": [
            {"answer": "55", "count": 1, "right": False},
            {"answer": "27", "count": 1, "right": True},
            {"answer": "13", "count": 0, "right": False},
        ],
        "is_right": True,
    }
    assert question(held, ben)["revealed"]["is_right"] is False  # type: ignore[index]
    assert question(held, cleo)["revealed"]["is_right"] is None  # type: ignore[index]


def test_a_slide_shows_the_few_answers_that_it_has_room_for() -> None:
    held = LessonRoom()
    number = Asked("number", "How wide?", "", "It is {answer}.", (), (27.0,))
    held.open("layers", lesson(), [None, number, None])
    held.act("next")
    for given in (*range(1, 13), 27):
        held.answer(held.join(), 1, given)
    held.act("reveal")
    shown = question(held)["revealed"]["spread"]  # type: ignore[index]
    assert [(row["answer"], row["count"], row["right"]) for row in shown] == [
        ("1", 1, False), ("2", 1, False), ("3", 1, False), ("27", 1, True), ("others", 9, False),
    ]  # fmt: skip
    spread = held.told_teacher()["spread"]
    assert isinstance(spread, list)
    assert len(spread) == 10  # 8 of the wrong ones, the others, the right one


def test_an_answer_can_be_changed_until_reveal() -> None:
    held = room()
    held.act("next")
    anna = held.join()
    held.answer(anna, 1, "55")
    held.answer(anna, 1, "27")
    assert [row[3] for row in held.table()] == [0, 1, 0]
    held.act("reveal")
    with pytest.raises(AnswerError, match="already shown"):
        held.answer(anna, 1, "13")
    assert [row[3] for row in held.table()] == [0, 1, 0]


@pytest.mark.parametrize(("step", "given"), [(0, "27"), (2, "27"), (-1, "27"), (7, "27")])
def test_an_answer_to_another_step_counts_nothing(step: int, given: str) -> None:
    held = room()
    held.act("next")
    with pytest.raises(ClassroomError, match="another question"):
        held.answer(held.join(), step, given)
    with pytest.raises(ClassroomError, match="another question"):
        held.answer("nobody", 1, given)
    with pytest.raises(AnswerError, match="Choose one of"):
        held.answer(held.join(), 1, "28")


def test_a_pupil_is_a_square_and_never_a_name() -> None:
    held = room()
    held.act("next")
    anna, ben = held.join(), held.join()
    held.leave(ben, alone=True)
    held.answer(anna, 1, "27")
    told = held.told_teacher()
    assert told["squares"] == ["answered", "alone"]
    assert (held.told(anna)["square"], held.told(ben)["square"], held.told()["square"]) == (1, 2, None)
    everything = msgspec.json.encode([told, held.told(anna), held.table()]).decode()
    assert anna not in everything
    assert ben not in everything


def test_who_wandered_off_is_brought_back() -> None:
    held = room()
    anna = held.join()
    held.leave(anna, alone=True)
    assert held.told(anna)["is_alone"]
    held.act("bring")
    assert (held.told(anna)["is_alone"], held.told(anna)["calls"]) == (False, 1)


def test_a_step_of_free_play_frees_the_class_and_the_next_ends_it() -> None:
    held = room()
    held.go(2)
    assert held.told()["is_free"]
    held.act("blank")
    assert held.told()["is_blank"]
    held.go(0)
    assert (held.told()["is_free"], held.told()["is_blank"]) == (False, False)


def test_only_the_teacher_is_told_notes_and_code() -> None:
    held = room()
    pupil = held.join()
    told = msgspec.json.encode(held.told(pupil)).decode()
    assert "Wait." not in told
    assert held.record.code not in told
    assert held.told_teacher()["list"][0]["note"] == "Wait."  # type: ignore[index]


def test_a_restart_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "class" / "lesson.json"
    held = room(path)
    held.act("next")
    anna = held.join()
    held.answer(anna, 1, "27")
    held.act("reveal")
    held.flush()
    again = LessonRoom(path)
    assert again.record == held.record
    assert again.told(anna) == held.told(anna)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600  # its keys are nobody else's


def test_the_codes_are_the_same_after_a_restart_before_any_lesson(tmp_path: Path) -> None:
    path = tmp_path / "lesson.json"
    assert LessonRoom(path).record.code == LessonRoom(path).record.code


def test_a_damaged_file_begins_a_new_lesson(tmp_path: Path) -> None:
    path = tmp_path / "lesson.json"
    path.write_text('{"code": 3')
    assert LessonRoom(path).record.phase == "before"


def test_a_disk_that_cannot_be_written_ends_no_lesson(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "class"
    held = room(folder / "lesson.json")
    held.flush()
    (folder / "lesson.json").unlink()
    folder.rmdir()
    folder.write_text("no folder any more")
    held.act("next")
    held.flush()
    assert held.told()["step"] == 1
    assert "lesson.json cannot be written" in caplog.text


def test_a_full_room_says_so() -> None:
    held = room()
    for _ in range(MOST_PUPILS):
        held.join()
    with pytest.raises(ClassroomError, match="200 are here"):
        held.join()


def test_who_has_gone_makes_room_and_is_counted_no_more() -> None:
    now = [0.0]
    held = LessonRoom(clock=lambda: now[0])
    held.open("layers", lesson(), [None, ASKED, None])
    held.act("next")
    gone, asleep, here = (held.join() for _ in range(3))
    held.answer(gone, 1, "27")
    held.leave(asleep, alone=True)
    for _ in range(MOST_PUPILS - 3):
        held.join()
    now[0] = AWAY_SECONDS - 1
    assert held.welcome(here)
    assert held.told()["here"] == MOST_PUPILS  # some minutes without a word are a phone that sleeps
    version = held.version
    now[0] = AWAY_SECONDS
    assert held.told_teacher()["squares"] == ["away", "away", "thinking"]
    assert held.version > version  # so that waiting pages are told
    assert (held.told()["here"], question(held)["answered"]) == (2, 1)  # never "1 of 0 answers"
    new = held.join()
    assert held.told(new)["square"] == 1
    assert held.welcome(asleep)
    assert (held.told(asleep)["square"], held.told(asleep)["is_alone"]) == (2, True)  # as they left
    assert held.welcome(gone)
    assert (held.told(gone)["square"], question(held, gone)["own"]) == (4, "27")
    assert held.told_teacher()["squares"] == ["thinking", "alone", "thinking", "answered"]


def test_who_is_brought_back_while_away_follows_when_they_come() -> None:
    now = [0.0]
    held = LessonRoom(clock=lambda: now[0])
    held.open("layers", lesson(), [None, ASKED, None])
    anna = held.join()
    held.leave(anna, alone=True)
    now[0] = AWAY_SECONDS
    held.told()
    held.act("bring")
    assert held.welcome(anna)
    assert not held.told(anna)["is_alone"]


def test_after_a_restart_all_have_the_time_to_come_back(tmp_path: Path) -> None:
    held = room(tmp_path / "lesson.json")
    anna = held.join()
    held.flush()
    again = LessonRoom(tmp_path / "lesson.json", clock=lambda: 1e6)
    assert (again.told()["here"], again.told(anna)["square"]) == (1, 1)


def test_two_taps_on_join_are_one_square() -> None:
    held = room()
    assert held.join("AbCdEfGh-_012345") == held.join("AbCdEfGh-_012345") == "AbCdEfGh-_012345"
    assert held.told()["here"] == 1
    for made_up in ("", "x", "a" * 17, "<b>aaaaaaaaaaaa</b>"):
        assert held.join(made_up) != made_up
    assert not held.welcome("nobody")


def test_without_a_lesson_there_is_nothing_to_do() -> None:
    held = LessonRoom()
    with pytest.raises(ClassroomError, match="No lesson is open"):
        held.act("next")
    assert held.told()["question"] is None
    held.open("layers", lesson(), [None, ASKED, None])
    with pytest.raises(ClassroomError):
        held.act("dance")


UNIT = "0123abcd-0f1e block2 111"


def test_names_stand_side_by_side_and_one_is_chosen() -> None:
    held = room()
    anna, ben, cleo = (held.join() for _ in range(3))
    held.propose_name(anna, UNIT, "fast", "une ar\N{LATIN SMALL LETTER E WITH CIRCUMFLEX}te")
    held.propose_name(ben, UNIT, "fast", "une are\N{COMBINING CIRCUMFLEX ACCENT}te")
    assert [row[3] for row in held.names_table()] == [2]  # one name, however a keyboard writes it
    held.propose_name(anna, UNIT, "fast", " a  curve ")
    held.propose_name(ben, UNIT, "fast", "a corner")
    held.propose_name(cleo, UNIT, "fast", "a curve")
    told = held.told_teacher()["proposals"]
    names = [{"name": "a curve", "count": 2, "chosen": False}, {"name": "a corner", "count": 1, "chosen": False}]
    assert told == [{"unit": UNIT, "checkpoint": "fast", "names": names}]
    assert held.told(anna)["names"] == {}
    held.choose_name(UNIT, "a corner")
    assert held.told(anna)["names"] == {"0123abcd-0f1e": {"block2 111": "a corner"}}
    assert held.names_table() == [
        ["block2", 111, "a curve", 2, False, "fast", "0123abcd-0f1e"],
        ["block2", 111, "a corner", 1, True, "fast", "0123abcd-0f1e"],
    ]
    held.open("layers", lesson(), [None, ASKED, None])  # another lesson of the same class
    assert held.told()["names"] == {"0123abcd-0f1e": {"block2 111": "a corner"}}


def test_a_name_is_of_who_proposed_it() -> None:
    held = room()
    anna, ben = held.join(), held.join()
    held.propose_name(anna, UNIT, "fast", "a curve")
    held.choose_name(UNIT, "a curve")
    held.propose_name(anna, UNIT, "fast", "an edge")
    assert held.told()["names"] == {}  # nobody calls it that any more
    with pytest.raises(ClassroomError, match="Nobody proposes"):
        held.choose_name(UNIT, "a curve")
    held.propose_name(ben, UNIT, "fast", "")
    held.propose_name(anna, UNIT, "fast", "")
    assert held.told_teacher()["proposals"] == []


@pytest.mark.parametrize(
    ("unit", "name"), [("block2 111", "x"), (f"{UNIT} 3", "x"), ("0123abcd-0f1e ../x 1", "x"), (UNIT, "x" * 61)]
)
def test_a_name_that_names_no_unit_or_is_too_long_is_refused(unit: str, name: str) -> None:
    held = room()
    with pytest.raises(ClassroomError, match="at most 60 letters"):
        held.propose_name(held.join(), unit, "fast", name)


def test_a_class_names_so_many_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "MOST_UNITS", 1)
    held = room()
    anna = held.join()
    held.propose_name(anna, UNIT, "fast", "a curve")
    with pytest.raises(ClassroomError, match="the most that it may"):
        held.propose_name(anna, "0123abcd-0f1e block2 112", "fast", "a curve")


def test_a_lesson_is_closed_and_the_class_stays() -> None:
    held = room()
    held.join()
    held.allow_training(True)
    held.close()
    told = held.told_teacher()
    assert (told["lesson"], told["phase"], told["here"], told["may_train"]) == ("", "before", 1, True)


def test_names_and_what_is_allowed_outlive_the_server(tmp_path: Path) -> None:
    held = room(tmp_path / "lesson.json")
    assert held.told()["may_train"] is False
    held.propose_name(held.join(), UNIT, "fast", "a curve")
    held.allow_training(True)
    held.flush()
    again = LessonRoom(tmp_path / "lesson.json")
    assert again.told()["may_train"] is True
    assert again.names_table() == held.names_table() != []
