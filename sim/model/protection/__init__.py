"""Protection: section 47 enquiries and initial child protection conferences."""

from sim.model.protection.diary import Diary
from sim.model.protection.section_47 import Section47

__all__ = ["Diary", "Section47"]
