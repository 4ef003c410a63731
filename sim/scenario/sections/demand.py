"""Demand: how many children are referred, when, in what sibling groups, and who comes back."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from sim.calendar.periods import MONTHS, REPORTING_YEAR
from sim.scenario.errors.problems import Faults
from sim.scenario.sections.base import Section, check_shares, usual
from sim.scenario.values.quantities import Count, Duration, GroupSize, MonthKey, Positive, Share, Times, Weight

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
NEED_LEVELS = ("low", "moderate", "high", "severe")

# Share of the year's referrals by month, England 2018: DfE, Children in need, reporting year 2018, file c6.
ENGLAND_SEASON = dict(
    zip(
        REPORTING_YEAR,
        (0.075, 0.088, 0.091, 0.088, 0.070, 0.084, 0.089, 0.089, 0.073, 0.086, 0.079, 0.088),
        strict=True,
    )
)


class PrematureClosure(Section):
    """Families come back more often if their case was closed while more was asked than there are hours.

    An assumption throughout: no published figure ties re-referral to workload.
    """

    strain_of: Literal["worker", "team"] = Field("worker", description="whose load counts: the worker's or the team's")
    hours_asked: Positive | Literal["none"] = Field(
        1.3,
        description="a closure is under strain if the hours asked exceed this many times the case hours, "
        "overtime excluded",
    )
    caseload: Positive | Literal["none"] = Field(
        "none", description="a closure is also under strain if the children held exceed this many times the cap"
    )
    times: Times = Field(
        1.5, ge=1, description="factor on the share of cases that come back after a closure under strain (assumption)"
    )
    left_undone: Share = Field(
        0.0,
        description="share of an assessment's work that is left undone if the assessment closes the case "
        "under strain (assumption)",
    )


class LaterReturns(Section):
    """Families who come back more than twelve months after their last referral.

    Statistics do not count them as re-referrals. The stated referrals contain them; only those whom hurried work
    sends back are added.
    """

    share: Share = Field(
        0.42,
        description="share of families not re-referred within twelve months who come back later: about 55% of"
        " children whose case closed came back within six years, 22% of them within twelve months"
        " (Troncoso, DfE 2017)",
    )
    mean_gap: Duration = Field(
        Duration(amount=24, unit="months"), description="mean time beyond the twelve months (exponential; assumption)"
    )


class Rereferral(Section):
    """Children who come back after their case was closed.

    Actual monthly referrals already contain re-referrals. With `mode: label` a share of them is marked as such.
    """

    mode: Literal["feedback", "label", "none"] = Field(
        "feedback",
        description="feedback: closures produce re-referrals, in addition to the stated demand; label: the "
        "stated demand contains them; none: nobody comes back",
    )
    share: Share = Field(
        0.22,
        description="share of referrals within twelve months of an earlier referral of the same child, as published",
    )
    mean_gap: Duration = Field(
        Duration(amount=6, unit="months"),
        description="mean time from closure to re-referral (exponential, cut off twelve months after the "
        "earlier referral; assumption)",
    )
    later: LaterReturns | Literal["none"] = Field(
        "none", description="families who come back after more than twelve months because their work was hurried"
    )
    label_share: Share = Field(0.2, description="share of referrals marked as re-referrals when the mode is label")
    closed_before_start: Count = Field(
        0, description="children closed in the year before the start, who may still come back"
    )
    premature_closure: PrematureClosure | Literal["none"] = Field(
        "none", description="cases closed under strain come back more often (assumption)"
    )


class ReferralSource(Section):
    """A source of referrals, such as schools or the police."""

    share: Share = Field(description="share of referrals from this source")
    term_time_only: bool = Field(False, description="this source refers in school terms only")


class Demand(Section):
    """Referrals, in children. Give the yearly level or the actual months; if both are given, the months hold."""

    referrals_a_year: Count | None = Field(None, description="children referred in a year, re-referrals included")
    referrals_a_working_day: Positive | None = Field(
        None,
        description="children referred on each working day, instead of a yearly level with its season; an "
        "even stream for textbook checks",
    )
    monthly_referrals: dict[MonthKey, Count] = Field(
        default_factory=dict, description="exact number of children referred in each month (YYYY-MM)"
    )
    season: Literal["england", "none"] | dict[str, Positive] = Field(
        "england", description="england, none (every month alike), or a weight for each month from april to march"
    )
    weekday: dict[str, Weight] = Field(
        default_factory=lambda: dict.fromkeys(WEEKDAYS, 1.0), description="weight of each day of the week"
    )
    sources: dict[str, ReferralSource] = Field(
        default_factory=dict,
        description="who refers, by name; shapes the days within a month, because schools do not refer in "
        "their holidays",
    )
    over_dispersion: Times = Field(
        1.0,
        ge=1,
        description="variance over mean of the children referred in a month; 1: no more than sibling groups cause",
    )
    sibling_groups: dict[GroupSize, Share] = Field(
        default_factory=lambda: {1: 1.0}, description="share of cases by number of children"
    )
    need: dict[str, Share] = Field(
        default_factory=lambda: {"low": 0.3, "moderate": 0.4, "high": 0.2, "severe": 0.1},
        description="share of cases by level of need at referral: low, moderate, high, severe",
    )
    contacts_per_referral: Times = Field(1.0, ge=1, description="children in contacts for each child referred")
    rereferral: Rereferral = Field(
        usual(Rereferral, mode="none"), description="families who come back after their case closed"
    )

    @property
    def has_level(self) -> bool:
        """Whether a level of referrals is given, for the months that are not listed one by one."""
        return self.referrals_a_year is not None or self.referrals_a_working_day is not None

    @property
    def mean_group(self) -> float:
        """Mean children in a case."""
        return sum(size * share for size, share in self.sibling_groups.items())

    def month_weight(self, calendar_month: int) -> float:
        """Share of a year's referrals in a calendar month (1 January to 12 December)."""
        if self.season == "none":
            return 1 / 12
        season = self.season if isinstance(self.season, dict) else ENGLAND_SEASON
        return season[MONTHS[calendar_month - 1]] / sum(season.values())

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        faults = Faults()
        if self.referrals_a_year is not None and self.referrals_a_working_day is not None:
            faults.add(
                ("referrals_a_working_day",),
                "the level is given twice, for a year and for a working day",
                "leave out one of referrals_a_year and referrals_a_working_day",
            )
        if not (self.has_level or self.monthly_referrals):
            faults.add((), "no referrals are given", "write referrals_a_year: 5195, or monthly_referrals by month")
        check_shares(faults, ("sibling_groups",), {str(k): v for k, v in self.sibling_groups.items()})
        for size in self.sibling_groups:
            if size < 1:
                faults.add(("sibling_groups", size), f"a group of {size} children", "use 1 or more children")
        check_shares(faults, ("need",), self.need)
        if self.sources:
            check_shares(faults, ("sources",), {name: source.share for name, source in self.sources.items()})
            if all(source.term_time_only for source in self.sources.values()):
                faults.add(("sources",), "nobody refers in the school holidays", "make one source not term_time_only")
        _known_keys(faults, ("need",), self.need, NEED_LEVELS)
        _known_keys(faults, ("weekday",), self.weekday, WEEKDAYS)
        if not any(weight > 0 for weight in self.weekday.values()):
            faults.add(("weekday",), "every weight is 0", "give at least one weekday a weight above 0")
        for day, weight in self.weekday.items():
            if weight < 0:
                faults.add(("weekday", day), f"the weight {weight:g} is negative", "use 0 or more")
        for month, children in self.monthly_referrals.items():
            if children < 0:
                faults.add(("monthly_referrals", month), f"{children:g} children", "use 0 or more")
        if isinstance(self.season, dict):
            _known_keys(faults, ("season",), self.season, MONTHS)
            missing = [month for month in MONTHS if month not in self.season]
            if missing:
                faults.add(("season",), f"{missing[0]} is missing", "give a weight for each month, april to march")
        faults.raise_if_any()
        return self


def _known_keys(faults: Faults, path: tuple[str, ...], given: dict[str, float], known: tuple[str, ...]) -> None:
    for key in given:
        if key not in known:
            faults.add((*path, key), f"'{key}' is not known here", f"use one of {', '.join(known)}")
