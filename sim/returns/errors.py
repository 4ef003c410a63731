"""What stops a return from being read at all, said in one sentence."""

from __future__ import annotations

from sim.experiment.errors import ExperimentError

__all__ = ["ReturnsError"]


class ReturnsError(ExperimentError):
    """A return that cannot be opened, or from which no scenario can be made. Its text holds no content of the file."""
