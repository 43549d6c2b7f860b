"""The Compare page's plain numbers and words, with results worked out by hand; the browser is where they run."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.test_front_end_modules import Call
from tests.browser.test_front_end_modules import call as call


def stage(name: str, shape: list[int]) -> dict[str, Any]:
    return {"name": name, "shape": shape}


def compared(page: Page, shapes: tuple[list[int], list[int]], a: list[float], b: list[float], partners: Any) -> Any:
    """The comparison of two stages with two values a channel, its arrays as lists."""
    page.goto("/_stcore/health")
    script = """async ([shapes, a, b, partners]) => {
      const { compareStage } = await import("/web/any/compare/difference.js");
      const stageOf = shape => ({ name: "block1.relu", shape });
      const layer = (values, count) => ({ values: Float32Array.from(values), statistics: new Float32Array(5 * count) });
      const stages = { a: stageOf(shapes[0]), b: stageOf(shapes[1]), name: "block1.relu" };
      const made = compareStage(stages, layer(a, shapes[0][0]), layer(b, shapes[1][0]), partners);
      return { ...made, difference: [...made.difference.values], change: [...made.change], b: [...made.b.values] };
    }"""
    return page.evaluate(script, [list(shapes), a, b, partners])


def test_the_difference_and_its_root_mean_square(page: Page) -> None:
    made = compared(page, ([2, 1, 2], [2, 1, 2]), [1, 2, 0, 0], [4, 6, 0, 0], None)
    assert made["difference"] == [3, 4, 0, 0]
    assert made["change"] == pytest.approx([12.5**0.5, 0.0])  # sqrt((3² + 4²) / 2)
    assert made["changed"] == 1


def test_shuffled_channels_do_not_differ_once_they_are_paired(page: Page) -> None:
    a, shuffled = [1, 2, 3, 4, 5, 6], [5, 6, 1, 2, 3, 4]
    paired = compared(page, ([3, 1, 2], [3, 1, 2]), a, shuffled, [1, 2, 0])
    assert paired["b"] == a
    assert paired["change"] == [0, 0, 0]
    assert paired["changed"] == 0
    assert compared(page, ([3, 1, 2], [3, 1, 2]), a, shuffled, None)["changed"] == 3


def test_a_channel_without_a_partner_has_no_difference(page: Page) -> None:
    made = compared(page, ([3, 1, 2], [2, 1, 2]), [1, 1, 2, 2, 3, 3], [2, 2, 1, 1], [1, 0, None])
    assert made["change"] == [0, 0, -1]
    assert made["changed"] == 0
    assert made["reason"] == ""


def test_what_differs_by_rounding_only_does_not_differ(page: Page) -> None:
    made = compared(page, ([2, 1, 2], [2, 1, 2]), [1000, 1000, 1, 1], [1000.2, 1000.2, 1, 1], None)
    assert made["changed"] == 0
    assert made["change"][0] == pytest.approx(0.2, rel=1e-3)


def test_why_stages_cannot_be_subtracted(call: Call) -> None:
    article, torchvision = stage("block1.relu", [96, 55, 55]), stage("block1.relu", [64, 55, 55])
    assert call("compare/difference.js", "whyNot", article, article, "block1.relu", None) == ""
    assert call("compare/difference.js", "whyNot", article, torchvision, "block1.relu", None) == (
        "Block 1, ReLU has 96 channels in A and 64 in B, so that the same index means nothing. Match the pairs instead."
    )
    assert call("compare/difference.js", "whyNot", article, torchvision, "block1.relu", [None] * 96) == ""
    assert call(
        "compare/difference.js", "whyNot", article, stage("block1.relu", [96, 27, 27]), "block1.relu", None
    ) == ("The maps of Block 1, ReLU have 55 × 55 values in A and 27 × 27 in B; they cannot be subtracted.")
    assert call("compare/difference.js", "whyNot", article, None, "block1.norm", None) == "B has no stage Block 1, LRN."
    many, few = stage("logits", [1000]), stage("logits", [10])
    assert call("compare/difference.js", "whyNot", many, few, "logits", None) == (
        "logits has 1000 units in A and 10 in B, so that the same index means nothing."
    )


def test_one_range_for_both_and_the_difference(call: Call) -> None:
    shared = {"minimum": 0, "signed": False}
    a, b = {**shared, "maximum": 8, "limit": 2}, {**shared, "maximum": 5, "limit": 3}
    bounds = call("compare/difference.js", "sharedBounds", a, b, None, "clipped")
    assert bounds["shared"] == {"low": 0, "high": 3, "clippedLow": False, "clippedHigh": True}
    assert (bounds["difference"]["low"], bounds["difference"]["high"]) == (-3, 3)
    whole = call("compare/difference.js", "sharedBounds", a, b, None, "whole")
    assert whole["shared"] == {"low": 0, "high": 8, "clippedLow": False, "clippedHigh": False}


def test_how_many_channels_fit(call: Call) -> None:
    # 230 pixels hold 8 tiles of 27 with gaps of 2 (8 × 29 − 2 = 230), 491 hold 17.
    assert call("compare/difference.js", "fitting", 256, 27, 230, 491, 1) == 136
    assert call("compare/difference.js", "fitting", 256, 13, 230, 491, 1) == 256


def test_classes_that_stand_on_no_common_axis(call: Call) -> None:
    many = [f"class {number}" for number in range(1000)]
    assert call("compare/words.js", "whyNoAxis", many, ["a"] * 10) == (
        "A has 1000 classes, B 10; their predictions cannot be put on one axis. Feature maps still can."
    )
    assert call("compare/words.js", "whyNoAxis", ["cat", "dog"], ["dog", "cat"]) == ""
    assert "cat is one of A's and none of B's" in call("compare/words.js", "whyNoAxis", ["cat", "dog"], ["dog", "owl"])


def test_a_comparison_turned_round(call: Call) -> None:
    matching = {
        "stage": "block1.relu",
        "partners": [2, None, 0],
        "correlations": [0.9, None, 0.3],
        "second_count": 4,
        "silent_first": [],
        "silent_second": [3],
        "good_correlation": 0.5,
        "method": "correlation",
        "reason": "",
        "without_good_partner": [1, 2],
    }
    cka = {"a": ["x"], "b": ["y", "z"], "cka": [[0.1, 0.2]], "images": 8}
    found = {"cka": cka, "matchings": {"block1.relu": matching}, "answers": None, "images": 8}
    swapped = call("compare/jobs.js", "swapped", found)
    assert swapped["cka"] == {"a": ["y", "z"], "b": ["x"], "cka": [[0.1], [0.2]], "images": 8}
    own = swapped["matchings"]["block1.relu"]
    assert own["partners"] == [2, None, 0, None]
    assert own["correlations"] == [0.3, None, 0.9, None]
    assert own["without_good_partner"] == [0, 1]  # channel 3 is silent
    assert own["second_count"] == 3


def test_mcnemar_in_words(call: Call) -> None:
    def words(only_a: int, only_b: int, p: float) -> str:
        mcnemar = {"only_a": only_a, "only_b": only_b, "p_value": p}
        return str(call("compare/test_set_panel.js", "mcnemarWords", {"mcnemar": mcnemar, "n": 400}))

    assert words(0, 0, 1.0) == "A and B are right on the very same ones of the 400 images."
    assert "less than once in a thousand, so the difference is hardly chance" in words(2, 30, 1e-5)
    assert "in 3.1 % of all cases, so the difference is hardly chance" in words(0, 6, 0.03125)
    assert "nearly every time, so the difference may be chance" in words(5, 5, 1.0)


def test_checkpoints_of_one_training_share_a_curve(call: Call) -> None:
    cases = {"cifar10-fast-epoch-3": "cifar10-fast", "cifar10-fast": "cifar10-fast", "20261125-fast:7": "20261125-fast"}
    assert {name: call("compare/recipes_panel.js", "trainingOf", name) for name in cases} == cases
    view = {"a": "x", "b": "y", "more": ",".join("abcdefg")}
    assert call("compare/recipes_panel.js", "chosen", view) == ["x", "y", "a", "b", "c", "d"]
