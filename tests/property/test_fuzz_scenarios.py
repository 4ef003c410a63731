"""Whatever is written into a scenario, `check` ends in 0 or 2 with a sentence; what it calls sound begins its run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.errors.problems import ScenarioError
from sim.scenario.reading import shipped
from sim.scenario.reading.yaml_reader import read_text

pytestmark = pytest.mark.property

CASES = int(os.environ.get("FRONTDOOR_FUZZ_CASES", "100"))
"""1,000 in the nightly run."""
MOST_MEMORY = 500
"""In megabytes."""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of memory and processor time are those of POSIX")
def test_mutated_scenarios_are_refused_in_a_sentence_or_run(tmp_path: Path) -> None:
    place = shipped.folder()
    assert place is not None
    scenarios = tmp_path / "scenarios"
    shutil.copytree(place, scenarios)
    fuzzer = Path(__file__).with_name("fuzz_scenarios.py")
    ran = subprocess.run(
        [sys.executable, str(fuzzer), "0", str(CASES), str(scenarios)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        check=False,
    )
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    assert rows, ran.stderr
    assert rows[:-1] == []
    assert rows[-1]["peak"] < MOST_MEMORY


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused_in_a_line(text: str) -> None:
    refused = ""
    try:
        read_text(text, "a file")
    except ScenarioError as error:
        refused = str(error)
    assert all(line.isprintable() for line in refused.split("\n"))


@pytest.mark.skipif(sys.platform == "win32", reason="the fuzzer's limits are those of POSIX")
def test_fuzzer_counts_its_own_memory_and_not_that_of_who_started_it() -> None:
    held = bytearray(os.urandom(1 << 20)) * 600
    code = "from fuzz_scenarios import peak_megabytes; print(peak_megabytes())"
    folders = [str(Path(__file__).parent), *(path for path in sys.path if path)]
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(folders)},
        check=True,
    )
    assert float(ran.stdout) < len(held) / 1e6 * 0.8
