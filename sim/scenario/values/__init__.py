"""The kinds of figure that a scenario holds: durations, quantities, numbers."""
