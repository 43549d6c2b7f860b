"""The report's small pictures, as SVG, and the steps of its colour ramps."""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from alexnet_viz.compare.predictions import Calibration
from alexnet_viz.number_words import percent

_ANCHORS = 17  # of each colour ramp among the tokens

RING = Markup(
    '<svg class="mark" viewBox="0 0 20 20"><title>A</title><circle cx="10" cy="10" r="7" class="ring"/></svg>A'
)
DISC = Markup(
    '<svg class="mark" viewBox="0 0 20 20"><title>B</title><circle cx="10" cy="10" r="8" class="disc"/></svg>B'
)
_BOND = Markup('<line x1="{}" x2="{}" y1="9" y2="9" class="bond"/>')
_POINT = Markup('<circle cx="{}" cy="9" r="4.5" class="{}"/>')
_GRID = Markup("").join(
    Markup('<line x1="{0}" x2="{0}" y1="0" y2="18" class="grid"/>').format(10 + 50 * i) for i in range(5)
)


def shares(lines: Sequence[tuple[float, float]], ring: float | None, disc: float | None) -> Markup:
    """Return an axis from 0 to 1 with lines between two shares, a disc for B, and over it a ring for A."""
    drawn = [_BOND.format(_x(low), _x(high)) for low, high in lines]
    drawn += [_POINT.format(_x(share), kind) for share, kind in ((disc, "disc"), (ring, "ring")) if share is not None]
    return Markup('<svg class="share" viewBox="0 0 220 18">{}{}</svg>').format(_GRID, Markup("").join(drawn))


def _x(share: float) -> str:
    return f"{10 + 200 * share:.1f}"


def reliability(calibration: Calibration) -> Markup:
    """Return the diagram, 200 units a side; a bar's title tells its numbers."""
    bar = Markup(
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="bar">'
        "<title>{} answers, mean probability {}, right {}</title></rect>"
    )
    bars = [
        bar.format(
            30 + 200 * each.low,
            10 + 200 * (1 - (each.accuracy or 0)),
            200 * (each.high - each.low) - 1,
            max(1, 200 * (each.accuracy or 0)),
            each.count,
            percent(each.confidence),
            percent(each.accuracy),
        )
        for each in calibration.bins
        if each.count
    ]
    tick = Markup(
        '<text x="{1}" y="224" class="tick middle">{0}</text><text x="26" y="{2}" class="tick end">{0}</text>'
    )
    ticks = [tick.format(share, 30 + 2 * share, 214 - 2 * share) for share in (0, 50, 100)]
    return Markup(
        '<svg class="plot" viewBox="0 0 240 244"><rect x="30" y="10" width="200" height="200" class="frame"/>{}'
        '<line x1="30" y1="210" x2="230" y2="10" class="diagonal"/>{}'
        '<text x="130" y="240" class="tick middle">probability of the answer, %</text></svg>'
    ).format(Markup("").join(bars), Markup("").join(ticks))


def sequential(high: float) -> Callable[[float], str]:
    """Return which class of the one-sided ramp paints a value of 0 to `high`."""
    last = _ANCHORS - 1
    return lambda value: f"h{min(last, max(0, round(last * value / high)))}" if high > 0 else "h0"


def diverging(high: float) -> Callable[[float], str]:
    """Return which class of the two-sided ramp paints a value of -`high` to `high`."""
    half = _ANCHORS // 2
    return lambda value: f"s{half + min(half, max(-half, round(half * value / high)))}" if high > 0 else f"s{half}"
