"""
Breaks what stands outside functions, which mutmut leaves alone: the words and numbers of tables, sets and patterns.

One at a time, in a copy of the project, with a process of its own for the tests of each.
"""

import ast
import json
import os
import resource
import sys
import tomllib
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from time import perf_counter

MOST_SECONDS = 120
"""Of the processor, after which a broken module is held to hang."""


def changes(source: str) -> Iterator[tuple[str, str]]:
    """Give each change of one word or number in *source*, told as ``TABLE: old → new``, with the changed source."""
    lines = source.encode().splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines))]
    for node in ast.parse(source).body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        for each in ast.walk(node.value):
            if isinstance(each, ast.Constant) and (new := _other(each.value)) is not None:
                start, end = (
                    starts[each.lineno - 1] + each.col_offset,
                    starts[each.end_lineno - 1] + each.end_col_offset,
                )  # type: ignore[operator]  # set, as it was parsed
                whole = source.encode()
                told = f"{ast.unparse(target)}: {each.value!r} → {new!r}"
                yield told, (whole[:start] + repr(new).encode() + whole[end:]).decode()


def _other(value: object) -> str | bytes | int | None:
    if isinstance(value, str):
        return f"XX{value}XX"
    if isinstance(value, bytes):
        return b"XX" + value
    return value + 1 if isinstance(value, int) and not isinstance(value, bool) else None


def outcome(folder: Path, tests: Sequence[str], changed: Path | None = None) -> str:
    """Say what the tests in *folder* make of the project there, of which one file may be changed for the moment."""
    if changed is not None:  # what is compiled of it may be of the change before, which is as long and as old
        for compiled in changed.parent.glob(f"__pycache__/{changed.stem}.*"):
            compiled.unlink()
    child = os.fork()
    if child:
        return "survived" if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0 else "killed"
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os.chdir(folder)
        sys.path.insert(0, str(folder))
        sys.dont_write_bytecode = changed is not None
        import pytest

        code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]))
    finally:
        os._exit(code)


def outcomes(folder: Path, modules: Sequence[str] = ()) -> Iterator[tuple[str, str, str, float]]:
    """
    Give the module of each change, the change, what the tests made of it, and the seconds that took.

    *folder* is a copy of the project, where what was noticed once is known the next time.
    """
    import jsonschema  # noqa: F401 - imported here once, and not in every process
    import pytest  # noqa: F401 - as above

    configured = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    tests = configured["pytest_add_cli_args_test_selection"]
    if outcome(folder, tests) != "survived":
        raise SystemExit("the tests fail as it is")
    remembered = folder / "words.json"
    known: dict[str, float] = json.loads(remembered.read_text("utf-8")) if remembered.exists() else {}
    for path in sorted((folder / "reqlint" / "checks").glob("*.py")):
        if not modules or path.stem in modules:
            source = path.read_text("utf-8")
            for told, changed in changes(source):
                key = f"{path.stem} {sha256(changed.encode()).hexdigest()}"
                status = "killed"
                if key not in known:
                    began = perf_counter()
                    path.write_text(changed, "utf-8")
                    status = outcome(folder, tests, path)
                    path.write_text(source, "utf-8")
                    known[key] = perf_counter() - began
                yield path.stem, f"{path.stem}.{told}", status, known[key]
                if status != "killed":
                    del known[key]
            remembered.write_text(json.dumps(known), "utf-8")
