import json
from pathlib import Path

import pytest

from alexnet_viz.ui.csv_table import csv_text

CASES = json.loads((Path(__file__).parents[1] / "cases" / "csv_rows.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("row", "line"), CASES)
def test_rows_as_both_languages_write_them(row: list[object], line: str) -> None:
    assert csv_text([row]) == f"\ufeff{line}\r\n"
