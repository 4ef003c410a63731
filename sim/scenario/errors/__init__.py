"""What is wrong with a scenario: one line for each problem, at the place where it was written."""
