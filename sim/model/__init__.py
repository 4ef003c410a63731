"""The conceptual model: children's cases on the pathway, and the people who are too few for them.

Folders follow the pathway: front_door, assessment, protection, child_in_need, child_protection, pre_proceedings, court;
what they share: allocation, workforce, pace, plans, opening, levers, recording.
"""

from sim.model.service import Service, simulate

__all__ = ["Service", "simulate"]
