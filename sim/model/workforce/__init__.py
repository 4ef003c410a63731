"""The people: workers, teams, managers, and who is in post when."""
