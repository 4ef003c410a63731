"""Working days in England: Monday to Friday less bank holidays, counted from the first day of a run."""

from sim.calendar.periods import Month, Period
from sim.calendar.working_days import WorkingDayCalendar, calendar_of

__all__ = ["Month", "Period", "WorkingDayCalendar", "calendar_of"]
