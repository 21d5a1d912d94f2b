"""The lines of the README for people without an environment: uvx and pipx run what the checkout holds."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from reqlint import __version__
from tests.support.packing import ROOT, Environment, copied

pytestmark = pytest.mark.outside

LINES = re.findall(r"^((?:uvx|pipx) .*)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return an environment with uv and pipx."""
    environment = Environment(tmp_path_factory.mktemp("tools") / "env")
    try:
        environment.install("uv", "pipx")
    except AssertionError as failed:
        pytest.skip(f"uv and pipx cannot be had here: {str(failed)[-300:]}")
    return environment


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the checkout, which building may write into."""
    return copied(tmp_path_factory.mktemp("copy") / "checkout")


def test_there_is_a_line_for_each() -> None:
    """The README has a line for uvx and one for pipx."""
    assert [line.split()[0] for line in LINES] == ["uvx", "pipx"]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.split()[0])
def test_the_line_runs_the_checkout(tools: Environment, checkout: Path, tmp_path: Path, line: str) -> None:
    """Followed to the letter, a line checks the examples with this reqlint; nothing is left in the user's folders."""
    program, *words = line.split()
    assert words[-2:] == ["check", "examples"]
    own = {name: str(tmp_path / name.lower()) for name in ("UV_CACHE_DIR", "PIPX_HOME", "PIPX_BIN_DIR", "PIPX_MAN_DIR")}
    outcomes = []
    for arguments in ([*words[:-2], "--version"], words):
        run = subprocess.run(
            [str(tools.scripts / program), *arguments],
            cwd=checkout,
            env={**os.environ, **own, "PATH": f"{tools.scripts}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        outcomes.append((run.returncode, run.stdout, run.stderr))
    [(code, version, said), (checked, report, _)] = outcomes
    assert (code, version) == (0, f"reqlint {__version__}\n"), said
    assert checked == 1, report
    assert "reqlint explain" in report
