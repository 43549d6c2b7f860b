"""What the pages may load: no page wants more than the answers' policy allows."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

NewPage = Callable[..., Page]
READY = {
    "/": ".wall-base",
    "/unit": "h2",
    "/why": ".why-map",
    "/compare": ".compare-body canvas",
    "/train": ".epochs",
    "/architecture": ".tensor canvas",
}


@pytest.mark.parametrize("path", READY)
def test_no_page_is_refused_anything(new_page: NewPage, path: str) -> None:
    page = new_page()
    page.add_init_script(
        """window.refused = [];
        document.addEventListener("securitypolicyviolation", (event) => window.refused.push(
          `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));"""
    )
    answer = page.goto(path)
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "'unsafe-eval'" not in policy
    assert "object-src 'none'" in policy
    expect(page.locator(READY[path]).first).to_be_visible()
    assert page.evaluate("() => window.refused") == []


def test_the_loss_charts_library_needs_no_code_from_text(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/train")
    expect(page.locator(".epochs")).to_be_visible()
    drawn = page.evaluate("""async () => {
      const refused = [];
      document.addEventListener("securitypolicyviolation", (event) => refused.push(event.violatedDirective));
      const script = document.createElement("script");
      script.src = new URL("vendor/plotly.min.js", document.baseURI).href;
      const loaded = new Promise((done, failed) => Object.assign(script, { onload: done, onerror: failed }));
      document.head.append(script);
      await loaded;
      const holder = document.body.appendChild(document.createElement("div"));
      await Plotly.newPlot(holder, [{ x: [1, 2], y: [3, 4] }]);
      return [holder.querySelectorAll("path.js-line").length, refused];
    }""")
    assert drawn == [1, []]
