"""An emulator: what a run would give at a setting that was not run, told from those that were.

A quadratic in the free figures, shrunk by ridge regression, for each published figure. How far it may be wrong is the
standard deviation of its leave-one-out errors, which the hat matrix gives without fitting anew (Hastie, Tibshirani and
Friedman, The Elements of Statistical Learning, 2009, section 7.10). Runs on common children make the figures smooth
enough for it. Settings that the emulator cannot rule out are run in the next wave (history matching: Craig, Goldstein,
Seheult and Smith, 1997; Vernon, Goldstein and Bower, 2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Emulator", "emulate"]

Floats = NDArray[np.float64]

PENALTIES: Final = (0.001, 0.01, 0.1, 1.0, 10.0, 100.0)
"""Ridge penalties that are tried; the one with the least leave-one-out error is kept, figure by figure."""


@dataclass(frozen=True)
class Emulator:
    """Coefficients of the quadratic (terms by figures), and the standard deviation of its errors for each figure."""

    low: Floats
    high: Floats
    coefficients: Floats
    errors: Floats

    def figures(self, settings: Floats) -> Floats:
        """Return the figures expected at settings (rows of factors): an array of settings by figures."""
        expected: Floats = _terms(settings, self.low, self.high) @ self.coefficients
        return expected


def emulate(settings: Floats, figures: Floats, low: Floats, high: Floats) -> Emulator:
    """Fit an emulator to runs.

    Args:
        settings: runs by free figures, as factors.
        figures: runs by published figures, all of them finite.
        low: the lowest factor of each free figure.
        high: the highest.
    """
    terms = _terms(settings, low, high)
    best = np.full(figures.shape[1], np.inf)
    coefficients = np.zeros((terms.shape[1], figures.shape[1]))
    free = np.ones(terms.shape[1])
    free[0] = 0.0  # the mean is not shrunk
    for penalty in PENALTIES:
        solved = np.linalg.solve(terms.T @ terms + penalty * np.diag(free), terms.T)
        leverage = np.einsum("ij,ji->i", terms, solved)
        fitted = solved @ figures
        left_out = (figures - terms @ fitted) / np.maximum(1e-6, 1.0 - leverage)[:, None]
        error = np.sqrt((left_out**2).mean(axis=0))
        better = error < best
        coefficients[:, better], best[better] = fitted[:, better], error[better]
    return Emulator(low, high, coefficients, best)


def _terms(settings: Floats, low: Floats, high: Floats) -> Floats:
    """A constant, each free figure from -1 to 1 over its range, their squares and their products."""
    scaled = 2.0 * (settings - low) / (high - low) - 1.0
    first, second = np.triu_indices(scaled.shape[1])
    return np.hstack([np.ones((len(scaled), 1)), scaled, scaled[:, first] * scaled[:, second]])
