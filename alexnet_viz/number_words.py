"""Numbers as they are written for people; `ui/web/lib/format.js` writes them alike.

Rounding never produces a false exact value: no "100 %", "0 %", "1.00" or "−0.00". Numbers that are shown side by side
get as many figures as tell them apart. The decimal mark is that of the language in use. None, for what was not
measured, is "–"; NaN is "not a number".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext

from alexnet_viz.language import current_language, decimal_mark, figures, gettext

_THIN = "\u202f"  # between thousands; no line breaks there
_FEW_CLASSES = 30
_ROUNDING = 1e-9  # a similarity so close to 1 is 1: the sums behind it are no more exact


def percent(share: float | None, decimals: int = 0) -> str:
    """Return a share as "40 %", "8.7 %", "< 0.1 %", "> 99.9 %", with at least so many decimals."""
    return _marked(_percent(share, decimals))


def percents(shares: Sequence[float | None], decimals: int = 0) -> list[str]:
    """Return shares that are shown side by side, at least so exactly: 0.8459 and 0.8538 are "84.6 %" and "85.4 %"."""
    return list(map(_marked, _apart(shares, _percent, decimals, 4)))


def top_percents(shares: Sequence[float | None], classes: int, decimals: int = 0) -> list[str]:
    """Return the largest shares of a prediction, with at least so many decimals.

    Those of few classes are told apart. Of a thousand the small ones are all but alike, and decimals that tell them
    apart would hide how much larger the first one is: there the first is told apart from the second, where three
    decimals can.
    """
    if classes <= _FEW_CLASSES:
        return percents(shares, decimals)
    told_apart = (each for each in range(decimals, 4) if not _read_alike(shares[:2], _percent, each))
    places = next(told_apart, decimals)
    return [percent(share, places) for share in shares]


def number(value: float | None, digits: int = 3) -> str:
    """Return three significant figures, "5.52", "0.345", "12.5", or more; "0" for exact zero, "< 0.001" below it."""
    return _marked(_number(value, digits, Decimal("0.001")))


def numbers(values: Sequence[float | None]) -> list[str]:
    """Return numbers that are shown side by side; with a power of ten where all are below 0.001."""
    largest = max((abs(value) for value in values if value is not None and math.isfinite(value)), default=0)
    if 0 < largest < 0.001:
        return list(map(_marked, _apart(values, _with_power, 3, 6)))
    texts = _apart(values, lambda value, digits: _number(value, digits, Decimal(10) ** -digits), 3, 6)
    return list(map(_marked, texts))


def fixed(value: float | None, decimals: int = 2) -> str:
    """Return a fixed number of decimals: "0.93", "−0.02", "0" for exact zero, "< 0.01" below it."""
    return _marked(_fixed(value, decimals))


def _fixed(value: float | None, decimals: int) -> str:
    odd = _without_figures(value)
    if odd is not None or not value:
        return odd or "0"
    text = _rounded(abs(value), decimals)
    return _signed(text, value) if Decimal(text) else _smaller(_rounded(10.0**-decimals, decimals), value)


def similarity(value: float | None) -> str:
    """Return a CKA or a correlation, of which "1.00" is the greatest: "0.93", "0.995", "> 0.999"."""
    return _marked(_similarity(value, 2))


def similarities(values: Sequence[float | None]) -> list[str]:
    """Return similarities that are shown side by side."""
    return list(map(_marked, _apart(values, _similarity, 2, 4)))


def count(value: int) -> str:
    """Return a whole number with thin spaces between its thousands from 10 000 on."""
    return _signed(_grouped(str(abs(value))), value)


def megabytes_beyond(size: int) -> str:
    """Return bytes that are beyond a limit in millions, in tenths upwards: 25.01 is not "25 MB, the limit is 25 MB"."""
    return _tenths_upwards(size, 1_000_000)


def gigabytes_beyond(size: int) -> str:
    """Return bytes that are beyond a limit, or more than are free, in thousands of millions: in tenths upwards."""
    return _tenths_upwards(size, 1_000_000_000)


def gigabytes_free(size: int) -> str:
    """Return bytes that are free in thousands of millions: in tenths downwards, as less than what is needed."""
    return figures(f"{size // 10**8 / 10}")


def _tenths_upwards(size: int, unit: int) -> str:
    tenths = -(-10 * size // unit)
    return figures(f"{tenths // 10:,}" + (f".{tenths % 10}" if tenths % 10 else ""))


def p_value(value: float) -> str:
    """Return "p = 0.031", "p < 0.001" or "p > 0.99"."""
    if value < 0.001:
        return _marked("p < 0.001")
    return _marked("p > 0.99" if 0.99 < value < 1 else f"p = {value:.2g}")


def _marked(text: str) -> str:
    """Return a number with the decimal mark of the language in use; one in English can still get another's."""
    return figures(text) if current_language() == "en" else text.replace(".", decimal_mark(current_language()))


def _percent(share: float | None, decimals: int) -> str:
    odd = _without_figures(share)
    if odd is not None or not share:
        return odd or "0 %"
    size = abs(share) * 100
    decimals = max(decimals, 1 if size < 9.95 or 99.5 <= size < 100 else 0)
    text = _rounded(size, decimals)
    if not Decimal(text):
        return f"{_smaller(_rounded(10.0**-decimals, decimals), share)} %"
    if Decimal(text) == 100:
        return f"{_signed('100', share)} %" if size == 100 else _beyond(f"99.{'9' * decimals}", share, " %")
    return f"{_signed(text, share)} %"


def _number(value: float | None, digits: int, smallest: Decimal) -> str:
    odd = _without_figures(value)
    if odd is not None or not value:
        return odd or "0"
    size = abs(value)
    if size < smallest:
        return _smaller(f"{smallest:f}", value)
    if size >= 1e7:
        return _with_power(value, digits)
    whole = _rounded(size, 0)
    return _signed(_grouped(whole if Decimal(whole) >= 10**digits else _significant(size, digits)), value)


def _with_power(value: float | None, digits: int) -> str:
    odd = _without_figures(value)
    if odd is not None or not value:
        return odd or "0"
    mantissa, exponent = f"{abs(value):.{digits - 1}e}".split("e")
    return _signed(f"{mantissa} × 10^{_signed(str(abs(int(exponent))), int(exponent))}", value)


def _similarity(value: float | None, decimals: int) -> str:
    if value is None or not math.isfinite(value):
        return _fixed(value, 2)
    if abs(value) >= 1 - _ROUNDING:
        return _signed("1.00", value)
    decimals = max(decimals, 3 if abs(value) >= 0.995 else 2)
    if Decimal(_rounded(abs(value), decimals)) == 1:
        return _beyond(f"0.{'9' * decimals}", value)
    return _fixed(value, decimals)


def _apart(
    values: Sequence[float | None], write: Callable[[float | None, int], str], least: int, most: int
) -> list[str]:
    """Write with the fewest figures, from `least` to `most`, that tell different values apart."""
    places = least
    while places < most and _read_alike(values, write, places):
        places += 1
    return [write(value, places) for value in values]


def _read_alike(values: Sequence[float | None], write: Callable[[float | None, int], str], places: int) -> bool:
    """Return whether two different values would read the same."""
    different = {value for value in values if value is not None and math.isfinite(value)}
    return len({write(value, places) for value in different}) < len(different)


def _without_figures(value: float | None) -> str | None:
    if value is None:
        return "–"
    if math.isnan(value):
        return gettext("not a number")
    return _signed("∞", value) if math.isinf(value) else None


def _rounded(size: float, decimals: int) -> str:
    """Round as JavaScript's toFixed does: by the exact value of the float, halves up."""
    with localcontext(prec=400):
        return f"{Decimal(size).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"


def _significant(size: float, digits: int) -> str:
    """Round to significant figures as JavaScript's toPrecision does."""
    with localcontext(prec=digits, rounding=ROUND_HALF_UP):
        rounded = +Decimal(size)
    return _rounded(size, max(0, digits - 1 - rounded.adjusted()))


def _grouped(text: str) -> str:
    whole, point, rest = text.partition(".")
    return (whole if len(whole) < 5 else f"{int(whole):,}".replace(",", _THIN)) + point + rest


def _signed(text: str, value: float) -> str:
    return f"−{text}" if value < 0 else text


def _smaller(limit: str, value: float) -> str:
    return f"> −{limit}" if value < 0 else f"< {limit}"


def _beyond(limit: str, value: float, unit: str = "") -> str:
    return f"< −{limit}{unit}" if value < 0 else f"> {limit}{unit}"
