"""A chart as Plotly's own plain data, built without Plotly's objects.

Plotly checks each key when an object is set, which takes longer than everything else in a report of ten runs. A test
hands every drawing to Plotly and expects it back unchanged, so that a key it does not know is still found.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

__all__ = ["Drawing"]


class Drawing:
    """Traces and a layout, with the keys of https://plotly.com/javascript/reference/."""

    def __init__(self) -> None:
        self.data: list[dict[str, Any]] = []
        self.layout: dict[str, Any] = {}

    def add(self, kind: str, **keys: Any) -> None:
        """Add a trace of a kind, such as `bar` or `scatter`. Keys that are None are left out."""
        self.data.append({**{key: value for key, value in keys.items() if value is not None}, "type": kind})

    def as_json(self) -> dict[str, Any]:
        """Return `data` and `layout` for JSON: numbers that are not finite are None, NumPy's are Python's."""
        return {"data": _plain(self.data), "layout": _plain(self.layout)}

    def as_figure(self) -> Figure:
        """Return a Plotly figure."""
        import plotly.graph_objects as go

        return go.Figure(self.as_json())


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence):
        return [_plain(inner) for inner in value]
    number = value.item() if hasattr(value, "item") else value
    return None if isinstance(number, float) and not math.isfinite(number) else number
