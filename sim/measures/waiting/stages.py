"""The names of stages, for a command line that has not to load the model."""

from __future__ import annotations

from typing import Final

__all__ = ["STAGE_NAMES"]

STAGE_NAMES: Final = (
    "front_door", "assessment", "section_47", "child_in_need", "child_protection", "pre_proceedings", "court",
)  # fmt: skip
