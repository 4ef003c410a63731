"""A small scenario, and a model that is quicker than the real one, for tests of runs and results folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sim
from sim.scenario.reading.loader import LoadedScenario


@pytest.fixture
def short(tmp_path: Path) -> Any:
    """Make a scenario of three months from the shipped teaching example: `short("name", key=value)`."""

    def make(name: str = "short", **overrides: Any) -> LoadedScenario:
        file = tmp_path / "scenarios" / f"{name}.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text("extends: tiny\nperiod: {end: 2016-06-30}\n", encoding="utf-8")
        return sim.load(file, **overrides)

    return make
