"""
Break the rule checks in every way that mutmut knows, and record the breaks that no test notices.

``python tests/mutation/run.py`` writes ``tests/mutation/record.md`` and ends with 1 if a mutant survived that
``survivors.toml`` does not explain. With names of modules of ``reqlint/checks/`` it runs those and writes nothing.
mutmut leaves code outside functions alone; ``words.py`` breaks that.

It works on a copy. mutmut leaves decorated functions alone, and almost every check is one; in the copy a check is
registered below its function instead of above it, which means the same.
"""

import argparse
import ast
import json
import os
import platform
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import words

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
COPIED = ("reqlint", "rules", "schemas", "tests", "examples", "pyproject.toml")
MOVED = {"check", "proof"}
"""Decorators with the same effect as a call below the function."""
LEFT_OUT = {"cache"}
"""Decorators without which a function returns the same, and every test reaches it."""

STATUSES = {0: "survived", 5: "untested", 33: "untested", 24: "timeout", 36: "timeout", 152: "timeout", -24: "timeout"}
"""Exit codes as mutmut reads them; any other means that a test failed or the process crashed."""


class Mutant(NamedTuple):
    """A change of one function, and whether the tests noticed it."""

    name: str  #: in mutmut, for ``mutmut show``; its number changes when the function is edited
    module: str
    change: str  #: ``function: old → new``, which stays the same after an edit elsewhere
    status: str
    seconds: float  #: wall-clock time


def undecorated(source: str) -> str:
    """Return a module's source with functions registered below them instead of above, and nothing cached."""
    lines = source.split("\n")
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            names = [each.id for each in node.decorator_list if isinstance(each, ast.Name)]
            if len(names) == len(node.decorator_list) and (MOVED | LEFT_OUT).issuperset(names):
                below = [f"{node.name} = {name}({node.name})" for name in names if name in MOVED]
                lines[node.end_lineno : node.end_lineno] = below
                del lines[node.decorator_list[0].lineno - 1 : node.lineno - 1]
    return "\n".join(lines)


def prepare(folder: Path) -> None:
    """Copy into *folder* what the tests need, in a form that mutmut can change; files that are up to date stay."""
    for name in COPIED:
        for path in sorted((ROOT / name).rglob("*")) if (ROOT / name).is_dir() else [ROOT / name]:
            if path.is_dir() or "__pycache__" in path.parts:
                continue
            content, copy = path.read_bytes(), folder / path.relative_to(ROOT)
            if path.parent == ROOT / "reqlint" / "checks":
                content = undecorated(content.decode()).encode()
            if not copy.exists() or copy.read_bytes() != content:
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(content)
                # forces mutmut to find anew which tests reach which function; on its own it looks at new tests only
                (folder / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)


def mutants(folder: Path) -> Iterator[Mutant]:
    """Yield every mutant of the runs in *folder*."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    os.chdir(folder)  # where mutmut reads its configuration, and its mutants
    for path in sorted((folder / "mutants").rglob("*.meta")):
        source = path.relative_to(folder / "mutants").with_suffix("")
        results = json.loads(path.read_text("utf-8"))
        for name, code in results["exit_code_by_key"].items():
            if code is None:
                continue
            status = STATUSES.get(code, "killed")
            mangled = name.partition("__mutmut_")[0].rpartition(".")[2]  # x_function or xǁClassǁmethod
            function = mangled[2:].replace("ǁ", ".")
            diff = get_diff_for_mutant(name, path=source) if status != "killed" else ""
            old, new = (
                " ⏎ ".join(line[1:].strip() for line in diff.split("\n") if line[:1] == sign and line[:3] != sign * 3)
                for sign in "-+"
            )
            yield Mutant(
                name,
                source.stem,
                f"{source.stem}.{function}: {old} → {new}",
                status,
                results["durations_by_key"].get(name) or 0,
            )


def explanations() -> Mapping[str, str]:
    """Return the reasons why mutants may survive, by their changes."""
    groups = tomllib.loads((HERE / "survivors.toml").read_text("utf-8"))["equivalent"]
    return {change: group["why"] for group in groups for change in group["changes"]}


def record(found: Sequence[Mutant], explained: Mapping[str, str]) -> str:
    """Return the text of record.md for a run."""
    modules = sorted({mutant.module for mutant in found})
    rows = {module: Counter(m.status for m in found if m.module == module) for module in modules}
    for mutant in found:
        if mutant.status == "survived" and mutant.change in explained:
            rows[mutant.module]["survived"] -= 1
            rows[mutant.module]["explained"] += 1
    rows["**together**"] = sum(rows.values(), Counter())
    lines = [
        "# What mutation testing found",
        "",
        "Written by `python tests/mutation/run.py`; what survives is explained in `survivors.toml`.",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, mutmut {version('mutmut')}, pytest {version('pytest')}, "
        f"Python {platform.python_version()}; {sum(m.seconds for m in found) / 60:.0f} minutes of tests in all.",
        "",
        "The score is the share of mutants that a test noticed, a timeout being one way to notice, of those that are",
        "not explained as meaning the same.",
        "",
        "| reqlint/checks | mutants | killed | timeout | explained | survived | untested | score |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    columns = ("killed", "timeout", "explained", "survived", "untested")
    for module, row in rows.items():
        noticed = row["killed"] + row["timeout"]
        score = noticed / max(row.total() - row["explained"], 1)
        cells = " | ".join(f"{row[column]:,}" for column in columns)
        lines.append(f"| {module} | {row.total():,} | {cells} | {100 * score:.1f} % |")
    alive = [mutant for mutant in found if mutant.status in ("survived", "untested")]
    groups: dict[str, list[str]] = {}
    for mutant in alive:
        groups.setdefault(explained.get(mutant.change, "Not explained."), []).append(mutant.change)
    lines += ["", "## Survivors", ""]
    for why, changes in groups.items():
        lines += [f"{why}", "", "```", *sorted(changes), "```", ""]
    return "\n".join(lines)


def main() -> int:
    """Run the mutants, write the record, and return 1 if a survivor is unexplained."""
    parser = argparse.ArgumentParser(description="Mutation testing of the rule checks")
    parser.add_argument("modules", nargs="*", help="modules of reqlint/checks/; all, and recorded, by default")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="mutants at a time")
    parser.add_argument(
        "--keep", type=Path, help="folder to work in; a second run there repeats only what changed or survived"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep.absolute() if given.keep else Path(scratch)
        prepare(folder)
        run = [sys.executable, "-m", "mutmut", "run", "--max-children", str(given.jobs)]
        survived = {mutant.name for mutant in mutants(folder) if mutant.status != "killed"}
        subprocess.run([*run, *(f"reqlint.checks.{name}.*" for name in given.modules)], cwd=folder, check=True)
        left = [mutant.name for mutant in mutants(folder) if mutant.status != "killed" and mutant.name in survived]
        if left:
            subprocess.run([*run, *left], cwd=folder, check=True)
        found, explained = list(mutants(folder)), explanations()
        for module, change, status, seconds in words.outcomes(folder, given.modules):
            found.append(Mutant("outside functions", f"{module}, outside functions", change, status, seconds))
        os.chdir(ROOT)
    alive = [mutant for mutant in found if mutant.status in ("survived", "untested")]
    unexplained = [mutant for mutant in alive if mutant.change not in explained]
    for mutant in unexplained:
        print(f"{mutant.status}: {mutant.name}\n    {mutant.change}")
    if not given.modules:
        (HERE / "record.md").write_text(record(found, explained), "utf-8")
        for change in sorted(set(explained) - {mutant.change for mutant in alive}):
            print(f"explained, but not among the survivors: {change}")
    print(f"{len(found):,} mutants, {len(alive):,} alive, {len(unexplained):,} of them unexplained")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
