"""Colours, dashes and letters that tell scenarios apart, in print and without colour too.

The six colours are those of the Analysis Function of the United Kingdom's government statisticians ("Data
visualisation: colours in charts"), chosen so that neighbours can be told apart by people with colour vision
deficiencies. A chart never relies on them alone: each scenario also has its own dash pattern and a letter.
"""

from __future__ import annotations

from string import ascii_uppercase
from typing import Final

COLOURS: Final = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
"""Analysis Function categorical palette, in its own order."""

TEXT_COLOURS: Final = ("#12436D", "#19746D", "#801650", "#B0440F", "#3D3D3D", "#6B4BA1")
"""The same hues dark enough to read as text on white (at least 4.5 to 1)."""

DASHES: Final = ("solid", "12px,4px", "3px,3px", "14px,4px,3px,4px", "7px,3px", "14px,4px,3px,4px,3px,4px")
"""Line patterns as lengths in pixels, in the order of the colours; understood by Plotly and, with spaces,
by SVG.
"""

INK: Final = "#1D1D1B"
GRID: Final = "#D9DDE1"
PAPER: Final = "#FFFFFF"
FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
"""Fonts that the reader's own machine has: a report fetches none."""

BAND_OPACITY: Final = 0.16


def colour(position: int) -> str:
    """Return the colour for the scenario at `position` (0 is the baseline), repeating after six."""
    return COLOURS[position % len(COLOURS)]


def text_colour(position: int) -> str:
    """Return the darker form of `colour(position)` for words."""
    return TEXT_COLOURS[position % len(TEXT_COLOURS)]


def dash(position: int) -> str:
    """Return the line pattern for the scenario at `position`; shifted after six so that no pair repeats."""
    return DASHES[(position + position // len(COLOURS)) % len(DASHES)]


def svg_dash(position: int) -> str:
    """Return `dash(position)` as an SVG `stroke-dasharray` value."""
    pattern = dash(position)
    return "none" if pattern == "solid" else pattern.replace("px", "").replace(",", " ")


def letter(position: int) -> str:
    """Return the letter that stands for a scenario where its title does not fit: A, B, … Z, A2, …"""
    turn, place = divmod(position, len(ascii_uppercase))
    return ascii_uppercase[place] + (str(turn + 1) if turn else "")


def translucent(hex_colour: str, opacity: float = BAND_OPACITY) -> str:
    """Return a `rgba(...)` form of a `#RRGGBB` colour with the given opacity (0 to 1)."""
    red, green, blue = (int(hex_colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
