"""Simulated journeys written as the returns that councils make, so that a council's own tools can open them."""
