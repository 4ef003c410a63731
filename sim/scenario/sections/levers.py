"""Levers: dated changes, in a planner's words."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.scenario.errors.problems import Faults
from sim.scenario.sections.base import Section, check_shares, usual
from sim.scenario.sections.workforce import AllocationPolicy, Grade, StageName, Workers
from sim.scenario.values.quantities import (
    Change,
    Count,
    Day,
    Duration,
    Hours,
    Interval,
    Money,
    PositiveDuration,
    PositiveWhole,
    Posts,
    Share,
    Whole,
)


class DatedLever(Section):
    """A change from one date, for good or until another (the first day without it)."""

    at: Day
    until: Day | None = None
    cost_once: Money = Field(0, description="pounds spent on its first day")
    cost_a_year: Money = Field(0, description="pounds a year while it holds")

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        faults = Faults()
        if self.until is not None and self.until <= self.at:
            faults.add(("until",), f"{self.until} is not after {self.at}", f"give a date after {self.at}")
        faults.raise_if_any()
        return self


class ReferralSurge(DatedLever):
    """Referrals rise by `size`, reached over `ramp`, and from `until` fall back over `decay`."""

    lever: Literal["referral_surge"]
    size: Change
    ramp: Duration = Duration(amount=0, unit="months")
    decay: Duration = Duration(amount=0, unit="months")


class EarlyHelpDiversion(DatedLever):
    """A share of referrals that would have gone to assessment goes to early help instead."""

    lever: Literal["early_help_diversion"]
    share: Share
    contacts: Share = Field(0.0, description="share of the contacts that become no referral which no longer come in")


class RoutingChange(DatedLever):
    """A stage's shares of ways out change (thresholds): the outcomes named take these shares, the others keep
    their proportions among themselves.
    """

    lever: Literal["routing"]
    stage: StageName | Literal["conference"]
    outcomes: dict[str, Share] = Field(min_length=1)


class RereferralPrevention(DatedLever):
    """Fewer closed cases come back; with a share or hours, those whose family has met before they closed."""

    lever: Literal["rereferral_prevention"]
    reduction: Share
    share: Share = Field(
        1.0, description="share of cases that hold a family network meeting before an assessment or a plan closes them"
    )
    hours: Hours = Field(0.0, description="hours of the worker's time for each meeting, before the case closes")
    takes: PositiveDuration = Field(
        Duration(amount=2, unit="weeks"), description="time at full pace over which those hours are spread (assumption)"
    )


class CapacityChange(DatedLever):
    """A dated capacity takes another value."""

    lever: Literal["capacity"]
    capacity: Literal["conference_slots_a_week", "legal_panel_slots_a_week", "solicitors", "final_hearings_a_week"]
    value: Count


class ChairAbsence(DatedLever):
    """Conference chairs are away: a share of the sessions in these dates is lost."""

    lever: Literal["chair_absence"]
    share: Share


class ConferencePractice(DatedLever):
    """Initial conferences that custom would hold late are sought within the standard, the enquiry's work with them."""

    lever: Literal["conference_practice"]
    in_time: Share = Field(description="share of the conferences that custom would hold late which this reaches")
    ramp: Duration = Field(
        Duration(amount=3, unit="months"), description="time in which that share is reached (assumption)"
    )


class Staffing(DatedLever):
    """Workers added to a team (they fill up from the queue), for good or until a date (their cases return to it)."""

    lever: Literal["staffing"]
    team: str
    add: Workers
    staying: Whole | None = Field(None, description="how many of them are still there after twelve months")


class CapChange(DatedLever):
    """The cap of a team's workers changes, all of them or one grade."""

    lever: Literal["cap"]
    team: str
    grade: Grade | None = None
    cap: Count


class PolicyChange(DatedLever):
    """The order in which waiting cases are allocated changes."""

    lever: Literal["allocation_policy"]
    policy: AllocationPolicy


class Retention(DatedLever):
    """A retention package: workers resign less (a negative reduction: more)."""

    lever: Literal["retention"]
    reduction: Change = Field(le=1, description="share of resignations that do not happen")
    grade: Grade | None = Field(None, description="only this grade; otherwise all but agency")


class AgencyRelease(DatedLever):
    """Agency workers are let go on a date; so many stay."""

    lever: Literal["agency_release"]
    team: str | None = Field(None, description="only in this team; otherwise everywhere")
    keep: Whole = 0


class Vacancy(DatedLever):
    """Permanent posts fall vacant on a date; with `until` they are filled then, otherwise as recruitment has it."""

    lever: Literal["vacancy"]
    team: str
    count: PositiveWhole = 1
    covered: bool = Field(True, description="an agency worker may cover it meanwhile, as recruitment has it")


class Managers(DatedLever):
    """A team has another number of managers: a narrower or a wider span."""

    lever: Literal["managers"]
    team: str
    managers: Posts


class SupervisionChange(DatedLever):
    """Workers are supervised more often, or less: all, those of a team, those of a grade."""

    lever: Literal["supervision"]
    every: Interval = Field(description="time from one supervision to the next")
    team: str | None = Field(None, description="only in this team; otherwise everywhere")
    grade: Grade | None = Field(None, description="only this grade; otherwise all")


class BusinessSupport(DatedLever):
    """Administrators take over paperwork: case hours a week given back to each full-time worker of a team."""

    lever: Literal["business_support"]
    team: str
    hours_a_week: Hours


class HoursOut(DatedLever):
    """Training, seminars, an inspection: hours a week that a team's workers do not have for cases meanwhile."""

    lever: Literal["hours_out"]
    team: str | None = Field(None, description="only in this team; otherwise everywhere")
    hours_a_week: Hours = Field(description="hours a week of each full-time worker")


class PracticeStandard(DatedLever):
    """The council moves its custom: more assessments are handed in within the standard, if their work allows."""

    lever: Literal["practice_standard"]
    target: Share = Field(description="share of customary dates within the standard once the ramp is over")
    ramp: Duration = Field(
        Duration(amount=12, unit="months"),
        description="time until it is reached (assumption; 6 to 24 months). Of 41 councils below 75% in 2015 half "
        "gained 13 points or more in two years, a quarter 19 (DfE, file c2)",
    )


SignedOff = Literal["assessment", "section_47", "child_in_need"]


def _assessment() -> list[SignedOff]:
    return ["assessment"]


class QualityGate(DatedLever):
    """A stricter sign-off: managers return a share of the work, which takes more of it and a further decision."""

    lever: Literal["quality_gate"]
    stages: list[SignedOff] = Field(
        default_factory=_assessment,
        min_length=1,
        description="whose sign-off: of an assessment, of an enquiry, of the closure of a child in need plan",
    )
    team: str | None = Field(None, description="only what this team's managers sign off; otherwise everywhere")
    returned: Share = Field(description="share of what is looked at that goes back")
    rework: Share = Field(0.2, description="extra work each time, as a share of the stage's work (assumption)")
    most_returns: PositiveWhole = Field(1, description="times at most that the same work goes back")
    rereferral_reduction: Share = Field(
        0.0, description="share of re-referrals that do not happen, of cases closed through the gate (assumption)"
    )


ReviewedStage = Literal["child_in_need", "child_protection"]
NeedLevel = Literal["low", "moderate", "high", "severe"]


class ReviewOutcomes(Section):
    """What reviewed cases come to; each but the last waits for a manager, and in child protection for a conference."""

    close: Share = Field(0.1, description="the plan ends and the case closes (assumption)")
    step_down: Share = Field(
        0.1, description="from child protection to a child in need plan, from that to early help (assumption)"
    )
    step_up: Share = Field(
        0.05, description="from child in need to an enquiry, from child protection to legal planning (assumption)"
    )
    no_change: Share = Field(0.75, description="the plan goes on (assumption)")


class TargetedReview(DatedLever):
    """A list of cases, made on the first day, is reviewed beside daily work, longest open first."""

    lever: Literal["targeted_review"]
    stages: list[ReviewedStage] = Field(min_length=1)
    children: Count | None = Field(None, description="at most this many children are listed; otherwise all")
    already_done: Count = Field(
        0, description="children at the head of the list who were reviewed before the first day"
    )
    need: list[NeedLevel] | None = Field(None, min_length=1, description="only these levels of need; otherwise all")
    open_longer_than: Duration = Field(
        Duration(amount=0, unit="months"), description="only cases whose plan has been open longer than this"
    )
    team: str | None = Field(None, description="only this team's cases; otherwise everybody's")
    locality: str | None = Field(None, description="only this locality's cases; otherwise everybody's")
    hours_per_case: Hours = Field(3.0, description="hours to review a one-child case (assumption)")
    by: str | None = Field(None, description="the team whose workers review, in hours taken from their cases")
    hours_a_week: Hours = Field(0.0, description="case hours a week taken from that team, shared out by FTE")
    reviews_a_week: Count = Field(0.0, description="cases a week that reviewers of their own get through")
    cost_a_review: Money = Field(0, description="pounds for each case reviewed")
    outcomes: ReviewOutcomes = usual(ReviewOutcomes)

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        faults = Faults()
        check_shares(faults, ("outcomes",), self.outcomes.model_dump())
        if self.hours_a_week > 0 and self.by is None:
            faults.add(("hours_a_week",), "no team is named whose hours these are", "add by: and the name of a team")
        if self.hours_a_week <= 0 and self.reviews_a_week <= 0:
            faults.add((), "nobody reviews", "give hours_a_week with by, or reviews_a_week")
        faults.raise_if_any()
        return self


class Rebalancing(DatedLever):
    """Held cases move from the fullest caseloads of a team to emptier ones, each with the work of a handover."""

    lever: Literal["rebalancing"]
    team: str
    to: Literal["emptiest", "joiners"] = Field(
        "emptiest",
        description="emptiest: once, on the day; joiners: to each worker who joins from the day on, on their first day",
    )
    up_to: Share = Field(
        0.8,
        description="how full the receiving caseload becomes, as a share of its cap (without one: of the mean load)",
    )


class TeamEnd(DatedLever):
    """A team leaves earlier or later than its `end` says: `at` is the first day without it."""

    lever: Literal["team_end"]
    team: str

    @model_validator(mode="after")
    def _for_good(self) -> Self:
        faults = Faults()
        if self.until is not None:
            faults.add(("until",), "a team that has left does not come back", "leave until out, or add another team")
        faults.raise_if_any()
        return self


Lever = Annotated[
    ReferralSurge
    | EarlyHelpDiversion
    | RoutingChange
    | RereferralPrevention
    | CapacityChange
    | Staffing
    | CapChange
    | PolicyChange
    | Managers
    | BusinessSupport
    | HoursOut
    | PracticeStandard
    | Retention
    | AgencyRelease
    | Vacancy
    | QualityGate
    | TargetedReview
    | SupervisionChange
    | TeamEnd
    | Rebalancing
    | ChairAbsence
    | ConferencePractice,
    Field(discriminator="lever"),
]
