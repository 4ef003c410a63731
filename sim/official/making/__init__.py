"""Scenarios made from the published statistics."""
