"""The tools and the record of mutation testing; the run itself takes long and is a separate command."""

import ast
import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from reqlint.checks import all_checks
from tests.conftest import ROOT

HERE = ROOT / "tests" / "mutation"
MODULES = sorted((ROOT / "reqlint" / "checks").glob("*.py"))


def script(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Load one of the scripts in tests/mutation, which import each other by name."""
    monkeypatch.syspath_prepend(str(HERE))
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def registered(tree: ast.Module) -> set[tuple[str, str]]:
    """Return the decorators and functions that a module registers, above a function or below it."""
    above = {
        (ast.unparse(decorator), node.name)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
    }
    calls = [node.value for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)]
    below = {(ast.unparse(call.func), ast.unparse(call.args[0])) for call in calls if call.args}
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return {each for each in above if each[0] != "cache"} | {(by, name) for by, name in below if name in functions}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_the_copy_that_is_broken_means_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the copy that is mutated, all functions are registered by a call and none has a decorator."""
    source = path.read_text("utf-8")
    before, after = ast.parse(source), ast.parse(script("run", monkeypatch).undecorated(source))
    assert registered(after) == registered(before)
    assert [node.name for node in after.body if isinstance(node, ast.FunctionDef) and node.decorator_list] == []
    named = {name.replace("_", "-") for by, name in registered(after) if by == "check"}
    assert named <= set(all_checks())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_each_word_is_changed_by_itself(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each change outside functions changes one constant, and every constant but true, false and null has one."""

    def constants(source: str) -> list[Any]:
        nodes = [node for node in ast.parse(source).body if isinstance(node, ast.Assign | ast.AnnAssign)]
        values = [node.value for node in nodes if node.value is not None]
        return [each.value for value in values for each in ast.walk(value) if isinstance(each, ast.Constant)]

    source = path.read_text("utf-8")
    own = constants(source)
    changes = list(script("words", monkeypatch).changes(source))
    assert len(changes) == sum(type(value) in (str, bytes, int) for value in own)
    for _, changed in changes:
        theirs = constants(changed)
        assert len(theirs) == len(own)
        assert sum(mine != other for mine, other in zip(own, theirs, strict=True)) == 1


def test_every_survivor_has_a_reason() -> None:
    """Every survivor of the recorded run has a reason, and every reason has a survivor."""
    text = (HERE / "record.md").read_text("utf-8")
    assert "Not explained." not in text
    for group in tomllib.loads((HERE / "survivors.toml").read_text("utf-8"))["equivalent"]:
        assert group["why"] in text
        assert [change for change in group["changes"] if change not in text] == []


def test_the_recorded_score_is_what_is_asked_of_it() -> None:
    """In every module the tests notice at least 95 % of the changes that mean something; what was not run is named."""
    record = (HERE / "record.md").read_text("utf-8")
    rows = re.findall(r"^\| (\S.*?) \|.*\| ([\d.]+) % \|$", record, re.M)
    newer = re.search(r"^Not measured yet, as they are newer than the last full run: ([^.]*)\.$", record, re.M)
    left = set(re.split(r",\s+", newer[1])) if newer else set()
    assert {path.stem for path in MODULES} - {name for name, _ in rows} - {"model_lists", "__init__"} == left
    assert [(name, score) for name, score in rows if float(score) < 95] == []
