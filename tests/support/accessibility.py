"""What axe-core finds wrong with a page for people who use a keyboard, a screen reader or other colours."""

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_SCRIPT = Axe().axe_script
# Whoever speaks to the computer says what stands on a button: off in axe-core, where it counts as experimental.
_OPTIONS = {"resultTypes": ["violations"], "rules": {"label-content-name-mismatch": {"enabled": True}}}
COLOURS = ("color-contrast", "link-in-text-block")  # the only rules whose findings another theme can change


def find_violations(page: Page, within: str | None = None, rules: Sequence[str] | None = None) -> list[str]:
    """Return what axe-core finds in the page as it stands now, one sentence an element; shadow roots are looked into.

    assert find_violations(page) == []

    Args:
        page: A page that has settled; what moves or is still being computed is judged as it is at the moment.
        within: A CSS selector of the only part to look at, where not the whole page.
        rules: The only rules to look for, where not all.
    """
    if not page.evaluate("() => 'axe' in window"):  # half a megabyte, once a page
        page.evaluate(_SCRIPT)
    options = _OPTIONS if rules is None else {**_OPTIONS, "runOnly": {"type": "rule", "values": list(rules)}}
    found = page.evaluate(
        "async ([within, options]) => (await axe.run(within ?? document, options)).violations", [within, options]
    )
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}; {node['html'][:200]} at {node['target']}"
        for violation in found
        for node in violation["nodes"]
    ]
