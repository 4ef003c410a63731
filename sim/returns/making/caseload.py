"""Who is open on the day of the extract: each child in one stage, with age of the case, team and worker.

A child who is open in several lists is counted in the furthest: proceedings, pre-proceedings, protection, section 47,
then a plan or an assessment. Those held outside the pathway (looked after without an interim order, care leavers,
open for another reason) are counted apart, as work of the same workers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sim.returns.records import NOBODY, Enquiry, RecordedSpell, Returns

__all__ = ["STAGES", "Caseload", "OpenCase", "open_caseload"]

STAGES = ("assessment", "section_47", "child_in_need", "child_protection", "pre_proceedings", "court")
ENQUIRY_OPEN_FOR = timedelta(days=120)
"""A section 47 enquiry without an outcome is taken as open for so long; an older one was not brought up to date."""
ADULT = 18.0
BLANK_MEANS_UNRECORDED = 0.6
FEWEST_FOR_SHARE = 20


@dataclass(slots=True)
class OpenCase:
    """A child open in a stage since a day."""

    child: int
    since: date
    team: int = NOBODY
    worker: int = NOBODY


@dataclass
class Caseload:
    """Open cases by stage, and of `outside` the pathway; `recorded` are the stages that the return can tell."""

    as_at: date
    stages: dict[str, dict[int, OpenCase]] = field(default_factory=lambda: {stage: {} for stage in STAGES})
    outside: dict[int, OpenCase] = field(default_factory=dict)
    recorded: set[str] = field(default_factory=set)
    adults: int = 0

    @property
    def total(self) -> int:
        """Children in all stages."""
        return sum(len(cases) for cases in self.stages.values())

    def unallocated(self, stage: str) -> float | None:
        """The share without a worker; None where too few are open, or so many blanks that it is not recorded."""
        cases = self.stages[stage].values()
        if len(cases) < FEWEST_FOR_SHARE:
            return None
        share = sum(case.worker == NOBODY for case in cases) / len(cases)
        return share if share < BLANK_MEANS_UNRECORDED else None

    def workers(self) -> dict[int, Counter[str]]:
        """Children held by each worker, by stage and `outside`."""
        held: dict[int, Counter[str]] = defaultdict(Counter)
        for stage, cases in (*self.stages.items(), ("outside", self.outside)):
            for case in cases.values():
                if case.worker != NOBODY:
                    held[case.worker][stage] += 1
        return held

    def by_team(self) -> dict[int, Counter[str]]:
        """Children of each team, by stage and `outside`."""
        teams: dict[int, Counter[str]] = defaultdict(Counter)
        for stage, cases in (*self.stages.items(), ("outside", self.outside)):
            for case in cases.values():
                teams[case.team][stage] += 1
        return teams


def open_caseload(returns: Returns) -> Caseload:
    """Put every open child into one stage."""
    assert returns.as_at is not None
    as_at = returns.as_at
    load = Caseload(as_at)
    adults = {child for child, age in returns.ages.items() if age >= ADULT}
    taken: set[int] = set()

    def take(stage: str, cases: Iterable[OpenCase]) -> None:
        into = load.stages[stage] if stage != "outside" else load.outside
        for case in cases:
            if case.child in adults:
                load.adults += case.child not in taken
            elif case.child not in taken:
                known = into.get(case.child)
                if known is None or case.since > known.since:
                    into[case.child] = case
                continue
            taken.add(case.child)
        taken.update(into)

    looked_after = list(_open(returns.looked_after, as_at))
    take("court", (_case(spell) for spell in looked_after if spell.status == "interim order"))
    take("pre_proceedings", map(_case, _open(returns.pre_proceedings, as_at)))
    take("child_protection", map(_case, _open(returns.protection, as_at)))
    take("section_47", (_case(row) for row in returns.enquiries if _enquiry_open(row, as_at)))
    take("outside", (_case(spell) for spell in looked_after))
    _in_need_and_assessments(returns, as_at, take)
    _recorded(returns, load)
    return load


def _in_need_and_assessments(returns: Returns, as_at: date, take: object) -> None:
    assert callable(take)
    episodes = list(_open(returns.episodes, as_at))
    dated = "in_need" in returns.present
    assessed = {row.child: row.end for row in returns.assessments if row.end is not None and row.end <= as_at}
    if dated:
        take("child_in_need", map(_case, _open(returns.in_need, as_at)))
    else:
        # Annex A dates the episode, not the plan: a plan is as old as the assessment that led to it, if that is known.
        plans = [spell for spell in episodes if spell.status in ("in need", "protection")]
        take("child_in_need", (_case(spell, assessed.get(spell.child)) for spell in plans if spell.status == "in need"))
    take("assessment", map(_case, _open(returns.assessments, as_at)))
    take("assessment", (_case(spell) for spell in episodes if spell.status == "assessment"))
    blank = [spell for spell in episodes if spell.status not in ("looked after", "closed", "assessment", "in need")]
    if "in_need" not in returns.present and "assessments" in returns.present:
        take("child_in_need", (_case(spell, assessed.get(spell.child)) for spell in blank if spell.child in assessed))
    take("outside", map(_case, episodes))


def _recorded(returns: Returns, load: Caseload) -> None:
    present = returns.present
    tells = {
        "assessment": "assessments" in present,
        "section_47": "enquiries" in present,
        "child_in_need": "in_need" in present or ("episodes" in present and bool(load.stages["child_in_need"])),
        "child_protection": "protection" in present,
        "pre_proceedings": "pre_proceedings" in present,
        "court": "looked_after" in present and any(row.status for row in returns.looked_after),
    }
    load.recorded = {stage for stage, told in tells.items() if told}


def _open(spells: Iterable[RecordedSpell], as_at: date) -> Iterable[RecordedSpell]:
    return (spell for spell in spells if spell.start <= as_at and (spell.end is None or spell.end > as_at))


def _enquiry_open(row: Enquiry, as_at: date) -> bool:
    decided = row.unnecessary or (row.conference is not None and row.conference <= as_at)
    return not decided and row.start <= as_at and (
        as_at - row.start <= ENQUIRY_OPEN_FOR or (row.conference is not None and row.conference > as_at)
    )  # fmt: skip


def _case(row: RecordedSpell | Enquiry, later: date | None = None) -> OpenCase:
    since = later if later is not None and later > row.start else row.start
    return OpenCase(row.child, since, row.team, row.worker)
