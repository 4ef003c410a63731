"""Fills the folder that the one file is built from: `python -m sim.serve.one_file.gather CORE.tgz WHEEL.whl FOLDER`.

`CORE.tgz` is the npm package `pyodide`. numpy, pandas, SciPy, lxml and pydantic-core publish no wheels for Pyodide yet;
the PyPI wheel of open-webui carries those of the same version, which `build` checks against Pyodide's own lock.
"""

from __future__ import annotations

import json
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sim.serve.errors import PageError
from sim.serve.one_file.parts import CORE, LOCK, LOCKED

__all__ = ["gather", "main"]

CARRIED: Final = "open_webui/frontend/pyodide/"


def gather(core: Path, carrier: Path, folder: Path) -> list[str]:
    """Copy the core of Pyodide and the wheels that the page needs into a folder; return their names.

    Raises:
        PageError: when an archive cannot be read, or lacks a part.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(core) as archive:
            for name in (*CORE, LOCK):
                part = archive.extractfile(f"package/{name}")
                assert part is not None
                (folder / name).write_bytes(part.read())
        packages = json.loads((folder / LOCK).read_text(encoding="utf-8"))["packages"]
        wheels = [str(packages[name]["file_name"]) for name in LOCKED]
        with zipfile.ZipFile(carrier) as archive_of_wheels:
            for name in wheels:
                (folder / name).write_bytes(archive_of_wheels.read(f"{CARRIED}{name}"))
    except (OSError, KeyError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise PageError(f"the parts of Pyodide cannot be taken out: {error}") from None
    return [*CORE, LOCK, *wheels]


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill the folder, and say how many files it holds."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if len(given) != 3:
        sys.stderr.write("Usage: python -m sim.serve.one_file.gather CORE.tgz WHEEL.whl FOLDER\n")
        return 2
    try:
        names = gather(*(Path(each) for each in given))
    except PageError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{given[2]}: {len(names)} files\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
