from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

import alexnet_viz
from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare import report_parts
from alexnet_viz.compare.paired_pass import compare_on, split_inputs
from alexnet_viz.compare.report import Report, design_tokens, html_report, make_report
from alexnet_viz.compare.report_style import _contrast
from alexnet_viz.compare.unlabelled import changed_channels, compare_pictures
from tests.compare.conftest import CLASSES, random_pictures
from tests.compare.test_unlabelled import photos

HOSTILE = "<script>alert(1)</script>\"'&"
_WITHOUT_END = {"meta"}


class Page(HTMLParser):
    """Texts, tags and attributes; fails on a tag that is not closed in its order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.texts: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "style", "onload", "action")]
        if tag not in _WITHOUT_END:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def full_report(make: Callable[..., Checkpoint], classes: tuple[str, ...] = CLASSES, name: str = "fast") -> Report:
    first = make(0, name=name, recipe={"epochs": 2}, source=classes[0])
    second = make(1, name="slow", recipe={"epochs": 3})
    first.classes = second.classes = classes
    split = random_pictures(20)
    found = compare_on(first, second, split, classes)
    changed = changed_channels(first, second, split_inputs(first, second, split.images[:4]), found.matchings)
    now = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    return make_report(first, second, data="drawn blocks", found=(found,), changed=changed, now=now)


def test_a_report_holds_every_part(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    report = full_report(tiny_checkpoint)
    page = Page(html_report(report, design_tokens()))
    assert page.tags.count("section") == 11
    for words in (
        "fast", "slow", "McNemar", "95 % interval", "expected calibration error", "B − A", "Linear CKA over 20 images",
        "Channels that changed most", "Frobenius", "2026-01-02 03:04 UTC", "drawn blocks", "PyTorch", "SciPy",
        f"alexnet_viz {alexnet_viz.__version__}",
        report.found[0].fingerprint, report.found[0].first.digest, "1 of", "settings differ",
    ):  # fmt: skip
        assert words in page.text, words
    answers = report.found[0].answers
    assert answers is not None
    assert f"{100 * answers.second.accuracy.value:.2f} %" in page.text


def test_nothing_is_fetched_and_nothing_runs(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    html = html_report(full_report(tiny_checkpoint), design_tokens())
    page = Page(html)
    assert page.addresses == []
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert "url(" not in html
    assert "@import" not in html
    assert "default-src 'none'" in html


def test_hostile_names_are_text(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    classes = (HOSTILE, "bee", "cat")
    html = html_report(full_report(tiny_checkpoint, classes, name=f"a{HOSTILE}"), design_tokens())
    page = Page(html)
    assert "script" not in page.tags
    assert "<script" not in html
    assert page.texts.count(HOSTILE) >= 4  # per class, in both heads of a matrix, as the source


def test_both_themes_have_their_colours(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    html = html_report(full_report(tiny_checkpoint), design_tokens())
    light, dark = html.split("@media(prefers-color-scheme:dark)")
    assert "--page:#F4F5F3" in light
    assert "--page:#171A1F" in dark
    assert "h16{background:#150C28" in light
    assert "h16{background:#EEFEFA" in dark


def test_contrast_of_known_colours() -> None:
    assert _contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert _contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # WCAG's own example of what just fails


def test_of_pictures_alone(tiny_checkpoint: Callable[..., Checkpoint]) -> None:
    first, second = tiny_checkpoint(0), tiny_checkpoint(1)
    second.classes = ("x", "y", "z")
    found = compare_pictures(first, second, photos(2))
    page = Page(html_report(make_report(first, second, data="two photos", found=(found,)), design_tokens()))
    assert "cannot be put on one axis" in page.text
    assert "CKA takes at least 4 pictures" in page.text
    assert "ant" in page.text


def test_many_classes_are_not_drawn_as_squares(
    tiny_checkpoint: Callable[..., Checkpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_parts, "_MOST_SQUARE", 2)
    html = html_report(full_report(tiny_checkpoint), design_tokens())
    assert "3 classes: matrices are drawn up to 2. The command compare --json has their numbers." in html
    assert html.count('class="heat"') == 1  # CKA's


def test_what_is_almost_all_is_not_said_to_be_all() -> None:
    almost = SimpleNamespace(value=0.99997, low=0.9993, high=0.99999)
    score = SimpleNamespace(accuracy=almost, evaluation=SimpleNamespace(loss=0.001))
    test = SimpleNamespace(both_right=1, only_first=0, only_second=0, both_wrong=0, p_value=1.0)
    answers = SimpleNamespace(mcnemar=test, first=score, second=score, count=10_000)
    section = report_parts._accuracy_section(answers)  # type: ignore[arg-type]
    assert "&gt; 99.99 %" in section
    assert "99.9 % – &gt; 99.9 %" in section
    assert "100.0" not in section
