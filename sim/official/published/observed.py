"""What the published tables say about a measure of the model, for a council and a year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.official.published.areas import Area
from sim.official.published.finder import Finder
from sim.official.published.layout import ASSESSMENT_BANDS, CONFERENCE_BANDS, PLAN_BANDS
from sim.official.published.statistics import Statistics

__all__ = ["BAND_TABLES", "YARDSTICKS", "PublishedBands", "Yardstick", "band_shares", "within"]

Read = Callable[[Statistics, Area, int], float | None]


@dataclass(frozen=True)
class Yardstick:
    """A measure of the model that is published: its id, how it is said, and how it is read.

    `counts` says whether it counts children, so that an error is a share of it; else it is a percentage and an error is
    in points.
    """

    measure: str
    label: str
    file: str
    counts: bool
    read: Read


@dataclass(frozen=True)
class PublishedBands:
    """A published table of lengths: the measures that hold its bands, in order."""

    id: str
    label: str
    topic: str
    columns: Mapping[str, str]
    total: str


def _count(topic: str, column: str) -> Read:
    return lambda statistics, area, year: statistics.cell(topic, column, area, year).value


def within(topic: str, columns: Mapping[str, str], inside: int, skip: int = 0) -> Read:
    """Percentage in the first `inside` bands, without the first `skip`; missing where a late band is suppressed."""

    def read(statistics: Statistics, area: Area, year: int) -> float | None:
        bands = Finder(statistics, area, year, note=False).bands(topic, columns, year)
        if bands is None:
            return None
        counts = list(bands.values())[skip:]
        whole = sum(counts)
        return 100 * sum(counts[: inside - skip]) / whole if whole > 0 else None

    return read


YARDSTICKS: tuple[Yardstick, ...] = (
    Yardstick("assessments_completed", "Assessments completed", "c2", True, _count("c2", "completed")),
    Yardstick(
        "assessments_45wd_pct", "Assessments within 45 working days", "c2", False, within("c2", ASSESSMENT_BANDS, 6)
    ),
    Yardstick(
        "assessments_45wd_excl_same_day_pct", "The same without same-day assessments", "c2", False,
        within("c2", ASSESSMENT_BANDS, 6, 1),
    ),
    Yardstick("s47_started", "Section 47 enquiries", "c4", True, _count("c4", "enquiries")),
    Yardstick("icpc_held", "Initial child protection conferences", "c4", True, _count("c4", "conferences")),
    Yardstick("icpc_15wd_pct", "Conferences within 15 working days", "c4", False, within("c4", CONFERENCE_BANDS, 2)),
    Yardstick("cpp_started", "Child protection plans started", "d1", True, _count("d1", "started")),
    Yardstick("cpp_ended", "Child protection plans ended", "d1", True, _count("d1", "ended")),
    Yardstick("cpp_open", "Child protection plans open at 31 March", "d1", True, _count("d1", "open")),
)  # fmt: skip

BAND_TABLES: tuple[PublishedBands, ...] = (
    PublishedBands("assessments_band", "Lengths of assessments", "c2", ASSESSMENT_BANDS, "completed"),
    PublishedBands("icpc_band", "Enquiry to conference", "c4", CONFERENCE_BANDS, "conferences"),
    PublishedBands("cpp_ended_band", "Lengths of plans ended", "d7", PLAN_BANDS, "ended"),
    PublishedBands("cpp_open_band", "Ages of plans open", "d5", PLAN_BANDS, "open"),
)


def band_shares(statistics: Statistics, table: PublishedBands, area: Area, year: int) -> list[float] | None:
    """Published shares of a table's bands in %, or None; suppressed bands are shared out as in England."""
    bands = Finder(statistics, area, year, note=False).bands(table.topic, table.columns, year)
    whole = sum(bands.values()) if bands is not None else 0.0
    return [100 * count / whole for count in bands.values()] if bands is not None and whole > 0 else None
