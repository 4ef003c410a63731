"""Progress where there is no terminal: a plain line now and then."""

from __future__ import annotations

import pytest

from sim.cli.progress import EVERY, Lines, progress_bar

pytestmark = pytest.mark.unit


def test_a_line_every_few_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    lines = Lines(lambda: now[0])
    for second in range(13):
        now[0] = float(second)
        lines(second, 20)
    assert capsys.readouterr().err.splitlines() == [
        f"Simulating: {second} of 20 replications after {second} seconds" for second in (int(EVERY), 2 * int(EVERY))
    ]


def test_nothing_is_shown_when_quiet() -> None:
    with progress_bar(3, shown=False) as progress:
        assert progress is None


def test_without_a_terminal_progress_is_lines() -> None:
    with progress_bar(3, shown=True) as progress:
        assert isinstance(progress, Lines)
