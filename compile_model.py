"""Compile the model from its own sources: what `make fast` and the build of a compiled wheel do.

    python compile_model.py

The compiler is mypyc, which goes by the types that mypy checks. The extension modules are put beside their sources, and
results are the same to the last bit (`tests/golden`). On two busy cores, one C file a module, two at a time, takes 33
to 42 seconds; one large file took 100. Croydon's years take the same time either way, and with `-O1` as with `-O2`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sim.compiled import PACKAGE, write_digests

ROOT = PACKAGE.parent
FOLDERS = ("model", "streams")
CALLED_AT_EACH_EVENT = (
    "calendar/working_days.py",
    "scenario/distributions/band_table.py",
    "scenario/distributions/gamma_table.py",
)
"""What the model calls so often that calls between compiled and written code would cost as much as compiling saves."""


def sources() -> list[Path]:
    """The files that are compiled, in an order that does not depend on the machine."""
    files = [file for folder in FOLDERS for file in (PACKAGE / folder).rglob("*.py") if file.name != "__init__.py"]
    return sorted([*files, *(PACKAGE / name for name in CALLED_AT_EACH_EVENT)])


def compile_model() -> None:
    """Compile the model in place, and note what the sources were."""
    from mypyc.build import mypycify
    from pybind11.setup_helpers import ParallelCompile
    from setuptools import setup

    os.chdir(ROOT)
    files = sources()
    names = [str(file.relative_to(ROOT)) for file in files]
    extensions = mypycify(names, opt_level="1", debug_level="0", group_name="frontdoor_model", multi_file=True)
    if sys.platform != "win32":
        for extension in extensions:
            # No fused multiply-add: figures must be those of the interpreter. MSVC fuses only where it is asked to.
            extension.extra_compile_args.append("-ffp-contract=off")
    with ParallelCompile(default=os.cpu_count() or 1):
        arguments = ["--quiet", "build_ext", "--inplace", "--build-temp", "build/temp", "--build-lib", "build/lib"]
        setup(name="model", packages=[], py_modules=[], ext_modules=extensions, script_args=arguments)
    write_digests(PACKAGE, files)


if __name__ == "__main__":
    compile_model()
