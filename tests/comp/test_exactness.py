"""Between a file and a payout there is no floating point: the core's own text is searched for it."""

import ast
import sys
from pathlib import Path

import pytest

import comp

MODULES = sorted(Path(comp.__file__).parent.glob("*.py"))
RINGS_OUTSIDE = {"db", "models", "store", "services", "migrations"}
STATISTICS = {
    "accrual_band",
    "findings",
    "guidance",
    "guidance_conditions",
    "integrity",
    "integrity_unit",
    "intervals",
    "lint_cliffs",
    "sampling",
    "whatif_moves",
    "whatif_scores",
}
"""The modules in which floating point is at home: odds, bands and who may move most inform and never reach a payout."""

CORE = [path for path in MODULES if path.stem not in RINGS_OUTSIDE]
INEXACT = {"float", "round", "sqrt", "math", "getcontext", "localcontext", "setcontext", "quantize", "ROUND_HALF_EVEN"}
PAYS = {"money", "curves", "pools", "readings", "attainment", "stretches", "results", "calculate", "facts", "scores"}


def nodes(path):
    return list(ast.walk(ast.parse(path.read_text())))


def names(path):
    for node in nodes(path):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def imported(path):
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_the_core_imports_the_standard_library_and_itself_alone(path):
    packages = {module.split(".")[0] for module in imported(path)} - {"comp"}
    assert packages <= sys.stdlib_module_names
    own = {module.split(".")[1] for module in imported(path) if module.startswith("comp.")}
    assert not own & RINGS_OUTSIDE


@pytest.mark.parametrize("path", [path for path in CORE if path.stem not in STATISTICS], ids=lambda path: path.stem)
def test_no_number_of_the_core_is_inexact(path):
    guards = {"float"} if path.stem in {"money", "rule_documents"} else set()
    assert not INEXACT & set(names(path)) - guards
    assert not [node.value for node in nodes(path) if isinstance(node, ast.Constant) and isinstance(node.value, float)]


@pytest.mark.parametrize("stem", ["money", "rule_documents"])
def test_where_float_is_named_it_is_refused(stem):
    (path,) = (path for path in CORE if path.stem == stem)
    tests = [node for node in nodes(path) if isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance"]
    assert [ast.unparse(test.args[1]) for test in tests].count("float") == list(names(path)).count("float") == 1


@pytest.mark.parametrize("stem", sorted(PAYS))
def test_nothing_that_pays_asks_the_time_chance_or_the_surroundings(stem):
    (path,) = (path for path in CORE if path.stem == stem)
    assert not {"now", "today", "time", "random", "environ", "getenv", "open"} & set(names(path))
    assert not STATISTICS & {module.removeprefix("comp.") for module in imported(path)}


def test_the_only_rounding_is_called_for_scores_amounts_and_texts_alone():
    callers = {path.stem for path in CORE if "round_half_up" in set(names(path))}
    assert callers == {"money", "scores", "figures", "funding", "guarantees", "exchange", "accruals", "accrual_sheets"}
