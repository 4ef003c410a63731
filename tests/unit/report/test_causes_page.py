"""The page of a study of causes begins with its answer, and says no more than the intervals do."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from sim.experiment.results.manifest import PRODUCT
from sim.experiment.studies.causes import COLUMNS, ContributionsManifest, ContributionsStudy
from sim.report.studies.causes import causes_page
from sim.report.studies.study_page import render_study

pytestmark = pytest.mark.unit
MEASURE = "delay_child_days"


def _study(rows: list[tuple[str, float, float, float, float]], replications: int = 20) -> ContributionsStudy:
    """Rows of mechanism, alone, value and its interval."""
    level = sum(row[2] for row in rows)
    table = pd.DataFrame(
        [
            (MEASURE, "2018-19", name, alone, alone - 1, alone + 1, value, low, high,
             value / level if level else float("nan"), low / level if level else float("nan"),
             high / level if level else float("nan"), replications)
            for name, alone, value, low, high in rows
        ],
        columns=list(COLUMNS),
    )  # fmt: skip
    manifest: dict[str, Any] = {
        "product": PRODUCT, "kind": "causes", "mechanisms": ["absence", "vacancies"], "orders": 2, "every_order": True,
        "settings": 4, "replications": replications, "measures": [MEASURE], "period": "2018-19",
        "scenario": {"name": "busy", "title": "A busy service"}, "started": "2026-12-01T10:00:00+00:00",
    }  # fmt: skip
    return ContributionsStudy(ContributionsManifest.model_validate(manifest), table)


def test_the_answer_names_what_clearly_contributes_and_what_is_left() -> None:
    page = causes_page(
        _study([("absence", 400, 300, 200, 400), ("vacancies", 90, 50, -30, 130), ("rest", 0, 650, 1, 2)])
    )
    assert page.sentences == (
        "Child-days of delay (1,000 child-days): absence 30%; 65% has none of the mechanisms looked at as its cause.",
    )
    assert page.charts[0].title == "Child-days of delay: absence contributes most, 30%"
    assert [row[0] for row in page.charts[0].table.rows] == ["Absence", "Leavers and vacancies", "None of these"]
    assert page.cautions == ()
    html = render_study(page)
    assert html.index("absence 30%") < html.index("Save as PNG")
    assert "Switched off" in html


def test_what_may_be_chance_is_not_called_a_cause() -> None:
    page = causes_page(
        _study([("absence", 400, 300, -200, 800), ("vacancies", 9, 5, -3, 13), ("rest", 0, 695, 1, 2)], 3)
    )
    assert page.sentences == (
        "Child-days of delay (1,000 child-days): no mechanism contributes clearly more than chance.",
    )
    assert "intervals are wide" in page.cautions[0]


def test_a_service_without_delay_has_nothing_to_explain() -> None:
    page = causes_page(_study([("absence", 0, 0, 0, 0), ("rest", 0, 0, 0, 0)]))
    assert page.sentences == ("There is nothing to explain: no measure is above 0.",)
    assert page.charts == ()
