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


def test_an_address_of_the_server_is_not_noted(page: Page, watch: Any) -> None:
    page.goto("/_stcore/health")
    assert page.inner_text("body") == "ok"
    assert watch.complaints == []
