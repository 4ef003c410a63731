"""Reviews out of turn: lists of cases looked at beside daily work."""

from sim.model.reviews.targeted import TargetedReviews

__all__ = ["TargetedReviews"]
