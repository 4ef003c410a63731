"""Compile the model from its own sources, beside which the extension modules are put: what `make fast` does.

    python compile_model.py SOURCE.py …

The compiler is mypyc, which goes by the types that mypy checks. Results are the same to the last bit (`tests/golden`).
"""

from __future__ import annotations

import sys
from pathlib import Path

from mypyc.build import mypycify
from setuptools import setup

from sim.compiled import PACKAGE, write_digests


def main(sources: list[str]) -> None:
    """Compile sources, and note what they were."""
    extensions = mypycify(sources, opt_level="2", debug_level="0", group_name="frontdoor_model")
    for extension in extensions:
        # No fused multiply-add: figures must be those of the interpreter.
        extension.extra_compile_args.append("-ffp-contract=off")
    arguments = ["--quiet", "build_ext", "--inplace", "--build-temp", "build/temp", "--build-lib", "build/lib"]
    setup(name="model", packages=[], py_modules=[], ext_modules=extensions, script_args=arguments)
    write_digests(PACKAGE, map(Path, sources))


if __name__ == "__main__":
    main(sys.argv[1:])
