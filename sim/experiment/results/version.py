"""Which Front Door this is, and what it ran on."""

from __future__ import annotations

import platform
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["package_versions", "product_version"]

_PACKAGES = (
    "simpy", "numpy", "pandas", "pyarrow", "pydantic", "PyYAML", "holidays", "plotly", "Jinja2", "click",
    "rich",
)  # fmt: skip


@lru_cache(maxsize=1)
def product_version() -> str:
    """Return the version: of the installed package, or of the checkout that this file is in."""
    try:
        return version("frontdoor-sim")
    except PackageNotFoundError:
        import tomllib

        project = Path(__file__).resolve().parents[3] / "pyproject.toml"
        if not project.is_file():
            return "unknown"
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])


def package_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that results depend on."""
    versions = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions
