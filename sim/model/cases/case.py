"""A case (a sibling group) and its spells in the stages of the pathway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.streams import CaseDraws

if TYPE_CHECKING:
    from sim.model.allocation.pool import Waiting
    from sim.model.need.level import Level
    from sim.model.pace import Milestone
    from sim.model.pathway.plans.plan import Review
    from sim.model.workforce.manager import ManagerDesk
    from sim.model.workforce.worker import Worker

NOT_YET: Final = -1
NO_DAY: Final = -1_000_000
"""Before every day: of a clock that has not started, of an earlier referral that there was not."""
GENERATION_BITS: Final = 6
"""The last bits of a case number count how often the family came back."""
CHILDREN_BITS: Final = 5
"""Child numbers are the case number times 32 plus the child's place in the sibling group."""


def root_key(key: int) -> int:
    """Number of the case when its children were first known here."""
    return key >> GENERATION_BITS << GENERATION_BITS


class Spell:
    """One stay of a case in one stage.

    Days are whole working days since the start of the run; -1 means not yet.

    Attributes:
        work_factor: the case's hours for each hour of a one-child case.
        urgent, routine: hours a week that the spell asks of the worker who holds the case.
        habit_day: day on which the stage would end by habit, or the day sought in a diary.
        deciding: a manager's decision on this spell is waiting.
        booked: day of a booked conference, review or hearing.
        review: the booked review of a plan; None where there is none.
        work: working days at full pace that the stage's own work takes (of the opening caseload, what was left of it).
        returned: how often its work was returned at sign-off.
        state: what it waits for, a code into SPELL_STATES; recorded, and never asked for.
        sought: day on which its conference or review would be held if every day had a slot; recorded only.
    """

    __slots__ = (
        "allocated", "booked", "case", "clock_start", "conference", "deciding", "ended", "entered", "habit_day",
        "milestones", "outcome", "returned", "review", "routine", "sought", "stage", "state", "team", "urgent", "work",
        "work_done",
        "worker",
    )  # fmt: skip

    def __init__(self, case: Case, stage: int, clock_start: int, entered: int) -> None:
        self.case = case
        self.stage = stage
        self.clock_start = clock_start
        self.entered = entered
        self.allocated = NOT_YET
        self.work_done = NOT_YET
        self.ended = NOT_YET
        self.outcome = NOT_YET
        self.conference = NOT_YET
        self.team = NOT_YET
        self.worker = NOT_YET
        self.habit_day = entered
        self.booked = NOT_YET
        self.review: Review | None = None
        self.deciding = False
        self.work = 0.0
        self.returned = 0
        self.state = 0
        self.sought = NOT_YET
        self.urgent = 0.0
        self.routine = 0.0
        self.milestones: list[Milestone] = []

    @property
    def open(self) -> bool:
        """The spell has not ended."""
        return self.ended == NOT_YET

    def relieve(self, urgent: bool, hours: float) -> None:
        """Ask less from now (the worker's clock has already taken the relief)."""
        if urgent:
            self.urgent -= hours
        else:
            self.routine -= hours


class Case:
    """A sibling group: the unit of allocation, of a worker's time and of a manager's decision.

    Attributes:
        key: number of the case, the same in every scenario; ties are broken by it.
        children: children in the group, who are what is counted.
        locality: position in the scenario's localities.
        need: level of need as the service knows it, 1 (low) to 4 (severe).
        level: level of need as it is, where need moves (`need`); None elsewhere.
        had_plan: the family has had a child protection plan in the run, where earlier plans are counted.
        referred: day of the latest referral.
        previous_referral: day of the one before, or NO_DAY.
        route: way out of the front door, a code into OUTCOMES.
        worker: who holds the case, or None.
        managers: the managers who hold the case while no worker does, or None.
        managers_since, managers_stage: since when they hold it, and in which stage.
        former: who held it, or the family's case before it, last; None where nobody has.
        waiting: its place in an allocation queue, or None.
        spells: open spells by stage.
        holding_since, holding_stage: when the current worker took it over, and in which stage.
        transfer_asked: day on which the transfer it waits for was asked, or NOT_YET.
        prevention: share of re-referrals that a meeting before closure prevents, 0 without one; NOT_YET before.
        cut_short: the assessment under way, or the last one, was ended before its work was done.
        likelier: times as likely as others to come back, because of how its work was done.
        assured: share of re-referrals that the quality gate passed last prevents, while its stage is the latest.
    """

    __slots__ = (
        "assured", "children", "cut_short", "draws", "earlier_plan", "factor", "former", "generation", "had_plan",
        "holding_since", "holding_stage", "key", "last_seen", "level", "likelier", "locality", "managers",
        "managers_since", "managers_stage", "need", "opening",
        "prevention", "previous_referral", "referred", "rereferral", "route", "spells", "transfer_asked",
        "transfer_hours", "waiting", "worker",
    )  # fmt: skip

    def __init__(
        self,
        key: int,
        children: int,
        locality: int,
        need: int,
        referred: int,
        draws: CaseDraws,
        opening: bool = False,
    ) -> None:
        self.key = key
        self.children = children
        # The second child of a group adds half of the first one's hours, and so does each further one (assumption:
        # one home, one set of parents, one report; see docs/model.md).
        self.factor = 1.0 + 0.5 * (children - 1)
        self.locality = locality
        self.need = need
        self.referred = referred
        self.previous_referral = NO_DAY
        self.rereferral = False
        self.earlier_plan = False
        self.had_plan = False
        self.opening = opening
        self.draws = draws
        self.generation = 0
        self.route = NOT_YET
        self.last_seen = referred
        self.level: Level | None = None
        self.worker: Worker | None = None
        self.former: Worker | None = None
        self.managers: ManagerDesk | None = None
        self.managers_since = NOT_YET
        self.managers_stage = 0
        self.waiting: Waiting | None = None
        self.spells: dict[int, Spell] = {}
        self.holding_since = NOT_YET
        self.holding_stage = 0
        self.transfer_asked = NOT_YET
        self.transfer_hours = 0.0
        self.assured = 0.0
        self.cut_short = False
        self.likelier = 1.0
        self.prevention = float(NOT_YET)
