"""The command line: `frontdoor`. Thin: everything it does can be done from Python."""

from sim.cli.entry import main

__all__ = ["main"]
