"""The open caseload of the first day."""

from sim.model.opening.caseload import OpeningCaseload

__all__ = ["OpeningCaseload"]
