"""Named random streams: every draw belongs to a decision and to a case, whatever else happens in the run."""

from sim.streams.endless import endless
from sim.streams.named import Batch, CaseDraws, Streams

__all__ = ["Batch", "CaseDraws", "Streams", "endless"]
