"""`frontdoor export --to annex-a,cin-census,dfe-tables`: valid by the schema, and read back as what it was."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from sim.cli import main
from sim.returns.as_at import months_before
from sim.returns.from_returns import from_returns
from sim.scenario import load

pytestmark = pytest.mark.end_to_end
ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(os.environ.get("FRONTDOOR_SAMPLES", ROOT.parent / "shared" / "data" / "samples"))
AS_AT = date(2024, 3, 31)
FURTHEST = ("court", "child_protection", "section_47", "child_in_need", "assessment")


def _frontdoor(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years and a month of the average council, and its returns on the second 31 March."""
    folder = tmp_path_factory.mktemp("run") / "results"
    years = ("--set", "period.start=2022-04-01", "--set", "period.end=2024-04-30")
    assert _frontdoor("run", "england-average", "-n", "1", *years, "--out", folder, "--quiet") == 0
    assert _frontdoor("export", folder, "--to", "annex-a,cin-census,dfe-tables") == 0
    return folder


def _open(folder: Path) -> Counter[str]:
    """Children open on the day by the journeys, each in the furthest stage."""
    frame = pd.read_parquet(folder / "journeys.parquet")
    frame = frame[(frame["entered"] <= AS_AT) & (frame["ended"].isna() | (frame["ended"] > AS_AT))]
    stages = frame.groupby("child")["stage"].agg(set)
    furthest = (next((stage for stage in FURTHEST if stage in own), "") for own in stages)
    return Counter(stage for stage in furthest if stage)


@pytest.mark.parametrize("kind", ["annex_a", "cin"])
def test_what_is_open_is_read_back_as_it_was(run: Path, kind: str) -> None:
    name = f"simulated-annex-a-{AS_AT}.xlsx" if kind == "annex_a" else f"simulated-cin-census-{AS_AT}.xml"
    result = from_returns(**{kind: run / "exports" / name})  # type: ignore[arg-type]
    truth = _open(run)
    caseload = result.details.load
    assert caseload is not None
    counted = {stage: len(caseload.stages[stage]) for stage in FURTHEST}
    if kind == "cin":
        # The census does not know of proceedings: those children are on a plan still, or looked after.
        for counts in (counted, truth):
            counts.pop("court")
        assert counted.pop("child_protection") >= truth.pop("child_protection")
    assert counted == dict(truth)
    assert len(result.problems) == 0


def test_workers_flows_and_shares_are_read_back(run: Path, tmp_path: Path) -> None:
    result = from_returns(annex_a=run / "exports" / f"simulated-annex-a-{AS_AT}.xlsx", out=tmp_path / "mine.yaml")
    frame = pd.read_parquet(run / "journeys.parquet")
    base, mine = load("england-average").scenario, load(tmp_path / "mine.yaml").scenario
    assert mine.period.start == AS_AT + timedelta(days=1)
    now = frame[(frame["entered"] <= AS_AT) & (frame["ended"].isna() | (frame["ended"] > AS_AT))]
    holding = now[now["stage"] != "front_door"].drop_duplicates(["child", "worker"])["worker"].value_counts()
    workers = sum(
        group.count for name in ("assessment", "care planning") for group in mine.teams[name].workers
    )  # fmt: skip
    assert workers == pytest.approx((holding >= 3).sum(), abs=1)
    arrived = frame[(frame["stage"] == "front_door") & (frame["entered"] > months_before(AS_AT, 6))]
    half_year = (arrived["entered"] <= AS_AT).sum()
    assert result.details.counted[0].arrivals is not None
    assert result.details.counted[0].arrivals.counted == half_year
    for stage, outcome in (("front_door", "no_further_action"), ("section_47", "conference")):
        share = getattr(getattr(mine.stages, stage).outcomes, outcome)
        true = getattr(getattr(base.stages, stage).outcomes, outcome)
        count = result.details.counted[0].routes.counted[stage]
        # Sibling groups go the same way: about 1.6 children a group, so chance is that much larger.
        assert share == pytest.approx(true, abs=3.3 * (2.2 * true * (1 - true) / count) ** 0.5)


def test_the_census_is_valid_by_the_schema(run: Path) -> None:
    etree = pytest.importorskip("lxml.etree", reason="lxml is not installed")
    schema = SAMPLES / "CIN_schema_2024.xsd"
    if not schema.exists():
        pytest.skip("the schema is not on this machine")
    checker = etree.XMLSchema(etree.parse(str(schema)))
    document = etree.parse(str(run / "exports" / f"simulated-cin-census-{AS_AT}.xml"))
    assert checker.validate(document), list(checker.error_log)[:5]
    assert len(document.findall(".//Child")) > 1_000


def test_every_file_says_that_its_children_are_simulated(run: Path) -> None:
    import python_calamine

    text = (run / "exports" / f"simulated-cin-census-{AS_AT}.xml").read_text(encoding="utf-8")
    assert "<!-- Simulated by Front Door" in text
    assert "<SoftwareCode>Front Door: simulated children</SoftwareCode>" in text
    assert text.count("<LAchildID>SIM") == text.count("<LAchildID>")
    book = python_calamine.CalamineWorkbook.from_path(run / "exports" / f"simulated-annex-a-{AS_AT}.xlsx")
    assert book.sheet_names == [f"List {number}" for number in range(1, 12)]
    rows = book.get_sheet_by_name("List 7").to_python()
    assert all(str(row[0]).startswith("SIM") for row in rows[1:])
    assert len(book.get_sheet_by_name("List 9").to_python()) == 1  # present and empty


def test_conferences_are_on_working_days_and_plans_do_not_overlap(run: Path) -> None:
    from sim.calendar.working_days import calendar_of
    from sim.returns.export.episodes import read_run

    episodes = read_run(run, None, 0, AS_AT).episodes
    calendar = calendar_of(AS_AT - timedelta(days=365), AS_AT)
    held = 0
    for episode in episodes:
        plans = episode.of("child_protection")
        for stay in episode.of("section_47"):
            conference = episode.conference(stay)
            if conference is not None:
                held += 1
                assert calendar.is_working_day(conference)
                if stay.outcome == "child_protection":
                    assert any(plan.start == conference for plan in plans)
        for plan in plans:
            for other in episode.of("child_in_need"):
                apart = (other.end is not None and other.end <= plan.start) or (
                    plan.end is not None and plan.end <= other.start
                )
                assert apart
        assert episode.born <= episode.referred
    assert held > 100


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(("--to", "ssda903"), "choose from xlsx, docx, powerbi, png, events, annex-a, cin-census, dfe-tables"),
     (("--to", "annex-a", "--replication", "7"), "give a number from 0 to 0"),
     (("--to", "annex-a", "--scenario", "other"), "it has england-average"),
     (("--to", "annex-a", "--as-at", "2031-01-01"), "give a day of it with --as-at"),
     (("--to", "dfe-tables", "--as-at", "2023-09-30"), "give a 31 March with --as-at"),
     (("--to", "xlsx", "--replication", "0"), "--replication and --as-at are for returns")],
)  # fmt: skip
def test_what_there_is_not_is_said(
    run: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    assert _frontdoor("export", run, *arguments, "--out", run / "nothing") == 2
    assert sentence in " ".join(capsys.readouterr().err.split())
    assert not (run / "nothing").exists()


def test_a_round_trip_tells_the_next_year() -> None:
    """One trial of `python -m benchmarks.round_trip`: the original goes on near what its returns foretell."""
    from benchmarks.round_trip import FIGURES, report, trial

    figures = trial(12, referrals=1_500, replications=4)
    assert set(figures) == set(FIGURES)
    assert sum(figure.inside for figure in figures.values()) >= 8
    assert abs(figures["referrals"].difference) < 0.25
    assert "Of 13 figures in 1 trial," in report([figures])
