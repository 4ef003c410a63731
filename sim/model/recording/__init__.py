"""Recording: what one run leaves behind. It never changes what happens."""

from sim.model.recording.names import ABSENCE_KINDS, DECISIONS, GRADES, MONEY, OUTCOMES, STAGES, STEPS
from sim.model.recording.recorder import Recorder, Recording

__all__ = ["ABSENCE_KINDS", "DECISIONS", "GRADES", "MONEY", "OUTCOMES", "STAGES", "STEPS", "Recorder", "Recording"]
