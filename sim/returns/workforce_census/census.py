"""The children's social work workforce census: who is in post, who came and went, absence, cases and vacancies.

Definitions are those of the DfE's collection: the year to 30 September; turnover is leavers over those in post, both
in full-time equivalents and without agency workers; absence is working days lost over those of the year.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from sim.returns.errors import ReturnsError
from sim.returns.problems import Problems
from sim.returns.xml_stream import Node, nodes

__all__ = ["CensusWorker", "Staff", "read_workforce_census"]

WORKING_DAYS_A_YEAR = 253
ASYE = "1"
CASE_HOLDERS = ("4", "5")
FIRST_LINE_MANAGER = "3"


@dataclass(frozen=True, slots=True)
class CensusWorker:
    """A worker in post on the census day, without name or number."""

    fte: float
    agency: bool
    newly_qualified: bool
    role: str
    cases: int
    absent: bool

    @property
    def holds_cases(self) -> bool:
        """Whether the worker is a case holder, or another practitioner with cases."""
        return self.role == "5" or (self.role in ("", "4") and self.cases > 0)


@dataclass
class Staff:
    """The census: workers in post, full-time equivalents that came and went in the year, vacancies, days lost."""

    as_at: date
    council_code: str = ""
    in_post: list[CensusWorker] = field(default_factory=list)
    joined: float = 0.0
    left: float = 0.0
    leavers: int = 0
    vacancies: float | None = None
    agency_fte: float | None = None
    days_lost: float | None = None

    @property
    def permanent_fte(self) -> float:
        """Full-time equivalents in post, without agency workers."""
        return sum(worker.fte for worker in self.in_post if not worker.agency)

    @property
    def case_holders(self) -> list[CensusWorker]:
        """Workers who hold cases."""
        return [worker for worker in self.in_post if worker.holds_cases]

    @property
    def turnover(self) -> float | None:
        """Leavers in the year over those in post, as a share."""
        return self.left / self.permanent_fte if self.permanent_fte > 0 else None

    @property
    def absence(self) -> float | None:
        """Working days lost over working days of the year, as a share."""
        if self.days_lost is None or self.permanent_fte <= 0:
            return None
        return self.days_lost / (WORKING_DAYS_A_YEAR * self.permanent_fte)

    @property
    def caseload(self) -> float | None:
        """Children for each full-time equivalent case holder who has any."""
        holding = [worker for worker in self.case_holders if worker.cases > 0 and worker.fte > 0]
        fte = sum(worker.fte for worker in holding)
        return sum(worker.cases for worker in holding) / fte if fte > 0 else None


def read_workforce_census(path: Path, problems: Problems) -> Staff:
    """Read a workforce census file.

    Raises:
        ReturnsError: when the file is not a workforce census, or has no reference date.
    """
    staff: Staff | None = None
    code, workers, vacancies, agency = "", 0, None, None
    for node in nodes(path, ("CollectionDetails", "Source", "LALevelVacancies", "CSWWWorker")):
        if node.name == "CollectionDetails":
            if node.value("Collection") and node.value("Collection").upper() != "CSWW":
                raise ReturnsError(f"{path}, line {node.line}: this is another collection, not the workforce census")
            staff = Staff(_reference(path, node))
        elif node.name == "Source":
            code = node.value("LEA")
        elif node.name == "LALevelVacancies":
            vacancies = _number(node, "NumberOfVacancies", path.name, problems)
            agency = _number(node, "NoAgencyFTE", path.name, problems)
        else:
            if staff is None:
                raise ReturnsError(f"{path} has no ReferenceDate in its header")
            workers += 1
            _worker(staff, node, path.name, problems)
    if staff is None or not workers:
        raise ReturnsError(f"{path} holds no CSWWWorker element: it is not a workforce census")
    staff.vacancies, staff.agency_fte = vacancies, agency
    staff.council_code = code if code.isdigit() and len(code) == 3 else ""
    return staff


def _reference(path: Path, node: Node) -> date:
    try:
        return date.fromisoformat(node.value("ReferenceDate")[:10])
    except ValueError:
        year = node.value("Year")
        if year.isdigit() and len(year) == 4:
            return date(int(year), 9, 30)
        raise ReturnsError(f"{path}, line {node.line}: ReferenceDate is missing or not a date") from None


def _worker(staff: Staff, node: Node, file: str, problems: Problems) -> None:
    start = _date(node, "RoleStartDate", file, problems)
    end = _date(node, "RoleEndDate", file, problems)
    year_ago = staff.as_at - timedelta(days=365)
    at_leaving = _number(node, "FTE", file, problems)
    on_the_day = _number(node, "FTE30", file, problems)
    fte = on_the_day if on_the_day is not None else at_leaving
    leaving_fte = at_leaving or fte
    if fte is not None and fte > 1.0:
        problems.add(file, "workforce census", node.line, "FTE", "it is above 1", "it was taken as 1")
        fte = 1.0
    agency = node.value("AgencyWorker") == "1"
    if start is not None and start > staff.as_at:
        return
    if end is not None and end <= staff.as_at:
        if end > year_ago and not agency:
            staff.left += leaving_fte if leaving_fte is not None else 1.0
            staff.leavers += 1
        return
    if fte is None:
        problems.add(file, "workforce census", node.line, "FTE", "there is none", "it was taken as 1")
        fte = 1.0
    if not agency:
        staff.joined += fte if start is not None and start > year_ago else 0.0
        lost = _number(node, "WorkingDaysLost", file, problems)
        if lost is not None:
            staff.days_lost = (staff.days_lost or 0.0) + lost
    if fte <= 0:
        return
    cases = _number(node, "Cases30", file, problems) or 0.0
    staff.in_post.append(
        CensusWorker(
            fte, agency, node.value("CFKSSstatus") == ASYE, node.value("OrgRole"), int(cases),
            node.value("Absat30Sept") == "1",
        )
    )  # fmt: skip


def _date(node: Node, name: str, file: str, problems: Problems) -> date | None:
    text = node.value(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        problems.add(
            file, "workforce census", node.line, name, "this is not a date (YYYY-MM-DD)", "it was taken as missing"
        )
        return None


def _number(node: Node, name: str, file: str, problems: Problems) -> float | None:
    text = node.value(name)
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < 1e6:
        problems.add(
            file, "workforce census", node.line, name, "this is not a number of 0 or more", "it was taken as missing"
        )
        return None
    return number
