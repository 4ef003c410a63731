"""Allocation: waiting cases, the order among them, and the daily pass that gives them to workers."""

from sim.model.allocation.order import POLICIES
from sim.model.allocation.pool import Pool, Waiting

__all__ = ["POLICIES", "Pool", "Waiting"]
