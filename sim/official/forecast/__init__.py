"""Forecasts that start from last year's published figure: learned from what councils published in earlier years."""
