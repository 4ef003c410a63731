"""The command group, and how errors are shown: a line for each problem, no traceback unless asked for."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

__all__ = ["INTERRUPTED", "cli", "main"]

FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 130

_COMMANDS = (
    "run",
    "compare",
    "explain",
    "sweep",
    "solve",
    "sensitivity",
    "new",
    "serve",
    "check",
    "why",
    "report",
    "open",
    "export",
    "list",
    "schema",
    "measures",
    "baseline",
    "from-returns",
    "benchmark-council",
    "calibrate",
    "backtest",
    "backtest-councils",
    "forecast-weights",
    "doctor",
)


class _Commands(click.Group):
    """Commands in the order in which they are used; the module of each is imported when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"sim.cli.{cmd_name.replace('-', '_')}_command").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            close = get_close_matches(args[0], _COMMANDS, 1)
            if close:
                raise click.UsageError(f"{error.message} Did you mean '{close[0]}'?", ctx) from None
            raise


def _show_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from sim.experiment.results.version import product_version

        click.echo(f"frontdoor {product_version()}")
        ctx.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an unexpected error.")
def cli(debug: bool) -> None:
    """Front Door: where do children wait, for how long, and what would change it?

    Simulates a children's social care service from the referral to care proceedings. Everything that comes
    out is simulated.

    Begin with:  frontdoor run tiny
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 something failed, 2 bad input, 130 interrupted."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    # Wherever it was written: people add it to the end of the command that failed.
    given = (["--debug"] if debug else []) + [argument for argument in given if argument != "--debug"]
    from sim.cli.signals import as_interrupts
    from sim.cli.terminal import guarded

    with guarded(), as_interrupts():
        code = _run(given, debug)
    if arguments is None:
        # The process ends here: a last search of all objects for cycles would take a tenth of a second for nothing.
        gc.freeze()
    sys.exit(code)


def _run(given: list[str], debug: bool) -> int:
    try:
        code = cli.main(given, prog_name="frontdoor", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted: nothing was written.", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (`frontdoor schema | head`): nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        return _show(error, debug)


def _show(error: Exception, debug: bool) -> int:
    from sim.experiment.errors import ExperimentError, LostError, ReplicationsFailedError, ReportError
    from sim.scenario.errors.problems import ScenarioError

    if debug:
        import traceback

        traceback.print_exception(error)
    if isinstance(error, ScenarioError | ExperimentError):
        click.echo(str(error), err=True)
        return FAILED if isinstance(error, ReplicationsFailedError | LostError | ReportError) else BAD_INPUT
    text = " ".join(str(error).split())
    kind = type(error).__name__
    hint = "" if debug else " (add --debug for the details)"
    click.echo(f"frontdoor could not go on: {kind}{': ' + text if text else ''}{hint}", err=True)
    return FAILED
