"""Child and family assessment."""

from sim.model.assessment.assessment import Assessment

__all__ = ["Assessment"]
