"""Why children wait: one cause for each child-day in each stage, read from a recording after the run."""
