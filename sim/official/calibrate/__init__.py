"""Fitting the few figures that no statistics give to a council's own year, and keeping every setting that fits."""
