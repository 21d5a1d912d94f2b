"""Each promise of the threat model names tests, and those tests exist."""

import ast
import re
from functools import cache

from tests.support.generated import ROOT

MODEL = (ROOT / "docs" / "security.md").read_text("utf-8")
SECTIONS = re.split(r"^## ", MODEL, flags=re.M)[1:]


def rows() -> list[tuple[str, list[str]]]:
    """Return every row of the tables of promises: the promise, and the tests that hold it."""
    found = []
    for table in re.findall(r"^\| promise \|.*?\n\n", MODEL, re.M | re.S):
        for line in table.strip().splitlines()[2:]:
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            found.append((cells[0], re.findall(r"`([\w/]+\.py)::(test_\w+)`", cells[-1])))
    return found


@cache
def functions(file: str) -> frozenset[str]:
    """Return the names of the tests in a file below ``tests/``."""
    tree = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_promise_is_held_by_a_test() -> None:
    """Every row of the threat model names at least one test, and every test it names exists."""
    assert len(rows()) > 30
    for promise, tests in rows():
        assert tests, promise
        for file, name in tests:
            assert (ROOT / "tests" / file).is_file(), f"{promise}: {file}"
            assert name in functions(file), f"{promise}: {file}::{name}"


def test_every_kind_of_attacker_has_promises() -> None:
    """Each row of the table "who controls what" links to a section that has promises."""
    who = re.search(r"^\| what \| .*?\n\n", MODEL, re.M | re.S)
    assert who
    led_to = re.findall(r"\]\(#([\w-]+)\)", who[0])
    promising = {
        section.split("\n", 1)[0].lower().replace(",", "").replace(" ", "-")
        for section in SECTIONS
        if "| promise |" in section
    }
    assert len(led_to) == len(who[0].strip().splitlines()) - 2
    assert set(led_to) == promising
