"""The report's style sheet: its layout, and the design's colours for both themes."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from markupsafe import Markup


def style(tokens: Mapping[str, Any]) -> Markup:
    """Return the style sheet, its colours from the tokens, for both themes; nothing in it comes from elsewhere."""
    light, dark = (_colours(tokens, theme) for theme in ("light", "dark"))
    layout = files("alexnet_viz.compare").joinpath("report.css").read_text("utf-8")
    return Markup(f"{light}@media(prefers-color-scheme:dark){{{dark}}}{layout}")  # noqa: S704 (colours of the tokens and our own file)


def _colours(tokens: Mapping[str, Any], theme: str) -> str:
    values = "".join(f"--{name.replace('_', '-')}:{value};" for name, value in tokens["colour"][theme].items())
    return f":root{{{values}}}{_ramps(tokens, theme)}"


def _ramps(tokens: Mapping[str, Any], theme: str) -> str:
    """Return a class for each anchor of the two ramps, with the more legible of two colours of text."""
    inks = [tokens["colour"]["light"]["ink"], "#FFFFFF"]
    rules = []
    for letter, ramp in (("h", "activation"), ("s", "signed")):
        for place, colour in enumerate(tokens["ramp"][ramp][theme]):
            ink = max(inks, key=lambda text: _contrast(colour, text))
            rules.append(f".{letter}{place}{{background:{colour};color:{ink}}}")
    return "".join(rules)


def _contrast(one: str, other: str) -> float:
    """Return the contrast of two colours "#RRGGBB", 1 to 21 (WCAG 2)."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    shares = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
