"""What can go wrong with an export, said in one sentence."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Final

from sim.experiment.errors import ExperimentError

__all__ = ["ExportError", "library"]


class ExportError(ExperimentError):
    """An export that cannot be made as asked."""


_EXTRAS: Final = {"xlsxwriter": ("excel", "Excel workbooks"), "docx": ("word", "Word pages"),
                  "kaleido": ("pictures", "Pictures")}  # fmt: skip


def library(name: str) -> ModuleType:
    """Import the optional library of a format.

    Raises:
        ExportError: saying which extra to install, when the library is not there.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != name:
            raise
        extra, what = _EXTRAS[name]
        raise ExportError(
            f"{what} need a library that is not installed; install it with: pip install 'frontdoor-sim[{extra}]'"
        ) from None
