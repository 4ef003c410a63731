"""Every lever: its words in a scenario, the module that applies it, what it touches, and when.

To add a lever, write its words (`sim/scenario/sections/levers.py`), apply it in a module, and add an entry here.
Levers of one kind are looked up with `scenario.levers_of(ReferralSurge)`. Costs of all levers are counted by
`recording/money.py`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from sim.scenario.sections.levers import (
    AgencyRelease,
    BusinessSupport,
    CapacityChange,
    CapChange,
    ChairAbsence,
    ConferencePractice,
    DatedLever,
    EarlyHelpDiversion,
    HoursOut,
    Managers,
    PolicyChange,
    PracticeStandard,
    QualityGate,
    Rebalancing,
    ReferralSurge,
    RereferralPrevention,
    Retention,
    RoutingChange,
    Staffing,
    SupervisionChange,
    TargetedReview,
    TeamEnd,
    Vacancy,
)


class LeverEntry(NamedTuple):
    """One lever.

    Attributes:
        words: its section of a scenario.
        module: the module that applies it.
        touches: what it changes.
        applies: when, in words; phases are those of `engine/event.py`.
    """

    words: type[DatedLever]
    module: str
    touches: str
    applies: str


STAFF_CHANGES: Final = "on its day, last among the staff changes (STAFF)"

LEVERS: Final[tuple[LeverEntry, ...]] = (
    LeverEntry(
        ReferralSurge,
        "sim.model.levers.demand",
        "how many children are referred",
        "when a month's referrals are drawn, on the month's first morning (STAFF)",
    ),
    LeverEntry(
        EarlyHelpDiversion,
        "sim.model.levers.demand",
        "which way referrals leave the front door, and how many other contacts come",
        "at each referral, and at the day's screening (ARRIVALS)",
    ),
    LeverEntry(
        RereferralPrevention,
        "sim.model.levers.meetings",
        "how likely a closed case comes back; with hours, the worker's time before a closure",
        "when a case's work is done (MILESTONES) and when it closes; without meetings, at closure (demand.py)",
    ),
    LeverEntry(
        RoutingChange,
        "sim.model.pathway.routing",
        "the shares of the ways out of a stage",
        "whenever a way out is decided; tables by day are made before the run",
    ),
    LeverEntry(
        CapacityChange,
        "sim.model.levers.capacity",
        "slots of conferences, legal panels and hearings, and the number of solicitors",
        "in the diaries, before the run; solicitors on the day (STAFF)",
    ),
    LeverEntry(
        ChairAbsence,
        "sim.model.levers.capacity",
        "conference sessions that take place",
        "in the diary, before the run",
    ),
    LeverEntry(
        ConferencePractice,
        "sim.model.levers.conference_practice",
        "the day on which an initial conference is sought, and the enquiry's work with it",
        "when an enquiry begins",
    ),
    LeverEntry(
        Staffing,
        "sim.model.levers.staffing",
        "workers in post",
        "workers are made before the run, and join and leave on their days, first among the staff changes (STAFF)",
    ),
    LeverEntry(
        TeamEnd,
        "sim.model.levers.staffing",
        "the last day of a team",
        "dates are set before the run; the team winds down and ends on them (STAFF)",
    ),
    LeverEntry(
        Vacancy,
        "sim.model.levers.staffing",
        "workers in post, and the posts that they leave",
        "on its day, after people come and go and before cases move (STAFF)",
    ),
    LeverEntry(
        AgencyRelease,
        "sim.model.levers.staffing",
        "agency workers in post, and whether more may come",
        "on its day, after people come and go and before cases move (STAFF)",
    ),
    LeverEntry(
        Retention,
        "sim.model.levers.staffing",
        "the day on which each worker leaves",
        "when a worker joins and the leaving day is drawn (STAFF)",
    ),
    LeverEntry(CapChange, "sim.model.levers.allocation", "the caps of workers", STAFF_CHANGES),
    LeverEntry(PolicyChange, "sim.model.levers.allocation", "the order of the queues", STAFF_CHANGES),
    LeverEntry(Rebalancing, "sim.model.levers.rebalancing", "who holds which case in a team", STAFF_CHANGES),
    LeverEntry(
        Managers, "sim.model.levers.support", "the managers of a team, and so its decision hours", STAFF_CHANGES
    ),
    LeverEntry(BusinessSupport, "sim.model.levers.support", "the case hours of a team's workers", STAFF_CHANGES),
    LeverEntry(HoursOut, "sim.model.levers.support", "the case hours of workers", STAFF_CHANGES),
    LeverEntry(
        PracticeStandard,
        "sim.model.levers.practice_standard",
        "when assessments are handed in by custom",
        "when an assessment begins (ARRIVALS)",
    ),
    LeverEntry(
        SupervisionChange,
        "sim.model.levers.support",
        "how often workers are supervised",
        "on its day, once it is known who is away (ABSENCE)",
    ),
    LeverEntry(
        QualityGate,
        "sim.model.levers.quality_gate",
        "whether signed-off work is returned, and how likely a closed case comes back",
        "when a manager looks at a spell's work (MANAGERS)",
    ),
    LeverEntry(
        TargetedReview,
        "sim.model.reviews.targeted",
        "case hours of the reviewing team, and what follows for the cases on its list",
        "each morning while the list lasts, once it is known who is away (ABSENCE)",
    ),
)
