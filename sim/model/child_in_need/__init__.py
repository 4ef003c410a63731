"""Child in need plans."""

from sim.model.child_in_need.plan import ChildInNeedPlan

__all__ = ["ChildInNeedPlan"]
