"""Lengths of time from published bands, stocks and flows: habits, ages of what is open, plan lengths."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.official.errors import OfficialError
from sim.official.published.areas import Area
from sim.official.published.finder import Finder, PublishedFigure
from sim.official.published.layout import ASSESSMENT_BANDS, CONFERENCE_BANDS, PLAN_BANDS
from sim.scenario.values.quantities import WORKING_DAYS_A_YEAR

__all__ = [
    "Habit",
    "ages_of",
    "assessment_habit",
    "conference_habit",
    "intervention",
    "mean_days",
    "open_ages",
    "own_length",
]

LOOK_BACK = 4
LATE = ("46-50", "51-60", "61+")
LATE_SHARE = 1 / 6
OVERTAKEN = 1.1
"""Late habits for each assessment that ends late: a conference closes the others first (found by simulation)."""
TAIL = 20
ENOUGH_PLANS = 400
"""Starts and ends of plans that make a length by Little's law firm enough; with fewer a third year is taken in."""
_LIMITS = {
    "same day": (0, 0), "1-10": (1, 10), "11-20": (11, 20), "21-30": (21, 30), "31-40": (31, 40),
    "41-45": (41, 45), "46-50": (46, 50), "51-60": (51, 60), "61+": (61, math.inf),
}  # fmt: skip


@dataclass(frozen=True)
class Habit:
    """Bands of a habitual duration and where they are from."""

    bands: dict[str, float]
    source: str
    year: int
    own: bool


def assessment_habit(finder: Finder) -> Habit:
    """The council's bands of its least stressed recent year, with at most one in six beyond 45 working days.

    Least stressed is the year, of the last four, in which most of the assessments that took longer than a day were
    within 45 working days. What is late in any year is partly habit and partly queue: of that year's bands beyond 45
    no more than one in six of all are taken as habit (assumption): the queue of a busier year would count twice.
    """
    tried: list[tuple[float, int, dict[str, float]]] = []
    for year in range(finder.year - LOOK_BACK + 1, finder.year + 1):
        bands = finder.bands("c2", ASSESSMENT_BANDS, year)
        if bands is None or sum(bands.values()) - bands["same day"] <= 0:
            continue
        longer = sum(bands.values()) - bands["same day"]
        tried.append((1 - sum(bands[band] for band in LATE) / longer, year, bands))
    # A handful of assessments in the first year of a new return is no habit.
    most = max((sum(bands.values()) for _, _, bands in tried), default=0.0)
    tried = [attempt for attempt in tried if sum(attempt[2].values()) >= most / 2]
    if tried:
        _, year, bands = max(tried, key=lambda attempt: (attempt[0], attempt[1]))
        span = f"{tried[0][1]}-{tried[-1][1]}" if len(tried) > 1 else str(year)
        source = f"{finder.cite('c2', year)} ({finder.area.name}'s least stressed year of {span})"
        if finder.suppressed_bands("c2", ASSESSMENT_BANDS, year):
            source += "; suppressed bands share what is left of the total as in England"
            finder.note(
                f"{finder.area.name}: suppressed bands in {finder.statistics.file('c2')}, {year}, filled as in England"
            )
        own = True
    else:
        bands, year, name = _bands_of_others(finder, "c2", ASSESSMENT_BANDS)
        source, own = f"{finder.cite('c2', year)}, bands of {name} in place of {finder.area.name}'s", False
    whole = sum(bands.values())
    late = sum(bands[band] for band in LATE)
    wanted = min(late / whole, LATE_SHARE)
    if late / whole > LATE_SHARE:
        source += "; bands beyond 45 scaled so that one in six has a habit beyond 45"
    if late > 0:
        # Late bands are scaled until they are the share wanted of what is then there.
        share = wanted * OVERTAKEN
        factor = (whole - late) * share / (1 - share) / late
        bands = {band: count * factor if band in LATE else count for band, count in bands.items()}
        source += (
            ", and a tenth more, as conferences close some first"
            if wanted == LATE_SHARE
            else ("; bands beyond 45 a tenth larger, as conferences close some assessments first")
        )
    return Habit({band: float(round(count)) for band, count in bands.items()}, source, year, own)


def conference_habit(finder: Finder) -> Habit:
    """Bands from the strategy discussion to the conference: the council's best recent year, or towards England's.

    The simulated diary adds its own delay, so a council slower than England is taken half-way to England's bands.
    """
    country = finder.bands("c4", CONFERENCE_BANDS, finder.year, finder.england)
    tried: list[tuple[float, int, dict[str, float]]] = []
    for year in range(finder.year - LOOK_BACK + 1, finder.year + 1):
        bands = finder.bands("c4", CONFERENCE_BANDS, year)
        if bands is not None and sum(bands.values()) > 0:
            tried.append((_in_time(bands), year, bands))
    if tried:
        _, year, bands = max(tried, key=lambda attempt: (attempt[0], attempt[1]))
        source, own = f"{finder.cite('c4', year)} ({finder.area.name}'s best recent year)", True
    else:
        bands, year, name = _bands_of_others(finder, "c4", CONFERENCE_BANDS)
        source, own = f"{finder.cite('c4', year)}, bands of {name} in place of {finder.area.name}'s", False
    shares = _percent(bands)
    if country is not None and _in_time(bands) < _in_time(country):
        england = _percent(country)
        shares = {band: (shares[band] + england[band]) / 2 for band in shares}
        source = f"half-way between the bands of {source} and England's, because the diary adds its own delay"
    whole = {band: float(round(share)) for band, share in shares.items()}
    return Habit(whole, source, year, own)


def open_ages(finder: Finder) -> tuple[dict[str, float], str, bool]:
    """Child protection plans open on 31 March by age in months, their source, and whether they are its own."""
    bands = finder.bands("d5", PLAN_BANDS, finder.year)
    if bands is not None:
        source = finder.cite("d5")
        if finder.suppressed_bands("d5", PLAN_BANDS, finder.year):
            source += "; suppressed bands share what is left of the total as in England"
            finder.note(
                f"{finder.area.name}: suppressed bands in {finder.statistics.file('d5')}, {finder.year}, filled as in "
                "England"
            )
        return {band: round(count, 1) for band, count in bands.items()}, source, True
    theirs, year, name = _bands_of_others(finder, "d5", PLAN_BANDS)
    return theirs, f"{finder.cite('d5', year)}, bands of {name} in place of {finder.area.name}'s", False


def mean_days(bands: Mapping[str, float], tail: float = TAIL) -> float:
    """Mean working days of assessments by band, the open band at its lower end plus the tail."""
    total = sum(bands.values())
    middles = {band: low + tail if math.isinf(high) else (low + high) / 2 for band, (low, high) in _LIMITS.items()}
    return sum(middles[band] * count for band, count in bands.items()) / total


def ages_of(bands: Mapping[str, float], tail: float = TAIL) -> dict[str, float]:
    """Ages of what is open in a steady flow whose lengths fall into these bands, in %.

    The share open at age a is that of lengths greater than a; within a band lengths are spread evenly.
    """
    total = sum(bands.values())
    alive = 1.0 - bands.get("same day", 0.0) / total
    weights: dict[str, float] = {}
    for band, (low, high) in _LIMITS.items():
        if band == "same day":
            continue
        share = bands.get(band, 0.0) / total
        width = tail if math.isinf(high) else high - low + 1
        weights[band] = share * tail if math.isinf(high) else (alive - share / 2) * width
        alive -= share
    whole = sum(weights.values())
    return {band: round(100 * weight / whole, 1) for band, weight in weights.items()}


def intervention(length_days: float, review_days: float, brought_forward: float, other_exits_a_year: float) -> float:
    """Work at full pace, in working days, of plans whose mean length is known.

    A plan goes on after its work for half a review interval, or for ten days where the review is brought forward, and
    other exits at a constant rate cut it short: the arithmetic of `sim.experiment.load_forecast`, turned round.
    """
    wait = (1 - brought_forward) * review_days / 2 + brought_forward * 10
    rate = other_exits_a_year / WORKING_DAYS_A_YEAR
    inside = 1 - rate * length_days
    whole = length_days if rate == 0 else -math.log(max(inside, 0.05)) / rate
    return max(20.0, whole - wait)


def little(open_then: float, open_now: float, started: float, ended: float) -> float:
    """Mean working days of a plan by Little's law: mean stock over mean flow."""
    return (open_then + open_now) / (started + ended) * WORKING_DAYS_A_YEAR


def protection_length(finder: Finder) -> PublishedFigure:
    """Mean working days of child protection plans, by Little's law over two years or more."""
    for name, areas in (("", (finder.area,)), *finder.others()):
        pooled = _pooled_length(finder, areas)
        if pooled is not None:
            days, years = pooled
            if name:
                finder.note(
                    f"{finder.area.name}: length of child protection plans ({finder.statistics.file('d1')}); "
                    f"used {name} instead"
                )
            source = f"plans lasted about {days:.0f} working days by Little's law in {min(years)} to {max(years)}"
            return PublishedFigure(days, f"{source}{' in ' + name if name else ''} ({finder.cite('d1')})", own=not name)
    return PublishedFigure(200.0, "plans last about 200 working days", own=False)


def own_length(finder: Finder) -> float | None:
    """The same for the council alone; None where too little is published."""
    pooled = _pooled_length(finder, (finder.area,))
    return pooled[0] if pooled is not None else None


def _pooled_length(finder: Finder, areas: Sequence[Area]) -> tuple[float, list[int]] | None:
    """Mean working days of plans over the last years, and which."""
    stock = flow = 0.0
    years: list[int] = []
    for year in (finder.year, finder.year - 1, finder.year - 2):
        known = [figures for area in areas if (figures := _stock_and_flow(finder, area, year)) is not None]
        if known and (len(years) < 2 or flow < ENOUGH_PLANS):
            stock, flow = stock + sum(count for count, _ in known), flow + sum(count for _, count in known)
            years.append(year)
    return (stock / flow * WORKING_DAYS_A_YEAR, years) if flow > 0 else None


def _stock_and_flow(finder: Finder, area: Area, year: int) -> tuple[float, float] | None:
    """Plans open at both ends of a year, and started and ended in it; None where any is missing."""
    figures = [
        finder.plain("d1", "open", year - 1, area), finder.plain("d1", "open", year, area),
        finder.plain("d1", "started", year, area), finder.plain("d1", "ended", year, area),
    ]  # fmt: skip
    known = [figure for figure in figures if figure is not None]
    return (known[0] + known[1], known[2] + known[3]) if len(known) == 4 and known[2] + known[3] > 0 else None


def _bands_of_others(finder: Finder, topic: str, columns: Mapping[str, str]) -> tuple[dict[str, float], int, str]:
    for name, areas in finder.others():
        for year in (finder.year, finder.year - 1, finder.year + 1):
            published = [bands for area in areas if (bands := finder.bands(topic, columns, year, area)) is not None]
            if published:
                finder.note(
                    f"{finder.area.name}: bands of {finder.statistics.file(topic)}, {finder.year}; used {name} instead"
                )
                return {band: sum(bands[band] for bands in published) for band in columns}, year, name
    raise OfficialError(
        f"{finder.statistics.file(topic)}: neither {finder.area.name} nor England has bands in {finder.year}"
    )


def _in_time(bands: Mapping[str, float]) -> float:
    return (bands["0-10"] + bands["11-15"]) / sum(bands.values())


def _percent(bands: Mapping[str, float]) -> dict[str, float]:
    total = sum(bands.values())
    return {band: 100 * count / total for band, count in bands.items()}
