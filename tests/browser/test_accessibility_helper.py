"""The helper that asks axe-core finds what is wrong, in shadow roots too, and nothing where all is well."""

from playwright.sync_api import Page

from tests.support.accessibility import COLOURS, find_violations

WELL = "<html lang=en><title>All is well</title><main><h1>All is well</h1><button>Go</button></main></html>"


def test_a_page_in_order_has_no_violations(page: Page) -> None:
    page.set_content(WELL)
    assert find_violations(page) == []


def test_a_button_without_a_name_is_found_in_a_shadow_root(page: Page) -> None:
    page.set_content(WELL.replace("</main>", "<div id=host></div></main>"))
    page.evaluate("document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML = '<button></button>'")
    [sentence] = find_violations(page)
    assert sentence.startswith("button-name (critical): Buttons must have discernible text; <button></button> at ")
    assert find_violations(page, within="h1") == []


def test_colours_alone_are_looked_at_where_another_theme_is(page: Page) -> None:
    page.set_content(WELL.replace("<button>", "<button></button><button style='color: #bbb; background: #fff'>"))
    assert [sentence.split()[0] for sentence in find_violations(page)] == ["button-name", "color-contrast"]
    assert [sentence.split()[0] for sentence in find_violations(page, rules=COLOURS)] == ["color-contrast"]
