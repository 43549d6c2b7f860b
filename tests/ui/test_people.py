"""Who is asking, and that nobody gets what another has sent, under whatever address."""

import asyncio
import io
import zipfile
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from alexnet_viz.compare.paired_pass import Comparison
from alexnet_viz.ui import page_shell
from alexnet_viz.ui.compare import routes as compare_routes
from alexnet_viz.ui.compare.asked import Asked
from alexnet_viz.ui.compare.service import ComparisonService
from alexnet_viz.ui.explore import routes as explore_routes
from alexnet_viz.ui.explore.service import Service, Subject
from alexnet_viz.ui.jobs import Jobs, Progress
from alexnet_viz.ui.people import People, asked_by, asking
from alexnet_viz.ui.train import routes as train_routes
from alexnet_viz.ui.why.service import Asked as Why
from alexnet_viz.ui.why.service import WhyService
from tests.support.model_files import article_shapes, tiny
from tests.support.model_files import saved as saved_model
from tests.support.pictures import grey_jpeg
from tests.ui.conftest import call

pytestmark = pytest.mark.usefixtures("untrained_once")


class Person:
    """A browser that keeps its cookies."""

    def __init__(self, app: Starlette, **headers: str) -> None:
        self._app, self._headers = app, headers

    def ask(self, path: str, content: bytes | None = None, **query: str) -> Any:
        chunks = None if content is None else iter([content])
        answer = asyncio.run(call(self._app, path, query, chunks, self._headers))
        for cookie in SimpleCookie(answer.headers.get("set-cookie", "")).values():
            self._headers = {**self._headers, "cookie": f"{cookie.key}={cookie.value}"}
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        return answer.json() if is_json else answer


@pytest.fixture
def app(service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Starlette:
    monkeypatch.setenv("ALEXNET_VIZ_RUNS", str(tmp_path))
    monkeypatch.setattr(explore_routes, "service", lambda: service)
    comparisons = ComparisonService(service)
    monkeypatch.setattr(compare_routes, "comparisons", lambda: comparisons)
    routes = [*explore_routes.EXPLORE_ROUTES, *compare_routes.COMPARE_ROUTES, *train_routes.TRAIN_ROUTES]
    return Starlette(routes=[*routes, *page_shell.PAGE_ROUTES], middleware=[Middleware(People)])


def visitor(app: Starlette) -> Person:
    person = Person(app)
    person.ask("/")
    return person


def test_the_page_gives_a_browser_a_cookie_once_that_no_script_reads(app: Starlette) -> None:
    ann = Person(app)
    given = SimpleCookie(ann.ask("/").headers["set-cookie"])["alexnet_viz_person"]
    assert len(given.value) == 32
    assert given["httponly"] is True
    assert (given["samesite"], given["max-age"], given["expires"]) == ("lax", "", "")  # gone when the browser closes
    assert "set-cookie" not in ann.ask("/compare").headers
    assert SimpleCookie(Person(app).ask("/").headers["set-cookie"])["alexnet_viz_person"].value != given.value
    over_https = Person(app, **{"X-Forwarded-Proto": "https"}).ask("/")
    assert "Secure" in over_https.headers["set-cookie"]


def test_a_photo_is_shown_to_who_sent_it_alone(app: Starlette) -> None:
    ann, bob = visitor(app), visitor(app)
    photo = ann.ask("/api/photos", grey_jpeg(1), name="ann.jpg")["id"]
    assert ann.ask(f"/api/photos/{photo}").headers["content-type"] == "image/jpeg"
    assert ann.ask(f"/api/photos/{photo}/about")["title"] == "ann.jpg"
    same = bob.ask("/api/photos", grey_jpeg(1), name="bob.jpg")
    assert (same["title"], same["id"] != photo) == ("bob.jpg", True)
    subject = {"photo": photo, "checkpoint": "untrained"}
    pair = {"a": "untrained", "b": "untrained"}
    for stranger in (bob, Person(app), Person(app, **{"X-Session": "another tab"})):
        for path, query in (
            (f"/api/photos/{photo}", {}),
            (f"/api/photos/{photo}/about", {}),
            ("/api/trace", subject),
            ("/api/stages/block1.relu", subject),
            ("/api/activations.npz", subject),
            ("/api/layers.csv", subject),
            ("/api/view.py", {**subject, "stage": "fc1"}),
            ("/api/comparison/report.html", {**pair, "photo": photo}),
            ("/api/comparison/stage.npz", {**pair, "photo": photo, "stage": "block1.relu"}),
        ):
            assert "uploaded in another browser" in stranger.ask(path, **query)["error"], path


def test_where_no_cookie_is_kept_a_tab_is_a_person(app: Starlette) -> None:
    tab, other = Person(app, **{"X-Session": "one"}), Person(app, **{"X-Session": "two"})
    photo = tab.ask("/api/photos", grey_jpeg(2), name="tab.jpg")["id"]
    assert "error" not in tab.ask(f"/api/photos/{photo}/about")
    assert "error" not in Person(app).ask(f"/api/photos/{photo}/about", session="one")  # an <img> sends no header
    assert "another browser" in other.ask(f"/api/photos/{photo}/about")["error"]
    assert tab.ask("/api/start")["cookie"] is False
    assert visitor(app).ask("/api/start")["cookie"] is True


def test_a_model_file_is_used_by_who_sent_it_alone(app: Starlette, tmp_path: Path) -> None:
    ann, bob = visitor(app), visitor(app)
    file = tmp_path / "mine.pt"
    saved_model(tiny(article_shapes()), file)
    name = ann.ask("/api/checkpoints", file.read_bytes(), name="mine.pt", session="tab")["name"]
    assert ann.ask("/api/layers", checkpoint=name)["layers"]
    for path, query in (
        ("/api/layers", {"checkpoint": name}),
        ("/api/trace", {"photo": "chelsea", "checkpoint": name}),
        ("/api/filters", {"checkpoint": name}),
        ("/api/comparison/weights", {"a": name, "b": "untrained"}),
        (f"/api/checkpoints/{name}", {"session": "tab"}),
    ):
        assert "open its file again" in bob.ask(path, **query)["error"], path
    for act in ("description", "kept"):
        assert "open its file again" in bob.ask(f"/api/checkpoints/{name}/{act}", b'{"title": "mine now"}')["error"]
    assert ann.ask(f"/api/checkpoints/{name}", session="tab")["title"] == "mine.pt"


def zip_of_pictures() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as pack:
        for name, shade in (("dark", 20), ("light", 220)):
            for number in range(10):
                pack.writestr(f"{name}/{number}.jpg", grey_jpeg(shade + number))
    return stream.getvalue()


def test_pictures_of_a_zip_are_shown_to_who_sent_it_alone(app: Starlette, tmp_path: Path) -> None:
    ann, bob = visitor(app), visitor(app)
    data = ann.ask("/api/datasets", zip_of_pictures(), name="class.zip")["data"]
    (file,) = (tmp_path / ".uploads").glob("*.zip")
    assert ann.ask(f"/api/comparison/data/folder-{data}/3.png").headers["content-type"] == "image/png"
    # A checkpoint's source names the file; that is no name to ask with, and Ann's name is none for Bob.
    for stranger, known in ((bob, data), (bob, file.stem), (ann, file.stem)):
        answer = stranger.ask(f"/api/comparison/data/folder-{known}/3.png")
        assert "are not here" in answer["error"]
        launched = stranger.ask("/api/runs/launch", f'{{"dataset": "folder", "data": "{known}"}}'.encode())
        assert "are not here" in launched["error"]


def job_of(jobs: Jobs[str, str], person: str, names: str) -> str:
    with asked_by(person):
        return str(jobs.start(names, ("", "", ""), 2)["id"])


def test_a_job_is_seen_and_ended_by_those_who_asked_for_it(app: Starlette) -> None:
    def work(names: str, progress: Progress) -> str:
        progress(1)
        return f"{names} of {asking()}"

    jobs: Jobs[str, str] = Jobs(work, is_busy=lambda: True)  # a photo waits for ever, and so does the job
    anns, bobs = job_of(jobs, "ann", "ann's file"), job_of(jobs, "bob", "bob's file")
    assert anns == bobs
    with asked_by("bob"):
        assert jobs.state(bobs)[2] == "bob's file"
        assert jobs.cancel(bobs)["state"] != "cancelled"
        assert jobs.cancel(bobs)["state"] != "cancelled"  # once more: it is Ann's
    for use in (jobs.state, jobs.cancel):
        with asked_by("cleo"), pytest.raises(Exception, match="is not known any more"):
            use(anns)
    with asked_by("cleo"):
        seen = jobs.find(("", "", ""))
        assert seen["state"] in ("waiting", "running")
        assert "id" not in seen  # what she cannot end, her page does not offer to
    with asked_by("ann"):
        assert jobs.find(("", "", ""))["id"] == anns
        assert jobs._jobs[anns].is_alive
        jobs.cancel(anns)
        assert not jobs._jobs[anns].is_alive


def test_a_job_is_done_for_who_asked_for_it(app: Starlette) -> None:
    done: list[str] = []
    jobs: Jobs[str, str] = Jobs(lambda names, _progress: done.append(asking()) or names)
    job = job_of(jobs, "ann", "a file")
    with asked_by("ann"):
        pause = asyncio.new_event_loop()
        while jobs.state(job)[0]["state"] in ("waiting", "running"):
            pause.run_until_complete(asyncio.sleep(0.01))
        pause.close()
    assert done == ["ann"]


@pytest.mark.slow
def test_what_one_person_calls_a_file_is_not_told_to_another_with_the_same(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {}
    for person in ("ann", "bob"):
        with asked_by(person):
            file = service.new_file(".pt")
            saved_model(tiny(article_shapes()), file)
            own[person] = str(service.add_checkpoint(file, f"{person}s.pt", person)["name"])
    why, comparisons = WhyService(service), ComparisonService(service)
    told = {}
    for person in ("ann", "bob"):
        with asked_by(person):
            question = Why(Subject("chelsea", own[person]), "saliency", 1, None, "", judged=False)
            told[person] = why.explanation(question, lambda: None)
            asked = Asked(own[person], "untrained", "shapes", 4)
            key = comparisons._key(asked)
            if comparisons._jobs.kept(key) is None:
                found: Comparison = comparisons._compare(asked, lambda done: None)
                comparisons._jobs._kept[key] = found
            record = comparisons.find(asked)["record"]
            assert record["a"]["name"] == f"{person}s.pt"
            assert f"{person}s.pt" in comparisons.report(asked, "chelsea")
            assert ("anns.pt" in comparisons.report(asked, "chelsea")) is (person == "ann")
    assert b"anns.pt" in told["ann"]
    assert b"anns.pt" not in told["bob"]
