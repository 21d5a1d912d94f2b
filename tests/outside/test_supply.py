"""Both ends of every dependency's range work: the lowest releases and the newest."""

import os
import re
import subprocess

import pytest

from tests.support.packing import CORE, Environment, bounds, builder, built, copied, python_of

pytestmark = pytest.mark.outside

FAST = "not four_times and not time_grows and not text_and_value and not no_request_makes and not leave_no_memory"
"""All but laws of time and memory, and two that take long and ask nothing of a dependency."""
ENDS = [("3.11", "lowest"), ("3.12", "newest"), ("3.13", "newest")]


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """Run the core tests on the built wheel with both ends at once; return exit code and output by Python version."""
    folder = tmp_path_factory.mktemp("ends")
    build = builder(folder / "build")
    wheel = built(build, folder / "wheel")
    tests = copied(folder / "tests", "reqlint", ".ci", "benchmarks")  # so that the package is the installed one
    lowest = [f"{name}=={bound}" for name, bound in bounds().items()]
    running = {}
    for version, end in ENDS:
        python = python_of(version)
        if python is None:
            continue
        environment = Environment(folder / version, python)
        environment.install(wheel, "pytest", "hypothesis", *(lowest if end == "lowest" else []))
        running[version] = subprocess.Popen(
            [environment.python, "-m", "pytest", "-q", "-m", "core", "-k", FAST, "-p", "no:cacheprovider", *CORE],
            cwd=tests,
            env={
                **os.environ,
                "REQLINT_TEST_MUTATIONS": "300",
                "REQLINT_TEST_SAMPLE": "2",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
    return {version: (run.communicate()[0], run.returncode)[::-1] for version, run in running.items()}


@pytest.mark.parametrize(("version", "end"), ENDS, ids=[f"{end} on {version}" for version, end in ENDS])
def test_both_ends_of_every_bound_work(ended: dict[str, tuple[int, str]], version: str, end: str) -> None:
    """With every dependency at its lower bound, and with the newest of each, the built wheel passes the core tests."""
    if version not in ended:
        pytest.skip(f"no Python {version} was found on this machine")
    code, out = ended[version]
    assert code == 0, f"{end}\n{out[-6000:]}"
    assert int(re.findall(r"(\d+) passed", out)[-1]) > 300 if " passed" in out else out.count(".") > 300
