"""What goes into the one file, and where it comes from: nothing is taken whose hash is not that of Pyodide's own lock.

The folder that is given holds the core of Pyodide (npm: `pyodide`) and the wheels built for it. Libraries in plain
Python that Pyodide's lock does not name come from the environment that builds the file, at its pinned versions.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from sim.serve.errors import PageError

__all__ = ["CORE", "PYODIDE", "core_files", "site_archive"]

PYODIDE: Final = "314.0.3"
CORE: Final = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK: Final = "pyodide-lock.json"
LOCKED: Final = (
    "annotated-types", "click", "lxml", "numpy", "pandas", "pydantic", "pydantic-core", "python-dateutil", "pytz",
    "scipy", "six", "typing-extensions", "typing-inspection",
)  # fmt: skip
"""Wheels of the folder, each checked against Pyodide's lock."""
PLAIN: Final = (
    "et_xmlfile", "holidays", "Jinja2", "MarkupSafe", "narwhals", "openpyxl", "packaging", "plotly", "python-docx",
    "PyYAML", "simpy", "tzdata", "XlsxWriter",
)  # fmt: skip
"""Libraries that run in plain Python, of the environment that builds the file; without the last few of an export the
file is made all the same."""
OPTIONAL: Final = frozenset({"et_xmlfile", "openpyxl", "python-docx", "XlsxWriter", "tzdata"})
_NOT_NEEDED: Final = re.compile(
    r"(^|/)(tests?|testing/data|__pycache__|conftest\.py)(/|$)|\.(pyi|pyx|pxd|so\.map|js\.map|c|h|exe)$|"
    r"^(plotly/labextension|plotly/package_data/(datasets|plotly\.min\.js)|holidays/locale|scipy/(datasets|io/arff)|"
    r"narwhals/_(duckdb|ibis|polars|spark_like|dask)|share|\.\.)(/|$)|cython_special"
)
"""Files of libraries that nothing here reads."""
SPARE: Final = "plotly.min.js"


def core_files(folder: Path) -> dict[str, bytes]:
    """The core of Pyodide by the name of the file.

    Raises:
        PageError: when one is missing, or it is another version.
    """
    lock = _lock(folder)
    if lock["info"].get("python", "")[:4] != "3.14":
        raise PageError(f"{folder} holds Pyodide for Python {lock['info'].get('python')}; {PYODIDE} is needed")
    return {name: _read(folder / name) for name in CORE}


def site_archive(folder: Path) -> bytes:
    """A zip of everything that Python imports in the browser: libraries, Front Door and the shipped scenarios.

    Raises:
        PageError: when a wheel is missing or is not what Pyodide's lock says, or a library is not installed.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        written: set[str] = set()
        for name, content in (*_wheels(folder), *_installed(), *_own()):
            if name in written or _NOT_NEEDED.search(name):
                continue
            written.add(name)
            # The same parts give the same file: no date of today is in it.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _lock(folder: Path) -> dict[str, Any]:
    lock: dict[str, Any] = json.loads(_read(folder / LOCK))
    return lock


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise PageError(f"{path} is missing; docs/planner/share.md says how the folder is filled") from None


def _wheels(folder: Path) -> Iterator[tuple[str, bytes]]:
    packages = _lock(folder)["packages"]
    for name in LOCKED:
        entry = packages[name]
        content = _read(folder / entry["file_name"])
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            raise PageError(f"{entry['file_name']} is not the file that Pyodide's lock names (its SHA-256 differs)")
        with zipfile.ZipFile(io.BytesIO(content)) as wheel:
            for part in wheel.namelist():
                if not part.endswith("/"):
                    yield part, wheel.read(part)


def _installed() -> Iterator[tuple[str, bytes]]:
    for name in PLAIN:
        try:
            files = metadata.files(name)
        except metadata.PackageNotFoundError:
            if name in OPTIONAL:
                continue
            raise PageError(f"{name} is not installed; make .venv first (make page does)") from None
        for file in files or ():
            text = file.as_posix()
            if not text.startswith("..") and not text.endswith((".so", ".pyc")):
                yield text, Path(str(file.locate())).read_bytes()


def _own() -> Iterator[tuple[str, bytes]]:
    from sim.scenario.reading import shipped

    package = Path(__file__).resolve().parents[2]
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package.parent).as_posix()
        if path.is_file() and "__pycache__" not in inside and "/page/" not in inside and path.suffix != ".so":
            yield inside, path.read_bytes()
    scenarios = shipped.folder()
    assert scenarios is not None
    for path in sorted(scenarios.rglob("*")):
        if path.is_file():
            yield f"sim/shipped/{path.relative_to(scenarios).as_posix()}", path.read_bytes()
    from sim.experiment.results.version import product_version

    about = f"Metadata-Version: 2.1\nName: frontdoor-sim\nVersion: {product_version()}\n"
    yield f"frontdoor_sim-{product_version()}.dist-info/METADATA", about.encode()
