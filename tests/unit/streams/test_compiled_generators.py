"""mypyc turns a generator expression into a list, so in compiled code one without end takes all memory."""

from __future__ import annotations

import ast
from importlib.util import module_from_spec, spec_from_file_location
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from sim.model import Service
from sim.scenario import load
from sim.streams import endless

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]
WITHOUT_END = {"count", "cycle", "endless"}


def compiled_sources() -> list[Path]:
    """What `make fast` compiles."""
    spec = spec_from_file_location("compile_model", ROOT / "compile_model.py")
    assert spec is not None
    assert spec.loader is not None
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    files: list[Path] = script.sources()
    return files


def endless_functions(trees: list[ast.Module]) -> set[str]:
    """Names of generator functions that loop for ever."""
    names = set()
    for tree in trees:
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and any(
                isinstance(loop, ast.While)
                and isinstance(loop.test, ast.Constant)
                and any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(loop))
                for loop in ast.walk(function)
            ):
                names.add(function.name)
    return names


def without_end(node: ast.expr, names: set[str]) -> bool:
    """Whether an expression is an iterator that never ends."""
    if isinstance(node, ast.Name):
        return node.id in names
    if not isinstance(node, ast.Call):
        return False
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if called == "iter":
        return len(node.args) == 2
    if called == "repeat":
        return len(node.args) + len(node.keywords) == 1
    if called in ("zip", "islice", "takewhile"):
        return called == "zip" and all(without_end(argument, names) for argument in node.args)
    return called in names or any(without_end(argument, names) for argument in node.args)


def endless_expressions(tree: ast.Module, functions: set[str]) -> list[int]:
    """Lines of generator expressions that never end."""
    names = WITHOUT_END | functions
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and without_end(node.value, names):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.GeneratorExp)
        and any(without_end(generator.iter, names) for generator in node.generators)
    ]


@pytest.mark.parametrize(
    ("source", "ends"),
    [
        ("x = (d for block in iter(draw, None) for d in block)", False),
        ("x = (draw(n) for n in repeat(5))", False),
        ("x = (draw(n) for n in itertools.count())", False),
        ("c = cycle(names)\nx = (draw(n) for n in c)", False),
        ("def f():\n    while True:\n        yield 1\nx = (n for n in f())", False),
        ("x = (n for _, n in enumerate(count()))", False),
        ("x = (draw(n) for n in repeat(5, times))", True),
        ("x = (n for n in iter(names))", True),
        ("x = (n for _, n in zip(names, count()))", True),
        ("def f():\n    for n in names:\n        yield n\nx = (n for n in f())", True),
    ],
)
def test_the_scan_tells_what_ends(source: str, ends: bool) -> None:
    tree = ast.parse(source)
    assert bool(endless_expressions(tree, endless_functions([tree]))) is not ends


def test_no_compiled_generator_expression_is_without_end() -> None:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in compiled_sources()}
    assert len(trees) > 60
    functions = endless_functions(list(trees.values()))
    lines = [(path.name, line) for path, tree in trees.items() for line in endless_expressions(tree, functions)]
    assert lines == []


def test_numbers_are_drawn_as_they_are_taken() -> None:
    blocks: list[int] = []

    def draw(number: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        blocks.append(number)
        assert len(blocks) < 5
        return np.arange(float(number))

    assert list(islice(endless(draw, 3), 7)) == [0.0, 1.0, 2.0, 0.0, 1.0, 2.0, 0.0]
    assert blocks == [3, 3, 3]


def test_chairs_are_away_for_a_share_of_the_sessions() -> None:
    changes = ["capacities.conference_slots_a_week=10", "capacities.conference_chair_absence=50%"]
    with_all = Service(load("tiny", changes[:1]).scenario, 1, 0, record=False).conferences
    with_half = Service(load("tiny", changes).scenario, 1, 0, record=False).conferences
    offered, kept = sum(with_all.offered), sum(with_half.offered)
    assert 0.35 * offered < kept < 0.65 * offered
    assert all(few <= many for few, many in zip(with_half.offered, with_all.offered, strict=True))
