"""Levers: dated changes, in a planner's words."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.scenario.errors.problems import Faults
from sim.scenario.sections.base import Section, check_shares, usual
from sim.scenario.sections.stages import StageName
from sim.scenario.sections.workforce import AllocationPolicy, Grade, Workers
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
    """A change from one date, permanent or until another date."""

    at: Day = Field(description="first day of the change")
    until: Day | None = Field(None, description="first day without it; by default the change is permanent")
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
    """Referrals rise by `size` over `ramp`, and return over `decay` from `until`."""

    lever: Literal["referral_surge"]
    size: Change = Field(description="relative change of referrals: +40% is two fifths more")
    ramp: Duration = Field(Duration(amount=0, unit="months"), description="time in which the change is reached")
    decay: Duration = Field(
        Duration(amount=0, unit="months"), description="time in which referrals return to their level from `until`"
    )


class EarlyHelpDiversion(DatedLever):
    """A share of referrals that would have gone to assessment goes to early help instead."""

    lever: Literal["early_help_diversion"]
    share: Share = Field(description="share of referrals to assessment that go to early help instead")
    contacts: Share = Field(0.0, description="share of contacts without a referral that no longer arrive")


class RoutingChange(DatedLever):
    """The outcomes of a stage change, as a threshold does."""

    lever: Literal["routing"]
    stage: StageName | Literal["conference"] = Field(description="the stage, or `conference` for initial conferences")
    outcomes: dict[str, Share] = Field(
        min_length=1, description="new shares of the outcomes named; the others keep their proportions"
    )


class RereferralPrevention(DatedLever):
    """Fewer closed cases come back. With `share` or `hours`, it applies to cases with a family network meeting."""

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

    lever: Literal["capacity"]
    capacity: Literal["conference_slots_a_week", "legal_panel_slots_a_week", "solicitors", "final_hearings_a_week"] = (
        Field(description="the capacity that changes")
    )
    value: Count = Field(description="its new value")


class ChairAbsence(DatedLever):
    """Conference chairs are absent, and a share of the sessions is lost."""

    lever: Literal["chair_absence"]
    share: Share = Field(description="share of conference sessions lost")


class ConferencePractice(DatedLever):
    """Initial conferences that custom holds late move within the statutory limit, and the enquiry's work with them."""

    lever: Literal["conference_practice"]
    in_time: Share = Field(description="share of customarily late conferences that move within the standard")
    ramp: Duration = Field(
        Duration(amount=3, unit="months"), description="time in which that share is reached (assumption)"
    )


class Staffing(DatedLever):
    """Workers join a team and take cases from the queue. If they leave, their cases return to it."""

    lever: Literal["staffing"]
    team: str = Field(description="team that the workers join")
    add: Workers = Field(description="the workers")
    staying: Whole | None = Field(None, description="how many of them remain after twelve months")


class CapChange(DatedLever):
    """The cap of a team's workers changes."""

    lever: Literal["cap"]
    team: str = Field(description="team whose caps change")
    grade: Grade | None = Field(None, description="only this grade; by default all grades")
    cap: Count = Field(description="new cap, in children of a full-time worker")


class PolicyChange(DatedLever):
    """The order in which waiting cases are allocated changes."""

    lever: Literal["allocation_policy"]
    policy: AllocationPolicy = Field(description="new order of the queue")


class Retention(DatedLever):
    """A retention package: fewer workers resign."""

    lever: Literal["retention"]
    reduction: Change = Field(le=1, description="share of resignations that do not happen; negative: more happen")
    grade: Grade | None = Field(None, description="only this grade; by default all but agency workers")


class AgencyRelease(DatedLever):
    """Agency workers are released on a date."""

    lever: Literal["agency_release"]
    team: str | None = Field(None, description="only in this team; by default everywhere")
    keep: Whole = Field(0, description="agency workers who stay")


class Vacancy(DatedLever):
    """Permanent posts fall vacant. They are filled on `until`, or otherwise by the rules of recruitment."""

    lever: Literal["vacancy"]
    team: str = Field(description="team with the posts")
    count: PositiveWhole = Field(1, description="posts that fall vacant")
    covered: bool = Field(True, description="an agency worker may cover the post, by the rules of recruitment")


class Managers(DatedLever):
    """A team gets another number of managers, which is a narrower or a wider span."""

    lever: Literal["managers"]
    team: str = Field(description="team with the managers")
    managers: Posts = Field(description="new number of managers, in full-time equivalents")


class SupervisionChange(DatedLever):
    """Workers are supervised more often or less often."""

    lever: Literal["supervision"]
    every: Interval = Field(description="time from one supervision to the next")
    team: str | None = Field(None, description="only in this team; by default everywhere")
    grade: Grade | None = Field(None, description="only this grade; by default all grades")


class BusinessSupport(DatedLever):
    """Administrators take over paperwork, which gives case hours back to workers."""

    lever: Literal["business_support"]
    team: str = Field(description="team that is supported")
    hours_a_week: Hours = Field(description="case hours a week given back to each full-time worker")


class HoursOut(DatedLever):
    """Training, seminars or an inspection take hours from cases."""

    lever: Literal["hours_out"]
    team: str | None = Field(None, description="only in this team; by default everywhere")
    hours_a_week: Hours = Field(description="case hours a week taken from each full-time worker")


class PracticeStandard(DatedLever):
    """A new practice standard: more assessments are completed within the limit, as far as their work allows."""

    lever: Literal["practice_standard"]
    target: Share = Field(description="share of customary dates within the standard after the ramp")
    ramp: Duration = Field(
        Duration(amount=12, unit="months"),
        description="time in which it is reached (assumption, 6 to 24 months); of 41 councils below 75% in "
        "2015, half gained 13 percentage points or more in two years, a quarter 19 (DfE, file c2)",
    )


SignedOff = Literal["assessment", "section_47", "child_in_need"]


def _assessment() -> list[SignedOff]:
    return ["assessment"]


class QualityGate(DatedLever):
    """A stricter sign-off: managers return a share of the work, which then takes more work and another decision."""

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


ReviewedStage = Literal["child_in_need", "child_protection"]
NeedLevel = Literal["low", "moderate", "high", "severe"]


class ReviewOutcomes(Section):
    """What reviews decide. Each decision but the last waits for a manager, and in child protection for a conference."""

    close: Share = Field(0.1, description="the plan ends and the case closes (assumption)")
    step_down: Share = Field(
        0.1, description="from child protection to a child in need plan, from that to early help (assumption)"
    )
    step_up: Share = Field(
        0.05, description="from child in need to an enquiry, from child protection to legal planning (assumption)"
    )
    no_change: Share = Field(0.75, description="the plan goes on (assumption)")


class TargetedReview(DatedLever):
    """A list of cases, made on the first day, is reviewed in addition to daily work, longest open first."""

    lever: Literal["targeted_review"]
    stages: list[ReviewedStage] = Field(min_length=1, description="plans that are reviewed")
    children: Count | None = Field(None, description="most children on the list; by default all")
    already_done: Count = Field(
        0, description="children at the head of the list who were reviewed before the first day"
    )
    need: list[NeedLevel] | None = Field(None, min_length=1, description="only these levels of need; by default all")
    open_longer_than: Duration = Field(
        Duration(amount=0, unit="months"), description="only cases whose plan has been open longer than this"
    )
    team: str | None = Field(None, description="only this team's cases; by default all")
    locality: str | None = Field(None, description="only this locality's cases; by default all")
    hours_per_case: Hours = Field(3.0, description="hours to review a one-child case (assumption)")
    by: str | None = Field(None, description="team whose workers review, in hours taken from their cases")
    hours_a_week: Hours = Field(0.0, description="case hours a week taken from that team, shared by FTE")
    reviews_a_week: Count = Field(0.0, description="cases a week that separate reviewers complete")
    cost_a_review: Money = Field(0, description="pounds for each case reviewed")
    outcomes: ReviewOutcomes = Field(usual(ReviewOutcomes), description="what reviews decide")

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
    """Held cases move from a team's fullest caseloads to emptier ones, each with the work of a hand-over."""

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


class TeamEnd(DatedLever):
    """A team leaves on another date than its `end`."""

    lever: Literal["team_end"]
    team: str = Field(description="team that leaves; `at` is the first day without it")

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
