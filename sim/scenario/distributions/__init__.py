"""Distributions of durations, and their quantiles without SciPy."""
