"""Settings shared by all tests, and the rule that each test belongs to exactly one layer."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

# Tests run the model as it is written, whether or not it is compiled; FRONTDOOR_PLAIN set to nothing tests it compiled.
os.environ.setdefault("FRONTDOOR_PLAIN", "1")

if TYPE_CHECKING:
    from sim.model.recording import Recording
    from sim.model.service import Service
    from sim.scenario.schema import Scenario

LAYERS = ("unit", "property", "analytic", "golden", "direction", "end_to_end")
TESTS = Path(__file__).parent

# The same examples each time, and no verdict that depends on how busy the machine is. Looking further:
# make test PYTEST_ARGS="-m property --hypothesis-profile=explore"
settings.register_profile("repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile("repeatable")


def layer_problem(marks: set[str], folder: str) -> str | None:
    """What is wrong with the layer marks of a test in this folder of tests/, or None."""
    layers = [layer for layer in LAYERS if layer in marks]
    if len(layers) != 1:
        found = " and ".join(layers) or "none"
        return f"a test carries exactly one layer mark ({', '.join(LAYERS)}); this one carries {found}"
    if folder in LAYERS and folder != layers[0]:
        return f"this test is marked {layers[0]} but stands in tests/{folder}"
    return None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch that rewrites what the golden tests compare with."""
    parser.addoption(
        "--regenerate-golden", action="store_true", help="rewrite the stored figures of tests/golden from this run"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test whose layer cannot be told: the layers are how tests are chosen and counted."""
    folder = item.path.relative_to(TESTS).parts[0]
    problem = layer_problem({mark.name for mark in item.iter_markers()}, folder)
    if problem:
        pytest.fail(problem, pytrace=False)
    if item.get_closest_marker("as_written") is not None:
        from sim.compiled import is_compiled

        if is_compiled():
            pytest.skip("it replaces parts of the model, which only the model as it is written allows")


class Town:
    """The teaching scenario with some values changed, and what its runs leave behind, kept for the next test.

    Changes are a mapping of path to value, as `--set` takes them: `{"demand.referrals_a_year": 600}`.
    """

    def __init__(self) -> None:
        self._recordings: dict[str, Recording] = {}

    def scenario(self, changes: dict[str, Any] | None = None) -> Scenario:
        from sim.scenario.reading.loader import load

        return load(TESTS.parent / "scenarios" / "tiny.yaml", changes or {}).scenario

    def service(
        self, changes: dict[str, Any] | None = None, seed: int = 1, replication: int = 0, record: bool = True
    ) -> Service:
        from sim.model.service import Service

        return Service(self.scenario(changes), seed, replication, record)

    def recording(self, changes: dict[str, Any] | None = None, seed: int = 1, replication: int = 0) -> Recording:
        label = json.dumps([changes or {}, seed, replication], sort_keys=True)
        if label not in self._recordings:
            self._recordings[label] = self.service(changes, seed, replication).run()
        return self._recordings[label]


@pytest.fixture(scope="session")
def town() -> Town:
    return Town()
