"""A scenario's measures beside those of its council, its neighbours, its region, England, and all councils."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from sim.official.errors import OfficialError
from sim.official.published.areas import ENGLAND, Area
from sim.official.published.layout import ASSESSMENT_BANDS, CONFERENCE_BANDS, PLAN_BANDS
from sim.official.published.observed import within
from sim.official.published.statistics import Statistics

__all__ = ["COMPARISONS", "BenchmarkRow", "Comparison", "as_csv", "as_text", "benchmark", "council_year"]

MANY = 100
"""A year in which so many councils have figures can be ranked."""
QUARTERS = ("lowest quarter", "second quarter", "third quarter", "highest quarter")
Read = Callable[[Statistics, Area, int], float | None]


@dataclass(frozen=True)
class Comparison:
    """A figure that councils are compared by: how it is published, and which measures of a run make it.

    `simulated` is a measure's id; `over` divides it: by another measure (in %), or by the council's children (for
    10,000), where it says `children`.
    """

    label: str
    unit: str
    read: Read
    simulated: str
    over: str = ""


@dataclass(frozen=True)
class BenchmarkRow:
    """One comparison: the scenario's figure, and the published ones; None where there is none."""

    label: str
    unit: str
    scenario: float | None
    council: float | None
    neighbours: float | None
    region: float | None
    england: float | None
    quarter: str


def _cell(topic: str, column: str) -> Read:
    return lambda statistics, area, year: statistics.cell(topic, column, area, year).value


def _percent(top: tuple[str, str], base: tuple[str, str]) -> Read:
    def read(statistics: Statistics, area: Area, year: int) -> float | None:
        over, under = (statistics.cell(*column, area, year).value for column in (top, base))
        return 100 * over / under if over is not None and under else None

    return read


def _rate(topic: str, column: str) -> Read:
    def read(statistics: Statistics, area: Area, year: int) -> float | None:
        count, children = statistics.cell(topic, column, area, year).value, children_of(statistics, area, year)
        return 10_000 * count / children if count is not None and children else None

    return read


def children_of(statistics: Statistics, area: Area, year: int) -> float | None:
    """Children aged 0 to 17 whom a reporting year's rates are for: those of the middle of the year before."""
    before = statistics.cell("population", "children", area, year - 1).value
    return statistics.cell("population", "children", area, year).value if before is None else before


_IN_TIME = within("c2", ASSESSMENT_BANDS, 6), within("c4", CONFERENCE_BANDS, 2)
_TWO_YEARS = within("d5", PLAN_BANDS, 4)


def _two_years(statistics: Statistics, area: Area, year: int) -> float | None:
    shorter = _TWO_YEARS(statistics, area, year)
    return None if shorter is None else 100 - shorter


RATE, PERCENT = "for 10,000 children", "%"
COMPARISONS: tuple[Comparison, ...] = (
    Comparison("Referrals", RATE, _rate("c1", "referrals"), "referrals", "children"),
    Comparison(
        "Re-referrals within 12 months", PERCENT, _percent(("c1", "rereferrals"), ("c1", "referrals")),
        "rereferrals_12m_pct",
    ),
    Comparison("Assessments completed", RATE, _rate("c2", "completed"), "assessments_completed", "children"),
    Comparison("Assessments within 45 working days", PERCENT, _IN_TIME[0], "assessments_45wd_pct"),
    Comparison("Section 47 enquiries", RATE, _rate("c4", "enquiries"), "s47_started", "children"),
    Comparison(
        "Section 47 enquiries to referrals", PERCENT, _percent(("c4", "enquiries"), ("c1", "referrals")),
        "s47_started", "referrals",
    ),
    Comparison(
        "Conferences to enquiries", PERCENT, _percent(("c4", "conferences"), ("c4", "enquiries")), "icpc_held",
        "s47_started",
    ),
    Comparison("Conferences within 15 working days", PERCENT, _IN_TIME[1], "icpc_15wd_pct"),
    Comparison(
        "Plans started to conferences", PERCENT, _percent(("d1", "started"), ("c4", "conferences")), "cpp_started",
        "icpc_held",
    ),
    Comparison("Child protection plans started", RATE, _rate("d1", "started"), "cpp_started", "children"),
    Comparison("Child protection plans open", RATE, _rate("d1", "open"), "cpp_open", "children"),
    Comparison("Plans open two years or more", PERCENT, _two_years, "cpp_open_2y_pct"),
    Comparison(
        "Second or later plans", PERCENT, _percent(("d3", "subsequent"), ("d3", "started")), "second_cpp_pct"
    ),
    Comparison("Plans reviewed on time", PERCENT, _percent(("d6", "on_time"), ("d6", "reviewable")),
               "cp_reviews_on_time_pct"),
    Comparison("Children to a case holder", "children", _cell("workforce", "caseload"), "caseload_mean"),
    Comparison("Agency workers", PERCENT, _cell("workforce", "agency_pct"), "agency_pct"),
    Comparison("Vacancies", PERCENT, _cell("workforce", "vacancy_pct"), "vacancy_pct"),
    Comparison("Turnover", PERCENT, _cell("workforce", "turnover_pct"), "turnover_pct"),
    Comparison("Sickness absence", PERCENT, _cell("workforce", "absence_pct"), "absence_pct"),
)  # fmt: skip


def council_year(statistics: Statistics, wanted: int | None = None) -> int:
    """The latest year in which many councils have referrals, or the one wanted if it is such a year.

    Raises:
        OfficialError: when no year has enough councils to rank.
    """
    counts: dict[int, int] = {}
    for area in statistics.areas.all():
        for year in statistics.years("c1", area):
            counts[year] = counts.get(year, 0) + 1
    most = max(counts.values(), default=0)
    ranked = [year for year, count in counts.items() if count >= min(MANY, most)]
    if wanted is not None:
        if wanted not in ranked:
            raise OfficialError(f"{statistics.file('c1')} has too few councils in {wanted} to rank among")
        return wanted
    if not ranked:
        raise OfficialError(f"{statistics.file('c1')} has no councils to rank among")
    return max(ranked)


def benchmark(
    statistics: Statistics,
    area: Area,
    year: int,
    simulated: Mapping[str, float],
    neighbours: Sequence[Area] = (),
) -> list[BenchmarkRow]:
    """Set a scenario's figures beside the published ones of a year.

    `simulated` holds a run's measures by id, for a reporting year. The quarter is that of the scenario's figure among
    the councils of the year.
    """
    children = children_of(statistics, area, year)
    region = statistics.areas.named("regional", area.region) if area.region else None
    rows = []
    for comparison in COMPARISONS:
        mine = _simulated(comparison, simulated, children)
        others = [
            value for other in statistics.areas.all() if (value := comparison.read(statistics, other, year)) is not None
        ]
        near = [value for other in neighbours if (value := comparison.read(statistics, other, year)) is not None]
        rows.append(
            BenchmarkRow(
                comparison.label,
                comparison.unit,
                mine,
                comparison.read(statistics, area, year),
                mean(near) if near else None,
                comparison.read(statistics, region, year) if region is not None else None,
                comparison.read(statistics, statistics.areas.find(ENGLAND), year),
                _quarter(mine, others),
            )
        )
    return rows


def as_text(rows: Sequence[BenchmarkRow], heads: Sequence[str]) -> str:
    """The rows as a plain table; `heads` names the five columns of figures."""
    shown = [
        [f"{row.label}, {row.unit}", *(_figure(value) for value in _figures(row)), row.quarter]
        for row in rows
        if any(value is not None for value in _figures(row))
    ]
    empty = {column for column in range(1, 6) if all(line[column] == "–" for line in shown)}
    table = [["", *heads, "scenario among councils"], *shown]
    kept = [[cell for column, cell in enumerate(line) if column not in empty] for line in table]
    widths = [max(len(line[column]) for line in kept) for column in range(len(kept[0]))]
    lines = []
    for line in kept:
        cells = [cell.rjust(width) for cell, width in zip(line[1:-1], widths[1:-1], strict=True)]
        lines.append("  ".join([line[0].ljust(widths[0]), *cells, line[-1]]).rstrip())
    lines.insert(1, "-" * max(len(line) for line in lines))
    return "\n".join(lines)


def as_csv(rows: Sequence[BenchmarkRow]) -> str:
    """The rows as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("measure", "unit", "scenario", "council", "neighbours", "region", "england", "quarter"))
    for row in rows:
        figures = ["" if value is None else f"{value:.6g}" for value in _figures(row)]
        writer.writerow((row.label, row.unit, *figures, row.quarter))
    return out.getvalue()


def _simulated(comparison: Comparison, simulated: Mapping[str, float], children: float | None) -> float | None:
    value = simulated.get(comparison.simulated, math.nan)
    if comparison.over == "children":
        value = 10_000 * value / children if children else math.nan
    elif comparison.over:
        base = simulated.get(comparison.over, math.nan)
        value = 100 * value / base if base else math.nan
    return value if math.isfinite(value) else None


def _quarter(value: float | None, others: Sequence[float]) -> str:
    if value is None or len(others) < 4:
        return ""
    below = sum(other < value for other in others) + 0.5 * sum(other == value for other in others)
    return QUARTERS[min(int(4 * below / len(others)), 3)]


def _figures(row: BenchmarkRow) -> tuple[float | None, ...]:
    return row.scenario, row.council, row.neighbours, row.region, row.england


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}"
