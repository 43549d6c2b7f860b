"""A lesson in the browser: a teacher and pupils, from the code to the last answer. Its server is one of its own."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS, Watch
from tests.browser.explore import wait_for_maps
from tests.support.real_app import running_app

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
    page.get_by_role("button", name="Rehearse Count the parameters").click()
    expect(page.locator(".lesson-steps")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("You rehearse: nobody can join.")).to_be_visible()
    page.get_by_label("lesson", exact=True).select_option("")
    expect(page.get_by_role("heading", name="What do the layers see?")).to_be_visible()


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
