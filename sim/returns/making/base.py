"""What stands in for figures that the returns do not hold: official statistics of the council, or the average one."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.returns.errors import ReturnsError
from sim.returns.making.writing import Tree, lay_over, tree_text

if TYPE_CHECKING:
    from sim.experiment.load_forecast import StageLoad
    from sim.scenario.schema import Scenario

__all__ = ["AVERAGE", "Base", "average_council", "official_council"]

AVERAGE = "england-average"


@dataclass(frozen=True)
class Base:
    """A complete scenario under the figures of the returns. `text` is None for the shipped one, which is extended."""

    label: str
    text: str | None = None
    notes: tuple[str, ...] = ()

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario itself."""
        return self.with_figures({})

    def with_figures(self, own: Tree) -> Scenario:
        """The scenario with figures laid over it."""
        from sim.scenario import load

        with tempfile.TemporaryDirectory(prefix="frontdoor-") as folder:
            path = Path(folder) / "own.yaml"
            path.write_text(self.file_text(own), encoding="utf-8")
            return load(path).scenario

    def file_text(self, own: Tree, comments: str = "") -> str:
        """The whole scenario file: it extends the shipped scenario, or holds everything where statistics made it."""
        import yaml

        text = tree_text(own)
        if self.text is None:
            return f"{comments}extends: {AVERAGE}\n{text}"
        merged = lay_over(yaml.safe_load(self.text), yaml.safe_load(text) or {})
        return comments + yaml.dump(merged, sort_keys=False, allow_unicode=True, width=10_000, Dumper=_dumper())

    def loads(self, own: Tree) -> dict[str, StageLoad]:
        """What each stage is asked for in a steady flow, with figures laid over."""
        from sim.experiment.load_forecast import stage_loads

        return stage_loads(self.with_figures(own))


def average_council() -> Base:
    """The average council of England that is shipped."""
    return Base("the average council of England")


def official_council(data: Path, area: str, year: int) -> Base:
    """A council's own official statistics, from the folder with the DfE's files, of a year or the last before it.

    Raises:
        OfficialError: when a file or the council is missing.
        ReturnsError: when nobody says which council it is.
    """
    from sim.official.making.baseline import make_baseline
    from sim.official.making.council_figures import Wanted
    from sim.official.published.statistics import Statistics

    if not area:
        raise ReturnsError(
            "--data needs to know which council it is: no return holds its code; say it with --area, by name or code"
        )
    statistics = Statistics(data)
    council = statistics.areas.find(area, None)
    years = statistics.years("c1", council)
    if not years:
        raise ReturnsError(f"the official statistics in {data} hold no referrals of {council.name}")
    best = max((known for known in years if known <= year), default=min(years))
    baseline = make_baseline(statistics, Wanted(council, best))
    label = f"official statistics of {council.name}, reporting year {best}"
    return Base(label, baseline.text, baseline.notes)


def _dumper() -> Any:
    """Short mappings on one line, as people write figures; sections below each other."""
    import yaml

    class Dumper(yaml.SafeDumper):
        pass

    def mapping(dumper: Any, data: dict[Any, Any]) -> Any:
        inner = [value for value in data.values() if isinstance(value, dict)]
        flow = bool(data) and ("value" in data or not inner) and len(str(data)) < 2_000 and "workers" not in data
        return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=flow)

    Dumper.add_representer(dict, mapping)
    return Dumper
