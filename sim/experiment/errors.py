"""What can go wrong around a run, each in one sentence."""

from __future__ import annotations

__all__ = [
    "ExperimentError", "LostError", "ReplicationsFailedError", "ReportError", "ResultsError", "RunError",
]  # fmt: skip


class ExperimentError(Exception):
    """Something the user can put right; its text is one sentence for each problem."""


class ResultsError(ExperimentError):
    """A results folder that cannot be written or read."""


class RunError(ExperimentError):
    """Scenarios that cannot be run or compared as asked."""


class ReplicationsFailedError(RunError):
    """A run from which no replication came out."""


class ReportError(ResultsError):
    """A report that could not be made of results that are saved."""


class LostError(RunError):
    """The machines that run replications are gone; what they had handed back is kept."""
