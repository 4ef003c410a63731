"""The published tables that are read: how each file and column is known, whatever an edition calls it.

Names of columns are compared without case, spaces and signs, so that `Re-referrals` is `Re_referrals`; where an
edition gave a column another name, both stand here. Source: the headings of "Characteristics of children in need"
2013 to 2024 and of "Children's social work workforce" 2017 to 2025.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sim.calendar.periods import REPORTING_YEAR

__all__ = ["ASSESSMENT_BANDS", "CONFERENCE_BANDS", "EPISODE_BANDS", "PLAN_BANDS", "TOPICS", "Topic", "plain"]

_ENDINGS = ("_number", "_count", "_n")

IN_NEED = "DfE, Children in need"
WORKFORCE = "DfE, Children's social work workforce"


def plain(name: str) -> str:
    """A column's name without case and signs: letters and figures with one underscore between words."""
    folded = re.sub(r"[^a-z0-9]+", "_", name.lower().replace("%", " percent ")).strip("_")
    for ending in _ENDINGS:
        folded = folded.removesuffix(ending)
    return folded


@dataclass(frozen=True)
class Topic:
    """One published table: the letter by which it is cited, how its file may begin, and its columns.

    `columns` gives for each figure the names it has had, the latest first; a name in `needed` must be there.
    """

    id: str
    publication: str
    what: str
    begins: tuple[str, ...]
    columns: dict[str, tuple[str, ...]] = field(repr=False)
    needed: tuple[str, ...]

    def cite(self, year: int) -> str:
        """How a figure of a year is cited."""
        if self.publication == WORKFORCE:
            return f"{WORKFORCE}, {year}"
        if self.id == "population":
            return "ONS, mid-year population estimates, as published with DfE, Children in need"
        return f"{self.publication}, reporting year {year}, file {self.id}"


ASSESSMENT_BANDS: dict[str, str] = {
    "same day": "same_day",
    "1-10": "days_1_10",
    "11-20": "days_11_20",
    "21-30": "days_21_30",
    "31-40": "days_31_40",
    "41-45": "days_41_45",
    "46-50": "days_46_50",
    "51-60": "days_51_60",
    "61+": "days_61",
}
CONFERENCE_BANDS: dict[str, str] = {
    "0-10": "days_0_10",
    "11-15": "days_11_15",
    "16-20": "days_16_20",
    "21+": "days_21",
}
PLAN_BANDS: dict[str, str] = {
    "0-3": "up_to_3_months",
    "3-6": "months_3_6",
    "6-12": "months_6_12",
    "12-24": "years_1_2",
    "24+": "years_2",
}
EPISODE_BANDS = PLAN_BANDS

_LENGTHS: dict[str, tuple[str, ...]] = {
    "up_to_3_months": ("3_months_or_less", "up_to_3_months", "less_than_3_months"),
    "months_3_6": ("more_than_3_months_6_months", "more_than_3_months_to_6_months", "3_to_6_months"),
    "months_6_12": ("more_than_6_months_less_than_1_year", "more_than_6_months_to_1_year", "6_to_12_months"),
    "years_1_2": ("1_year_less_than_2_years", "1_year_to_less_than_2_years", "1_to_2_years"),
    "years_2": ("2_years_or_more", "2years", "2_years", "more_than_2_years"),
}


def _days(*limits: str) -> dict[str, tuple[str, ...]]:
    """Bands of working days, `1_10` or `61`, which editions write with `Duration_` before or `_days` after."""
    return {
        f"days_{limit}": (f"{limit}_days", f"duration_{limit}_days", f"{limit}", f"{limit}_working_days")
        for limit in limits
    }


def _plans(prefix: str) -> dict[str, tuple[str, ...]]:
    return {
        "started": (f"{prefix}_start", f"{prefix}_started", f"{prefix}_starting"),
        "ended": (f"{prefix}_end", f"{prefix}_ended", f"{prefix}_ending"),
        "open": (f"{prefix}_at31", f"{prefix}_at_31", f"{prefix}_at31march", f"{prefix}_at_31_march"),
    }


_TOPICS = (
    Topic(
        "b1", IN_NEED, "children in need", ("b1",),
        {
            "started": ("started_episodes",), "ended": ("ended_episodes",),
            "open": ("at31_episodes", "at_31_episodes", "at31_march_episodes"),
            "awaiting_assessment": ("awaiting_assessment",),
        },
        ("open",),
    ),
    Topic(
        "b4", IN_NEED, "length of open episodes", ("b4",),
        {"open": ("at31_episodes", "at_31_episodes"), **_LENGTHS}, ("up_to_3_months",),
    ),
    Topic(
        "b5", IN_NEED, "length of ended episodes", ("b5",), {"ended": ("ended_episodes",), **_LENGTHS},
        ("up_to_3_months",),
    ),
    Topic("b7", IN_NEED, "child in need plans", ("b7",), _plans("cinplan"), ("open",)),
    Topic(
        "c1", IN_NEED, "referrals", ("c1",),
        {
            "referrals": ("referrals",), "rereferrals": ("re_referrals", "rereferrals"),
            "no_further_action": ("no_further_action", "nfa"), "not_in_need": ("not_in_need",),
        },
        ("referrals",),
    ),
    Topic(
        "c2", IN_NEED, "assessments", ("c2",),
        {
            "completed": ("assessments_completed", "completed_assessments"), "same_day": ("same_day", "0_days"),
            **_days("1_10", "11_20", "21_30", "31_40", "41_45", "46_50", "51_60", "61"),
            "median": ("median_days", "duration_median", "median"),
        },
        ("completed",),
    ),
    Topic(
        "c4", IN_NEED, "section 47 enquiries and conferences", ("c4",),
        {
            "enquiries": ("section47", "section_47", "s47"), "conferences": ("icpc", "icpcs"),
            **_days("0_10", "11_15", "16_20", "21"),
        },
        ("enquiries", "conferences"),
    ),
    Topic(
        "c6", IN_NEED, "referrals by month", ("c6",),
        {"referrals": ("referrals",), **{month: (month, month[:3]) for month in REPORTING_YEAR}}, REPORTING_YEAR,
    ),
    Topic("d1", IN_NEED, "child protection plans", ("d1",), _plans("cpp"), ("started", "open")),
    Topic(
        "d3", IN_NEED, "second or later plans", ("d3",),
        {"started": ("cpp_start", "cpp_started"), "subsequent": ("cpp_subsequent", "cpp_second_or_subsequent")},
        ("subsequent",),
    ),
    Topic(
        "d5", IN_NEED, "open plans by length", ("d5",), {"open": ("cpp_at31", "cpp_at_31"), **_LENGTHS},
        ("up_to_3_months",),
    ),
    Topic(
        "d6", IN_NEED, "plans reviewed on time", ("d6",),
        {
            "reviewable": ("cpp_at31_3months", "cpp_at_31_3_months"),
            "on_time": ("reviewed_within_timescales",),
        },
        ("on_time",),
    ),
    Topic(
        "d7", IN_NEED, "ended plans by length", ("d7",), {"ended": ("cpp_end", "cpp_ended"), **_LENGTHS},
        ("up_to_3_months",),
    ),
    Topic(
        "workforce", WORKFORCE, "social workers", ("csww_indicators", "csww", "workforce"),
        {
            "in_post": ("inpost_fte", "in_post_fte", "fte_inpost"),
            "leavers": ("leavers_fte",), "turnover_pct": ("turnover_rate_fte", "turnover_rate"),
            "agency": ("agency_fte",), "agency_pct": ("agency_rate_fte", "agency_worker_rate_fte", "agency_rate"),
            "vacancies": ("vacancy_fte", "vacancies_fte"), "vacancy_pct": ("vacancy_rate_fte", "vacancy_rate"),
            "vacancies_covered_pct": ("vacancy_agency_cover_rate_fte",),
            "case_holders": ("case_holders_fte", "caseholders_fte", "case_holder_fte"), "cases": ("cases",),
            "caseload": ("caseload_fte", "average_caseload", "caseload"),
            "absence_pct": ("absence_rate_fte", "absence_rate"),
        },
        ("case_holders",),
    ),
    Topic(
        "population", "ONS, mid-year population estimates", "children aged 0 to 17",
        ("ons_mid", "ons", "population"), {"children": ("population_estimate", "population")}, ("children",),
    ),
)  # fmt: skip

TOPICS: dict[str, Topic] = {topic.id: topic for topic in _TOPICS}
"""Every table that is read, by the letter of its file."""
