"""Levers: dated changes, in a planner's words."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.scenario.problems import Faults
from sim.scenario.quantities import (
    Change,
    Count,
    Day,
    Duration,
    Hours,
    Money,
    PositiveWhole,
    Share,
    Whole,
)
from sim.scenario.sections.base import Section
from sim.scenario.sections.workforce import AllocationPolicy, Grade, StageName, Workers


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
    """Fewer closed cases come back."""

    lever: Literal["rereferral_prevention"]
    reduction: Share


class CapacityChange(DatedLever):
    """A dated capacity takes another value."""

    lever: Literal["capacity"]
    capacity: Literal["conference_slots_a_week", "legal_panel_slots_a_week", "solicitors", "final_hearings_a_week"]
    value: Count


class ChairAbsence(DatedLever):
    """Conference chairs are away: a share of the sessions in these dates is lost."""

    lever: Literal["chair_absence"]
    share: Share


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


class Managers(DatedLever):
    """A team has another number of managers: a narrower or a wider span."""

    lever: Literal["managers"]
    team: str
    managers: Count


class BusinessSupport(DatedLever):
    """Administrators take over paperwork: case hours a week given back to each full-time worker of a team."""

    lever: Literal["business_support"]
    team: str
    hours_a_week: Hours


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
    | Retention
    | AgencyRelease
    | Vacancy
    | TeamEnd
    | Rebalancing
    | ChairAbsence,
    Field(discriminator="lever"),
]
