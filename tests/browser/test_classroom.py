"""A lesson in the browser: a teacher and pupils, from the code to the last answer. Its server is one of its own."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import PATIENCE_MS, Watch
from tests.browser.explore import wait_for_maps, wall
from tests.browser.test_accessibility import DARK, FORCED, at_widths, in_themes, violations
from tests.support.real_app import running_app

PHONE = {"width": 390, "height": 844}
LESSON = """\
title: Pooling
about: A short lesson.
minutes: 5
steps:
  - title: A map
    view: {page: explore, photo: chelsea, checkpoint: untrained, stage: block1.relu, channel: 7}
    text: This map has 55 rows.
    note: Only for you.
  - title: How wide?
    view: {page: explore, photo: chelsea, checkpoint: untrained, stage: block1.pool, channel: 7}
    text: Pooling keeps the largest.
    question:
      kind: choice
      ask: After pooling, how wide is this map?
      choices: [55, 27, 13]
      answer: {fact: width, stage: block1.pool}
      explanation: (55 − 3) / 2 + 1 = {answer}.
  - title: How many?
    view: {page: architecture, stage: block1.conv, checkpoint: untrained, numbers: hidden}
    text: The first convolution.
    question:
      kind: parameters
      ask: How many parameters has it?
      stage: block1.conv
      explanation: 11 × 11 × 3 × 96 + 96 = {answer}.
"""
AT_POOLING = re.compile(r"/\?.*stage=block1\.pool&channel=7")
Open = Callable[..., Page]


@pytest.fixture
def lesson_file(tmp_path: Path) -> Path:
    folder = tmp_path
    (folder / "lessons").mkdir()
    (folder / "lessons" / "pooling.yaml").write_text(LESSON, "utf-8")
    return folder / "classroom.json"


@pytest.fixture
def class_server(lesson_file: Path) -> Iterator[str]:
    """The address of an app that serves a class; its log must end without a traceback."""
    folder = lesson_file.parent
    log = folder / "server.log"
    with running_app(
        log=log,
        ALEXNET_VIZ_RUNS=str(folder / "runs"),
        ALEXNET_VIZ_CLASS=str(lesson_file),
        ALEXNET_VIZ_LESSONS=str(folder / "lessons"),
    ) as app:
        yield app.address
    said = log.read_text("utf-8", errors="replace")
    assert "Traceback" not in said, said[said.index("Traceback") :][:4000]


@pytest.fixture
def visit(class_server: str, browser: Browser) -> Iterator[Open]:
    """A function that opens a watched page of a visitor of their own."""
    watch, contexts = Watch(urlsplit(class_server).netloc), []
    expect.set_options(timeout=PATIENCE_MS)

    def open_page(size: dict[str, int] | None = None, **options: Any) -> Page:
        context = browser.new_context(viewport=size or {"width": 1280, "height": 800}, base_url=class_server, **options)  # type: ignore[arg-type]
        contexts.append(context)
        watch.follow(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not watch.complaints


def kept(lesson_file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(lesson_file.read_text("utf-8"))
    return found


def join(page: Page, code: str) -> Page:
    page.goto("/")
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Join").click()
    expect(page.locator(".board-bar")).to_be_visible(timeout=PATIENCE_MS)
    return page


def teach(page: Page, lesson_file: Path) -> Page:
    page.goto(f"/teach?key={kept(lesson_file)['key']}")
    option = page.get_by_label("lesson", exact=True).locator("option", has_text="Pooling")
    expect(option).to_be_attached(timeout=PATIENCE_MS)
    page.get_by_label("lesson", exact=True).select_option("pooling")
    expect(page.locator(".lesson-steps")).to_be_visible()
    return page


def test_a_whole_lesson(visit: Open, lesson_file: Path) -> None:
    teacher = teach(visit(), lesson_file)
    code = kept(lesson_file)["code"]
    phones = [join(visit(PHONE), each) for each in (code, code.upper().replace(" ", ""))]
    pupils = [*phones, *(join(visit(), code) for _ in range(6))]
    ben, cleo, anna = pupils[:3]
    for pupil in pupils:
        expect(pupil.get_by_text("This map has 55 rows.")).to_be_visible()
        expect(pupil.get_by_text("Only for you.")).to_have_count(0)
    expect(teacher.get_by_text("Only for you.")).to_be_visible()
    expect(teacher.get_by_text("8 follow, 0 on their own")).to_be_visible()

    teacher.get_by_role("button", name="Next").click()
    for pupil in pupils:  # everyone is there, in their own size
        expect(pupil.locator(".board-ask")).to_have_text("After pooling, how wide is this map?")
        expect(pupil).to_have_url(AT_POOLING)
    answers_are_counted_and_not_told(teacher, anna, ben, cleo)
    one_wanders_off_and_comes_back_with_one_key(teacher, cleo)

    anna.reload()  # their answer and their square are theirs still
    expect(anna.get_by_role("button", name="27 your answer")).to_be_visible()
    expect(anna.locator(".board-about")).to_contain_text("square 3")
    expect(teacher.get_by_text("8 follow, 0 on their own")).to_be_visible()

    teacher.keyboard.press(" ")  # though Next has been clicked last
    for pupil in pupils:
        expect(pupil.get_by_text("The answer is 27.")).to_be_visible()
    expect(cleo.get_by_text("You answered")).to_have_count(0)
    expect(ben.get_by_text("You answered 27.")).to_be_visible()
    another_page_asks_for_a_number(teacher, pupils, ben)

    teacher.keyboard.press("b")
    for pupil in pupils:
        expect(pupil.get_by_text("Look to the front")).to_be_visible()
    teacher.get_by_role("button", name="End the lesson").click()
    for pupil in pupils:
        expect(pupil.get_by_text("The lesson is over. Your photos are gone.")).to_be_visible()
    ben.get_by_role("button", name="Explore freely").click()
    expect(ben.get_by_role("link", name="Explore")).to_be_visible()


def answers_are_counted_and_not_told(teacher: Page, anna: Page, ben: Page, cleo: Page) -> None:
    anna.keyboard.press("?")
    expect(anna.get_by_role("dialog", name="Keys")).to_contain_text("choose an answer")
    anna.keyboard.press("?")
    expect(anna.get_by_role("dialog", name="Keys")).to_be_hidden()
    anna.keyboard.press("2")
    expect(anna.get_by_role("button", name="27 your answer")).to_be_visible()
    ben.get_by_role("button", name="55", exact=True).click()
    expect(teacher.get_by_text("2 of 8 answers")).to_be_visible()
    expect(cleo.get_by_text("2 of 8 have answered.")).to_be_visible()
    expect(cleo.locator(".board-spread")).to_have_count(0)
    ben.get_by_role("button", name="27", exact=True).click()  # it can be changed until Reveal
    expect(teacher.locator(".lesson-spread li.correct b")).to_have_text("2")


def one_wanders_off_and_comes_back_with_one_key(teacher: Page, cleo: Page) -> None:
    cleo.get_by_role("button", name="Explore alone").click()
    expect(cleo.get_by_text("A question is waiting.")).to_be_visible()
    expect(wall(cleo)).to_have_attribute("aria-colcount", re.compile("^([2-9]|..)$"))  # it has its size, as it is shown
    expect(teacher.get_by_text("7 follow, 1 on their own")).to_be_visible()
    cleo.get_by_role("link", name="Why").click()
    expect(cleo.get_by_role("region", name="The map")).to_be_visible()  # the new page has the keys
    cleo.keyboard.press("b")
    expect(cleo).to_have_url(AT_POOLING)
    expect(teacher.get_by_text("8 follow, 0 on their own")).to_be_visible()


def another_page_asks_for_a_number(teacher: Page, pupils: list[Page], ben: Page) -> None:
    teacher.keyboard.press("ArrowRight")
    for pupil in pupils:
        expect(pupil).to_have_url(re.compile("/architecture"))
    anna, field = pupils[2], ben.get_by_label("Your number")
    for pupil in (ben, anna):
        expect(pupil.locator("table.layers")).to_be_visible()  # the new page has the bar
    field.press_sequentially("34,")
    anna.get_by_label("Your number").fill("7")
    anna.keyboard.press("Enter")
    expect(ben.get_by_text("1 of 8 have answered.")).to_be_visible()
    ben.keyboard.type("944")  # the field has stayed under the fingers
    expect(field).to_have_value("34,944")
    ben.get_by_role("button", name="Answer", exact=True).click()
    expect(teacher.locator(".lesson-spread li.correct b")).to_have_text("1")


def test_names_of_units_are_proposed_chosen_and_shown(visit: Open, lesson_file: Path) -> None:
    teacher, code = teach(visit(), lesson_file), kept(lesson_file)["code"]
    anna, ben = (join(visit(), code) for _ in range(2))
    for pupil in (anna, ben):
        pupil.get_by_role("button", name="Explore alone").click()
        expect(pupil.get_by_role("button", name="Back to the teacher")).to_be_visible()
        pupil.goto("/unit?checkpoint=untrained&stage=block2.relu&channel=111")
    for pupil, name in ((anna, "a curve"), (ben, "a corner")):
        expect(pupil.get_by_role("button", name="Propose to the class")).to_be_visible()
        pupil.get_by_label("name", exact=True).fill(name)
        pupil.get_by_role("button", name="Propose to the class").click()
        expect(teacher.get_by_role("button", name=name, exact=True)).to_be_visible()
    expect(teacher.get_by_text("Block 2, channel 111")).to_be_visible()
    ben.get_by_label("name", exact=True).fill("")  # none of his own any more: the class's is shown
    ben.get_by_label("note", exact=True).focus()
    teacher.route("**/api/class/chosen", lambda route: route.fulfill(json={"error": "Too late."}), times=1)
    teacher.get_by_role("button", name="a curve", exact=True).click()
    expect(teacher.get_by_role("alert").filter(visible=True)).to_have_text("Too late.")
    teacher.get_by_role("button", name="a curve", exact=True).click()
    expect(teacher.get_by_role("button", name="a curve", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(teacher.get_by_role("alert").filter(visible=True)).to_have_count(0)
    ben.reload()
    expect(ben.get_by_label("name", exact=True)).to_have_value("a curve")
    with teacher.expect_download() as download:
        teacher.get_by_role("link", name="Names as CSV").click()
    rows = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert [row.rsplit(",", 2)[0] for row in rows[1:]] == ["block2,111,a corner,1,False", "block2,111,a curve,1,True"]
    ben.context.clear_cookies()  # as to a server that was started anew with another lesson
    teacher.get_by_role("button", name="Next").click()  # which is news, after which it is asked again
    expect(ben.get_by_label("Code")).to_be_visible()


def test_training_is_the_teachers_until_they_allow_it(visit: Open, lesson_file: Path) -> None:
    teacher, pupil = teach(visit(), lesson_file), join(visit(), kept(lesson_file)["code"])
    asked = "{method: 'POST', body: JSON.stringify({preset: 'none of them'})}"  # nothing is trained
    launch = f"async () => (await (await fetch('api/runs/launch', {asked})).json()).error"
    assert "only the teacher trains" in pupil.evaluate(launch)
    allow = teacher.get_by_role("button", name="Let the class train")
    allow.click()
    expect(allow).to_have_attribute("aria-pressed", "true")
    expect(teacher.get_by_text("training by the class is on")).to_be_visible()
    assert "only the teacher" not in pupil.evaluate(launch)
    allow.click()
    expect(allow).to_have_attribute("aria-pressed", "false")
    assert "only the teacher trains" in pupil.evaluate(launch)


def test_without_a_lesson_those_that_there_are_can_be_rehearsed(page: Page) -> None:
    page.goto("/classroom")
    expect(page.get_by_role("heading", name="What do the layers see?")).to_be_visible(timeout=PATIENCE_MS)
    for title in ("Count the parameters", "Before and after training", "Why did it say that?"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_text("9 steps, 45 minutes")).to_be_visible()
    expect(page.get_by_text("After pooling, how wide is this map?")).to_be_visible()
    expect(page.locator("code", has_text="make class")).to_be_visible()
    expect(page.locator(".footer")).not_to_contain_text("reveal")  # a key that does nothing is not promised
    page.get_by_role("button", name="Rehearse Count the parameters").click()
    expect(page.locator(".lesson-steps")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("You rehearse: nobody can join.")).to_be_visible()
    expect(page.locator(".footer")).to_contain_text("reveal")
    sent: list[str | None] = []
    page.on("request", lambda request: sent.append(request.post_data) if "/api/class/act" in request.url else None)
    page.get_by_role("button", name="End the lesson").hover()
    for number in (1, 2):  # a double click, whose second falls on what would begin it again
        page.mouse.down(click_count=number)
        page.mouse.up(click_count=number)
        expect(page.get_by_role("button", name="Begin it again")).to_be_visible()
    page.get_by_label("lesson", exact=True).select_option("")
    expect(page.get_by_role("heading", name="What do the layers see?")).to_be_visible()
    assert sent == ['{"act":"end"}']


def test_while_the_lessons_are_on_their_way_it_is_said(page: Page) -> None:
    lessons = re.compile(r"/api/class/lessons")
    page.route(lessons, lambda route: None)
    page.goto("/classroom")
    overview = page.locator(".lesson-overview")
    expect(overview).to_have_text(re.compile(r"The lessons are being read\.$"))
    expect(overview).to_have_attribute("aria-busy", "true")
    expect(overview).not_to_contain_text("Begin one")
    page.unroute(lessons)
    expect(page.get_by_role("heading", name="What do the layers see?")).to_be_visible()
    expect(overview).to_have_attribute("aria-busy", "false")
    expect(overview).not_to_contain_text("being read")


def test_a_rehearsal_that_a_restart_of_the_server_has_ended_is_said(page: Page) -> None:
    with page.expect_response(re.compile(r"/api/class\?"), timeout=PATIENCE_MS) as told:
        page.goto("/classroom")
    fresh = [{**told.value.json(), "version": 1}]
    page.get_by_role("button", name="Rehearse Count the parameters").click()
    expect(page.locator(".lesson-steps")).to_be_visible(timeout=PATIENCE_MS)

    def answer(route: Route) -> None:
        if route.request.frame != page.main_frame:
            route.continue_()  # what the class sees stands on the page, and asks for itself
        elif fresh:
            route.fulfill(json=fresh.pop())

    page.route(re.compile(r"/api/class\?"), answer)
    expect(page.get_by_role("alert")).to_contain_text("The server was started anew, and what was rehearsed")
    expect(page.get_by_role("heading", name="What do the layers see?")).to_be_visible()
    closed = page.evaluate(
        "fetch('api/class/lesson', {method: 'POST', body: '{\"name\": \"\"}'}).then((answer) => answer.json())"
    )
    assert closed == {}  # for the next visitor


def test_a_link_hides_what_it_says_and_reset_leads_back(page: Page) -> None:
    page.goto("/classroom")
    page.get_by_text("Make a link to a view").click(timeout=PATIENCE_MS)
    page.get_by_label("Address of the view").fill("https://elsewhere.example/")
    expect(page.get_by_text("This is no address of this app.")).to_be_visible()
    page.get_by_label("Address of the view").fill("/?checkpoint=untrained&stage=block2.relu")
    for name in ("the other pages", "the strip", "the inspector"):
        page.get_by_label(name).check()
    made = page.locator("a.lesson-link-made")
    expect(made).to_have_attribute("href", re.compile(r"/\?checkpoint=untrained&stage=block2.relu&hide=pages.strip"))
    page.goto(str(made.get_attribute("href")))
    wait_for_maps(page)
    for hidden in (".topbar nav", ".strip", ".inspector-side"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.get_by_role("grid").first).to_be_visible()
    page.keyboard.press("]")
    expect(page).to_have_url(re.compile(r"stage=block2\.norm&hide=pages\.strip\.inspector"))
    page.get_by_role("button", name="Reset").click()
    expect(page).to_have_url(re.compile(r"stage=block2\.relu&hide="))
    expect(page.locator(".strip")).to_be_hidden()


def test_pupils_cannot_do_what_is_the_teachers(visit: Open, lesson_file: Path) -> None:
    pupil = join(visit(), kept(lesson_file)["code"])
    expect(pupil.get_by_role("link", name="Explore")).to_be_visible()
    expect(pupil.get_by_role("link", name="Classroom")).to_be_hidden()
    send = "async path => (await (await fetch(path, {method: 'POST', body: '{}'})).json()).error"
    for path in ("api/runs/launch", "api/class/act", "api/datasets/cifar10"):
        assert "only the teacher" in pupil.evaluate(send, path)


def test_axe_finds_nothing_where_one_joins_leads_and_follows(visit: Open, lesson_file: Path) -> None:
    found: dict[str, str] = {}
    newcomer = visit(PHONE)
    newcomer.goto("/join")
    expect(newcomer.get_by_role("heading", name="Join the lesson")).to_be_visible()
    violations(newcomer, "joining", found)
    for theme, media in {**DARK, **FORCED}.items():
        newcomer.emulate_media(**media)
        violations(newcomer, f"joining, {theme}", found)
    teacher = teach(visit(), lesson_file)
    pupil = join(visit(), kept(lesson_file)["code"])
    teacher.get_by_role("button", name="Next").click()
    expect(pupil.locator(".board-ask")).to_be_visible()
    expect(pupil.locator(".strip-column").first).to_be_attached()  # the photo's maps are here, too
    for page, state in ((pupil, "a question"), (teacher, "the teacher's page")):
        violations(page, state, found)
        in_themes(page, state, {**DARK, **FORCED}, found)
        at_widths(page, state, found)
    pupil.keyboard.press("2")
    teacher.keyboard.press(" ")
    expect(pupil.get_by_text("The answer is 27.")).to_be_visible()
    violations(pupil, "an answer", found)
    in_themes(pupil, "an answer", {**DARK, **FORCED}, found)
    pupil.get_by_role("button", name="Explore alone").click()
    expect(pupil.get_by_role("button", name="Back to the teacher")).to_be_visible()
    violations(pupil, "alone", found)
    in_themes(pupil, "alone", DARK, found)
    at_widths(pupil, "alone", found)
    teacher.keyboard.press("b")
    expect(pupil.get_by_text("Look to the front")).to_be_visible()
    violations(pupil, "blank", found)
    in_themes(pupil, "blank", DARK, found)
    assert not found, "\n".join(f"{where}: {sentence}" for sentence, where in found.items())
