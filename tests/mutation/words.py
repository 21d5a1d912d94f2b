"""
Break code outside functions, which mutmut leaves alone: the words and numbers of tables, sets and patterns.

Each is changed alone, in a copy of the project, and the tests run in a new process.
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
"""Processor time after which a broken module counts as hanging."""


def changes(source: str) -> Iterator[tuple[str, str]]:
    """Yield each change of one word or number in *source*, as ``TABLE: old → new``, with the changed source."""
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
                text = source.encode()
                change = f"{ast.unparse(target)}: {each.value!r} → {new!r}"
                yield change, (text[:start] + repr(new).encode() + text[end:]).decode()


def _other(value: object) -> str | bytes | int | None:
    if isinstance(value, str):
        return f"XX{value}XX"
    if isinstance(value, bytes):
        return b"XX" + value
    return value + 1 if isinstance(value, int) and not isinstance(value, bool) else None


def outcome(folder: Path, tests: Sequence[str], changed: Path | None = None) -> str:
    """Run the tests in *folder*, where one file may be changed, and return "killed" or "survived"."""
    if changed is not None:  # its compiled form may be that of the change before, of the same size and time
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
    Yield each change as its module, its text, whether it survived, and the seconds its tests took.

    *folder* is a copy of the project; changes that were noticed there in an earlier run are not tried again.
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
            for change, changed in changes(source):
                key = f"{path.stem} {sha256(changed.encode()).hexdigest()}"
                status = "killed"
                if key not in known:
                    began = perf_counter()
                    path.write_text(changed, "utf-8")
                    status = outcome(folder, tests, path)
                    path.write_text(source, "utf-8")
                    known[key] = perf_counter() - began
                yield path.stem, f"{path.stem}.{change}", status, known[key]
                if status != "killed":
                    del known[key]
            remembered.write_text(json.dumps(known), "utf-8")
