"""The stages after the front door, and the calls that they make of one another."""

from __future__ import annotations

from sim.model.cases.case import Case
from sim.model.cases.case_flow import CaseFlow
from sim.model.levers.meetings import Meetings
from sim.model.levers.quality_gate import QualityGates
from sim.model.pathway.assessment import AssessmentStage
from sim.model.pathway.capacities import Capacities
from sim.model.pathway.child_in_need import ChildInNeedStage
from sim.model.pathway.child_protection import ChildProtectionStage
from sim.model.pathway.court import CourtStage
from sim.model.pathway.front_door.premature_closure import PrematureClosures
from sim.model.pathway.pre_proceedings import PreProceedingsStage
from sim.model.pathway.routing import Routing
from sim.model.pathway.section_47 import Section47Stage
from sim.model.practice.responses import Responses
from sim.model.world import World


class Pathway:
    """The stages that send cases on to one another.

    Each stage holds this to reach the others: where it sends a case it calls `begin` of the stage that follows. What
    else a stage may touch is what it is given here.
    """

    def __init__(
        self,
        world: World,
        flow: CaseFlow,
        routing: Routing,
        capacities: Capacities,
        premature_closure: PrematureClosures,
        responses: Responses,
    ) -> None:
        gates, meetings = QualityGates(world, flow), Meetings(world, flow)
        self.assessment = AssessmentStage(
            world, flow, self, routing, gates, meetings, premature_closure, responses.custom
        )
        self.section_47 = Section47Stage(world, flow, self, routing, gates, capacities.conferences)
        self.child_in_need = ChildInNeedStage(world, flow, self, routing, gates, meetings, responses)
        self.child_protection = ChildProtectionStage(world, flow, self, routing, capacities.conferences, responses)
        self.pre_proceedings = PreProceedingsStage(world, flow, self, routing, capacities, responses.ease)
        self.court = CourtStage(world, flow, self, routing, capacities)

    def looked_at(self, case: Case, share: float) -> None:
        """A supervision has looked at a case: if the work of its plan is done, its review may be brought forward.

        Args:
            share: probability that the review is brought forward.
        """
        self.child_in_need.plan.looked_at(case, share)
        self.child_protection.plan.looked_at(case, share)
