"""Returns of a simulated council, checked by the tools that councils use: the census's rules and the Annex A reader.

Each tool lives in an environment of its own (`make validators`); where that is not there, its tests are skipped.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from sim.calendar.working_days import calendar_of
from sim.cli import main
from sim.returns.export.episodes import read_run

pytestmark = pytest.mark.end_to_end
ROOT = Path(__file__).resolve().parents[2]
VALIDATORS = Path(os.environ.get("FRONTDOOR_VALIDATORS", ROOT / ".venv-validators"))
LATE = {"8670Q": 45, "8675Q": 15}
"""Queries that ask about work that is late: an open assessment, and an enquiry without a conference; working days."""
ON_TIME = """\
extends: tiny
demand: {referrals_a_year: 240}
opening:
  assessment: {children: 12}
  child_in_need: {children: 30}
  child_protection: {children: 12}
stages:
  assessment:
    habit: {distribution: bands, bands: {1-10: 60%, 11-20: 40%}}
  section_47:
    habit: {distribution: bands, bands: {0-10: 100%}}
teams:
  locality team:
    workers: [{count: 16, cap: 18}]
    managers: 4
capacities: {conference_slots_a_week: 6}
"""
RULES = """
import json, sys
import xml.etree.ElementTree as ET
from cin_validator import cin_validator
from cin_validator.rules.ruleset_utils import get_year_ruleset

rules = get_year_ruleset(sys.argv[2])
tables = cin_validator.process_data(cin_validator.convert_data(ET.parse(sys.argv[1]).getroot()))
checked = cin_validator.CinValidator(tables, rules)
flagged = {}
for row in checked.user_report.itertuples():
    flagged.setdefault(str(row.rule_code), set()).add(str(row.LAchildID))
for row in checked.multichild_issues.itertuples():
    flagged.setdefault(str(row.rule_code), set())
print(json.dumps({"rules": len(rules), "flagged": {code: sorted(children) for code, children in flagged.items()}}))
"""


def _tool(name: str) -> Path:
    python = VALIDATORS / name / "bin" / "python"
    if not python.exists():
        pytest.skip(f"{name} is not installed: make validators")
    return python


def _exported(folder: Path, scenario: str | Path, year: int, kind: str, seed: int = 1) -> Path:
    """Two years of a council to 31 March, and a month, as one return."""
    period = ("--set", f"period.start={year - 2}-04-01", "--set", f"period.end={year}-04-30")
    for arguments in (
        ("run", str(scenario), "-n", "1", "--seed", str(seed), *period, "--out", str(folder / "run"), "--quiet"),
        ("export", str(folder / "run"), "--to", kind, "--out", str(folder / "out")),
    ):
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        assert ended.value.code == 0
    return next((folder / "out").glob("simulated-*"))


def _flagged(census: Path, year: int) -> tuple[int, dict[str, list[str]]]:
    done = subprocess.run(
        [_tool("cin"), "-W", "ignore", "-c", RULES, census, str(year)],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    report = json.loads(done.stdout.splitlines()[-1])
    return report["rules"], report["flagged"]


def test_no_rule_is_flagged_on_a_day_when_no_work_is_late(tmp_path: Path) -> None:
    _tool("cin")
    scenario = tmp_path / "on-time.yaml"
    scenario.write_text(ON_TIME, encoding="utf-8")
    rules, flagged = _flagged(_exported(tmp_path, scenario, 2024, "cin-census", seed=3), 2024)
    assert rules > 100  # the ruleset of 2023-24
    assert flagged == {}


def test_all_that_is_flagged_of_a_council_with_late_work_is_late(tmp_path: Path) -> None:
    _tool("cin")
    rules, flagged = _flagged(_exported(tmp_path, "tiny", 2026, "cin-census"), 2026)
    assert rules > 100  # the ruleset of 2025-26
    assert set(flagged) <= set(LATE)
    run = read_run(tmp_path / "run", None, 0, None)
    calendar = calendar_of(run.first, run.last)
    today = calendar.index(date(2026, 3, 31))
    late: dict[str, set[str]] = {"8670Q": set(), "8675Q": set()}
    for episode in run.episodes:
        for stay in episode.stays:
            if stay.end is None and stay.stage in ("assessment", "section_47"):
                for code, days in LATE.items():
                    if today - calendar.index(stay.start) >= days:
                        late[code].add(f"SIM{episode.child:07d}")
    for code, children in flagged.items():
        assert set(children) <= late[code]


def test_annex_a_is_read_without_error(tmp_path: Path) -> None:
    """The reader makes its cleaned workbook; no cell is of a wrong form; blank is only what nobody simulates."""
    python = _tool("annex-a")
    workbook = _exported(tmp_path, "tiny", 2024, "annex-a")
    cleaned, log = tmp_path / "cleaned", tmp_path / "log"
    cleaned.mkdir()
    log.mkdir()
    done = subprocess.run(
        [python, "-W", "ignore", "-m", "liiatools", "annex-a", "cleanfile", "--i", workbook, "--la_code", "rut",
         "--la_log_dir", log, "--o", cleaned],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    assert len(list(cleaned.glob("*_clean.xlsx"))) == 1
    report = "\n".join(path.read_text(encoding="utf-8") for path in log.iterdir())
    assert "could not be formatted" not in report
    assert "missing" not in report.replace("'Missing'", "")
    blank = set(re.findall(r"""['"]([^"]+?)['"]: \d+""", report))
    assert all(re.search(r"Placement|Missing|Absent", column) for column in blank), blank
