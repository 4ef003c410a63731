"""Working days in England: Monday to Friday less bank holidays, counted from the first day of a run."""

from sim.calendar.shared import calendar_of
from sim.calendar.working_days import Month, Period, WorkingDayCalendar

__all__ = ["Month", "Period", "WorkingDayCalendar", "calendar_of"]
