"""Figures for one council, with what stands in where the council's own is missing, and the words to cite it.

Where a council's figure is suppressed or was never returned, the same share or rate is taken from its statistical
neighbours (if the user gave any), its region, then England; the source says so, and so do `notes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.official.errors import OfficialError
from sim.official.published.areas import ENGLAND, Area
from sim.official.published.cells import PublishedCell
from sim.official.published.layout import TOPICS
from sim.official.published.statistics import Statistics

__all__ = ["ENOUGH", "Finder", "PublishedFigure", "thousands"]

ENOUGH = 100
"""A share of fewer children than this is pooled with the years before it: chance would move it by several points."""

POOLED_YEARS = 3

Column = tuple[str, str]
"""A table and a figure in it: `("c1", "referrals")`."""


@dataclass(frozen=True)
class PublishedFigure:
    """A figure, how it was come by, and whether it is the council's own published one."""

    value: float
    source: str
    own: bool = True

    @property
    def confidence(self) -> str:
        """`official` for the council's own figure, else `assumption`."""
        return "official" if self.own else "assumption"


class Finder:
    """Looks figures up for a council and a year; `notes` gathers what stood in for what."""

    def __init__(
        self,
        statistics: Statistics,
        area: Area,
        year: int,
        neighbours: Sequence[Area] = (),
        *,
        note: bool = True,
        average_of: int = 1,
    ) -> None:
        self.statistics = statistics
        self.area = area
        self.year = year
        self.notes: list[str] = []
        self.average_of = average_of
        self._neighbours = tuple(neighbours)
        self._noting = note

    @property
    def england(self) -> Area:
        """England's own rows."""
        return self.statistics.areas.find(ENGLAND)

    @property
    def each(self) -> str:
        """What is said after a count that is divided among councils."""
        return f" in {self.area.name} among {self.average_of} councils" if self.average_of > 1 else ""

    def others(self) -> Iterator[tuple[str, tuple[Area, ...]]]:
        """Whose figures stand in for the council's, nearest first, with their name."""
        if self._neighbours:
            yield "its statistical neighbours", self._neighbours
        region = self.statistics.areas.named("regional", self.area.region) if self.area.region else None
        if region is not None and region.key != self.area.key:
            yield region.name, (region,)
        if self.area.level != "national":
            yield ENGLAND, (self.england,)

    def plain(self, topic: str, column: str, year: int | None = None, area: Area | None = None) -> float | None:
        """A published figure, or None."""
        return self.statistics.cell(topic, column, area or self.area, year or self.year).value

    def count(self, topic: str, column: str, what: str) -> PublishedFigure:
        """A count of the year; where it is missing, the rate per child of others times the council's children.

        Nought is taken as missing: a council with no assessments at all had not begun to record them.

        Raises:
            OfficialError: when nobody has the figure.
        """
        cell = self.statistics.cell(topic, column, self.area, self.year)
        if cell.value:
            return PublishedFigure(
                cell.value / self.average_of, f"{thousands(cell.value)} {what}{self.each}; {self.cite(topic)}"
            )
        for name, areas in self.others():
            for base, each in ((self._children, "child"), (self._referrals, "referral")):
                mine = base(self.area)
                pairs = [(self.plain(topic, column, area=area), base(area)) for area in areas]
                known = [(count, under) for count, under in pairs if count and under]
                if not known or not mine:
                    continue
                rate = sum(count for count, _ in known) / sum(under for _, under in known)
                self._stand_in(f"{what} ({cell.file}, column {cell.column}, {self.year}: {_why(cell)})", name)
                source = f"rate per {each} of {name}, as {self.area.name}'s is {_why(cell)}; {self.cite(topic)}"
                return PublishedFigure(round(rate * mine), source, own=False)
        raise OfficialError(
            f"{cell.file}, column {cell.column}, {self.area.name}, {self.year}: {_why(cell)}, and neither "
            f"its region nor England has the figure"
        )

    def ratio(
        self, over: Column, under: Column, what: str, *, most: float = 1.0, years: int = 1, nought: bool = True
    ) -> PublishedFigure:
        """A share such as conferences to enquiries: `over` to `under`, pooled with earlier years where they are few.

        `years` pools at least so many. Without `nought`, years in which there were none are taken as not recorded.
        A ratio above `most` is brought down to it, and its source says so.

        Raises:
            OfficialError: when nobody has the figures.
        """
        pooled = self._pooled((self.area,), over, under, years, nought)
        name = ""
        if pooled is None:
            for name, areas in self.others():
                pooled = self._pooled(areas, over, under, 1, nought)
                if pooled is not None:
                    self._stand_in(f"{what} ({self._missing(over, under)})", name)
                    break
        if pooled is None:
            raise OfficialError(f"{what}: {self._missing(over, under)}, and neither its region nor England has it")
        top, base, used = pooled
        value = top / base
        files = " and ".join(
            dict.fromkeys(TOPICS[topic].cite(self.year).rsplit(", ", 1)[1] for topic, _ in (over, under))
        )
        source = f"{what}: {thousands(top)} to {thousands(base)} in {_years(used)}"
        source += f" in {name}, as {self.area.name}'s is not published" if name else ""
        source += f"; {TOPICS[over[0]].publication}, {files}"
        if value > most:
            source += f" (held at {most:.0%})"
        return PublishedFigure(min(value, most), source, own=not name)

    def own_ratio(self, over: Column, under: Column, *, nought: bool = True) -> float | None:
        """The council's own share, pooled as `ratio` pools it; None where it has none."""
        pooled = self._pooled((self.area,), over, under, 1, nought)
        return pooled[0] / pooled[1] if pooled is not None else None

    def workforce(self, column: str, what: str) -> PublishedFigure | None:
        """A figure of the workforce census nearest to the year (that of September after it first), or None."""
        for name, areas in (("", (self.area,)), *self.others()):
            cells = [
                self.statistics.cell("workforce", column, area, year)
                for area in areas
                for year in self._census_years(area, column)[:1]
            ]
            values = [cell.value for cell in cells if cell.value is not None]
            if not values:
                continue
            year = cells[0].year
            value = sum(values) / len(values)
            if name:
                self._stand_in(f"{what} ({self.statistics.file('workforce')}, {column})", name)
            source = f"{value:,.1f} {what} in September {year}" + (f" in {name}" if name else "")
            return PublishedFigure(value, f"{source}; {TOPICS['workforce'].cite(year)}", own=not name)
        return None

    def nearest(self, topic: str, column: str, area: Area | None = None) -> int | None:
        """The year nearest to the one asked for in which an area has this figure."""
        asked = area or self.area
        years = [y for y in self.statistics.years(topic, asked) if self.plain(topic, column, y, asked) is not None]
        return min(years, key=lambda y: (abs(y - self.year), y)) if years else None

    def bands(
        self, topic: str, columns: Mapping[str, str], year: int, area: Area | None = None
    ) -> dict[str, float] | None:
        """Counts by band, or None where the area has none.

        Suppressed bands share what is left of the total, in proportion to England's bands of that year.
        """
        asked = area or self.area
        cells = {band: self.statistics.cell(topic, column, asked, year) for band, column in columns.items()}
        known = {band: cell.value for band, cell in cells.items() if cell.value is not None}
        missing = [band for band in cells if band not in known]
        if not known or (missing and not all(cells[band].suppressed for band in missing)):
            return None
        if not missing:
            return dict(known) if sum(known.values()) > 0 else None
        total = self._total(topic, asked, year)
        england = {band: self.plain(topic, columns[band], year, self.england) or 0.0 for band in missing}
        weights = sum(england.values())
        if total is None or weights <= 0:
            return None
        left = max(0.0, total - sum(known.values()))
        return {band: known.get(band, left * england.get(band, 0.0) / weights) for band in columns}

    def suppressed_bands(self, topic: str, columns: Mapping[str, str], year: int) -> int:
        """How many of the council's bands are suppressed."""
        return sum(self.statistics.cell(topic, column, self.area, year).suppressed for column in columns.values())

    def cite(self, topic: str, year: int | None = None) -> str:
        """How a figure of a table is cited."""
        return TOPICS[topic].cite(year or self.year)

    def children(self, areas: Sequence[Area] = ()) -> float | None:
        """Children aged 0 to 17 of the council, or of other areas together, at the middle of the year before."""
        counts = [self._children(area) for area in areas or (self.area,)]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None

    def note(self, text: str) -> None:
        """Keep a sentence for the user about what was used in place of what."""
        if self._noting and text not in self.notes:
            self.notes.append(text)

    def _stand_in(self, what: str, name: str) -> None:
        self.note(f"{self.area.name}: {what}; used {name} instead")

    def _children(self, area: Area) -> float | None:
        # The Department divides a year to March by the population of the middle of the year before.
        value = self.plain("population", "children", self.year - 1, area)
        return self.plain("population", "children", self.year, area) if value is None else value

    def _referrals(self, area: Area) -> float | None:
        return self.plain("c1", "referrals", area=area)

    def _pooled(
        self, areas: Sequence[Area], over: Column, under: Column, years: int, nought: bool
    ) -> tuple[float, float, list[int]] | None:
        top = base = 0.0
        used: list[int] = []
        for back in range(POOLED_YEARS):
            if back >= years and base >= ENOUGH:
                break
            for area in areas:
                count = self.plain(*over, self.year - back, area)
                other = self.plain(*under, self.year - back, area)
                if count is not None and other and (count > 0 or nought):
                    top, base = top + count, base + other
                    used.append(self.year - back)
        return (top, base, sorted(set(used))) if base > 0 else None

    def _missing(self, *columns: Column) -> str:
        cells = [self.statistics.cell(*column, self.area, self.year) for column in columns]
        cell = next((blank for blank in cells if not blank.value), cells[-1])
        return f"{cell.file}, column {cell.column}, {self.year}: {_why(cell)}"

    def _census_years(self, area: Area, column: str) -> list[int]:
        years = self.statistics.years("workforce", area)
        known = [year for year in years if self.plain("workforce", column, year, area) is not None]
        return sorted(known, key=lambda year: (abs(year - self.year), -year))

    def _total(self, topic: str, area: Area, year: int) -> float | None:
        column = {"c2": "completed", "c4": "conferences", "d5": "open", "d7": "ended", "b4": "open", "b5": "ended"}
        return self.plain(topic, column[topic], year, area)


def _why(cell: PublishedCell) -> str:
    """Why a figure cannot be used."""
    return cell.why or cell.code or "nought"


def thousands(number: float) -> str:
    """A count with commas, whole where it is whole."""
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.1f}"


def _years(years: Sequence[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
