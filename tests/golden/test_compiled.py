"""The model compiled records what the model as it is written records, to the last bit, in every shipped scenario."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any

import pytest

from sim.compiled import PACKAGE, changed_since, write_digests

SCRIPT = Path(__file__).with_name("fingerprints.py")


def fingerprints(plain: str) -> dict[str, Any]:
    """What the script says in a process of its own; `plain` is what the environment variable is set to."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT)], env={**os.environ, "FRONTDOOR_PLAIN": plain}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.golden
def test_the_compiled_model_records_the_same() -> None:
    if not any((PACKAGE / "model" / f"service{suffix}").is_file() for suffix in EXTENSION_SUFFIXES):
        pytest.skip("the model is not compiled: make fast")
    assert changed_since(PACKAGE) is None
    written, compiled = fingerprints("1"), fingerprints("")
    assert (written["compiled"], compiled["compiled"]) == (False, True)
    assert len(written["digests"]) > 30
    assert compiled["digests"] == written["digests"]
    assert (written["kept"], compiled["kept"]) == (0, 0)


@pytest.mark.golden
def test_a_changed_source_is_told(tmp_path: Path) -> None:
    source = tmp_path / "model" / "case.py"
    source.parent.mkdir()
    source.write_text("HOURS = 1\n")
    assert changed_since(tmp_path) is None  # nothing was compiled
    write_digests(tmp_path, [source])
    assert changed_since(tmp_path) is None
    source.write_text("HOURS = 2\n")
    assert changed_since(tmp_path) == "model/case.py"
    source.unlink()
    assert changed_since(tmp_path) == "model/case.py"
