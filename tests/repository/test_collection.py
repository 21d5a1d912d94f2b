"""Collecting the tests is repeatable, and each test is in the part of the suite that its needs say."""

import os
import re
import subprocess
import sys

import pytest

from tests.conftest import COLLECTED, ROOT


def collected(seed: str) -> list[str]:
    """Return the ids of all tests, as a process with *seed* for its hashes collects them."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider", "-p", "no:xdist"]
    run = subprocess.run(
        [*command, "-o", "addopts=--import-mode=importlib -q"],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:]
    return [line for line in run.stdout.splitlines() if "::" in line]


def test_every_collection_is_the_same(request: pytest.FixtureRequest) -> None:
    """Collected again, seconds later and with other hashes, the tests have the same ids in the same order."""
    ours = os.environ.get("PYTHONHASHSEED", "random")
    here = request.config.stash[COLLECTED]
    first = here if request.config.args == ["tests"] else collected("3" if ours != "3" else "4")
    assert len(first) > 4000
    assert collected("1" if ours != "1" else "2") == first


def test_the_tests_from_outside_are_marked() -> None:
    """Every file in ``tests/outside`` is marked so that it runs only when asked for, and no other file is."""
    for path in (ROOT / "tests").rglob("test_*.py"):
        marked = re.search(r"^(pytestmark = |    )pytest\.mark\.outside,?$", path.read_text("utf-8"), re.MULTILINE)
        assert bool(marked) == (path.parent.name == "outside"), path
