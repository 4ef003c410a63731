"""The page on adding a lever works: its patch adds one in no other file than it names, and tests of levers pass."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.end_to_end

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "engineer" / "add-a-lever.md"
WORD = "screening_help"


def test_the_patch_of_the_page_adds_a_lever(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    patch = re.search(r"^```diff\n(.*?)^```$", text, re.M | re.S)
    assert patch is not None
    touched = re.findall(r"^\+\+\+ b/(.+)$", patch[1], re.M)
    entry, part, module, test = (
        "sim/scenario/sections/levers.py",
        "sim/model/pathway/front_door/screening.py",
        f"sim/model/levers/{WORD}.py",
        f"tests/direction/levers/{WORD}.yaml",
    )
    assert set(touched) == {entry, part, module, test}

    copied = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd", "end_to_end")
    for name in ("sim", "scenarios", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=copied)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "lever.patch").write_text(patch[1], encoding="utf-8")
    subprocess.run(["git", "apply", "lever.patch"], cwd=tmp_path, check=True, timeout=60)

    run = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-p", "no:xdist",
            "tests/direction/test_figures.py", "tests/property/test_what_is_to_come.py",
            "tests/unit/model/test_lever_registry.py", "tests/golden/test_golden_trace.py",
            "-k", f"{WORD} or ScreeningHelp or screening or schema or file or registry or golden",
        ],
        check=False, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    for passed in ("help of no hours", "help with screening", "ScreeningHelp.hours_a_week", "[ScreeningHelp]"):
        assert passed in run.stdout
    keys = subprocess.run(
        [sys.executable, "-c", "from sim.cli.entry import main; main(['schema', '--markdown'])"],
        check=False, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert f"### lever `{WORD}`" in keys.stdout
