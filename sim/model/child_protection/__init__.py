"""Child protection plans."""

from sim.model.child_protection.plan import ChildProtectionPlan

__all__ = ["ChildProtectionPlan"]
