"""Figures with their sources, and a scenario file written from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sim.official.making.writing import quoted

__all__ = ["Figure", "Tree", "few", "lay_over", "tree_text"]

FEWEST_SHOWN = 5


@dataclass(frozen=True)
class Figure:
    """A figure as a scenario writes it: its YAML on one line, where it is from, the day it is of, how sure it is.

    `spread` is what chance may have moved it by: `low: 90, high: 110, distribution: lognormal`, or nothing.
    """

    value: str
    source: str
    day: date | None = None
    confidence: str = "local"
    spread: str = ""

    def text(self) -> str:
        """The figure with its source, on one line."""
        day = f", date: {self.day.isoformat()}" if self.day is not None else ""
        spread = f", {self.spread}" if self.spread else ""
        return f"{{value: {self.value}{spread}, source: {quoted(self.source)}{day}, confidence: {self.confidence}}}"


Tree = dict[str, Any]
"""Sections and their figures: a mapping of keys to mappings, figures, or YAML as it is."""


def few(count: float) -> str:
    """A count for sources and pages: fewer than 5 children are never told apart."""
    return f"{count:,.0f}" if count >= FEWEST_SHOWN or count == 0 else "fewer than 5"


def tree_text(tree: Mapping[str, Any], depth: int = 0) -> str:
    """The sections as YAML, a blank line between those at the top."""
    lines: list[str] = []
    for key, inner in tree.items():
        pad = "  " * depth
        if isinstance(inner, Figure):
            lines.append(f"{pad}{key}: {inner.text()}")
        elif isinstance(inner, Mapping):
            if inner:
                lines.append(f"{pad}{key}:\n{tree_text(inner, depth + 1)}".rstrip("\n"))
        else:
            lines.append(f"{pad}{key}: {inner}")
        if depth == 0:
            lines.append("")
    return "\n".join(lines) + "\n"


def lay_over(base: Any, own: Any) -> Any:
    """A scenario file's mapping with another laid over it, sources and all; a figure replaces what it stands over."""
    figure = isinstance(own, dict) and "value" in own
    if not isinstance(base, dict) or not isinstance(own, dict) or figure:
        return own
    if "value" in base and "source" in base:
        return own
    merged = dict(base)
    for key, inner in own.items():
        merged[key] = lay_over(base[key], inner) if key in base else inner
    return merged
