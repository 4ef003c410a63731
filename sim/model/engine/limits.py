"""Numbers that mean the same all over the model: a working week, a moment that never comes, no limit, no hours."""

from __future__ import annotations

from typing import Final

DAYS_A_WEEK: Final = 5.0
"""Working days in a week."""
WEEK: Final = 5
"""The same as a whole number of days."""
NEVER: Final = float("inf")
"""A moment that does not come."""
INFINITE: Final = float("inf")
"""More than any number: where there is no limit."""
CRUMB: Final = 1e-9
"""Hours that are none: what rounding leaves of hours that have all been used."""
SLIVER: Final = 1e-9
"""Working days: what is reached this close after a boundary of days counts as reached on that day (rounding)."""
FIRST_OF_ALL: Final = -(10**9)
"""A working day before all others."""
LAST_OF_ALL: Final = 10**9
"""A working day after all others."""
LAST_OF_PHASE: Final = 1 << 51
"""A number above every case's and every worker's: what bears it comes last in its phase of the day."""
