"""A scenario's figures stand beside the published ones, and in a quarter of all councils."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sim.official.benchmark import as_csv, as_text, benchmark, council_year
from sim.official.errors import OfficialError

if TYPE_CHECKING:
    from conftest import Extract

pytestmark = pytest.mark.unit


def test_rates_shares_and_neighbours(extract: Extract) -> None:
    statistics = extract.write({("c4", "Southmere, Borough of", 2018, "ICPC"): "150"})
    area, near = statistics.areas.find("Northshire"), statistics.areas.find("Southmere")
    simulated = {"referrals": 1000.0, "s47_started": 400.0, "icpc_held": 200.0, "assessments_45wd_pct": 90.0}
    rows = {row.label: row for row in benchmark(statistics, area, 2018, simulated, (near,))}
    # 1,000 of 40,000 children; published 2,000.
    assert (rows["Referrals"].scenario, rows["Referrals"].council) == (250, 500)
    assert rows["Section 47 enquiries to referrals"].scenario == 40
    shares = rows["Conferences to enquiries"]
    assert (shares.scenario, shares.neighbours) == (50, 50)
    assert shares.england == pytest.approx(100 * 250 / 600)
    assert rows["Assessments within 45 working days"].council == pytest.approx(100 * 1380 / 1600)
    assert rows["Sickness absence"].scenario is None


def test_the_quarter_is_that_among_all_councils(published) -> None:  # type: ignore[no-untyped-def]
    area = published.areas.find("Croydon")
    year = council_year(published)
    assert year == 2018
    found = {}
    for value in (50.0, 99.0):
        rows = benchmark(published, area, year, {"assessments_45wd_pct": value})
        found[value] = next(row.quarter for row in rows if row.label == "Assessments within 45 working days")
    assert found == {50.0: "lowest quarter", 99.0: "highest quarter"}


def test_a_year_without_councils_is_refused(extract: Extract) -> None:
    with pytest.raises(OfficialError, match="too few councils in 2024"):
        council_year(extract.write(), 2024)


def test_the_table_leaves_out_what_nobody_has(extract: Extract) -> None:
    statistics = extract.write(leave_out=("csww",))
    rows = benchmark(statistics, statistics.areas.find("Northshire"), 2018, {"referrals": 1000.0})
    text = as_text(rows, ("mine", "Northshire", "neighbours", "Far North", "England"))
    assert "neighbours" not in text
    assert "Agency workers" not in text
    assert text.splitlines()[2].split()[-4:] == ["250.0", "500.0", "500.0", "500.0"]
    assert as_csv(rows).startswith("measure,unit,scenario,council,neighbours,region,england,quarter\nReferrals,")
