"""The scenario that `--against` names."""

from __future__ import annotations

from collections.abc import Sequence

import click

__all__ = ["known_scenario"]


def known_scenario(against: str | None, names: Sequence[str]) -> None:
    """See that `against`, if it is given, is one of several scenarios.

    Raises:
        UsageError: naming the scenarios that there are, when it is not.
    """
    if against is None:
        return
    if len(names) < 2:
        raise click.UsageError("--against needs several scenarios: these results hold one.")
    if against not in names:
        from difflib import get_close_matches

        near = get_close_matches(against, names, 1)
        hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(names)}"
        raise click.UsageError(f"--against: there is no scenario '{against}'; {hint}")
