"""An emulator tells a quadratic exactly, and says how wrong it may be of anything else."""

from __future__ import annotations

import numpy as np
import pytest

from sim.official.calibrate.emulator import emulate

pytestmark = pytest.mark.unit
LOW, HIGH = np.array([0.5, 0.7, 0.4]), np.array([1.5, 1.3, 2.0])


def _settings(count: int, seed: int) -> np.ndarray:
    drawn: np.ndarray = np.random.default_rng(seed).uniform(LOW, HIGH, (count, 3))
    return drawn


def test_a_quadratic_is_told_from_a_few_runs() -> None:
    def figures(settings: np.ndarray) -> np.ndarray:
        a, b, c = settings.T
        return np.column_stack([3 + 2 * a - b * c + c**2, 50 * b])

    runs, others = _settings(40, 1), _settings(200, 2)
    emulator = emulate(runs, figures(runs), LOW, HIGH)
    assert emulator.figures(others) == pytest.approx(figures(others), rel=0.01)
    assert (emulator.errors < 0.02).all()


def test_errors_are_as_large_as_said_where_figures_also_hold_chance() -> None:
    rng = np.random.default_rng(3)

    def figures(settings: np.ndarray) -> np.ndarray:
        return (10 * settings[:, 0] + rng.normal(0, 1.0, len(settings)))[:, None]

    runs, others = _settings(40, 4), _settings(400, 5)
    emulator = emulate(runs, figures(runs), LOW, HIGH)
    wrong = float(np.std(emulator.figures(others) - figures(others)))
    assert emulator.errors[0] == pytest.approx(wrong, rel=0.3)
    assert wrong < 1.6  # not much more than chance itself


def test_few_runs_still_tell_the_way() -> None:
    runs = _settings(8, 6)
    emulator = emulate(runs, 10 * runs[:, :1], LOW, HIGH)
    ends = emulator.figures(np.array([[0.5, 1.0, 1.0], [1.5, 1.0, 1.0]]))
    assert ends[1, 0] - ends[0, 0] > 5
