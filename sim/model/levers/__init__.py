"""Levers: dated changes, one module each; those on demand are together.

Some are resolved before the run into what holds on each day (demand, routing, capacity, staffing); others are events on
their day (caps, allocation policy).
"""

from sim.model.levers.capacity import capacity_steps, chair_absence
from sim.model.levers.demand import DemandLevers
from sim.model.levers.routing import Routing
from sim.model.levers.steps import Steps

__all__ = ["DemandLevers", "Routing", "Steps", "capacity_steps", "chair_absence"]
