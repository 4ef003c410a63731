"""Simulated journeys put together as episodes of need: what a council's system would hold of each child.

An episode begins with the referral and ends when the child leaves the service. Children who were open on the first day
of the run have no referral in it: theirs is the day on which their stage began. Dates of birth and sex are not
simulated: ages at the first referral are spread evenly by the child's number, so that everybody is below 17 on the day;
sex goes by turns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sim.experiment.results.journeys import JourneyFile, journeys_of
from sim.returns.errors import ReturnsError

__all__ = ["Episode", "Run", "Stay", "first_of_year", "read_run"]

LEFT = frozenset(
    ("close", "early_help", "other", "no_further_action", "advice", "special_guardianship", "same_day_closure")
)
"""Outcomes after which a child has left, unless another spell of the case follows."""
GOLDEN = 0.6180339887498949
OLDEST = 17 * 365


@dataclass(frozen=True, slots=True)
class Stay:
    """A spell in a stage as at a day: `end` is None and `outcome` empty while it is open."""

    stage: str
    start: date
    end: date | None
    outcome: str
    team: str
    worker: int | None


@dataclass
class Episode:
    """A simulated child's episode: the child's number and made-up date of birth, the referral, the spells in order."""

    child: int
    referred: date
    stays: list[Stay] = field(default_factory=list)
    earlier_plans: int = 0
    screened: bool = False
    born: date = date.min

    @property
    def refused(self) -> bool:
        """Whether the referral led to nothing."""
        return self.screened and len(self.stays) == 1 and self.stays[0].outcome in LEFT

    @property
    def closed(self) -> date | None:
        """The day on which the child left; None while any spell is open, and of children who came into care."""
        if any(stay.end is None for stay in self.stays):
            return None
        return self._last.end if self._last.outcome in LEFT else None

    @property
    def _last(self) -> Stay:
        """The spell that ended last; of those that ended on one day, the later stage."""
        ordered = sorted(self.stays, key=lambda stay: (stay.end or date.max, stay.start))
        return ordered[-1]

    @property
    def male(self) -> bool:
        """The made-up sex: boys and girls by turns of the child's number."""
        return self.child % 2 == 0

    @property
    def reason(self) -> str:
        """The DfE's code of the reason for closure: RC8 and RC9 are for those who had nothing but an assessment."""
        last = self._last
        if last.stage == "court":
            return "RC4"
        if last.stage == "assessment" and not self.of("section_47"):
            return "RC9" if last.outcome == "early_help" else "RC8"
        return "RC7"

    def of(self, stage: str) -> list[Stay]:
        """Its spells in a stage."""
        return [stay for stay in self.stays if stay.stage == stage]

    def conference(self, stay: Stay) -> date | None:
        """The day of the initial conference that ended a section 47 enquiry, if one was held."""
        return stay.end if stay.outcome in ("child_protection", "child_in_need") else None


def first_of_year(as_at: date) -> date:
    """The first day of the collection year of a day: 1 April."""
    return date(as_at.year - (as_at < date(as_at.year, 4, 1)), 4, 1)


@dataclass(frozen=True)
class Run:
    """A replication of a scenario as it stood on a day: its episodes, and the first and last day of the run."""

    scenario: str
    as_at: date
    first: date
    last: date
    episodes: list[Episode]

    @property
    def year_begins(self) -> date:
        """The first day of the collection year of the day."""
        return first_of_year(self.as_at)


def read_run(folder: Path, scenario: str | None, replication: int, as_at: date | None) -> Run:
    """Read a run's journeys as they stood on a day: the last 31 March of the run unless `as_at` says another.

    Raises:
        ReturnsError: when there is no such scenario, replication or day in the results.
        ResultsError: when the folder holds no results, or the journeys were not kept.
    """
    from sim.experiment.results.results import load_results

    known = {record.name: record for record in load_results(folder).manifest.scenarios}
    wanted = scenario or next(iter(known))
    if wanted not in known:
        raise ReturnsError(f"{folder} holds no scenario '{wanted}'; it has {', '.join(known)}")
    frame = JourneyFile(journeys_of(folder)).read()
    frame = frame[frame["scenario"] == wanted]
    kept = sorted({int(number) for number in frame["replication"].unique()})
    if replication not in kept:
        which = f"give a number from 0 to {kept[-1]}" if kept else "run it again with --journeys all"
        raise ReturnsError(f"{folder} keeps no journeys of replication {replication}; {which}")
    frame = frame[frame["replication"] == replication]
    period = known[wanted].resolved["period"]
    first, last = (date.fromisoformat(str(period[end])) for end in ("start", "end"))
    day = as_at or _last_march(last)
    if not first <= day <= last:
        raise ReturnsError(f"the run goes from {first} to {last}; give a day of it with --as-at, not {day}")
    return Run(wanted, day, first, last, _episodes(frame, day))


def _last_march(day: date) -> date:
    march = date(day.year, 3, 31)
    return march if march <= day else date(day.year - 1, 3, 31)


def _episodes(frame: Any, day: date) -> list[Episode]:
    columns = ["child", "case", "stage", "entered", "ended", "outcome", "team", "worker"]
    frame = frame[frame["entered"] <= day].sort_values(["child", "case", "entered"], kind="stable")
    episodes: list[Episode] = []
    numbers: dict[int, int] = {}
    plans: dict[int, int] = {}
    born: dict[int, date] = {}
    open_case: tuple[int, int] | None = None
    for child, case, stage, entered, ended, outcome, team, worker in _rows(frame, columns):
        number = numbers.setdefault(child, len(numbers) + 1)
        if (child, case) != open_case:
            open_case = (child, case)
            birth = born.setdefault(number, _born(number, entered, day))
            episodes.append(Episode(number, entered, earlier_plans=plans.get(number, 0), born=birth))
        episode = episodes[-1]
        over = ended is not None and ended <= day
        stay = Stay(stage, entered, ended if over else None, outcome if over else "", team, worker)
        episode.screened = episode.screened or stage == "front_door"
        episode.stays.append(stay)
        if stage == "child_protection":
            plans[number] = plans.get(number, 0) + 1
    return episodes


def _born(number: int, referred: date, day: date) -> date:
    spread = max(0, OLDEST - (day - referred).days)
    return referred - timedelta(days=int((number * GOLDEN) % 1 * spread))


def _rows(frame: Any, columns: list[str]) -> Iterator[tuple[int, int, str, date, date | None, str, str, int | None]]:
    import pandas as pd

    for child, case, stage, entered, ended, outcome, team, worker in zip(
        *(frame[name].tolist() for name in columns), strict=True
    ):
        yield (
            int(child), int(case), str(stage), entered, None if pd.isna(ended) else ended,
            "" if pd.isna(outcome) else str(outcome), "" if pd.isna(team) else str(team),
            None if pd.isna(worker) else int(worker),
        )  # fmt: skip
