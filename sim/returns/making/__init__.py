"""From records to figures, from figures to a scenario and a page."""
