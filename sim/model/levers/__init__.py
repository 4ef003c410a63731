"""Levers: dated changes, resolved before the run into what holds on each day."""

from sim.model.levers.demand import DemandLevers
from sim.model.levers.routing import Routing
from sim.model.levers.steps import Steps

__all__ = ["DemandLevers", "Routing", "Steps"]
