"""Recording: what one run leaves behind. It never changes what happens."""

from sim.model.recording.names import DECISIONS, GRADES, OUTCOMES, STAGES
from sim.model.recording.recorder import Recorder, Recording

__all__ = ["DECISIONS", "GRADES", "OUTCOMES", "STAGES", "Recorder", "Recording"]
