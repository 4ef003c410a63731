"""A simulated year as tables in the Department for Education's own column names, one row a table.

The names are those of "Characteristics of children in need" 2013 to 2024, files b1, b4 to b7, c1, c2, c4, c6, d1, d5
and d7. What the journeys do not hold is `x` (not available): rates, because no scenario holds the children who live in
an area; re-referrals in the first year of a run. Sources, earlier plans, reviews and the workforce have no table.
Closures after an assessment count among `RC7_Other`, as in the DfE's file.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from statistics import quantiles

from sim.calendar.working_days import WorkingDayCalendar, calendar_of
from sim.returns.export.episodes import Episode, Stay, first_of_year

__all__ = ["NOT_AVAILABLE", "dfe_tables"]

NOT_AVAILABLE = "x"
AREA = {
    "country_code": "E92000001", "country_name": "England", "region_code": "SIM", "region_name": "Simulated",
    "old_la_code": "000", "new_la_code": "SIM",
}  # fmt: skip
Values = dict[str, float | str]
ASSESSMENT_DAYS = {
    "Same_day": 0, "1-10_days": 10, "11-20_days": 20, "21-30_days": 30, "31-40_days": 40, "41-45_days": 45,
    "46-50_days": 50, "51-60_days": 60, "61+_days": None,
}  # fmt: skip
CONFERENCE_DAYS = {
    "Duration_0-10_days": 10, "Duration_11-15_days": 15, "Duration_16-20_days": 20, "Duration_21+_days": None,
}  # fmt: skip
MONTHS = (
    "April", "May", "June", "July", "August", "September", "October", "November", "December", "January", "February",
    "March",
)  # fmt: skip
REASONS = {"RC4": "RC4_Special_Guardianship_Order"}
REASON_COLUMNS = (
    "unknown", "RC1_Adopted", "RC2_Died", "RC3_Residence_Order", "RC4_Special_Guardianship_Order",
    "RC5_Transfer_to_another_LA", "RC6_Transfer_to_Adult_Social_Service", "RC7_Other",
)  # fmt: skip


def dfe_tables(episodes: Sequence[Episode], as_at: date, area: str, run_begins: date) -> dict[str, str]:
    """Return the tables of the reporting year to a 31 March, as CSV texts by the name of their file."""
    year = _Year(first_of_year(as_at), as_at, calendar_of(first_of_year(as_at), as_at))
    known = [episode for episode in episodes if not episode.refused]
    referrals = _referrals(episodes, year, run_begins)
    tables: dict[str, tuple[str, Values]] = {
        "b1_children_in_need": ("Children in Need", _in_need(known, year)),
        "b4_children_in_need_duration_of_open_episode": ("Duration of open episode", _open_for(known, year)),
        "b5_children_in_need_duration_of_ended_episode": ("Duration of ended episode", _ended_after(known, year)),
        "b6_children_in_need_reason_for_closure": ("Reason for episode closure", _closed_for(known, year)),
        "b7_child_in_need_plans": ("CIN Plans", _plans(known, year, "child_in_need", "CINPlan")),
        "c1_children_in_need_referrals_and_rereferrals": ("Referrals and Re-referrals", referrals),
        "c2_children_in_need_assessments_duration": ("Duration of assessment", _assessments(episodes, year)),
        "c4_children_in_need_section_47s_and_icpcs": (
            "Section 47s and Initial Child Protection Conferences", _enquiries(episodes, year),
        ),
        "c6_children_in_need_referrals_by_month": ("Month of referral", _by_month(episodes, year)),
        "d1_child_protection_plans": ("Child Protection Plans", _plans(known, year, "child_protection", "CPP")),
        "d5_cpps_at31march_by_duration": ("Child Protection Plans by length of time", _plans_open_for(known, year)),
        "d7_cpps_ending_by_duration": ("Child Protection Plans ending by length of time", _plans_ended(known, year)),
    }  # fmt: skip
    names = {
        "time_period": str(as_at.year), "time_identifier": "Reporting year", "geographic_level": "Local authority",
        **AREA, "la_name": f"Simulated: {area}",
    }  # fmt: skip
    return {
        f"{stem}_simulated_{as_at.year}.csv": _csv({**names, "category": category, **values})
        for stem, (category, values) in tables.items()
    }


def _csv(row: Mapping[str, float | str]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(row)
    writer.writerow([value if isinstance(value, str) else f"{value:g}" for value in map(_whole, row.values())])
    return text.getvalue()


def _whole(value: float | str) -> float | str:
    return str(value) if isinstance(value, int) else value


class _Year:
    """The reporting year: what lies in it, and working days."""

    def __init__(self, first: date, last: date, calendar: WorkingDayCalendar) -> None:
        self.first, self.last, self._calendar = first, last, calendar

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    def touches(self, start: date, end: date | None) -> bool:
        return start <= self.last and (end is None or end >= self.first)

    def working_days(self, start: date, end: date) -> int:
        return self._calendar.index(end) - self._calendar.index(start)


def _percent(part: float, whole: float) -> float | str:
    return round(100 * part / whole, 1) if whole else NOT_AVAILABLE


def _with_rates(counts: Mapping[str, int]) -> Values:
    values: Values = {}
    for name, count in counts.items():
        values |= {name: count, f"{name}_rate": NOT_AVAILABLE}
    return values


def _bands(days: Iterable[int], bands: Mapping[str, int | None]) -> Values:
    counts: Values = dict.fromkeys(bands, 0)
    known = Counter(next(name for name, last in bands.items() if last is None or value <= last) for value in days)
    return {name: known[name] for name in counts}


def _quartiles(days: Sequence[int], names: tuple[str, str, str]) -> Values:
    if len(days) < 2:
        return dict.fromkeys(names, NOT_AVAILABLE)
    return dict(zip(names, map(round, quantiles(days, n=4, method="inclusive")), strict=True))


def _lengths(spans: Iterable[tuple[date, date]], longest: str) -> Values:
    """Counts and percentages by length in calendar months."""
    from dateutil.relativedelta import relativedelta

    names = (
        "3_months_or_less", "more_than_3_months_6_months", "more_than_6_months_less_than_1_year",
        "1_year_less_than_2_years", longest,
    )  # fmt: skip
    counts: Counter[str] = Counter()
    for start, end in spans:
        limits = (
            end <= start + relativedelta(months=3), end <= start + relativedelta(months=6),
            end < start + relativedelta(years=1), end < start + relativedelta(years=2), True,
        )  # fmt: skip
        counts[next(name for name, inside in zip(names, limits, strict=True) if inside)] += 1
    values: Values = {}
    for name in names:
        values |= {name: counts[name], f"{name}_percent": _percent(counts[name], counts.total())}
    return values


def _in_need(episodes: Sequence[Episode], year: _Year) -> Values:
    groups = {
        "Anypoint": [episode for episode in episodes if year.touches(episode.referred, episode.closed)],
        "Started": [episode for episode in episodes if year.holds(episode.referred)],
        "Ended": [episode for episode in episodes if year.holds(episode.closed)],
    }
    counts: dict[str, int] = {}
    for name, group in groups.items():
        counts |= {f"{name}_episodes": len(group), f"{name}_child": len({episode.child for episode in group})}
    open_now = [episode for episode in episodes if episode.closed is None]
    waiting = sum({stay.stage for stay in episode.stays if stay.end is None} == {"assessment"} for episode in open_now)
    return _with_rates({**counts, "At31_episodes": len(open_now), "Awaiting_assessment": waiting})


def _open_for(episodes: Sequence[Episode], year: _Year) -> Values:
    spans = [(episode.referred, year.last) for episode in episodes if episode.closed is None]
    return {"At31_episodes": len(spans), **_lengths(spans, "2years+")}


def _ended_after(episodes: Sequence[Episode], year: _Year) -> Values:
    spans = [(episode.referred, episode.closed) for episode in episodes if year.holds(episode.closed)]
    return {"Ended_episodes": len(spans), **_lengths([(start, end) for start, end in spans if end], "2years+")}


def _closed_for(episodes: Sequence[Episode], year: _Year) -> Values:
    ended = [episode for episode in episodes if year.holds(episode.closed)]
    reasons = Counter(REASONS.get(episode.reason, "RC7_Other") for episode in ended)
    values: Values = {"Ended_episodes": len(ended)}
    for name in REASON_COLUMNS:
        values |= {name: reasons[name], f"{name}_percent": _percent(reasons[name], len(ended))}
    return values


def _plans(episodes: Sequence[Episode], year: _Year, stage: str, prefix: str) -> Values:
    plans = [(episode.child, stay) for episode in episodes for stay in episode.of(stage)]
    groups = {
        "start": [(child, stay) for child, stay in plans if year.holds(stay.start)],
        "end": [(child, stay) for child, stay in plans if year.holds(stay.end)],
        "anypoint": [(child, stay) for child, stay in plans if year.touches(stay.start, stay.end)],
    }
    counts: dict[str, int] = {}
    for name, group in groups.items():
        counts |= {f"{prefix}_{name}": len(group), f"{prefix}_child_{name}": len({child for child, _ in group})}
    return _with_rates({**counts, f"{prefix}_At31": sum(stay.end is None for _, stay in plans)})


def _referrals(episodes: Sequence[Episode], year: _Year, run_begins: date) -> Values:
    referred = [episode for episode in episodes if episode.screened]
    days: dict[int, list[date]] = {}
    for episode in referred:
        days.setdefault(episode.child, []).append(episode.referred)
    mine = [episode for episode in referred if year.holds(episode.referred)]
    again = [
        episode
        for episode in mine
        if any(timedelta(0) < episode.referred - day <= timedelta(days=365) for day in days[episode.child])
    ]
    refused = sum(episode.stays[0].outcome == "no_further_action" for episode in mine)
    not_in_need = sum(episode.reason in ("RC8", "RC9") and episode.closed is not None for episode in mine)
    told = run_begins <= year.first - timedelta(days=365)
    children, again_children = {episode.child for episode in mine}, {episode.child for episode in again}
    return {
        "Referrals": len(mine), "Referrals_rate": NOT_AVAILABLE,
        "Re_referrals": len(again) if told else NOT_AVAILABLE,
        "Re_referrals_percent": _percent(len(again), len(mine) * told),
        "No_Further_Action": refused, "No_Further_Action_percent": _percent(refused, len(mine)),
        "Not_in_Need": not_in_need, "Not_in_Need_percent": _percent(not_in_need, len(mine)),
        "Referrals_child": len(children), "Referrals_child_rate": NOT_AVAILABLE,
        "Re_referrals_child": len(again_children) if told else NOT_AVAILABLE,
        "Re_referrals_child_percent": _percent(len(again_children), len(children) * told),
    }  # fmt: skip


def _assessments(episodes: Sequence[Episode], year: _Year) -> Values:
    """The clock starts with the referral."""
    days = [
        year.working_days(episode.referred, stay.end)
        for episode in episodes
        for stay in episode.of("assessment")
        if stay.end is not None and year.holds(stay.end)
    ]
    names = ("25th_Percentile_days", "Median_days", "75th_Percentile_days")
    completed = _with_rates({"Assessments_completed": len(days)})
    return {**completed, **_bands(days, ASSESSMENT_DAYS), **_quartiles(days, names)}


def _enquiries(episodes: Sequence[Episode], year: _Year) -> Values:
    begun: list[int] = []
    held: list[tuple[int, Stay, date]] = []
    for episode in episodes:
        for stay in episode.of("section_47"):
            begun += [episode.child] if year.holds(stay.start) else []
            conference = episode.conference(stay)
            if conference is not None and year.holds(conference):
                held.append((episode.child, stay, conference))
    days = [year.working_days(stay.start, conference) for _, stay, conference in held]
    counts = {
        "Section47": len(begun), "Section47_child": len(set(begun)), "ICPC": len(held),
        "ICPC_child": len({child for child, _, _ in held}),
    }  # fmt: skip
    names = ("Duration_25th_Percentile", "Duration_median", "Duration_75th_Percentile")
    return {**_with_rates(counts), **_bands(days, CONFERENCE_DAYS), **_quartiles(days, names)}


def _by_month(episodes: Sequence[Episode], year: _Year) -> Values:
    mine = [episode for episode in episodes if episode.screened and year.holds(episode.referred)]
    months = Counter(MONTHS[(episode.referred.month - 4) % 12] for episode in mine)
    return {"Referrals": len(mine), **{month: months[month] for month in MONTHS}}


def _plans_open_for(episodes: Sequence[Episode], year: _Year) -> Values:
    plans = [stay for episode in episodes for stay in episode.of("child_protection") if stay.end is None]
    return {"CPP_At31": len(plans), **_lengths([(stay.start, year.last) for stay in plans], "2_years_or_more")}


def _plans_ended(episodes: Sequence[Episode], year: _Year) -> Values:
    plans = [stay for episode in episodes for stay in episode.of("child_protection") if year.holds(stay.end)]
    spans = [(stay.start, stay.end) for stay in plans if stay.end is not None]
    return {"CPP_End": len(plans), **_lengths(spans, "2_years_or_more")}
