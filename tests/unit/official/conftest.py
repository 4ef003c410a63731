"""A folder of published files as small as can be: two councils, their region and England, all of them made up."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from sim.official.published.statistics import Statistics

Rows = dict[str, str]
AREAS = {
    "England": ("National", "", "", "", "", 100.0),
    "Far North": ("Regional", "E12000099", "Far North", "", "", 10.0),
    "Northshire": ("Local authority", "E12000099", "Far North", "901", "E06000901", 1.0),
    "Southmere, Borough of": ("Local authority", "E12000099", "Far North", "902", "E09000902", 0.5),
}
YEARS = (2015, 2016, 2017, 2018)
MONTHS = {
    "April": 150, "May": 176, "June": 182, "July": 176, "August": 140, "September": 168,
    "October": 178, "November": 178, "December": 146, "January": 172, "February": 158, "March": 176,
}  # fmt: skip
LENGTHS = ("3_months_or_less", "more_than_3_months_6_months", "more_than_6_months_less_than_1_year")
FILES: dict[str, dict[str, float]] = {
    "b1_children_in_need": {
        "Started_episodes": 1500, "Ended_episodes": 1480, "At31_episodes": 1700, "Awaiting_assessment": 60,
    },
    "b4_open_episodes": {
        "At31_episodes": 1700, LENGTHS[0]: 420, LENGTHS[1]: 200, LENGTHS[2]: 240, "1_year_less_than_2_years": 280,
        "2years+": 560,
    },
    "b7_child_in_need_plans": {"CINPlan_start": 600, "CINPlan_end": 590, "CINPlan_At31": 330},
    "c1_referrals": {"Referrals": 2000, "Re_referrals": 420, "No_Further_Action": 180, "Not_in_Need": 560},
    "c2_assessments": {
        "Assessments_completed": 1600, "Same_day": 40, "1-10_days": 220, "11-20_days": 280, "21-30_days": 270,
        "31-40_days": 310, "41-45_days": 260, "46-50_days": 80, "51-60_days": 70, "61+_days": 70,
    },
    "c4_section_47s": {
        "Section47": 600, "ICPC": 250, "Duration_0-10_days": 30, "Duration_11-15_days": 170,
        "Duration_16-20_days": 25, "Duration_21+_days": 25,
    },
    "c6_months": {"Referrals": 2000, **MONTHS},
    "d1_plans": {"CPP_start": 210, "CPP_end": 205, "CPP_At31": 170},
    "d3_subsequent": {"CPP_start": 210, "CPP_subsequent": 42},
    "d5_open": {
        "CPP_At31": 170, LENGTHS[0]: 50, LENGTHS[1]: 45, LENGTHS[2]: 45, "1_year_less_than_2_years": 25,
        "2_years_or_more": 5,
    },
    "d6_reviews": {"CPP_At31_3Months": 120, "Reviewed_within_timescales": 110},
    "d7_ended": {
        "CPP_End": 205, LENGTHS[0]: 40, LENGTHS[1]: 24, LENGTHS[2]: 86, "1_year_less_than_2_years": 48,
        "2_years_or_more": 7,
    },
    "csww_indicators": {
        "inpost_fte": 90, "leavers_fte": 14, "turnover_rate_fte": 15.6, "agency_fte": 18, "agency_rate_fte": 16.7,
        "vacancy_fte": 12, "vacancy_rate_fte": 11.8, "vacancy_agency_cover_rate_fte": 70, "case_holders_fte": 60,
        "cases": 1000, "caseload_fte": 16.7, "absence_rate_fte": 3.3,
    },
    "ons_mid-year_population": {"population_estimate": 40000},
}  # fmt: skip
RATES = {"turnover_rate_fte", "agency_rate_fte", "vacancy_rate_fte", "vacancy_agency_cover_rate_fte", "caseload_fte",
         "absence_rate_fte"}  # fmt: skip

Changes = Mapping[tuple[str, str, int, str], str]
"""Text of single cells: (beginning of the file's name, area, year, column) to what stands there."""


class Extract:
    """Writes a folder of made-up files, with cells, headings and names changed as a test needs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(
        self,
        changes: Changes | None = None,
        *,
        rename: Mapping[str, str] | None = None,
        leave_out: tuple[str, ...] = (),
        encoding: str = "utf-8",
        period: Callable[[int], str] = str,
    ) -> Statistics:
        self.folder.mkdir(exist_ok=True)
        for name, figures in FILES.items():
            begins = name.split("_")[0]
            if begins in leave_out:
                continue
            text = self._text(begins, figures, changes or {}, rename or {}, period)
            (self.folder / f"{name}_2015_to_2018.csv").write_text(text, encoding=encoding)
        return Statistics(self.folder)

    def _text(
        self, begins: str, figures: dict[str, float], changes: Changes, rename: Mapping[str, str],
        period: Callable[[int], str],
    ) -> str:  # fmt: skip
        head = [
            "time_period",
            "geographic_level",
            "region_code",
            "region_name",
            "old_la_code",
            "new_la_code",
            "la_name",
        ]
        lines = [",".join(head + [rename.get(column, column) for column in figures])]
        for year in YEARS if begins != "ons" else (2014, *YEARS):
            for area, (level, region_code, region, old, new, size) in AREAS.items():
                council = f'"{area}"' if level == "Local authority" else ""
                cells = [period(year), level, region_code, region, old, new, council]
                for column, figure in figures.items():
                    value = figure if column in RATES else figure * size
                    cells.append(changes.get((begins, area, year, column), f"{value:g}"))
                lines.append(",".join(cells))
        return "\n".join(lines) + "\n"


@pytest.fixture
def extract(tmp_path: Path) -> Extract:
    return Extract(tmp_path / "data")


@pytest.fixture(scope="session")
def published() -> Statistics:
    """The real files, where they are: FRONTDOOR_DFE_DATA, or ../shared/data/dfe beside the repository."""
    root = Path(__file__).resolve().parents[3]
    folder = Path(os.environ.get("FRONTDOOR_DFE_DATA", root.parent / "shared" / "data" / "dfe"))
    if not folder.is_dir():
        pytest.skip(f"no published files in {folder} (set FRONTDOOR_DFE_DATA)")
    return Statistics(folder)
