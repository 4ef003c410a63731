"""Studies: sweeps, searches, sensitivity analyses, and explanations of a difference."""
