"""`frontdoor doctor`: what this installation can do, and what to do about what it cannot."""

from __future__ import annotations

import click


@click.command("doctor", short_help="Say what this installation can do.")
def command() -> int:
    """Look at Python, the compiled model, processors, memory, the browser and optional libraries, and advise."""
    from sim.experiment.doctor import examine

    findings = examine()
    width = max(len(finding.subject) for finding in findings)
    for finding in findings:
        click.echo(f"{finding.subject:<{width}}  {finding.state}")
        if finding.advice:
            click.echo(f"{'':<{width}}  → {finding.advice}")
    return 0
