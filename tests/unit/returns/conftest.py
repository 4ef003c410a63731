"""A made-up council with known truths, written as Annex A and as a census; and the samples, where they are there."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

AS_AT = date(2024, 9, 30)
ROOT = Path(__file__).resolve().parents[3]
SAMPLES = Path(os.environ.get("FRONTDOOR_SAMPLES", ROOT.parent / "shared" / "data" / "samples"))
IN_NEED_DAYS, PLAN_DAYS = 448.0, 300.0
COMMON = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age")
HEADERS = {
    1: (*COMMON, "Date of Contact", "Contact Source"),
    3: (*COMMON, "Date of Referral", "Referral Source", "Referral NFA?", "Number of Referrals in Last 12 Months",
        "Allocated Team", "Allocated Worker"),
    4: (*COMMON, "Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation",
        "Was the child assessed as requiring LA children’s social care support?", "Allocated Team", "Allocated Worker"),
    5: (*COMMON, "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Was an Initial Child Protection Conference deemed unnecessary?",
        "Date of Initial Child Protection Conference",
        "Did the Initial Child Protection Conference Result in a Child Protection Plan", "Allocated Team",
        "Allocated Worker"),
    6: (*COMMON, "CIN Start Date", "CIN Closure Date", "Case Status", "Allocated Team", "Allocated Worker"),
    7: (*COMMON, "Child Protection Plan Start Date", "Child Protection Plan End Date", "Allocated Team",
        "Allocated Worker"),
}  # fmt: skip


@dataclass
class Council:
    """What truly happened, by child: dates of each step, before any extract is taken."""

    referrals: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def made_up(cls, a_year: int = 1500, years: int = 8, seed: int = 1) -> Council:
        """Draw a steady council: 10% no further action, 8% straight to enquiry, 10% advice, the rest assessed."""
        rng = np.random.default_rng(seed)
        council = cls()

        def gamma(mean: float, cv: float) -> int:
            return int(rng.gamma(1 / cv**2, mean * cv**2))

        for number in range(a_year * years):
            start = AS_AT - timedelta(days=int(rng.integers(0, 365 * years)))
            child: dict[str, Any] = {"id": 7_000_000 + number, "referral": start, "again": int(rng.random() < 0.22)}
            child["born"] = start - timedelta(days=int(rng.integers(100, 15 * 365)))
            child["source"] = rng.choice(["q) 6: Police", "e) 2A: Schools", "3D", "Police", "s) 8: Other"])
            u = rng.random()
            child["nfa"], straight, child["advice"] = u < 0.10, 0.10 <= u < 0.18, 0.18 <= u < 0.28
            if not (child["nfa"] or child["advice"]):
                child["assessment"] = (start, start + timedelta(days=8 + gamma(34, 0.5)))
                end = child["assessment"][1]
                v = rng.random()
                enquiry = straight or v < 0.25
                if enquiry:
                    child["enquiry"] = start + timedelta(days=1 if straight else 7)
                    if rng.random() < 0.35:
                        child["conference"] = child["enquiry"] + timedelta(days=12 + gamma(6, 0.5))
                        child["planned"] = rng.random() < 0.85
                planned = child.get("planned", False)
                if planned:
                    child["plan"] = (child["conference"], child["conference"] + timedelta(days=gamma(PLAN_DAYS, 0.7)))
                if planned or (not enquiry and v < 0.25 + 0.30):
                    child["in_need"] = (end, end + timedelta(days=gamma(IN_NEED_DAYS, 0.9)))
                child["closed"] = max(end, *(child[key][1] for key in ("plan", "in_need") if key in child), end)
            council.referrals.append(child)
        return council

    def annex_a(self, path: Path, months: float = 6) -> None:
        """Write the workbook as at the day, with what was open or happened in the months before."""
        import xlsxwriter

        first = AS_AT - timedelta(days=round(months * 365.25 / 12))

        def known(day: date | None) -> date | str:
            return day if day is not None and day <= AS_AT else ""

        def seen(start: date, end: date | None) -> bool:
            return start <= AS_AT and (end is None or end > first)

        book = xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"})
        sheets = {number: book.add_worksheet(f"List {number}") for number in HEADERS}
        at = dict.fromkeys(HEADERS, 1)
        for number, headers in HEADERS.items():
            sheets[number].write_row(0, 0, headers)

        def put(number: int, child: dict[str, Any], *cells: Any) -> None:
            age = (AS_AT - child["born"]).days / 365.25
            row = (child["id"], "a) Male", "WBRI", child["born"], age, *cells)
            for column, cell in enumerate(row):
                sheets[number].write(at[number], column, cell)
            at[number] += 1

        for child in self.referrals:
            worker = child["id"] % 12
            who = (f"Duty {worker % 3 + 1}", f"Ann Orson-{worker:02d}")
            care = (f"Locality {worker % 4 + 1}", f"Bo Quimby-{child['id'] % 30:02d}")
            if first < child["referral"] <= AS_AT:
                for days in range(3):
                    put(1, child, child["referral"] - timedelta(days=days), child["source"])
                nfa = "a) Yes" if child["nfa"] else "No"
                put(3, child, child["referral"], child["source"], nfa, child["again"], *who)
            if "assessment" not in child:
                continue
            start, end = child["assessment"]
            if seen(start, end):
                nobody = ("Duty 1", "") if worker % 12 == 7 else who
                put(4, child, start, known(end), "", *nobody)
            if "enquiry" in child and first < child["enquiry"] <= AS_AT:
                held = child.get("conference")
                plan = "" if known(held) == "" else "Yes" if child["planned"] else "No"
                late = AS_AT - child["enquiry"] < timedelta(days=20)
                unneeded = "" if late and held is None else "No" if held else "a) Yes"
                put(5, child, child["enquiry"], unneeded, known(held), plan, *who)
            if "plan" in child and seen(*child["plan"]):
                put(7, child, child["plan"][0], known(child["plan"][1]), *care)
            if seen(child["referral"], child["closed"]):
                under_plan = "plan" in child and child["plan"][0] <= AS_AT < child["plan"][1]
                status = (
                    "e) Closed episode" if child["closed"] <= AS_AT
                    else "b) Child Protection plan" if under_plan
                    else "d) Open assessment" if end > AS_AT else "c) Child in need plan"
                )  # fmt: skip
                put(6, child, child["referral"], known(child["closed"]), status, *care)
        book.close()

    def census(self, path: Path, sex: str = "Sex") -> None:
        """Write the census of the year to the day, from 1 April before it."""
        first = date(AS_AT.year, 4, 1)
        with path.open("w", encoding="utf-8") as file:
            file.write(
                "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2024</Year>"
                f"<ReferenceDate>{AS_AT}</ReferenceDate></CollectionDetails><Source><LEA>902</LEA></Source></Header>"
                "<Children>\n"
            )
            for child in self.referrals:
                closed = child.get("closed", child["referral"])
                if child["referral"] <= AS_AT and closed >= first:
                    file.write(_child(child, closed, sex) + "\n")
            file.write("</Children></Message>\n")


def _child(child: dict[str, Any], closed: date, sex: str) -> str:
    def pair(group: str, first: str, last: str, key: str) -> str:
        if key not in child or child[key][0] > AS_AT:
            return ""
        end = f"<{last}>{child[key][1]}</{last}>" if child[key][1] <= AS_AT else ""
        return f"<{group}><{first}>{child[key][0]}</{first}>{end}</{group}>"

    parts = [
        f"<Child><ChildIdentifiers><LAchildID>X{child['id']}</LAchildID><PersonBirthDate>{child['born']}"
        f"</PersonBirthDate><{sex}>1</{sex}></ChildIdentifiers><ChildCharacteristics><Ethnicity>WBRI</Ethnicity>"
        f"</ChildCharacteristics><CINdetails><CINreferralDate>{child['referral']}</CINreferralDate>"
        "<ReferralSource>6</ReferralSource>"
    ]
    if "assessment" in child and closed <= AS_AT:
        parts.append(f"<CINclosureDate>{closed}</CINclosureDate><ReasonForClosure>RC7</ReasonForClosure>")
    parts.append(pair("Assessments", "AssessmentActualStartDate", "AssessmentAuthorisationDate", "assessment"))
    parts.append(pair("CINPlanDates", "CINPlanStartDate", "CINPlanEndDate", "in_need"))
    if "enquiry" in child and child["enquiry"] <= AS_AT:
        held = child.get("conference")
        met = f"<DateOfInitialCPC>{held}</DateOfInitialCPC>" if held is not None and held <= AS_AT else ""
        parts.append(
            f"<Section47><S47ActualStartDate>{child['enquiry']}</S47ActualStartDate>{met}<ICPCnotRequired>"
            f"{'false' if held else 'true'}</ICPCnotRequired></Section47>"
        )
    nfa = "true" if child["nfa"] else "false"
    parts.append(f"<ReferralNFA>{nfa}</ReferralNFA>")
    parts.append(pair("ChildProtectionPlans", "CPPstartDate", "CPPendDate", "plan"))
    return "".join(parts) + "</CINdetails></Child>"


@pytest.fixture(scope="session")
def council() -> Council:
    """One council for all tests."""
    return Council.made_up()


@pytest.fixture(scope="session")
def workbook(council: Council, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its Annex A."""
    path = tmp_path_factory.mktemp("annex") / "annex.xlsx"
    council.annex_a(path)
    return path


@pytest.fixture(scope="session")
def census(council: Council, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its census."""
    path = tmp_path_factory.mktemp("cin") / "cin.xml"
    council.census(path)
    return path


@pytest.fixture
def sample() -> Callable[[str], Path]:
    """A published sample file by name; the test is skipped where the samples are not."""

    def find(name: str) -> Path:
        path = SAMPLES / name
        if not path.exists():
            pytest.skip("the published samples are not on this machine")
        return path

    return find
