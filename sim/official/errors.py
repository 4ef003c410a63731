"""What can be wrong with official statistics, said in one sentence."""

from __future__ import annotations

from sim.experiment.errors import ExperimentError

__all__ = ["OfficialError"]


class OfficialError(ExperimentError):
    """A file, column, council or year that is missing or cannot be read."""
