"""Pre-proceedings under the public law outline (PLO)."""

from sim.model.pre_proceedings.pre_proceedings import PreProceedings
from sim.model.pre_proceedings.solicitors import Solicitors

__all__ = ["PreProceedings", "Solicitors"]
