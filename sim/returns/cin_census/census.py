"""The children in need census, in the forms of 2019 to 2026, read child by child.

The forms differ in names (`GenderCurrent` became `Sex`) and in groups that were added (`PreProceedingsandFGDM`);
what is read here has kept its names. In the newest group any element that says pre-proceedings and start or end is
taken: its form may still change.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

from sim.returns.codes import source_of
from sim.returns.errors import ReturnsError
from sim.returns.problems import Problems
from sim.returns.records import Enquiry, Numbers, RecordedSpell, Referral, Returns
from sim.returns.xml_stream import Node, nodes

__all__ = ["read_cin_census"]

_DAYS_A_YEAR = 365.25
HISTORY = 0.1
"""Share of episodes that ended before the census year, from which on a file is taken as a history."""
_PLACES = ("referrals", "assessments", "enquiries", "episodes", "in_need", "protection")
_YES = {"true": True, "1": True, "y": True, "yes": True, "false": False, "0": False, "n": False, "no": False}


def read_cin_census(path: Path, problems: Problems, as_at: date | None = None) -> Returns:
    """Read a census file; its reference date is the day of the extract unless `as_at` is given.

    Raises:
        ReturnsError: when the file is not a children in need census, or has no reference date and none is given.
    """
    reader = _CensusReader(path.name, problems)
    returns = Returns("children in need census", window_months=12)
    reference: date | None = None
    children = 0
    for node in nodes(path, ("CollectionDetails", "Source", "Child")):
        if node.name == "CollectionDetails":
            collection = node.value("Collection")
            if collection and collection.upper() != "CIN":
                raise ReturnsError(f"{path}, line {node.line}: this is another collection, not the CIN census")
            reference = reader.day(node, "ReferenceDate", "it was taken as missing")
            if reference is None:
                year = node.value("Year")
                reference = date(int(year), 3, 31) if year.isdigit() and len(year) == 4 else None
        elif node.name == "Source":
            code = node.value("LEA")
            returns.council_code = code if code.isdigit() and len(code) == 3 else ""
        else:
            children += 1
            reader.child(returns, node)
    if not children:
        raise ReturnsError(f"{path} holds no Child element: it is not a children in need census")
    if as_at is None and reference is None:
        raise ReturnsError(f"{path} has no ReferenceDate; give the day of the extract with --as-at")
    returns.as_at = as_at or reference
    returns.as_at_how = "as given with --as-at" if as_at else "the census's reference date"
    _settle(returns, reader)
    return returns


def _settle(returns: Returns, reader: _CensusReader) -> None:
    assert returns.as_at is not None
    returns.present.update(("referrals", "episodes"))
    for key in ("assessments", "enquiries", "in_need", "protection", "pre_proceedings"):
        # A census in which no child has the group at all did not record it.
        if getattr(returns, key):
            returns.present.add(key)
    names = dict(
        zip(
            _PLACES,
            ("CINreferralDate", "Assessments", "Section47", "CINdetails", "CINPlanDates", "ChildProtectionPlans"),
            strict=True,
        )
    )
    returns.place = names | {"pre_proceedings": "PreProceedingsandFGDM"}
    returns.ages = {child: (returns.as_at - born).days / _DAYS_A_YEAR for child, born in reader.born.items()}
    # The census year begins on 1 April; an extract in mid-year holds fewer months.
    start = date(returns.as_at.year - (returns.as_at < date(returns.as_at.year, 4, 1)), 4, 1)
    returns.window_months = max(1.0, round((returns.as_at - start).days / (_DAYS_A_YEAR / 12), 1))
    ended = [row.end for row in returns.episodes if row.end is not None] or [row.start for row in returns.referrals]
    if sum(day < start for day in ended) > HISTORY * len(ended):
        # Not the year's episodes alone but the history too: then a whole year of it counts.
        returns.window_months = 12.0


class _CensusReader:
    """Turns the Child elements of one file into records."""

    def __init__(self, file: str, problems: Problems) -> None:
        self._file = file
        self._problems = problems
        self._children = Numbers()
        self.born: dict[int, date] = {}

    def child(self, returns: Returns, node: Node) -> None:
        """Add what one child's element says."""
        known = next(iter(node.all("ChildIdentifiers")), node)
        identifier = known.value("LAchildID")
        if not identifier:
            self._add(node, "LAchildID", "there is no identifier", "it was counted as a child of its own")
            identifier = f"\0{node.line}"
        child = self._children.of(identifier)
        born = self.day(known, "PersonBirthDate", "the age was taken as unknown")
        if born is not None:
            self.born[child] = born
        for details in node.all("CINdetails"):
            self._episode(returns, child, details)

    def _episode(self, returns: Returns, child: int, node: Node) -> None:
        start = self.day(node, "CINreferralDate", "the episode was left out")
        if start is None:
            if not node.value("CINreferralDate"):
                self._add(node, "CINreferralDate", "there is no date", "the episode was left out")
            return
        nfa = _YES.get(node.value("ReferralNFA").lower())
        source = source_of(node.value("ReferralSource").lower())
        returns.referrals.append(Referral(child, start, source, nfa))
        end = self._end(node, "CINclosureDate", start)
        reason = node.value("ReasonForClosure").upper()
        if not nfa:
            returns.episodes.append(RecordedSpell(child, start, end, reason))
        spells = (
            ("Assessments", "AssessmentActualStartDate", "AssessmentAuthorisationDate", returns.assessments),
            ("CINPlanDates", "CINPlanStartDate", "CINPlanEndDate", returns.in_need),
            ("ChildProtectionPlans", "CPPstartDate", "CPPendDate", returns.protection),
        )
        for group, first, last, into in spells:
            for part in node.all(group):
                begun = self.day(part, first, "the entry was left out")
                if begun is not None:
                    finished = self._end(part, last, begun)
                    # What is still open when the episode is closed ended with it.
                    into.append(RecordedSpell(child, begun, finished if finished or end is None else max(begun, end)))
        for part in node.all("Section47"):
            self._enquiry(returns, child, part)
        for part in node.inside:
            if part.name.lower().startswith("preproceedings"):
                returns.pre_proceedings += self._planning(child, part)

    def _enquiry(self, returns: Returns, child: int, node: Node) -> None:
        start = self.day(node, "S47ActualStartDate", "the enquiry was left out")
        if start is None:
            return
        conference = self._end(node, "DateOfInitialCPC", start)
        returns.enquiries.append(Enquiry(child, start, conference, _YES.get(node.value("ICPCnotRequired").lower())))

    def _planning(self, child: int, node: Node) -> Iterator[RecordedSpell]:
        """Pre-proceedings: the first date that says start, and the first that says end, among those not of meetings."""
        dates: dict[str, date] = {}
        for part in node.inside:
            name = part.name.lower()
            if "fgdm" in name or "conference" in name:
                continue
            for word, key in (("start", "start"), ("initiat", "start"), ("end", "end"), ("conclu", "end")):
                read = _iso(part.text)
                if word in name and read is not None:
                    dates.setdefault(key, read)
        if "start" in dates:
            yield RecordedSpell(child, dates["start"], dates.get("end"))

    def day(self, node: Node, name: str, instead: str) -> date | None:
        """The date in an element inside, None when it is missing or cannot be read; the latter is noted."""
        part = next((part for part in node.inside if part.name == name), None)
        if part is None or not part.text:
            return None
        read = _iso(part.text)
        if read is None:
            self._add(part, name, "this is not a date (YYYY-MM-DD)", instead)
        return read

    def _end(self, node: Node, name: str, start: date) -> date | None:
        end = self.day(node, name, "it was taken as still open")
        if end is not None and end < start:
            self._add(node, name, "the end is before the start", "its length was taken as none")
            return start
        return end

    def _add(self, node: Node, column: str, wrong: str, instead: str) -> None:
        self._problems.add(self._file, "CIN census", node.line, column, wrong, instead)


@lru_cache(maxsize=100_000)
def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
