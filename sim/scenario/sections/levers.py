"""The registry of levers: dated changes, in a planner's words.

Each class is one lever's entry. It holds the words of a scenario, the module that applies the lever, what it touches
and when. All else about the list of levers is derived from here: what a scenario accepts, the schema, the table of
keys and the tests that every lever must pass.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from sim.scenario.errors.problems import Faults
from sim.scenario.sections.dated_lever import DatedLever
from sim.scenario.sections.stages import StageName
from sim.scenario.sections.targeted_review import TargetedReview
from sim.scenario.sections.workforce import AllocationPolicy, Grade, Workers
from sim.scenario.values.quantities import (
    Change,
    Count,
    Duration,
    Hours,
    Interval,
    PositiveDuration,
    PositiveWhole,
    Posts,
    Share,
    Whole,
)

STAFF_CHANGES: Final = "on its day, last among the staff changes (STAFF)"


class ReferralSurge(DatedLever):
    """Referrals rise by `size` over `ramp`, and return over `decay` from `until`."""

    module = "sim.model.levers.demand"
    touches = "how many children are referred"
    applies = "when a month's referrals are drawn, on the month's first morning (STAFF)"

    lever: Literal["referral_surge"]
    size: Change = Field(description="relative change of referrals: +40% is two fifths more")
    ramp: Duration = Field(Duration(amount=0, unit="months"), description="time in which the change is reached")
    decay: Duration = Field(
        Duration(amount=0, unit="months"), description="time in which referrals return to their level from `until`"
    )


class EarlyHelpDiversion(DatedLever):
    """A share of referrals that would have gone to assessment goes to early help instead."""

    module = "sim.model.levers.demand"
    touches = "which way referrals leave the front door, and how many other contacts come"
    applies = "at each referral, and at the day's screening (ARRIVALS)"

    lever: Literal["early_help_diversion"]
    share: Share = Field(description="share of referrals to assessment that go to early help instead")
    contacts: Share = Field(0.0, description="share of contacts without a referral that no longer arrive")


class RoutingChange(DatedLever):
    """The outcomes of a stage change, as a threshold does."""

    module = "sim.model.pathway.routing"
    touches = "the shares of the ways out of a stage"
    applies = "whenever a way out is decided; tables by day are made before the run"

    lever: Literal["routing"]
    stage: StageName | Literal["conference"] = Field(description="the stage, or `conference` for initial conferences")
    outcomes: dict[str, Share] = Field(
        min_length=1, description="new shares of the outcomes named; the others keep their proportions"
    )


class RereferralPrevention(DatedLever):
    """Fewer closed cases come back. With `share` or `hours`, it applies to cases with a family network meeting."""

    module = "sim.model.levers.meetings"
    touches = "how likely a closed case comes back; with hours, the worker's time before a closure"
    applies = "when a case's work is done (MILESTONES) and when it closes; without meetings, at closure (demand.py)"

    lever: Literal["rereferral_prevention"]
    reduction: Share = Field(description="share of re-referrals that do not happen")
    share: Share = Field(
        1.0, description="share of cases with a family network meeting before an assessment or a plan closes them"
    )
    hours: Hours = Field(0.0, description="hours of the worker for each meeting, before closure")
    takes: PositiveDuration = Field(
        Duration(amount=2, unit="weeks"), description="time at full pace over which these hours are spread (assumption)"
    )


class CapacityChange(DatedLever):
    """A capacity takes another value."""

    module = "sim.model.levers.capacity"
    touches = "slots of conferences, legal panels and hearings, and the number of solicitors"
    applies = "in the diaries, before the run; solicitors on the day (STAFF)"

    lever: Literal["capacity"]
    capacity: Literal["conference_slots_a_week", "legal_panel_slots_a_week", "solicitors", "final_hearings_a_week"] = (
        Field(description="the capacity that changes")
    )
    value: Count = Field(description="its new value")


class Staffing(DatedLever):
    """Workers join a team and take cases from the queue. If they leave, their cases return to it."""

    module = "sim.model.levers.staffing"
    touches = "workers in post"
    applies = "workers are made before the run, and join and leave on their days, first among the staff changes (STAFF)"

    lever: Literal["staffing"]
    team: str = Field(description="team that the workers join")
    add: Workers = Field(description="the workers")
    staying: Whole | None = Field(None, description="how many of them remain after twelve months")


class CapChange(DatedLever):
    """The cap of a team's workers changes."""

    module = "sim.model.levers.allocation"
    touches = "the caps of workers"
    applies = STAFF_CHANGES

    lever: Literal["cap"]
    team: str = Field(description="team whose caps change")
    grade: Grade | None = Field(None, description="only this grade; by default all grades")
    cap: Count = Field(description="new cap, in children of a full-time worker")


class PolicyChange(DatedLever):
    """The order in which waiting cases are allocated changes."""

    module = "sim.model.levers.allocation"
    touches = "the order of the queues"
    applies = STAFF_CHANGES

    lever: Literal["allocation_policy"]
    policy: AllocationPolicy = Field(description="new order of the queue")


class Managers(DatedLever):
    """A team gets another number of managers, which is a narrower or a wider span."""

    module = "sim.model.levers.support"
    touches = "the managers of a team, and so its decision hours"
    applies = STAFF_CHANGES

    lever: Literal["managers"]
    team: str = Field(description="team with the managers")
    managers: Posts = Field(description="new number of managers, in full-time equivalents")


class BusinessSupport(DatedLever):
    """Administrators take over paperwork, which gives case hours back to workers."""

    module = "sim.model.levers.support"
    touches = "the case hours of a team's workers"
    applies = STAFF_CHANGES

    lever: Literal["business_support"]
    team: str = Field(description="team that is supported")
    hours_a_week: Hours = Field(description="case hours a week given back to each full-time worker")


class HoursOut(DatedLever):
    """Training, seminars or an inspection take hours from cases."""

    module = "sim.model.levers.support"
    touches = "the case hours of workers"
    applies = STAFF_CHANGES

    lever: Literal["hours_out"]
    team: str | None = Field(None, description="only in this team; by default everywhere")
    hours_a_week: Hours = Field(description="case hours a week taken from each full-time worker")


class PracticeStandard(DatedLever):
    """A new practice standard: more assessments are completed within the limit, as far as their work allows."""

    module = "sim.model.levers.practice_standard"
    touches = "when assessments are handed in by custom"
    applies = "when an assessment begins (ARRIVALS)"

    lever: Literal["practice_standard"]
    target: Share = Field(description="share of customary dates within the standard after the ramp")
    ramp: Duration = Field(
        Duration(amount=12, unit="months"),
        description="time in which it is reached (assumption, 6 to 24 months); of 41 councils below 75% in "
        "2015, half gained 13 percentage points or more in two years, a quarter 19 (DfE, file c2)",
    )


class Retention(DatedLever):
    """A retention package: fewer workers resign."""

    module = "sim.model.levers.staffing"
    touches = "the day on which each worker leaves"
    applies = "when a worker joins and the leaving day is drawn (STAFF)"

    lever: Literal["retention"]
    reduction: Change = Field(le=1, description="share of resignations that do not happen; negative: more happen")
    grade: Grade | None = Field(None, description="only this grade; by default all but agency workers")


class AgencyRelease(DatedLever):
    """Agency workers are released on a date."""

    module = "sim.model.levers.staffing"
    touches = "agency workers in post, and whether more may come"
    applies = "on its day, after people come and go and before cases move (STAFF)"

    lever: Literal["agency_release"]
    team: str | None = Field(None, description="only in this team; by default everywhere")
    keep: Whole = Field(0, description="agency workers who stay")


class Vacancy(DatedLever):
    """Permanent posts fall vacant. They are filled on `until`, or otherwise by the rules of recruitment."""

    module = "sim.model.levers.staffing"
    touches = "workers in post, and the posts that they leave"
    applies = "on its day, after people come and go and before cases move (STAFF)"

    lever: Literal["vacancy"]
    team: str = Field(description="team with the posts")
    count: PositiveWhole = Field(1, description="posts that fall vacant")
    covered: bool = Field(True, description="an agency worker may cover the post, by the rules of recruitment")


SignedOff = Literal["assessment", "section_47", "child_in_need"]


def _assessment() -> list[SignedOff]:
    return ["assessment"]


class QualityGate(DatedLever):
    """A stricter sign-off: managers return a share of the work, which then takes more work and another decision."""

    module = "sim.model.levers.quality_gate"
    touches = "whether signed-off work is returned, and how likely a closed case comes back"
    applies = "when a manager looks at a spell's work (MANAGERS)"

    lever: Literal["quality_gate"]
    stages: list[SignedOff] = Field(
        default_factory=_assessment,
        min_length=1,
        description="whose sign-off: assessment, section 47 enquiry, closure of a child in need plan",
    )
    team: str | None = Field(None, description="only work that this team's managers sign off; by default everywhere")
    returned: Share = Field(description="share of the work looked at that goes back")
    rework: Share = Field(0.2, description="extra work each time, as a share of the stage's work (assumption)")
    most_returns: PositiveWhole = Field(1, description="most times that the same work goes back")
    rereferral_reduction: Share = Field(
        0.0, description="share of re-referrals that do not happen after closure through the gate (assumption)"
    )


class SupervisionChange(DatedLever):
    """Workers are supervised more often or less often."""

    module = "sim.model.levers.support"
    touches = "how often workers are supervised"
    applies = "on its day, once it is known who is away (ABSENCE)"

    lever: Literal["supervision"]
    every: Interval = Field(description="time from one supervision to the next")
    team: str | None = Field(None, description="only in this team; by default everywhere")
    grade: Grade | None = Field(None, description="only this grade; by default all grades")


class TeamEnd(DatedLever):
    """A team leaves on another date than its `end`."""

    module = "sim.model.levers.staffing"
    touches = "the last day of a team"
    applies = "dates are set before the run; the team winds down and ends on them (STAFF)"

    lever: Literal["team_end"]
    team: str = Field(description="team that leaves; `at` is the first day without it")

    @model_validator(mode="after")
    def _for_good(self) -> Self:
        faults = Faults()
        if self.until is not None:
            faults.add(("until",), "a team that has left does not come back", "leave until out, or add another team")
        faults.raise_if_any()
        return self


class Rebalancing(DatedLever):
    """Held cases move from a team's fullest caseloads to emptier ones, each with the work of a hand-over."""

    module = "sim.model.levers.rebalancing"
    touches = "who holds which case in a team"
    applies = STAFF_CHANGES

    lever: Literal["rebalancing"]
    team: str = Field(description="team whose cases move")
    to: Literal["emptiest", "joiners"] = Field(
        "emptiest",
        description="emptiest: once, on the day; joiners: to each worker who joins from that day, on their first day",
    )
    up_to: Share = Field(
        0.8,
        description="how full the receiving caseload becomes, as a share of its cap (without a cap, of the mean load)",
    )


class ChairAbsence(DatedLever):
    """Conference chairs are absent, and a share of the sessions is lost."""

    module = "sim.model.levers.capacity"
    touches = "conference sessions that take place"
    applies = "in the diary, before the run"

    lever: Literal["chair_absence"]
    share: Share = Field(description="share of conference sessions lost")


class ConferencePractice(DatedLever):
    """Initial conferences that custom holds late move within the statutory limit, and the enquiry's work with them."""

    module = "sim.model.levers.conference_practice"
    touches = "the day on which an initial conference is sought, and the enquiry's work with it"
    applies = "when an enquiry begins"

    lever: Literal["conference_practice"]
    in_time: Share = Field(description="share of customarily late conferences that move within the standard")
    ramp: Duration = Field(
        Duration(amount=3, unit="months"), description="time in which that share is reached (assumption)"
    )


class PloTracker(DatedLever):
    """A tracker of pre-proceedings: a weekly meeting goes through the cases that are well on their way."""

    module = "sim.model.pathway.pre_proceedings_review"
    touches = "hours of managers, and what is left of pre-proceedings that would run over their limit"
    applies = "once a week, after the day's conferences (CONFERENCES)"

    lever: Literal["plo_tracker"]
    after: Duration = Field(
        Duration(amount=8, unit="weeks"),
        description="time from the letter at which the tracker first looks at a case",
    )
    every: Duration = Field(
        Duration(amount=2, unit="weeks"), description="time after which it looks at the same case again (assumption)"
    )
    sooner: Share = Field(
        0.4,
        description="share of the time beyond the limit that goes each time: the same hours are spent sooner"
        " (assumption, 0% to 70%)",
    )


LEVERS: Final[tuple[type[DatedLever], ...]] = (
    *(kind for kind in tuple(globals().values()) if isinstance(kind, type) and kind.__base__ is DatedLever
      and kind.__module__ == __name__),
    TargetedReview,
)  # fmt: skip
"""Every lever: those of this module, and those with a module of their own."""

if TYPE_CHECKING:
    Lever = DatedLever
else:
    Lever = Annotated[reduce(or_, LEVERS), Field(discriminator="lever")]
