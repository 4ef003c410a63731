"""The stages of the pathway by name, in order: for all who need no more, because it is quick to import."""

from __future__ import annotations

from typing import Final

__all__ = ["STAGE_NAMES"]

STAGE_NAMES: Final = (
    "front_door",
    "assessment",
    "section_47",
    "child_in_need",
    "child_protection",
    "pre_proceedings",
    "court",
)
"""A stage's place is its code in recordings: a new one goes to the end."""
