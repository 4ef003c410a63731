"""What is kept of a return in memory: numbered children, dates, and codes; no name, no identifier, no date of birth.

Children, teams and workers are numbers in the order in which they are met. Dates stay in memory: only counts, shares
and fitted lengths are written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

__all__ = ["NOBODY", "Enquiry", "Numbers", "RecordedSpell", "Referral", "Returns"]

NOBODY = -1
"""Number of the team or worker of a case that has none."""


class Numbers:
    """Gives each new text a number; the texts themselves are not kept beyond the reading."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def of(self, text: str) -> int:
        """The number of a text, new or known; NOBODY for an empty one."""
        return self._numbers.setdefault(text, len(self._numbers)) if text else NOBODY

    def __len__(self) -> int:
        """Count the texts met."""
        return len(self._numbers)


@dataclass(slots=True)
class Referral:
    """A child referred. `nfa` and `again` (another referral in the 12 months before) are None where not recorded."""

    child: int
    start: date
    source: str = ""
    nfa: bool | None = None
    again: bool | None = None
    team: int = NOBODY
    worker: int = NOBODY


@dataclass(slots=True)
class RecordedSpell:
    """A stretch of time in a stage, open while `end` is None. `status` is what the return says of it, or nothing."""

    child: int
    start: date
    end: date | None = None
    status: str = ""
    team: int = NOBODY
    worker: int = NOBODY


@dataclass(slots=True)
class Enquiry:
    """A section 47 enquiry. What is None is not recorded: no conference yet, or none was needed."""

    child: int
    start: date
    conference: date | None = None
    unnecessary: bool | None = None
    planned: bool | None = None
    team: int = NOBODY
    worker: int = NOBODY


@dataclass
class Returns:
    """One return of children: its lists, the date it was taken, and the months of activity that it holds.

    `present` are the lists that the file has (a list without rows is an answer, a missing list is none). `episodes`
    are whole episodes of need, `in_need` child in need plans where the return dates them.
    """

    name: str
    as_at: date | None = None
    as_at_how: str = ""
    window_months: float = 12
    council_code: str = ""
    present: set[str] = field(default_factory=set)
    place: dict[str, str] = field(default_factory=dict)
    contacts: list[RecordedSpell] = field(default_factory=list)
    early_help: list[RecordedSpell] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    assessments: list[RecordedSpell] = field(default_factory=list)
    enquiries: list[Enquiry] = field(default_factory=list)
    episodes: list[RecordedSpell] = field(default_factory=list)
    in_need: list[RecordedSpell] = field(default_factory=list)
    protection: list[RecordedSpell] = field(default_factory=list)
    pre_proceedings: list[RecordedSpell] = field(default_factory=list)
    looked_after: list[RecordedSpell] = field(default_factory=list)
    ages: dict[int, float] = field(default_factory=dict)
    team_names: list[str] = field(default_factory=list)

    def list_name(self, stage: str) -> str:
        """How the return names the list that a figure is from: `List 7`, or nothing."""
        return self.place.get(stage, "")
