"""The list of results beside a results folder, made anew after a run."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["list_results_beside"]


def list_results_beside(saved: Path) -> None:
    """Make the list in the folder that holds `saved`, unless that is the current folder or the list is not ours.

    A list that cannot be written is said, and changes nothing else: the results are saved.
    """
    from sim.report.results_list import write_results_list

    parent = saved.absolute().parent
    if parent == Path.cwd():
        return
    try:
        write_results_list(parent)
    except OSError as error:
        click.echo(f"The list of results in {parent} could not be made: {error.strerror or error}", err=True)
