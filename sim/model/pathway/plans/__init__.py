"""What child in need and child protection plans share: visits, reviews, and work that comes before an end."""

from sim.model.pathway.plans.plan import Plan, ReviewDates

__all__ = ["Plan", "ReviewDates"]
