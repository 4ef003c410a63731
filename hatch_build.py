"""Builds a wheel with the model compiled where FRONTDOOR_COMPILED=1 is set; otherwise one of plain Python.

Compiled, the extension modules of the platform on which it is built lie beside their sources in the wheel.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPILED = "FRONTDOOR_COMPILED"


class CompiledModel(BuildHookInterface[Any]):
    """Compiles the model before the wheel is put together."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What compiling needs, besides a C compiler."""
        return ["mypy>=1.14", "pybind11>=2.13", "pydantic>=2.10", "setuptools>=75"] if _wanted() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and let the wheel take the extension modules and carry the tag of this platform."""
        if self.target_name != "wheel" or version == "editable" or not _wanted():
            return
        subprocess.run(
            [sys.executable, "compile_model.py"], cwd=self.root, check=True, env={**os.environ, "PYTHONPATH": self.root}
        )
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["artifacts"] += ["sim/**/*.so", "sim/**/*.pyd", "sim/compiled.json"]
        for module in self._shared_module():
            build_data["force_include"][str(module)] = module.name

    def _shared_module(self) -> list[Any]:
        from pathlib import Path

        return [file for file in Path(self.root).glob("frontdoor_model__mypyc.*") if file.suffix in (".so", ".pyd")]


def _wanted() -> bool:
    return os.environ.get(COMPILED, "") not in ("", "0")
