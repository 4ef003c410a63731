"""Prints a digest of all that every shipped scenario records in a few months, as JSON; which model recorded it, and how
many services are still in memory when all is done.

python tests/golden/fingerprints.py
"""

import gc
import hashlib
import json
import sys
from dataclasses import fields
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "end_to_end"))

from test_shipped_scenarios import shortened

from sim.compiled import is_compiled
from sim.model import Service, simulate
from sim.model.recording import Recording
from sim.scenario.reading.loader import load
from sim.scenario.reading.shipped import names


def digest(recording: Recording) -> str:
    """All tables to the last bit, and what is recorded besides them."""
    found = hashlib.sha256()
    for field in fields(recording):
        value = getattr(recording, field.name)
        if isinstance(value, dict):
            for name, column in value.items():
                found.update(f"{field.name}.{name} {column.dtype}".encode() + column.tobytes())
        else:
            found.update(f"{field.name} {value!r}".encode())
    return found.hexdigest()


if __name__ == "__main__":
    digests = {name: digest(simulate(shortened(load(name).scenario), 1, 0)) for name in names()}
    gc.collect()
    kept = sum(isinstance(one, Service) for one in gc.get_objects())
    sys.stdout.write(json.dumps({"compiled": is_compiled(), "digests": digests, "kept": kept}))
