"""Every example in the README, and on the pages of compat and why, is executed and prints the output shown there."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.durations import untimed

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
PAGES = "\n".join((ROOT / "docs" / page).read_text("utf-8") for page in ("compat.md", "why.md"))
CONSOLE = [
    *(text for language, text in BLOCKS if language == "console"),
    *re.findall(r"^```console\n(.*?)^```$", PAGES, re.MULTILINE | re.DOTALL),
]
PYTHON = [text for language, text in BLOCKS if language == "python"]


@pytest.mark.parametrize("block", CONSOLE, ids=lambda block: block.splitlines()[0][2:50])
def test_a_console_example_prints_what_it_says(block: str) -> None:
    """Each `$ reqlint …` line, run in the checkout, has the output below it and the exit code in `# exit N`."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, expected = part.partition("\n")
        command, _, code = line.partition("  # exit ")
        piped, _, last = command.rpartition(" | ")
        words = shlex.split(last)
        assert words[0] == "reqlint", "README examples run reqlint"
        run = subprocess.run(
            [sys.executable, "-m", "reqlint", *words[1:]],
            cwd=ROOT,
            input=subprocess.run(shlex.split(piped), capture_output=True, text=True, check=True).stdout
            if piped
            else "",
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"},
            check=False,
        )
        assert run.returncode == int(code or 0), run.stdout + run.stderr
        printed = untimed(run.stdout + run.stderr).strip()
        wanted = untimed(expected).strip()
        if wanted.endswith("…"):
            assert printed.startswith(wanted[:-1].strip()), printed
        else:
            assert printed == wanted


@pytest.mark.parametrize("block", PYTHON, ids=lambda block: block.splitlines()[0][:40])
def test_a_python_example_runs(block: str) -> None:
    """Each Python example runs, and every line with `# →` has that value."""
    scope: dict[str, object] = {}
    for statement in re.split(r"\n(?=\S)", block.strip()):
        code, arrow, said = statement.partition("  # → ")
        if arrow:
            assert str(eval(code, scope)) == said.strip()  # noqa: S307 - our own README
        else:
            exec(code, scope)  # noqa: S102 - our own README


def test_the_newcomers_commands_are_there() -> None:
    """Two commands set up and run everything with only Python; CI runs the second."""
    commands = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    assert len(commands) == 2
    assert "reqlint check examples" in commands[0]
    assert "pytest" in commands[1]
