"""`frontdoor doctor`: what it looks at, and that each shortcoming comes with advice."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from sim.cli.entry import cli
from sim.experiment import doctor

pytestmark = pytest.mark.unit


def subjects(findings: list[doctor.Finding]) -> dict[str, doctor.Finding]:
    return {finding.subject: finding for finding in findings}


def test_a_machine_without_a_browser_is_told_what_it_cannot_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    browser = subjects(doctor.examine())["Browser for pictures"]
    assert "none" in browser.state
    assert "Chromium" in browser.advice


def test_an_extra_that_is_missing_names_the_command_that_adds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    requirements = ["numpy>=2.0", "not-there>=1 ; extra == 'maps'", "pytest>=8 ; extra == 'test'"]
    monkeypatch.setattr(doctor, "_requirements", lambda: requirements)
    findings = subjects(doctor.examine())
    assert "not-there" in findings["Extra: maps"].state
    assert "frontdoor-sim[maps]" in findings["Extra: maps"].advice
    assert "Extra: test" not in findings


def test_little_memory_limits_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_memory_gigabytes", lambda: 0.6)
    monkeypatch.setattr("sim.experiment.running.executor.available_cpus", lambda: 8)
    assert "--workers 1" in subjects(doctor.examine())["Memory"].advice


def test_the_command_prints_each_finding_and_its_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = [doctor.Finding("Model", "as written", "Compile it."), doctor.Finding("Memory", "8.0 GB")]
    monkeypatch.setattr(doctor, "examine", lambda: findings)
    result = CliRunner().invoke(cli, ["doctor"])
    assert result.exit_code == 0
    assert result.output.splitlines() == ["Model   as written", "        → Compile it.", "Memory  8.0 GB"]
