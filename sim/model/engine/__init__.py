"""The engine: SimPy's environment with a working-day clock, its event list, and places that are queued for."""
