"""While something is computed, late, lost or slow, the page says so and what was there stays."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.explore import inspector, open_explore, pixels, sentence, tool, wait_for_maps, wall, wall_canvas

TRACE = re.compile(r"/api/trace\?")
QUEUE = re.compile(r"/api/queue")
API = re.compile(r"/api/")
LAST = re.compile(r"/api/stages/block5\.relu")  # of what is fetched in advance
NewPage = Callable[..., Page]


def note(page: Page) -> Any:
    return page.get_by_text("out of date, computing")


def choose(page: Page, photo: str) -> None:
    page.get_by_role("combobox", name="photo").select_option(photo)


def test_before_the_network_answers_nothing_is_said_of_shapes_that_are_not_known(page: Page) -> None:
    page.route(TRACE, lambda route: None)
    page.goto("/?checkpoint=untrained&stage=block2.pool")
    expect(page.get_by_role("heading", name="Block 2 256 × 13 × 13")).to_be_visible()
    expect(page.get_by_text("Computing", exact=True)).to_be_hidden()
    for stage, title in (("logits", "Prediction"), ("fc1", "fc1"), ("input", "Photo")):  # they have no maps
        page.goto(f"/?checkpoint=untrained&stage={stage}")
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        expect(page.get_by_text("Computing", exact=True)).to_be_visible()
        expect(wall(page)).to_be_hidden()


@pytest.mark.parametrize("path", ["unit?stage=logits&channel=3", "why", "train", "architecture", "classroom"])
def test_every_page_says_that_it_waits_and_nothing_that_it_does_not_know(page: Page, path: str) -> None:
    page.route(re.compile(r"/api/(?!start)"), lambda route: None)
    page.goto(f"/{path}")
    expect(page.get_by_text("Waiting for the server")).to_be_visible()
    unknown = re.compile("No runs yet|channel 3|What the class sees")
    expect(page.get_by_text(unknown).filter(visible=True)).to_have_count(0)


def test_the_old_picture_stays_marked_as_out_of_date(page: Page) -> None:
    open_explore(page)
    points = [(x, y) for x in range(20, 700, 60) for y in range(20, 460, 50)]
    before = pixels(wall_canvas(page), points)
    held: list[Route] = []
    page.route(TRACE, lambda route: held.append(route))
    page.route(QUEUE, lambda route: route.fulfill(json={"before": 2}))
    choose(page, "coffee")
    expect(note(page)).to_be_visible()
    assert pixels(wall_canvas(page), points) == before
    expect(inspector(page).get_by_role("img", name=re.compile("^Chelsea the cat"))).to_be_visible()
    expect(wall(page)).to_have_css("opacity", "1")
    expect(page.locator(".wall-panel")).to_have_css("opacity", "0.55")
    expect(page.locator(".strip")).to_have_class(re.compile("stale"))
    # Longer than half a second: the page says who is before this photo.
    waits = page.get_by_text("Computing. 2 photos are before yours.")
    expect(waits).to_be_visible()
    held[0].continue_()
    expect(waits).to_be_hidden()
    expect(inspector(page).get_by_role("img", name=re.compile("^A cup of espresso"))).to_be_visible()
    expect(page.locator(".wall-panel")).to_have_css("opacity", "1")
    assert pixels(wall_canvas(page), points) != before


def test_a_page_is_fetched_when_it_is_opened_and_says_where_it_does_not_come(page: Page) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if request.url.endswith(".js") else None)
    broken = re.compile(r"/web/\w+/compare/page\.js")
    page.route(broken, lambda route: route.fulfill(body="throw new Error('cut off')", content_type="text/javascript"))
    open_explore(page)
    assert any("/explore/page.js" in url for url in fetched)
    assert not any(f"/{other}/" in url for url in fetched for other in ("compare", "train", "unit", "why"))
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_text("The page did not arrive. Reload it.")).to_be_visible()
    page.get_by_role("link", name="Architecture").click()
    expect(page.get_by_role("heading", name="AlexNet to scale")).to_be_visible()


@pytest.mark.parametrize("address", ["/", "/unit?stage=block1.relu&channel=3", "/why", "/architecture"])
def test_the_first_photo_says_who_is_before_it(page: Page, address: str) -> None:
    held: list[Route] = []
    page.route(TRACE, lambda route: held.append(route))
    page.route(QUEUE, lambda route: route.fulfill(json={"before": 79}))
    page.goto(address)
    waits = page.get_by_text("Computing. 79 photos are before yours.")
    expect(waits).to_be_visible(timeout=90_000)  # the first page waits until the server has warmed up
    held[0].continue_()
    expect(waits).to_be_hidden()
    expect(page.locator("canvas:visible").first).to_be_visible()


def test_of_two_choices_the_last_is_shown(page: Page) -> None:
    open_explore(page)
    held: list[Route] = []
    page.route(re.compile(r"/api/trace\?photo=coffee"), lambda route: held.append(route))
    choose(page, "coffee")
    expect(note(page)).to_be_visible()
    choose(page, "rocket")
    wait_for_maps(page)
    rocket = inspector(page).get_by_role("img", name=re.compile("as the network sees it")).first
    seen = rocket.get_attribute("aria-label")
    with page.expect_response(re.compile(r"/api/trace\?photo=coffee")):
        held[0].continue_()
    choose(page, "coffee")  # and what came late was kept: it is shown at once
    wait_for_maps(page)
    choose(page, "rocket")
    wait_for_maps(page)
    expect(rocket).to_have_attribute("aria-label", str(seen))
    expect(page.get_by_role("combobox", name="photo")).to_have_value("rocket")


def test_empty_slots_stand_at_once_at_their_size(page: Page) -> None:
    held: list[Route] = []
    page.route(TRACE, lambda route: held.append(route))
    page.goto("/?checkpoint=untrained&stage=block3.relu")
    expect(wall(page)).to_have_attribute("aria-busy", "true")
    expect(wall(page)).to_have_attribute("aria-rowcount", "16")
    expect(wall(page)).to_have_attribute("aria-colcount", "24")
    size = wall_canvas(page).evaluate("canvas => [canvas.width, canvas.height]")
    top = wall_canvas(page).evaluate("canvas => canvas.getBoundingClientRect().top")
    held[0].continue_()
    wait_for_maps(page)
    expect(wall(page)).to_have_attribute("aria-busy", "false")
    # Nothing that has appeared moves.
    assert wall_canvas(page).evaluate("canvas => [canvas.width, canvas.height]") == size
    assert abs(wall_canvas(page).evaluate("canvas => canvas.getBoundingClientRect().top") - top) < 1


def test_a_photo_that_cannot_be_computed_leaves_the_last_one(page: Page) -> None:
    open_explore(page)
    words = "This photo is no longer kept by the server; upload it again."
    page.route(TRACE, lambda route: route.fulfill(json={"error": words}))
    choose(page, "coffee")
    box = page.get_by_role("region", name="Feature maps").get_by_role("alert")
    expect(box).to_contain_text(words)
    expect(box).to_contain_text("The last photo stays on the page.")
    expect(page.get_by_role("combobox", name="photo")).to_have_value("chelsea")
    expect(note(page)).to_be_hidden()
    expect(wall(page)).to_have_attribute("aria-label", "Block 1, ReLU: 96 of 96 channels")
    tool(page, "Close").click()
    expect(box).to_be_hidden()
    page.unroute(TRACE)
    choose(page, "coffee")
    wait_for_maps(page)
    expect(inspector(page).get_by_role("img", name=re.compile("^A cup of espresso"))).to_be_visible()


def test_a_server_that_does_not_answer_is_said(page: Page, watch: Any) -> None:
    open_explore(page)
    page.route(TRACE, lambda route: route.abort("connectionrefused"))
    choose(page, "coffee")
    box = page.get_by_role("region", name="Feature maps").get_by_role("alert")
    expect(box).to_contain_text("The server does not answer. Is it still running?")
    page.keyboard.press("3")
    expect(wall(page)).to_have_attribute("aria-label", "Block 3, ReLU: 384 of 384 channels")
    # The browser itself notes the lost request; nothing else went wrong.
    assert watch.complaints
    assert all("ERR_CONNECTION_REFUSED" in complaint for complaint in watch.complaints)
    watch.complaints.clear()


def test_a_server_that_stands_still_is_said_until_it_goes_on(page: Page) -> None:
    page.clock.install()
    open_explore(page)
    held: list[Route] = []
    page.route(API, lambda route: held.append(route))
    choose(page, "coffee")
    expect(note(page)).to_be_visible()
    words = page.get_by_text("The server has not answered for ten seconds.")
    expect(words).to_be_hidden()
    page.clock.run_for(15_000)
    expect(words).to_be_visible()
    for route in held:
        route.continue_()
    page.unroute(API)
    wait_for_maps(page)
    page.clock.run_for(6_000)
    expect(words).to_be_hidden()
    expect(inspector(page).get_by_role("img", name=re.compile("^A cup of espresso"))).to_be_visible()


def test_one_image_and_checkpoint_cost_one_trace(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.split("?")[0].rsplit("/api/")[-1]))
    with page.expect_response(LAST):
        open_explore(page)
    asked.clear()
    # Range, order, selection, colours, silent channels, tiles: nothing of it is asked of the server.
    for key in ("r", "o", "g", "c", "x", "z", "Shift+Z", "ArrowRight", "ArrowDown", "Enter", "Escape", "h", "h"):
        page.keyboard.press(key)
    wall_canvas(page).locator("xpath=..").locator("canvas.wall-marks").hover(position={"x": 300, "y": 200})
    expect(sentence(page)).not_to_be_empty()
    assert asked == []


def test_nothing_is_thrown_away_between_photos(page: Page) -> None:
    with page.expect_response(LAST):
        open_explore(page)
    with page.expect_response(LAST):
        choose(page, "coffee")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    choose(page, "chelsea")
    wait_for_maps(page)
    expect(inspector(page).get_by_role("img", name=re.compile("^Chelsea the cat"))).to_be_visible()
    assert [url for url in asked if "/api/trace" in url or "/api/stages" in url] == []
