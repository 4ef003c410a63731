"""Where definitions of measures come from."""

from __future__ import annotations

from typing import Final

CHILDREN_IN_NEED: Final = "DfE, Characteristics of children in need"
CENSUS: Final = "DfE children in need census; Working Together to Safeguard Children"
WORKFORCE: Final = "DfE, Children's social work workforce"
ADCS: Final = "ADCS, Safeguarding Pressures"
ANNEX_A: Final = "Data to Insight, ChAT and Annex A"
LOCAL: Final = "Local performance reports"
MODEL: Final = "This model; no national return"
ASSUMED_RATES: Final = f"{MODEL}: rests on assumed rates of need rising and being noticed"
