import json
from pathlib import Path

import pytest

from alexnet_viz import number_words

TABLE = json.loads((Path(__file__).parent / "cases" / "number_words.json").read_text(encoding="utf-8"))
LISTS = ("percents", "numbers", "similarities")


def given(value: object) -> object:
    """Return a value of the table; JSON has no NaN and no infinity."""
    if isinstance(value, list):
        return [given(each) for each in value]
    return float(value) if isinstance(value, str) else value


@pytest.mark.parametrize("name", TABLE)
def test_both_languages_write_numbers_alike(name: str) -> None:
    write = getattr(number_words, name)
    assert [[value, write(given(value))] for value, _ in TABLE[name]] == TABLE[name]


def test_p_values() -> None:
    assert [number_words.p_value(value) for value in (0.0312, 1.0, 0.996, 1e-9)] == [
        "p = 0.031", "p = 1", "p > 0.99", "p < 0.001",
    ]  # fmt: skip


def test_four_figures_for_losses() -> None:
    assert number_words.number(2.30259, 4) == "2.303"
