"""Need that moves: rises of need, who notices them, and the protective step. Off unless a scenario has `risk`."""

from sim.model.need.rises import Needs, Rises, needs_of
from sim.model.need.sight import ALLOCATION, REVIEW, VISIT

__all__ = ["ALLOCATION", "REVIEW", "VISIT", "Needs", "Rises", "needs_of"]
