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


def test_of_a_thousand_classes_the_first_is_told_apart_from_the_second() -> None:
    # A network of a thousand classes that has learnt nothing, and one that has.
    assert number_words.top_percents([0.00103, 0.00101, 0.00101, 0.001], 1000) == [
        "0.103 %", "0.101 %", "0.101 %", "0.100 %",
    ]  # fmt: skip
    assert number_words.top_percents([0.84082, 0.00222, 0.00197], 1000) == ["84 %", "0.2 %", "0.2 %"]
    assert number_words.top_percents([0.846, 0.854], 10) == ["84.6 %", "85.4 %"]
    assert number_words.top_percents([0.84082, 0.00222], 1000, 1) == ["84.1 %", "0.2 %"]
    assert number_words.top_percents([0.001] * 3, 1000) == ["0.1 %"] * 3
    assert number_words.top_percents([0.0010001, 0.00100003], 1000) == ["0.1 %"] * 2  # by less than means anything


def test_p_values() -> None:
    assert [number_words.p_value(value) for value in (0.0312, 1.0, 0.996, 1e-9)] == [
        "p = 0.031", "p = 1", "p > 0.99", "p < 0.001",
    ]  # fmt: skip


def test_four_figures_for_losses() -> None:
    assert number_words.number(2.30259, 4) == "2.303"
