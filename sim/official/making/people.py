"""Leaving and joining from the workforce census: turnover, vacancies and who covers them."""

from __future__ import annotations

from sim.official.making.writing import assumed_range, figure, number
from sim.official.published.finder import Finder

__all__ = ["people"]

LONGEST_LAG = 9.0
USUAL_LAG = 4.0
_NOT_PUBLISHED = "no published figure"
_NO_RELATION = (
    "no relation between councils of different caseload, 2017 and 2018 (DfE, workforce census); workers say there is"
)


def people(finder: Finder) -> str:
    """The `people` section as text.

    Permanent workers leave at the published rate. How long a post stays vacant follows from vacancies and leavers by
    Little's law, held at nine months: posts that nobody is being sought for count as vacant too. Agency workers are
    taken to be replaced by agency workers (assumption), so they do not leave.
    """
    turnover = finder.workforce("turnover_pct", "% turnover")
    if turnover is None:
        finder.note("no workforce census: nobody leaves or joins in the scenario")
        return ""
    rate = min(turnover.value, 60.0) / 100
    vacancies, leavers = finder.workforce("vacancies", "vacancies"), finder.workforce("leavers", "leavers")
    lag, lag_source = USUAL_LAG, "no published figure"
    if vacancies is not None and leavers is not None and vacancies.own and leavers.own and leavers.value > 0:
        lag = min(max(12 * vacancies.value / leavers.value, 2.0), LONGEST_LAG)
        lag_source = (
            f"{vacancies.source}, to {leavers.value:,.1f} leavers in the year, by Little's law, between 2 and 9 months"
        )
    cover = finder.workforce("vacancies_covered_pct", "% of vacancies covered by agency workers")
    covered = min(cover.value, 100.0) / 100 if cover is not None else 0.5
    cover_source = cover.source if cover is not None else "no published figure"
    rates = {"nqsw": rate, "social_worker": rate, "senior": rate, "agency": 0.0}
    leaving = "{" + ", ".join(f"{grade}: {number(each, 3)}" for grade, each in rates.items()) + "}"
    return "\n".join(
        [
            "people:",
            "  turnover:",
            "    leaving_a_year: "
            + figure(
                leaving,
                f"{turnover.source}; agency workers are replaced by agency workers: an assumption",
                turnover.confidence,
            ),
            "    felt_load:",
            "      by_load: " + assumed_range("0", "1.6", "0.8", _NO_RELATION),
            "      unsupervised: " + assumed_range("1", "1.5", "1.2", _NOT_PUBLISHED),
            "      unsettled: " + assumed_range("0", "1", "0.5", _NOT_PUBLISHED),
            "  recruitment:",
            "    lag: "
            + figure(f"{{distribution: gamma, mean: {number(lag)} months, cv: 0.5}}", lag_source, "assumption"),
            "    agency_cover: "
            + figure(f"{number(100 * covered)}%", cover_source, cover.confidence if cover else "assumption"),
            "  differences:",
            "    workers: " + assumed_range("5%", "30%", "15%", _NOT_PUBLISHED),
            "    managers: " + assumed_range("5%", "30%", "15%", _NOT_PUBLISHED),
            "",
        ]
    )
