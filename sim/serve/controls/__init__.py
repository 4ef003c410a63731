"""The levers of the page: each a labelled figure in a planner's words, and what it writes into an option's file."""
