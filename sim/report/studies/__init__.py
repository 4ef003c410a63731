"""The reports of sweeps, searches and sensitivity analyses."""
