"""Lengths of time fitted to finished and open spells, seen through the window of an extract."""
