"""What the service does in response to load, put together from a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.levers.practice_standard import PracticeStandards
from sim.model.practice.custom import Custom
from sim.model.practice.hand_over import HandOver
from sim.model.practice.juggling import LostHours
from sim.model.practice.loads import Loads
from sim.model.practice.thresholds import RisingThresholds
from sim.model.practice.under_load import AtEase, WorkUnderLoad
from sim.scenario.sections.base import usual
from sim.scenario.sections.practice import Practice

if TYPE_CHECKING:
    from sim.model.workforce.team import Teams
    from sim.model.world import World


class Responses:
    """The parts that respond to load. Whoever is given one may read it; they touch cases and milestones alone.

    Attributes:
        loads: of workers and teams.
        work: what workers under load leave out.
        ease: what comes sooner with fewer hours asked than usual.
        door: whom the front door turns away because others wait.
        custom: when assessments are handed in.
        hand_over: what every change of worker costs.
    """

    def __init__(self, world: World, teams: Teams) -> None:
        scenario = world.scenario
        rules = None if scenario.practice == "none" else scenario.practice
        turnover, absence = scenario.people.turnover, scenario.people.absence
        watched = rules is not None or (turnover != "none" and turnover.felt_load != "none")
        if absence != "none" and absence.sickness != "none" and absence.sickness.by_load > 0.0:
            watched = True
        self.loads = Loads(world, teams, rules or usual(Practice), watched, LostHours(rules))
        self.work = WorkUnderLoad(rules, self.loads)
        self.ease = AtEase(rules, self.loads)
        self.door = RisingThresholds(rules, self.loads)
        self.hand_over = HandOver(rules)
        assessment = scenario.stages.assessment
        habit = None if assessment.habit == "none" else assessment.habit
        late_by_load = 0.0 if rules is None or rules.custom == "none" else rules.custom.late_by_load
        standards = PracticeStandards(scenario, world.calendar)
        self.custom = Custom(habit, int(assessment.standard.working_days), late_by_load, standards, self.loads)
