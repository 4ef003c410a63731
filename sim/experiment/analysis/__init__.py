"""Statistics over replications: intervals, control variates, stopping rules, and what they say."""
