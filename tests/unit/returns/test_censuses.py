"""Reading the two censuses: forms of all years, dates that are none, and files that are not what they should be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sim.returns.cin_census.census import read_cin_census
from sim.returns.errors import ReturnsError
from sim.returns.problems import Problems
from sim.returns.workforce_census.census import read_workforce_census

pytestmark = pytest.mark.unit
HEAD = (
    "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2024</Year>"
    "<ReferenceDate>2024-03-31</ReferenceDate></CollectionDetails><Source><LEA>902</LEA></Source></Header><Children>"
)
WORKFORCE = (
    "<Message><Header><CollectionDetails><Collection>CSWW</Collection>"
    "<ReferenceDate>2024-09-30</ReferenceDate></CollectionDetails><Source><LEA>902</LEA></Source></Header>"
    "<LALevelVacancies><NumberOfVacancies>12.5</NumberOfVacancies><NoAgencyFTE>10</NoAgencyFTE></LALevelVacancies>"
)


def _child(inside: str, sex: str = "<Sex>1</Sex>", identifier: str = "C1") -> str:
    return (
        f"<Child><ChildIdentifiers><LAchildID>{identifier}</LAchildID><PersonBirthDate>2015-01-02</PersonBirthDate>"
        f"{sex}</ChildIdentifiers><CINdetails><CINreferralDate>2024-01-10</CINreferralDate>"
        f"<ReferralSource>1A</ReferralSource>{inside}<ReferralNFA>0</ReferralNFA></CINdetails></Child>"
    )


def _census(path: Path, *children: str, head: str = HEAD) -> Path:
    path.write_text(head + "\n".join(children) + "</Children></Message>", encoding="utf-8")
    return path


def _worker(inside: str) -> str:
    return f"<CSWWWorker><SWENo>AB1234567890</SWENo>{inside}</CSWWWorker>"


def _staff(path: Path, *workers: str) -> Path:
    path.write_text(WORKFORCE + "".join(workers) + "</Message>", encoding="utf-8")
    return path


@pytest.mark.parametrize("sex", ["<Sex>1</Sex>", "<GenderCurrent>2</GenderCurrent>", ""])
def test_forms_of_all_years(tmp_path: Path, sex: str) -> None:
    inside = (
        "<Assessments><AssessmentActualStartDate>2024-01-10</AssessmentActualStartDate></Assessments>"
        "<PreProceedingsandFGDM><PreProceedingsStartDate>2024-02-01</PreProceedingsStartDate>"
        "<FGDMOfferedDate>2024-02-20</FGDMOfferedDate></PreProceedingsandFGDM>"
    )
    problems = Problems()
    returns = read_cin_census(_census(tmp_path / "c.xml", _child(inside, sex)), problems)
    assert len(problems) == 0
    assert returns.as_at == date(2024, 3, 31)
    assert returns.council_code == "902"
    assert returns.referrals[0].source == "individuals"
    assert [row.start for row in returns.pre_proceedings] == [date(2024, 2, 1)]
    assert returns.pre_proceedings[0].end is None
    assert returns.window_months == 12


def test_a_namespace_changes_nothing(tmp_path: Path) -> None:
    head = HEAD.replace("<Message>", '<Message xmlns="http://example.org/cin">')
    assert len(read_cin_census(_census(tmp_path / "c.xml", _child(""), head=head), Problems()).referrals) == 1


def test_a_child_listed_twice_is_one_child(tmp_path: Path) -> None:
    returns = read_cin_census(_census(tmp_path / "c.xml", _child(""), _child("", identifier="C1")), Problems())
    assert {row.child for row in returns.referrals} == {0}


def test_what_is_open_ends_with_its_episode(tmp_path: Path) -> None:
    inside = (
        "<CINclosureDate>2024-03-01</CINclosureDate><CINPlanDates><CINPlanStartDate>2024-01-20</CINPlanStartDate>"
        "</CINPlanDates>"
    )
    returns = read_cin_census(_census(tmp_path / "c.xml", _child(inside)), Problems())
    assert returns.in_need[0].end == date(2024, 3, 1)


def test_dates_that_are_none_are_placed_by_line_and_not_repeated(tmp_path: Path) -> None:
    inside = "\n<Assessments>\n<AssessmentActualStartDate>Zebedee</AssessmentActualStartDate></Assessments>"
    problems = Problems()
    returns = read_cin_census(_census(tmp_path / "c.xml", _child(inside)), problems)
    assert problems.summary() == [
        "c.xml, CIN census, line 3, AssessmentActualStartDate: this is not a date (YYYY-MM-DD); the entry was left out."
    ]
    assert returns.assessments == []


@pytest.mark.parametrize(
    "doctype",
    ['<!DOCTYPE Message [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
     '<!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/passwd">]>', '<!DOCTYPE Message SYSTEM "http://x/y.dtd">'],
)  # fmt: skip
def test_entities_are_refused(tmp_path: Path, doctype: str) -> None:
    path = _census(tmp_path / "c.xml", _child("<X>&b;</X>"), head=doctype + HEAD)
    with pytest.raises(ReturnsError, match="declares a document type or an entity"):
        read_cin_census(path, Problems())


def test_what_is_not_a_census_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "c.xml"
    path.write_text(HEAD + _child("")[:-9])
    with pytest.raises(ReturnsError, match=r"line 1: this is not well-formed XML"):
        read_cin_census(path, Problems())
    with pytest.raises(ReturnsError, match="another collection"):
        read_cin_census(_staff(path, _worker("")), Problems())
    with pytest.raises(ReturnsError, match="holds no Child element"):
        read_cin_census(_census(path), Problems())
    with pytest.raises(ReturnsError, match="has no ReferenceDate"):
        read_cin_census(_census(path, _child(""), head="<Message><Children>"), Problems())
    with pytest.raises(ReturnsError, match="another collection"):
        read_workforce_census(_census(path, _child("")), Problems())


def test_the_workforce_in_post_and_those_who_left(tmp_path: Path) -> None:
    def worker(agency: int, fte: float, role: int, more: str = "") -> str:
        return _worker(
            f"<AgencyWorker>{agency}</AgencyWorker><FTE>{fte}</FTE><OrgRole>{role}</OrgRole>"
            f"<RoleStartDate>2020-01-01</RoleStartDate>{more}"
        )

    staff = read_workforce_census(
        _staff(
            tmp_path / "w.xml",
            worker(0, 1.0, 5, "<Cases30>18</Cases30><WorkingDaysLost>25.3</WorkingDaysLost>"),
            worker(0, 0.5, 5, "<Cases30>9</Cases30><CFKSSstatus>1</CFKSSstatus>"),
            worker(1, 1.0, 5, "<Cases30>20</Cases30>"),
            worker(0, 1.0, 3),
            worker(0, 0.5, 5, "<RoleEndDate>2024-02-01</RoleEndDate>"),
            worker(0, 1.0, 5, "<RoleEndDate>2022-02-01</RoleEndDate>"),
            worker(1, 1.0, 5, "<RoleEndDate>2024-02-01</RoleEndDate>"),
        ),
        Problems(),
    )
    assert len(staff.in_post) == 4
    assert staff.permanent_fte == pytest.approx(2.5)
    assert staff.turnover == pytest.approx(0.5 / 2.5)  # agency workers and earlier years are not turnover
    assert staff.absence == pytest.approx(25.3 / (253 * 2.5))
    assert staff.caseload == pytest.approx(47 / 2.5)
    assert len(staff.case_holders) == 3
    assert staff.vacancies == 12.5
    assert sum(worker.newly_qualified for worker in staff.in_post) == 1


def test_a_full_time_equivalent_that_is_none(tmp_path: Path) -> None:
    problems = Problems()
    inside = "<AgencyWorker>0</AgencyWorker><FTE>full</FTE><OrgRole>5</OrgRole>"
    staff = read_workforce_census(_staff(tmp_path / "w.xml", _worker(inside)), problems)
    assert staff.in_post[0].fte == 1
    assert "FTE: this is not a number of 0 or more; it was taken as missing." in problems.summary()[0]
    assert "full" not in " ".join(problems.summary())


@pytest.mark.parametrize("name", ["CIN_Census_2021.xml", "CIN_Census_2024.xml", "CIN2rows.xml", "fake_CIN_data.xml"])
def test_published_samples_are_read(sample: Callable[[str], Path], name: str) -> None:
    returns = read_cin_census(sample(name), Problems())
    assert len(returns.referrals) == {"fake_CIN_data.xml": 402, "CIN_Census_2024.xml": 2}.get(name, 1)


def test_the_published_workforce_sample(sample: Callable[[str], Path]) -> None:
    staff = read_workforce_census(sample("social_work_workforce_2022.xml"), Problems())
    assert staff.as_at == date(2022, 9, 30)
    assert staff.vacancies == 79.68
