"""What this installation can do, and what to do about what it cannot."""

from __future__ import annotations

import os
import platform
import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

__all__ = ["BROWSERS", "Finding", "examine"]

DISTRIBUTION = "frontdoor-sim"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
"""Programs that draw charts as pictures; any browser opens a report."""
COUNCIL_GIGABYTES = 0.5
"""Memory of one worker process with a council of 7,000 referrals a year over four years, rounded up (measured: 154 MB,
and the libraries)."""


@dataclass(frozen=True)
class Finding:
    """One line of the examination.

    Attributes:
        subject: what was looked at.
        state: what it is, in a few words.
        advice: what to do about it; empty where nothing needs doing.
    """

    subject: str
    state: str
    advice: str = ""


def examine() -> list[Finding]:
    """Look at Python, the compiled model, processors, memory, the browser and the optional libraries."""
    return [_product(), _python(), _model(), *_machine(), _browser(), *_extras()]


def _product() -> Finding:
    from sim.experiment.results.version import product_version

    return Finding("Front Door", product_version())


def _python() -> Finding:
    name = f"{platform.python_implementation()} {platform.python_version()} on {platform.system()}"
    if tuple(int(part) for part in platform.python_version_tuple()[:2]) < (3, 13):
        return Finding("Python", name, "Python 3.13 or newer runs the model faster; this one works.")
    return Finding("Python", name)


def _model() -> Finding:
    from sim.compiled import is_compiled

    if is_compiled():
        return Finding("Model", "compiled")
    return Finding(
        "Model",
        "as written",
        "Compiled it takes half the time: `make fast` in a checkout, or install a compiled wheel.",
    )


def _machine() -> list[Finding]:
    from sim.experiment.running.executor import available_cpus

    cores = available_cpus()
    findings = [
        Finding("Processors", str(cores), "" if cores > 1 else "With one, replications run one after the other.")
    ]
    memory = _memory_gigabytes()
    if memory is None:
        return [*findings, Finding("Memory", "not known on this system")]
    needed = cores * COUNCIL_GIGABYTES
    advice = f"Give --workers {max(1, int(memory / COUNCIL_GIGABYTES))} or fewer." if memory < needed else ""
    return [*findings, Finding("Memory", f"{memory:.1f} GB", advice)]


def _memory_gigabytes() -> float | None:
    names = getattr(os, "sysconf_names", {})
    if "SC_PHYS_PAGES" not in names or "SC_PAGE_SIZE" not in names:
        return None
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9


def _browser() -> Finding:
    for name in BROWSERS:
        if shutil.which(name):
            return Finding("Browser for pictures", name)
    return Finding(
        "Browser for pictures",
        "none of " + ", ".join(BROWSERS),
        "Reports open in any browser; exporting charts as pictures needs Chromium or Chrome.",
    )


def _extras() -> list[Finding]:
    """One line for each optional extra of the installed package; development extras are left out."""
    wanted: dict[str, list[str]] = {}
    for requirement in _requirements():
        library, _, condition = requirement.partition(";")
        if "extra ==" not in condition:
            continue
        extra = condition.split("extra ==")[1].strip(" '\")")
        if extra in ("test", "dev", "peers", "compile", "docs"):
            continue
        name = library.strip().split("[")[0]
        for sign in "<>=!~ ":
            name = name.split(sign)[0]
        if name != DISTRIBUTION:
            wanted.setdefault(extra, []).append(name)
    findings = []
    for extra, libraries in sorted(wanted.items()):
        missing = [name for name in libraries if not _is_installed(name)]
        if missing:
            advice = f"pip install '{DISTRIBUTION}[{extra}]' adds it."
            findings.append(Finding(f"Extra: {extra}", f"not installed ({', '.join(missing)})", advice))
        else:
            findings.append(Finding(f"Extra: {extra}", "installed"))
    return findings


def _requirements() -> list[str]:
    try:
        return requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        return []


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True
