"""Why children wait, in words and pictures."""
