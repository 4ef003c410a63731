"""Care proceedings."""

from sim.model.court.proceedings import Proceedings

__all__ = ["Proceedings"]
