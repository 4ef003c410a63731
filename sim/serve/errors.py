"""What the page asks that cannot be answered, as one sentence for its reader."""

from __future__ import annotations

from sim.experiment.errors import ExperimentError

__all__ = ["PageError"]


class PageError(ExperimentError):
    """What was asked cannot be done; the message is shown on the page."""
