"""The pages on adding something work: a page's patch touches only the files that it names, and the tests pass after."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.end_to_end

ROOT = Path(__file__).parents[2]
GENERATED = ("docs/analyst/scenario-keys.md", "docs/measures.md")


@dataclass(frozen=True)
class Addition:
    """What a page adds: the files of its patch, the command that writes its table anew, and tests that must run."""

    page: str
    files: frozenset[str]
    generate: tuple[str, str]
    tests: tuple[str, ...]
    chosen: str
    seen: tuple[str, ...]


LEVER = Addition(
    "add-a-lever.md",
    frozenset({
        "sim/scenario/sections/levers.py", "sim/model/levers/screening_help.py",
        "sim/model/pathway/front_door/screening.py", "tests/direction/levers/screening_help.yaml",
    }),
    ("schema", "docs/analyst/scenario-keys.md"),
    (
        "tests/direction/test_figures.py", "tests/property/test_what_is_to_come.py",
        "tests/unit/model/test_lever_registry.py", "tests/unit/scenario/test_key_tables.py",
        "tests/golden/test_golden_trace.py",
    ),
    "screening_help or ScreeningHelp or screening or schema or file or registry or golden or key_tables",
    ("help of no hours", "help with screening", "ScreeningHelp.hours_a_week", "[ScreeningHelp]"),
)  # fmt: skip
MEASURE = Addition(
    "add-a-measure.md",
    frozenset({
        "sim/measures/demand.py", "sim/measures/definitions.py", "tests/unit/measures/test_measures_demand.py",
        "tests/unit/measures/test_measures_definitions.py",
    }),
    ("measures", "docs/measures.md"),
    ("tests/unit/measures", "tests/golden/test_golden_trace.py"),
    "",
    ("test_contacts_are_counted_on_the_day_of_their_decision", "test_the_page_of_measures_is_up_to_date"),
)  # fmt: skip


@pytest.mark.parametrize("addition", [LEVER, MEASURE], ids=lambda addition: addition.page)
def test_the_patch_of_a_page_adds_what_it_says(tmp_path: Path, addition: Addition) -> None:
    text = (ROOT / "docs" / "engineer" / addition.page).read_text(encoding="utf-8")
    patch = re.search(r"^```diff\n(.*?)^```$", text, re.M | re.S)
    assert patch is not None
    assert set(re.findall(r"^\+\+\+ b/(.+)$", patch[1], re.M)) == addition.files

    for name in ("sim", "scenarios", "tests"):
        unwanted = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd", "end_to_end")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=unwanted)
    for name in ("pyproject.toml", *GENERATED):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "page.patch").write_text(patch[1], encoding="utf-8")
    subprocess.run(["git", "apply", "page.patch"], cwd=tmp_path, check=True, timeout=60)

    command, written = addition.generate
    call = f"from sim.cli.entry import main; main([{command!r}, '--markdown'])"
    (tmp_path / written).write_text(python(tmp_path, "-c", call), encoding="utf-8")
    printed = python(
        tmp_path, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-p", "no:xdist", *addition.tests, "-k",
        addition.chosen,
    )  # fmt: skip
    assert [name for name in addition.seen if name not in printed] == []


def python(folder: Path, *arguments: str) -> str:
    """What Python prints, run in the copy."""
    run = subprocess.run(
        [sys.executable, *arguments], check=False, cwd=folder, env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True, text=True, encoding="utf-8", timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout
