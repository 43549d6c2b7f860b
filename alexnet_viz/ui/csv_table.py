"""Tables for spreadsheets; `ui/web/lib/csv.js` writes them alike.

Names come from people, and a spreadsheet would compute text that begins like a formula: such text gets an apostrophe in
front, which marks it as text.
"""

import csv
import io
import math
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_UTF8 = "\ufeff"  # tells spreadsheets that × is UTF-8


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV: numbers as numbers, None, NaN and infinity as empty cells, text never as a formula."""
    stream = io.StringIO()
    csv.writer(stream).writerows([_cell(value) for value in row] for row in rows)
    return _UTF8 + stream.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
