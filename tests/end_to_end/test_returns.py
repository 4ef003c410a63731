"""`frontdoor from-returns`: what it writes, what it refuses, and that no detail of a child or worker is anywhere."""

from __future__ import annotations

import csv
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from sim.cli import main

pytestmark = pytest.mark.end_to_end
UNIT = Path(__file__).resolve().parents[1] / "unit"
ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(os.environ.get("FRONTDOOR_SAMPLES", ROOT.parent / "shared" / "data" / "samples"))
MANY = 100_000
MOST_MEGABYTES = 300


def _module(folder: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"{folder}_made_up", UNIT / folder / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A made-up council's Annex A and census."""
    folder = tmp_path_factory.mktemp("council")
    made_up = _module("returns").Council.made_up(a_year=900, years=5)
    made_up.annex_a(folder / "annex.xlsx")
    made_up.census(folder / "cin.xml")
    return {"annex": folder / "annex.xlsx", "cin": folder / "cin.xml"}


@pytest.fixture
def samples() -> Path:
    if not SAMPLES.is_dir():
        pytest.skip("the published samples are not on this machine")
    return SAMPLES


def _frontdoor(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_a_scenario_from_returns_checks_and_runs(
    council: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "deep" / "mine.yaml"
    given = ("--annex-a", council["annex"], "--cin", council["cin"], "--name", "Southmere")
    assert _frontdoor("from-returns", *given, "--out", out, "--report", tmp_path / "problems.csv") == 0
    shown = capsys.readouterr().out
    assert "Your Annex A, as at 30 September 2024" in shown
    assert "What the returns do not tell, and where it is from instead:" in shown
    assert f"Next:  frontdoor check {out}" in shown
    page = (tmp_path / "deep" / "mine-fits.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "Mean of finished spells alone" in page
    assert "<script" not in page
    with (tmp_path / "problems.csv").open(encoding="utf-8-sig") as file:
        assert next(csv.reader(file))[0] == "File"
    assert _frontdoor("check", out) == 0
    assert "Southmere, carried on from 1 October 2024" in capsys.readouterr().out
    results = tmp_path / "results"
    assert _frontdoor("run", out, "-n", "1", "--set", "period.end=2025-09-30", "--out", results, "--quiet") == 0


def test_official_statistics_fill_what_is_missing(
    council: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The census's code (902) names the council; the file holds everything, and extends nothing."""
    from sim.scenario import load

    data, out = tmp_path / "data", tmp_path / "mine.yaml"
    _module("official").Extract(data).write({})
    assert _frontdoor("from-returns", "--cin", council["cin"], "--data", data, "--out", out) == 0
    assert "official statistics of Southmere, Borough of, reporting year 2018" in capsys.readouterr().out
    assert "extends:" not in out.read_text(encoding="utf-8")
    loaded = load(out)
    assert loaded.scenario.demand.referrals_a_year == pytest.approx(900, rel=0.15)
    assert any("DfE, Children in need" in row.source for row in loaded.register)
    assert _frontdoor("from-returns", "--annex-a", council["annex"], "--data", data, "--out", out) == 2
    assert "say it with --area" in capsys.readouterr().err
    assert _frontdoor("from-returns", "--annex-a", council["annex"], "--data", data, "--area", "902", "--out", out) == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "give at least one return"),
        (("--annex-a", "gone.xlsx"), "gone.xlsx: there is no such file"),
        (("--cin", "{annex}"), "is not well-formed XML"),
        (("--annex-a", "{cin}"), "is not a workbook that can be read"),
        (("--workforce", "{cin}"), "another collection, not the workforce census"),
        (("--cin", "{cin}", "--report", "problems.doc"), "a report ends in .xlsx or .csv"),
        (("--cin", "{cin}", "--page", "{cin}"), "it would be written over"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_nothing_is_written(
    council: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...], sentence: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    given = [argument.format(**council) for argument in arguments]
    assert _frontdoor("from-returns", *given, "--out", "mine.yaml") == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert len(error.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_if_one_file_cannot_be_written_none_is(
    council: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folder of the scenario is a file: the page and the report, which could be written, are not there either."""
    (tmp_path / "blocked").write_text("a file")
    files = ("--page", tmp_path / "page.html", "--report", tmp_path / "problems.csv")
    assert _frontdoor("from-returns", "--cin", council["cin"], "--out", tmp_path / "blocked" / "mine.yaml", *files) == 2
    error = capsys.readouterr().err
    assert "cannot be written" in error
    assert len(error.strip().splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["blocked"]


def test_a_large_census_needs_little_memory(tmp_path: Path) -> None:
    """100,000 children; the census itself is about 60 MB."""
    if not Path("/proc/self/status").exists():
        pytest.skip("this system does not say how much memory a process used at most")
    made_up = _module("returns").Council.made_up(a_year=2_500, years=2)
    few, many = tmp_path / "few.xml", tmp_path / "many.xml"
    made_up.census(few)
    head, _, rest = few.read_text(encoding="utf-8").partition("<Children>\n")
    children = rest.partition("</Children>")[0].strip().split("\n")
    with many.open("w", encoding="utf-8") as file:
        file.write(f"{head}<Children>\n")
        for number in range(MANY):
            child = children[number % len(children)]
            file.write(child.replace("<LAchildID>X", f"<LAchildID>X{number // len(children)}-") + "\n")
        file.write("</Children></Message>")
    program = (
        "import re, sys\n"
        "from sim.returns.from_returns import from_returns\n"
        "result = from_returns(cin=sys.argv[1], out=sys.argv[2])\n"
        "print(len({row.child for row in result.details.counted[0].returns.referrals}))\n"
        "print(int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) // 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, many, tmp_path / "mine.yaml"], check=True, capture_output=True, text=True
    )
    children_read, megabytes = map(int, done.stdout.split())
    assert children_read == MANY
    assert megabytes < MOST_MEGABYTES


# ---------------------------------------------------------------------------------------------------- privacy


def _texts(path: Path) -> set[str]:
    """What a file holds that names anybody: identifiers, dates of birth, workers' names, in several spellings."""
    secrets: set[str] = set()

    def born(day: date) -> None:
        secrets.update((day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day} {day:%B} {day.year}", f"{day:%d-%m-%Y}"))

    if path.suffix == ".xml":
        text = path.read_text(encoding="utf-8")
        secrets.update(re.findall(r"<(?:LAchildID|UPN|FormerUPN|SWENo)>([^<]+)<", text))
        for day in re.findall(r"<(?:PersonBirthDate|ExpectedPersonBirthDate|PersonDeathDate)>([\d-]+)<", text):
            born(date.fromisoformat(day))
        return secrets
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        for number, header in enumerate(rows[0] if rows else []):
            for row in rows[1:]:
                cell = row[number]
                if "ID" in str(header) or "identifier" in str(header):
                    secrets.add(str(int(cell)) if isinstance(cell, float) else str(cell))
                elif header == "Date of Birth" and isinstance(cell, date | datetime):
                    born(cell)
                elif header == "Allocated Worker" and cell:
                    secrets.update({str(cell), *str(cell).replace("\u00a0", " ").split()})
    return {secret for secret in secrets if len(secret) > 2}


def _leaks(secrets: set[str], texts: dict[str, str]) -> list[str]:
    """Which secrets stand in which text, as whole words."""
    return [
        f"{place}: {secret}"
        for place, text in texts.items()
        for secret in secrets
        if secret in text and re.search(rf"(?<![\w.]){re.escape(secret)}(?![\w.])", text)
    ]


def test_a_leak_would_be_seen() -> None:
    texts = {"page": "Jo Soap, child 7001", "log": "Soapy, 17001"}
    assert sorted(_leaks({"Soap", "7001"}, texts)) == ["page: 7001", "page: Soap"]


def _outputs(folder: Path) -> dict[str, str]:
    texts = {}
    for path in folder.rglob("*"):
        if path.suffix == ".xlsx":
            import python_calamine

            rows = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
            texts[path.name] = "\n".join(str(row) for row in rows)
        elif path.is_file():
            texts[path.name] = path.read_text(encoding="utf-8")
    return texts


def _given(samples: Path) -> list[tuple[str, Path]]:
    files = [("--annex-a", samples / "annex_a.xlsx"), ("--workforce", samples / "social_work_workforce_2022.xml")]
    names = ("CIN_Census_2021.xml", "CIN_Census_2024.xml", "CIN2rows.xml", "fake_CIN_data.xml")
    return files + [("--cin", samples / name) for name in names]


def _reading(option: str, path: Path, folder: Path, capture: Callable[[], Any]) -> dict[str, str]:
    """Everything that comes of reading one file: files, output, and errors with their tracebacks."""
    _frontdoor("from-returns", option, path, "--out", folder / "mine.yaml", "--report", folder / "p.xlsx", "--debug")
    shown = capture()
    return {**_outputs(folder), "stdout": shown.out, "stderr": shown.err} if folder.exists() else {
        "stdout": shown.out, "stderr": shown.err
    }  # fmt: skip


def test_no_detail_of_a_child_or_worker_is_written(
    samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, (option, path) in enumerate(_given(samples)):
        secrets = _texts(path)
        assert len(secrets) > 3
        texts = _reading(option, path, tmp_path / str(number), capsys.readouterr)
        assert "mine.yaml" in texts
        assert "mine-fits.html" in texts
        assert _leaks(secrets, texts) == []


def test_no_detail_is_in_the_errors_of_broken_copies(
    samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    breaks: list[Callable[[str], str]] = [
        lambda text: text[: len(text) * 2 // 3],
        lambda text: re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\2/\3/\1", text),
        lambda text: re.sub(r"<(LAchildID|SWENo)>[^<]*<", r"<\1><", text),
        lambda text: re.sub(r"<(CINreferralDate|RoleStartDate)>[^<]*<", r"<\1>Zebedee Quartermain<", text),
        lambda text: re.sub(r"<(FTE|Cases30|Year)>[^<]*<", r"<\1>Zebedee Quartermain<", text),
        lambda text: text.replace("</Child>", "</Chil>").replace("</CSWWWorker>", "</CSWW>"),
        lambda text: text.replace("&", "").replace("<Message>", '<!DOCTYPE x [<!ENTITY a "Quartermain">]><Message>'),
    ]
    for option, path in _given(samples)[1:]:
        secrets = _texts(path) | {"Zebedee", "Quartermain"}
        for number, broken in enumerate(breaks):
            folder = tmp_path / path.stem / str(number)
            copy = tmp_path / f"{path.stem}-{number}.xml"
            copy.write_text(broken(path.read_text(encoding="utf-8")), encoding="utf-8")
            assert _leaks(secrets, _reading(option, copy, folder, capsys.readouterr)) == []


def test_no_cell_of_a_shifted_workbook_is_repeated(
    samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Columns shifted by one: names stand under dates and numbers; and a copy without headers."""
    import python_calamine
    import xlsxwriter

    path = samples / "annex_a.xlsx"
    secrets = _texts(path)
    book = python_calamine.CalamineWorkbook.from_path(path)
    for number, change in enumerate((lambda row: row[-1:] + row[:-1], lambda row: row[::-1], lambda row: row)):
        copy = tmp_path / f"shifted-{number}.xlsx"
        with xlsxwriter.Workbook(copy, {"default_date_format": "dd/mm/yyyy"}) as target:
            for name in book.sheet_names:
                sheet = target.add_worksheet(name)
                rows = book.get_sheet_by_name(name).to_python()
                for at, row in enumerate([] if number == 2 else rows[:1]):
                    sheet.write_row(at, 0, row)
                for at, row in enumerate(rows[1:], 1):
                    sheet.write_row(at, 0, change(row))
        texts = _reading("--annex-a", copy, tmp_path / str(number), capsys.readouterr)
        assert _leaks(secrets, texts) == []
