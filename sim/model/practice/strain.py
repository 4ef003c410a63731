"""How far a load lies between the one at which an effect begins and the one at which it is full."""

from __future__ import annotations


def between(load: float, begins: float, full: float) -> float:
    """How far a load lies between two others: 0 at most the first, 1 from the second on."""
    return min(1.0, max(0.0, beyond(load, begins, full)))


def beyond(load: float, begins: float, full: float) -> float:
    """The same where the effect does not stop at the second: negative before the first, above 1 past the second."""
    return (load - begins) / (full - begins)
