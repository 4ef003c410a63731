"""Pace: how fast work moves when more is asked of a worker than there are hours."""

from sim.model.pace.milestone import Milestone
from sim.model.pace.rule import PaceRule, paces
from sim.model.pace.virtual_clock import WorkClock

__all__ = ["Milestone", "PaceRule", "WorkClock", "paces"]
