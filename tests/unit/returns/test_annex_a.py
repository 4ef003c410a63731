"""Reading Annex A: messy workbooks are read, what is wrong is counted and placed, and nothing of a cell is repeated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sim.returns.annex_a.lists import read_annex_a
from sim.returns.annex_a.workbook import column_letter
from sim.returns.errors import ReturnsError
from sim.returns.problem_report import report_bytes
from sim.returns.problems import Problems
from sim.returns.records import Returns

pytestmark = pytest.mark.unit
WHO = ("Child Unique ID", "Date of Birth", "Age")
REFERRALS = (*WHO, "Date of Referral", "Referral Source", "Referral NFA?", "Number of Referrals in Last 12 Months",
             "Allocated Team", "Allocated Worker")  # fmt: skip
PLANS = ("Child Unique ID", "Child Protection Plan Start Date", "Child Protection Plan End Date", "Allocated Team",
         "Allocated Worker")  # fmt: skip
Sheets = dict[str, list[tuple[Any, ...]]]


def _write(path: Path, sheets: Sheets) -> Path:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write(number, column, cell)
    return path


def _read(path: Path, sheets: Sheets, as_at: date | None = date(2024, 9, 30)) -> tuple[Returns, list[str], Problems]:
    problems = Problems()
    returns = read_annex_a(_write(path, sheets), problems, as_at)
    return returns, problems.summary(), problems


def _referral(child: Any, day: Any, *more: Any) -> tuple[Any, ...]:
    return (child, "", "", day, *(more or ("Police", "No", 0, "Team A", "Jo Soap")))


def test_what_is_wrong_is_counted_placed_and_never_repeated(tmp_path: Path) -> None:
    rows = [
        ("Extract of the night",), REFERRALS,
        _referral(101, date(2024, 5, 1)),
        _referral("101 ", date(2024, 5, 1)),  # the same child and day again
        _referral(102, "02/05/2024", "q) 6: Police", "b) No", 1, "Team A", "Jo  Soap"),
        _referral(103, "Zebedee", "Police", "No", 0, "Team B", "Al Bone"),
        _referral("", date(2024, 5, 4)),
        _referral(105, "#N/A"),
        _referral(106, date(2024, 5, 6), "Police", "perhaps", "lots", "Team B", ""),
        ("",), ("Total", "", "", ""), ("", "", "", "", "", "", 7),
    ]  # fmt: skip
    returns, summary, problems = _read(tmp_path / "a.xlsx", {"List 3": rows})
    assert [row.start.day for row in returns.referrals] == [1, 2, 4, 6]
    assert [row.worker for row in returns.referrals] == [0, 0, 0, -1]
    assert [row.again for row in returns.referrals] == [False, True, False, None]
    text = " ".join(summary)
    assert "a.xlsx, List 3, row 4: the row repeats one above; it was counted once." in summary
    assert "a.xlsx, List 3, row 6, column D (date of referral): this is not a date; the row was left out." in summary
    assert "row 7: there is no child unique ID; it was counted as a child of its own" in text
    assert "row 8, column D (date of referral): there is no date; the row was left out" in text
    assert "row 9, column F (referral NFA): this is neither yes nor no; it was taken as blank" in text
    assert "row 9, column G (number of referrals in last 12 months): this is not a number" in text
    assert "row 12: there is neither a child nor a date; the row was left out" in text
    for secret in ("Zebedee", "perhaps", "lots", "Soap", "Bone", "101"):
        assert secret not in text
    assert len(problems) == len(problems.kept)


def test_headers_by_alias_case_spaces_and_quotes(tmp_path: Path) -> None:
    headers = ("CHILD  ID", "DOB", "age of child (years)", "date of  REFERRAL", "Source of referral",
               "Referral NFA", "number of referrals", "team", "Social Worker")  # fmt: skip
    returns, summary, _ = _read(tmp_path / "a.xlsx", {"referrals": [headers, _referral(1, date(2024, 5, 1))]})
    assert returns.referrals[0].source == "police"
    assert returns.referrals[0].team == 0
    assert summary == []
    support = "Was the child assessed as requiring LA children’s social care support?"
    dates = ("Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation")
    headers = ("Child Unique ID", *dates, support, "Allocated Team", "Allocated Worker")
    curly = [headers, (1, date(2024, 5, 1), "", "a) Yes", "T", "W")]
    assert _read(tmp_path / "b.xlsx", {"List_4": curly})[0].assessments[0].status == "support"


def test_a_column_that_is_missing_is_said_and_the_rest_read(tmp_path: Path) -> None:
    rows = [("Child Unique ID", "Child Protection Plan Start Date"), (1, date(2024, 1, 5))]
    returns, summary, _ = _read(tmp_path / "a.xlsx", {"List 7": rows})
    assert len(returns.protection) == 1
    assert any("there is no column for child protection plan end date" in line for line in summary)


def test_sheets_by_position_where_no_name_tells(tmp_path: Path) -> None:
    sheets: Sheets = {f"Tab{number}": [("nothing",)] for number in range(1, 9)}
    sheets["Tab3"] = [REFERRALS, _referral(1, date(2024, 5, 1))]
    returns, summary, _ = _read(tmp_path / "a.xlsx", sheets)
    assert returns.present == {"referrals"}
    assert any("they were taken by position" in line for line in summary)


def test_an_end_before_the_start_and_an_empty_sheet(tmp_path: Path) -> None:
    plans = [PLANS, (1, date(2024, 5, 1), date(2024, 4, 1), "T", "W")]
    returns, summary, _ = _read(tmp_path / "a.xlsx", {"List 7": plans, "List 6": []})
    assert returns.protection[0].end == date(2024, 5, 1)
    assert any("a row ends before it starts" in line for line in summary)
    assert any("List 6: the sheet is empty" in line for line in summary)


def test_decimal_ages_tell_the_day_of_the_extract(tmp_path: Path) -> None:
    born = [date(2012, 3, number) for number in range(1, 6)]
    age = [(date(2024, 9, 30) - day).days / 365.25 for day in born]
    rows = [REFERRALS, *((n, born[n], age[n], date(2024, 6, 1), "Police", "No", 0, "T", "W") for n in range(5))]
    returns, _, _ = _read(tmp_path / "a.xlsx", {"List 3": rows}, as_at=None)
    assert returns.as_at == date(2024, 9, 30)
    assert "decimal ages" in returns.as_at_how
    assert returns.ages[0] == pytest.approx(age[0])


def test_without_ages_the_extract_is_dated_to_the_end_of_a_week(tmp_path: Path) -> None:
    returns, _, _ = _read(tmp_path / "a.xlsx", {"List 3": [REFERRALS, _referral(1, date(2024, 9, 25))]}, as_at=None)
    assert returns.as_at == date(2024, 9, 29)  # the Sunday: no child's own date


def test_a_team_named_after_a_worker_gets_a_number(tmp_path: Path) -> None:
    rows = [REFERRALS, _referral(1, date(2024, 5, 1), "Police", "No", 0, "Quimby’s unit", "Bo Quimby"),
            _referral(2, date(2024, 5, 1), "Police", "No", 0, "North", "Al Bone")]  # fmt: skip
    assert _read(tmp_path / "a.xlsx", {"List 3": rows})[0].team_names == ["team 1", "North"]


def test_what_cannot_be_read_at_all_says_so(tmp_path: Path) -> None:
    not_a_book = tmp_path / "no.xlsx"
    not_a_book.write_text("hello")
    with pytest.raises(ReturnsError, match="is not a workbook that can be read"):
        read_annex_a(not_a_book, Problems())
    with pytest.raises(ReturnsError, match="there is no such file"):
        read_annex_a(tmp_path / "gone.xlsx", Problems())
    with pytest.raises(ReturnsError, match="holds no list of Annex A"):
        _read(tmp_path / "a.xlsx", {"Sheet1": [("a", "b")]})
    with pytest.raises(ReturnsError, match="--as-at"):
        _read(tmp_path / "b.xlsx", {"List 3": [REFERRALS]}, as_at=None)


def test_letters_of_columns() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 701)] == ["A", "Z", "AA", "ZZ"]


def test_the_published_sample(sample: Callable[[str], Path]) -> None:
    problems = Problems()
    returns = read_annex_a(sample("annex_a.xlsx"), problems)
    assert returns.as_at == date(2021, 3, 16)
    assert returns.window_months == 6
    assert len(returns.present) == 8
    assert [len(rows) for rows in (returns.referrals, returns.assessments, returns.protection)] == [6, 5, 7]
    # Five answers to a yes-or-no question are none.
    assert len(problems) == 5


def test_a_report_of_problems_holds_no_formula() -> None:
    problems = Problems()
    problems.add("=cmd.xlsx", "List 3", 4, "column D", "this is not a date", "the row was left out")
    text = report_bytes(problems, Path("p.csv")).decode("utf-8-sig")
    assert text.splitlines()[1] == "'=cmd.xlsx,List 3,4,column D,this is not a date,the row was left out"
