"""Labels at the ends of lines, moved apart so that none covers another."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Return centres for labels, as near to those wanted as fits without overlap.

    Args:
        wanted: centre of each label, in pixels.
        heights: height of each label, in pixels.
        low, high: the space for all of them, in pixels; when they do not fit they run past `high`.

    Returns: a centre for each label in the order given; the order along the axis is kept.
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    groups: list[tuple[list[int], float]] = []  # members in order, and where the group's lower edge is
    for label in order:
        members, start = [label], wanted[label] - heights[label] / 2
        start = _within(start, heights[label], low, high)
        while groups and groups[-1][1] + _total(groups[-1][0], heights) > start:
            before, _ = groups.pop()
            members = before + members
            total = _total(members, heights)
            start = _within(_best_start(members, wanted, heights), total, low, high)
        groups.append((members, start))
    centres = [0.0] * len(wanted)
    for members, start in groups:
        for label in members:
            centres[label] = start + heights[label] / 2
            start += heights[label]
    return centres


def _total(members: Sequence[int], heights: Sequence[float]) -> float:
    return sum(heights[i] for i in members)


def _best_start(members: Sequence[int], wanted: Sequence[float], heights: Sequence[float]) -> float:
    """Lower edge that brings a stack of labels nearest, on average, to where they want to be."""
    offset, shifts = 0.0, []
    for i in members:
        shifts.append(wanted[i] - (offset + heights[i] / 2))
        offset += heights[i]
    return sum(shifts) / len(shifts)


def _within(start: float, size: float, low: float, high: float) -> float:
    return max(low, min(start, high - size))
