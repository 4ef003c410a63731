"""What can go wrong around a run, said in one sentence."""

from __future__ import annotations

__all__ = ["ExperimentError", "ReplicationsFailedError", "ResultsError", "RunError"]


class ExperimentError(Exception):
    """Something the user can put right; its text is one sentence for each problem."""


class ResultsError(ExperimentError):
    """A results folder that cannot be written or read."""


class RunError(ExperimentError):
    """Scenarios that cannot be run or compared as asked."""


class ReplicationsFailedError(RunError):
    """A run from which no replication came out."""
