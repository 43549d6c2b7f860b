"""The watch over a page sees what it is there for. Nothing of this leaves the machine: the route answers itself."""

from typing import Any

from playwright.sync_api import Page


def test_an_error_in_the_console_is_noted(page: Page, watch: Any) -> None:
    with page.expect_console_message(lambda message: message.type == "error"):
        page.set_content("<script>console.warn('a warning is none'); console.error('no such channel')</script>")
    assert watch.complaints == ["console error: no such channel"]
    watch.complaints.clear()


def test_an_exception_in_a_script_is_noted(page: Page, watch: Any) -> None:
    with page.expect_event("pageerror"):
        page.set_content("<script>throw new Error('lost')</script>")
    assert watch.complaints == ["script error: lost"]
    watch.complaints.clear()


def test_a_request_to_another_host_is_noted(page: Page, watch: Any) -> None:
    page.route("**/*", lambda route: route.fulfill(content_type="text/javascript", body=""))
    page.set_content(
        "<script src='http://fonts.example/a.js'></script><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
    )
    assert watch.complaints == ["request to http://fonts.example/a.js"]
    watch.complaints.clear()


def test_a_visitor_finds_nothing_of_the_one_before(server: str, contexts: Any, watch: Any) -> None:
    used = []
    for _ in range(2):
        with contexts.visitor(server, {"viewport": {"width": 320, "height": 200}}, watch) as page:
            page.goto("/_stcore/health")
            found = page.evaluate("() => [localStorage.length, sessionStorage.length, /mine/.test(document.cookie)]")
            assert found == [0, 0, False]
            page.evaluate("() => { localStorage.a = sessionStorage.b = 1; document.cookie = 'mine=1; max-age=3600'; }")
            used.append(page.context)
        assert len(page.context.pages) == 1  # the one that stays
    assert used[0] is used[1]


def test_a_visitor_who_has_left_is_watched_no_more(server: str, contexts: Any, watch: Any) -> None:
    options = {"viewport": {"width": 320, "height": 200}}
    later = type(watch)(watch.host)
    with contexts.visitor(server, options, watch):
        pass
    with contexts.visitor(server, options, later) as page, page.expect_console_message():
        page.evaluate("() => console.error('no such channel')")
    assert (watch.complaints, later.complaints) == ([], ["console error: no such channel"])


def test_an_address_of_the_server_is_not_noted(page: Page, watch: Any) -> None:
    page.goto("/_stcore/health")
    assert page.inner_text("body") == "ok"
    assert watch.complaints == []
