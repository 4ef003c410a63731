"""What each list of Annex A holds and how its sheets and columns are called in practice.

Names are compared without case, signs and spaces that differ (`sim.returns.annex_a.cells.plain`). The lists and their
columns are those of Ofsted's Annex A to the framework for inspecting local authority services for children.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["LISTS", "ListColumn", "ListLayout", "list_of_sheet"]

Kind = Literal["child", "date", "text", "yes", "number", "birth", "age", "team", "worker"]


@dataclass(frozen=True)
class ListColumn:
    """A column that is read: its key, what its cells are, its name in messages, and patterns of its header."""

    key: str
    kind: Kind
    label: str
    patterns: tuple[str, ...]

    def matches(self, header: str) -> bool:
        """Whether a plain header is this column's."""
        return any(re.search(pattern, header) for pattern in self.patterns)


@dataclass(frozen=True)
class ListLayout:
    """A list: its number, what it is about, sheet names besides `List N`, and its columns; the first is the child."""

    number: int
    topic: str
    sheets: tuple[str, ...]
    columns: tuple[ListColumn, ...]
    main: str

    @property
    def name(self) -> str:
        """Its name in messages."""
        return f"List {self.number}"


_CHILD_ID = r"^(unique )?(child|client|person) (id|number|identifier|ref)"
_CHILD = ListColumn("child", "child", "child unique ID", (r"^child.* id\b", _CHILD_ID, r"^id$"))
_BIRTH = ListColumn("birth", "birth", "date of birth", (r"date of birth", r"^dob$", r"birth date"))
_AGE = ListColumn("age", "age", "age", (r"^age\b",))
_TEAM = ListColumn("team", "team", "allocated team", (r"allocated team", r"^team( name)?$"))
_WORKER_NAMES = (r"allocated (social )?worker", r"^(social |case |key )?worker( name)?$", r"lead practitioner")
_WORKER = ListColumn("worker", "worker", "allocated worker", _WORKER_NAMES)
_WHO = (_CHILD, _BIRTH, _AGE)
_ENQUIRY_START = r"^(section|s) ?47.* (start|date)"
_PLANNED = r"result(ed)? in (a )?(child protection plan|cpp?)"
_CONFERENCE = r"^date of (the )?initial child protection conf"


def _date(key: str, label: str, *patterns: str) -> ListColumn:
    return ListColumn(key, "date", label, patterns)


LISTS: Final = (
    ListLayout(1, "contacts", (r"^contacts?\b",), (
        *_WHO, _date("start", "date of contact", r"date of contact", r"contact date"),
    ), "start"),
    ListLayout(2, "early help", (r"early help", r"^eha?\b", r"^caf\b"), (
        *_WHO, _date("start", "assessment start date", r"start date", r"date.* start"),
        _date("end", "assessment completion date", r"completion date", r"end date", r"date.* complet"),
    ), "start"),
    ListLayout(3, "referrals", (r"^referrals?\b",), (
        *_WHO, _date("start", "date of referral", r"date of referral", r"referral date"),
        ListColumn("source", "text", "referral source", (r"referral source", r"source of referral")),
        ListColumn("nfa", "yes", "referral NFA", (r"\bnfa\b", r"no further action")),
        ListColumn("number", "number", "number of referrals in last 12 months", (r"number of referrals",)),
        _TEAM, _WORKER,
    ), "start"),
    ListLayout(4, "assessments", (r"^(continuous |single |child and family |c and f )?assessments?\b",), (
        *_WHO, _date("start", "continuous assessment start date", r"assessment start", r"^start date"),
        _date("end", "date of authorisation", r"authoris", r"authoriz", r"completion date", r"end date"),
        ListColumn("support", "yes", "assessed as requiring support", (r"assessed as requiring", r"requir.* support")),
        _TEAM, _WORKER,
    ), "start"),
    ListLayout(5, "section 47 enquiries", (r"section 47", r"^s ?47", r"enquir"), (
        *_WHO,
        _date("start", "strategy discussion date", r"^strategy discussion", r"date of strategy", _ENQUIRY_START),
        ListColumn("unnecessary", "yes", "conference deemed unnecessary", (r"unnecessary", r"not required")),
        _date("conference", "date of initial conference", _CONFERENCE, r"^date of icpc", r"^icpc date"),
        ListColumn("planned", "yes", "conference resulted in a plan", (_PLANNED,)),
        _TEAM, _WORKER,
    ), "start"),
    ListLayout(6, "children in need", (r"^(children|child) in need", r"^cin\b"), (
        *_WHO, _date("start", "CIN start date", r"cin start", r"in need start", r"^start date"),
        _date("end", "CIN closure date", r"closure date", r"end date", r"date closed"),
        ListColumn("status", "text", "case status", (r"case status", r"^status$")), _TEAM, _WORKER,
    ), "start"),
    ListLayout(7, "child protection plans", (r"child protection", r"^cpp?\b"), (
        *_WHO, _date("start", "child protection plan start date", r"plan start", r"^start date"),
        _date("end", "child protection plan end date", r"plan end", r"^end date"), _TEAM, _WORKER,
    ), "start"),
    ListLayout(8, "children looked after", (r"looked after", r"^(lac|cla|cic)\b", r"children in care"), (
        *_WHO, _date("start", "date started to be looked after", r"started to be looked after", r"^start date$"),
        _date("end", "date ceased to be looked after", r"^date ceased", r"^end date"),
        _date("order", "start date of current legal status", r"start date of current legal", r"legal status start"),
        ListColumn("status", "text", "legal status", (r"legal status$",)), _TEAM, _WORKER,
    ), "start"),
)  # fmt: skip
_NUMBERED = re.compile(r"^(?:annex a )?list ?0?(\d{1,2})\b")
_OTHERS = (r"^care leavers?\b", r"adopt", r"^leaving care")


def list_of_sheet(name: str) -> int | None:
    """The list that a plain sheet name says, by number or by topic; 0 for a list that is not read; None if neither."""
    numbered = _NUMBERED.match(name)
    if numbered:
        number = int(numbered[1])
        return number if number <= len(LISTS) else 0
    if any(re.search(pattern, name) for pattern in _OTHERS):
        return 0
    for layout in LISTS:
        if any(re.search(pattern, name) for pattern in layout.sheets):
            return layout.number
    return None
