"""Who is let in while a class is served, and what each may ask; no web server, no network."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alexnet_viz.classroom.lesson_room import LessonRoom
from alexnet_viz.classroom.record import View
from alexnet_viz.lessons.asked import Asked
from alexnet_viz.lessons.schema import Lesson
from alexnet_viz.ui import class_gate, services
from alexnet_viz.ui.class_gate import ClassGate, Who, may
from alexnet_viz.ui.classroom import changes, routes
from alexnet_viz.ui.classroom.changes import Changes
from alexnet_viz.ui.classroom.routes import CLASSROOM_ROUTES
from alexnet_viz.ui.train import routes as train_routes
from alexnet_viz.ui.train.routes import TRAIN_ROUTES
from tests.ui.conftest import Answer, call

Send = Callable[..., Answer]
PUPIL, TEACHER = Who("class", "p"), Who("teacher")
STEPS = [
    {"title": "Look", "text": "A map.", "view": {"page": "explore", "stage": "block1.relu"}},
    {"title": "How wide?", "text": "Pooling.", "view": {"page": "explore", "stage": "block1.pool"}},
]
ASKED = Asked("choice", "How wide?", "", "It is {answer}.", ("55", "27"), "27")


def page(_request: Request) -> Response:
    return Response(class_gate.who().role)


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LessonRoom:
    """The lesson of a class that is served."""
    path = tmp_path / "lesson.json"
    held = LessonRoom(path)
    lesson = msgspec.convert({"title": "Layers", "about": "About.", "minutes": 5, "steps": STEPS}, Lesson)
    held.open("layers", lesson, [None, ASKED])
    monkeypatch.setenv(class_gate.FILE, str(path))
    for module in (services, routes):
        monkeypatch.setattr(module, "lesson_room", lambda: held)
    monkeypatch.setattr(routes, "_attempts", routes.Attempts(lambda: 0.0))
    monkeypatch.setattr(routes, "_changes", Changes())
    return held


@pytest.fixture
def send(room: LessonRoom) -> Send:
    """A function that sends a request: GET, or POST where there is a form or JSON."""
    app = ClassGate(
        Starlette(routes=[*CLASSROOM_ROUTES, Route("/", page), Route("/api/runs/launch", page, methods=["POST"])])
    )

    def ask(
        path: str, cookie: str = "", *, form: dict[str, str] | None = None, sent: Any = None, **query: str
    ) -> Answer:
        body = urlencode(form).encode() if form is not None else msgspec.json.encode(sent) if sent is not None else None
        chunks = iter([body]) if body is not None else None
        return asyncio.run(call(app, path, query, chunks, {"cookie": cookie}))

    return ask


def joined(send: Send, code: str) -> str:
    answer = send("/join", form={"code": code})
    assert answer.status == 303
    return answer.headers["set-cookie"].split(";")[0]


def taught(send: Send, room: LessonRoom) -> str:
    answer = send("/teach", key=room.record.key)
    assert (answer.status, answer.headers["location"]) == (303, "classroom")
    return answer.headers["set-cookie"].split(";")[0]


def test_nobody_is_let_in_without_the_code(send: Send) -> None:
    for path in ("/", "/architecture", "/web/any/app.js"):
        answer = send(path)
        assert (answer.status, answer.headers["location"]) == (303, "join"), path
    answer = send("/api/class").json()
    assert "code is needed" in answer["error"]
    assert answer["join"] is True  # what the page goes by
    assert "code is needed" in send("/api/runs/launch", sent={}).json()["error"]


def test_the_page_that_joins_says_what_happens_to_photos(send: Send) -> None:
    text = send("/join").body.decode()
    assert "Photos you upload stay in memory" in text
    assert "You need no name" in text
    assert 'value="&lt;b&gt;"' in send("/join", code="<b>").body.decode()  # whatever a link holds is text


def test_the_code_lets_the_class_in(send: Send, room: LessonRoom) -> None:
    cookie = joined(send, room.record.code.upper().replace(" ", ""))
    assert send("/", cookie).body == b"class"
    told = send("/api/class", cookie).json()
    assert (told["role"], told["square"], told["title"]) == ("class", 1, "Layers")
    assert room.record.code not in str(told)


def test_who_joins_twice_is_one_square(send: Send, room: LessonRoom) -> None:
    cookie = joined(send, room.record.code)
    again = send("/join", cookie, form={"code": room.record.code})
    assert again.headers["set-cookie"].split(";")[0] == cookie
    assert send("/api/class", cookie).json()["here"] == 1


def test_two_taps_on_join_are_one_square(send: Send, room: LessonRoom) -> None:
    found = re.search(r'name="pupil" value="([^"]+)"', send("/join").body.decode())
    assert found
    form = {"code": room.record.code, "pupil": found[1]}
    first, second = (send("/join", form=form).headers["set-cookie"].split(";")[0] for _ in range(2))  # both without
    assert first == second
    assert send("/api/class", first).json()["here"] == 1


def test_whoever_asks_is_here(send: Send, room: LessonRoom) -> None:
    cookie = joined(send, room.record.code)
    room.record.pupils.clear()  # as they are who were away for long
    assert send("/", cookie).body == b"class"
    assert send("/api/class", cookie).json()["square"] == 1


def test_a_wrong_code_stays_in_the_field(send: Send, room: LessonRoom) -> None:
    answer = send("/join", form={"code": "wrong 11"})
    assert "set-cookie" not in answer.headers
    text = answer.body.decode()
    assert "No lesson has the code wrong 11" in text
    assert 'value="wrong 11"' in text


def test_after_ten_wrong_codes_the_right_one_waits_too(send: Send, room: LessonRoom) -> None:
    for _ in range(10):
        send("/join", form={"code": "wrong 11"})
    assert "Wait a minute" in send("/join", form={"code": room.record.code}).body.decode()
    taught_too = send("/teach", key=room.record.key)
    assert "set-cookie" not in taught_too.headers
    assert "Wait a minute" in taught_too.body.decode()  # the link itself may be the right one


def test_the_teachers_link_lets_the_teacher_in(send: Send, room: LessonRoom) -> None:
    cookie = taught(send, room)
    assert send("/", cookie).body == b"teacher"
    assert send("/api/class", cookie).json()["code"] == room.record.code
    assert "not the teacher’s link" in send("/teach", key="guessed").body.decode()


def test_a_cookie_is_signed_and_belongs_to_one_lesson(send: Send, room: LessonRoom, tmp_path: Path) -> None:
    other = LessonRoom(tmp_path / "other.json")
    name = class_gate.COOKIE
    forged = class_gate.cookie_for(other, TEACHER)
    for cookie in (f"{name}={forged}", f'{name}=["teacher",""]', f"{name}=", f"{name}=WyJ0ZWFjaGVyIiwiIl0.x"):
        assert send("/", cookie).status == 303, cookie
    stranger = class_gate.cookie_for(room, Who("class", "nobody"))
    assert send("/", f"{name}={stranger}").status == 303


def test_a_cookie_outlives_the_server(send: Send, room: LessonRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = joined(send, room.record.code)
    room.flush()
    again = LessonRoom(class_gate.served_file())
    for module in (services, routes):
        monkeypatch.setattr(module, "lesson_room", lambda: again)
    assert send("/api/class", cookie).json()["square"] == 1


def test_the_class_answers_and_is_told_after_reveal(send: Send, room: LessonRoom) -> None:
    teacher, pupil = taught(send, room), joined(send, room.record.code)
    send("/api/class/act", teacher, sent={"act": "next"})
    assert send("/api/class/answer", pupil, sent={"step": 1, "answer": "27"}).json() == {}
    assert "right" not in str(send("/api/class", pupil).json())
    assert send("/api/class", teacher).json()["spread"][1] == {"answer": "27", "count": 1, "right": True}
    send("/api/class/act", teacher, sent={"act": "reveal"})
    assert send("/api/class", pupil).json()["question"]["revealed"]["is_right"] is True
    table = send("/api/class/answers.csv", teacher).body.decode("utf-8-sig").splitlines()
    assert table == ["step,question,answer,count,right", "2,How wide?,55,0,False", "2,How wide?,27,1,True"]


def test_the_class_follows_where_the_teacher_goes(send: Send, room: LessonRoom) -> None:
    teacher, pupil = taught(send, room), joined(send, room.record.code)
    send("/api/class/view", teacher, sent={"path": "why", "query": {"method": "occlusion"}})
    assert send("/api/class", pupil).json()["view"] == {"path": "why", "query": {"method": "occlusion"}}
    refused = send("/api/class/view", pupil, sent={"path": "train", "query": {}}).json()
    assert "only the teacher" in refused["error"]
    assert room.record.view == View("why", {"method": "occlusion"})


def test_what_changes_between_an_answer_and_the_next_request_is_told_at_once(
    send: Send, room: LessonRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "LONGEST_SECONDS", 3600.0)  # a request that waits would never be answered here
    pupil = joined(send, room.record.code)
    version = send("/api/class", pupil).json()["version"]
    for act in ("next", "reveal", "blank", "back"):  # nobody asks meanwhile
        room.act(act)
        told = send("/api/class", pupil, since=str(version)).json()
        assert told["version"] == version + 1
        version = told["version"]


def test_what_changes_while_a_request_waits_is_told(room: LessonRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "LONGEST_SECONDS", 3600.0)
    app = ClassGate(Starlette(routes=CLASSROOM_ROUTES))
    cookie = f"{class_gate.COOKIE}={class_gate.cookie_for(room, Who('class', room.join()))}"

    async def run() -> list[int]:
        known = {"since": str(room.version)}
        asked = [asyncio.create_task(call(app, "/api/class", known, None, {"cookie": cookie})) for _ in range(30)]
        while room.changed != routes._changes.tell:  # until the first of them waits
            await asyncio.sleep(0)
        await asyncio.to_thread(room.act, "next")
        return [answer.json()["step"] for answer in await asyncio.wait_for(asyncio.gather(*asked), 60)]

    assert asyncio.run(run()) == [1] * 30


@pytest.mark.parametrize(
    ("method", "path", "class_may"),
    [
        ("GET", "/", True),
        ("GET", "/api/trace", True),
        ("GET", "/api/class", True),
        ("GET", "/api/class/answers.csv", False),
        ("GET", "/api/class/lessons", False),
        ("GET", "/api/class/picture.svg", False),
        ("GET", "/api/runs/a/checkpoints/epoch-001", False),
        ("POST", "/api/photos", True),
        ("POST", "/api/why", True),
        ("POST", "/api/class/answer", True),
        ("POST", "/api/class/alone", True),
        ("POST", "/api/class/name", True),
        ("POST", "/api/class/chosen", False),
        ("GET", "/api/class/names.csv", False),
        ("POST", "/api/class/act", False),
        ("POST", "/api/class/lesson", False),
        ("POST", "/api/class/view", False),
        ("POST", "/api/runs/launch", False),
        ("POST", "/api/runs/estimate", False),
        ("POST", "/api/runs/a/stop", False),
        ("POST", "/api/runs/a/delete", False),
        ("POST", "/api/datasets", False),
        ("POST", "/api/datasets/cifar10", False),
        ("POST", "/api/imagenet", False),
        ("POST", "/api/imagenet/removal", False),
        ("POST", "/api/checkpoints", False),
        ("POST", "/api/checkpoints/a/kept", False),
        ("POST", "/api/photos/../runs/launch", False),
        ("PUT", "/_stcore/upload_file/a/b", False),
        ("DELETE", "/api/photos", False),
    ],
)
def test_what_each_may(method: str, path: str, class_may: bool) -> None:
    assert may(TEACHER, method, path)
    assert may(PUPIL, method, path) is class_may


def test_the_class_trains_where_the_teacher_allows_it(send: Send, room: LessonRoom) -> None:
    teacher, pupil = taught(send, room), joined(send, room.record.code)
    assert "only the teacher trains" in send("/api/runs/launch", pupil, sent={}).json()["error"]
    assert "only the teacher" in send("/api/class/act", pupil, sent={"train": True}).json()["error"]
    send("/api/class/act", teacher, sent={"train": True})
    assert send("/api/class", pupil).json()["may_train"] is True
    assert send("/api/runs/launch", pupil, sent={}).body == b"class"
    for path in ("/api/runs/a/stop", "/api/runs/a/delete", "/api/datasets/cifar10"):
        assert "only the teacher" in send(path, pupil, sent={}).json()["error"]
    send("/api/class/act", teacher, sent={"train": False})
    assert "only the teacher trains" in send("/api/runs/launch", pupil, sent={}).json()["error"]


class Trainings:
    """Stands for the runs: says who asked for what."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def launch(self, _asked: object) -> dict[str, object]:
        return {"id": f"run-{len(self.asked)}"}

    def stop(self, run: str) -> dict[str, object]:
        self.asked.append(run)
        return {"id": run}

    def resume(self, run: str, *, from_checkpoint: bool) -> dict[str, object]:
        assert not from_checkpoint
        return self.stop(run)


def test_a_run_is_its_pupils(room: LessonRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trainings = Trainings()
    monkeypatch.setattr(train_routes, "training", lambda: trainings)
    monkeypatch.setattr(train_routes, "lesson_room", lambda: room)
    app = ClassGate(Starlette(routes=[*CLASSROOM_ROUTES, *TRAIN_ROUTES]))
    anna, ben = (class_gate.cookie_for(room, Who("class", room.join())) for _ in range(2))

    def post(path: str, cookie: str) -> str:
        answer = asyncio.run(call(app, path, {}, iter([b"{}"]), {"cookie": f"{class_gate.COOKIE}={cookie}"}))
        return str(answer.json().get("error", ""))

    room.allow_training(True)
    assert post("/api/runs/launch", anna) == ""
    assert "who launched a run" in post("/api/runs/run-0/stop", ben)
    assert "who launched a run" in post("/api/runs/run-1/stop", anna)
    assert post("/api/runs/run-0/stop", anna) == ""
    assert post("/api/runs/run-0/resume", anna) == ""
    room.allow_training(False)
    assert post("/api/runs/run-0/stop", anna) == ""  # ending one's own is no training
    assert "who launched a run" in post("/api/runs/run-0/resume", anna)
    room.close()
    room.flush()
    assert LessonRoom(tmp_path / "lesson.json").record.runs == room.record.runs  # through a lesson's end and a restart
    assert trainings.asked == ["run-0"] * 3


def test_names_are_proposed_by_the_class_and_chosen_by_the_teacher(send: Send, room: LessonRoom) -> None:
    teacher, pupil = taught(send, room), joined(send, room.record.code)
    unit = "0123abcd-0f1e block2 111"
    assert send("/api/class/name", pupil, sent={"unit": unit, "checkpoint": "fast", "name": "=curve"}).json() == {}
    assert "proposals" not in send("/api/class", pupil).json()
    send("/api/class/chosen", teacher, sent={"unit": unit, "name": "=curve"})
    assert send("/api/class", pupil).json()["names"] == {"0123abcd-0f1e": {"block2 111": "=curve"}}
    table = send("/api/class/names.csv", teacher).body.decode("utf-8-sig").splitlines()
    head = "block,channel,name,count,chosen,checkpoint,digest"
    assert table == [head, "block2,111,'=curve,1,True,fast,0123abcd-0f1e"]  # never a formula


def test_the_lessons_are_listed_with_what_they_ask(send: Send, room: LessonRoom) -> None:
    lessons = send("/api/class/lessons", taught(send, room)).json()["lessons"]
    layers = next(each for each in lessons if each["name"] == "layers")
    assert (layers["title"], layers["minutes"], len(layers["steps"])) == ("What do the layers see?", 45, 9)
    assert layers["steps"][0] == {
        "title": "Meet the photo",
        "ask": "How many numbers is this photo for the network?",
    }
    assert layers["steps"][8]["ask"] == ""


@pytest.mark.parametrize(("path", "sent"), [("/api/class/act", {"act": "end"}), ("/api/class/lesson", {"name": ""})])
def test_the_classs_photos_go_with_the_lesson_and_those_of_a_rehearsal_stay(
    send: Send, room: LessonRoom, monkeypatch: pytest.MonkeyPatch, path: str, sent: dict[str, str]
) -> None:
    gone: list[str] = []

    class Photos:
        def forget_photos(self) -> None:
            gone.append(room.record.phase)

    monkeypatch.setattr(routes, "service", Photos)
    teacher = taught(send, room)
    send(path, teacher, sent=sent)
    assert len(gone) == 1
    monkeypatch.delenv(class_gate.FILE)
    send(path, sent=sent)
    assert len(gone) == 1


def test_without_a_class_whoever_asks_is_the_teacher(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(class_gate.FILE)
    assert send("/").body == b"teacher"
    told = send("/api/class").json()
    assert (told["role"], told["serving"]) == ("teacher", False)


def test_the_picture_holds_the_address_that_joins(
    send: Send, room: LessonRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(class_gate.ADDRESS, "192.168.1.20:8501")
    answer = send("/api/class/picture.svg", taught(send, room))
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.body.startswith(b"<?xml")
    # 192.168.1.20:8501/join?code=… in letters of 8 bits: version 3 or 4 at level M, 29 or 33 modules and 2 × 2 around
    assert re.search(rb'width="(132|148)"', answer.body)


def test_a_websocket_is_for_who_is_in(room: LessonRoom) -> None:
    closed: list[Any] = []

    async def reached(_scope: object, _receive: object, _send: object) -> None:
        closed.append("reached")

    async def nothing() -> dict[str, Any]:
        raise AssertionError("a refused websocket is not listened to")

    async def send(message: Any) -> None:
        closed.append(message["type"])

    def connect(cookie: str) -> None:
        headers = [(b"host", b"app"), (b"cookie", cookie.encode())]
        scope = {"type": "websocket", "path": "/_stcore/stream", "query_string": b"", "headers": headers}
        scope |= {"scheme": "ws", "server": ("app", 80)}
        asyncio.run(ClassGate(reached)(scope, nothing, send))

    connect("")
    connect(f"{class_gate.COOKIE}={class_gate.cookie_for(room, Who('class', room.join()))}")
    assert closed == ["websocket.close", "reached"]
