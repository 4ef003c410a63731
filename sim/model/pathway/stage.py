"""What every stage after the front door holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.pathway.pathway import Pathway
    from sim.model.pathway.routing import Routing
    from sim.model.world import World


class Stage:
    """A stage: it reads the world, moves cases through the flow, reaches other stages, and asks for ways out."""

    def __init__(self, world: World, flow: CaseFlow, pathway: Pathway, routing: Routing) -> None:
        self._world = world
        self._flow = flow
        self._pathway = pathway
        self._routing = routing
