"""What the page sends is read with a limit on each part."""

from __future__ import annotations

from typing import Any

import pytest

from sim.serve.asked import read_comparison, read_option, read_start
from sim.serve.errors import PageError

pytestmark = pytest.mark.unit

START = {"kind": "shipped", "name": "tiny"}


def test_a_comparison_is_read_whole() -> None:
    given = {
        "start": START,
        "options": [{"name": " As  it is "}, {"name": "B", "changes": {"surge.size": 40}}],
        "runs": 5,
    }
    comparison = read_comparison(given)
    assert comparison.start.name == "tiny"
    assert [option.name for option in comparison.options] == ["As it is", "B"]
    assert comparison.options[1].changes == {"surge.size": 40.0}
    assert (comparison.runs, comparison.seed, comparison.against) == (5, 1, None)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (None, "cannot be read"),
        ({"start": START, "options": []}, "1 to 4 options"),
        ({"start": START, "options": [{"name": "x"}] * 5}, "1 to 4 options"),
        ({"start": START, "options": [{"name": "x"}], "runs": 0}, "number of runs"),
        ({"start": START, "options": [{"name": "x"}], "runs": True}, "number of runs"),
        ({"start": START, "options": [{"name": "x"}], "against": 1}, "compare with"),
        ({"start": {"kind": "path", "name": "/etc/passwd"}, "options": [{"name": "x"}]}, "choose a scenario"),
        ({"start": {"kind": "new", "name": "x", "answers": {"cap": [1]}}, "options": [{"name": "x"}]}, "cap"),
    ],
)
def test_what_is_no_comparison_is_refused(given: Any, wrong: str) -> None:
    with pytest.raises(PageError, match=wrong):
        read_comparison(given)


@pytest.mark.parametrize("value", [True, None, float("nan"), float("inf"), [1], "x" * 81])
def test_a_value_that_is_no_figure_is_refused(value: Any) -> None:
    with pytest.raises(PageError, match=r"surge\.size"):
        read_option({"name": "B", "changes": {"surge.size": value}})


def test_a_name_with_control_signs_or_too_long_is_refused() -> None:
    for name in ("a\x1b[31m", "x" * 37):
        with pytest.raises(PageError):
            read_option({"name": name, "changes": {}})


def test_only_a_file_has_a_text() -> None:
    assert read_start({"kind": "shipped", "name": "tiny", "text": "title: x"}).text == ""
    with pytest.raises(PageError, match="1 MB"):
        read_start({"kind": "file", "name": "a.yaml", "text": "x" * 1_000_001})
