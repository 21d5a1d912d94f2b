"""What `reqlint compat` says of its options `--mcp-stdio` and `--write` before and beside their work."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from reqlint import Linter
from tests.support.planted import find_leaks, of_form

Ran = subprocess.CompletedProcess[str]
Runner = Callable[..., Ran]

TOOL = {"name": "f", "title": "F", "inputSchema": {"type": "object", "properties": {}}}
REQUEST = {"model": "gpt-4.1", "messages": [{"role": "user", "content": "Hello"}]}


@pytest.fixture
def compat(tmp_path: Path, root: Path) -> Runner:
    """Return a function that runs the command in a scratch folder."""

    def run(*arguments: str, given: str = "", before: str = "") -> Ran:
        path = os.pathsep.join(filter(None, [before, str(root)]))
        ran = subprocess.run(
            [sys.executable, "-m", "reqlint", "compat", *arguments],
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}, input=given,
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert "Traceback" not in ran.stderr, ran.stderr
        return ran

    return run


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("", "--mcp-stdio names no command"),
        ("  ", "--mcp-stdio names no command"),
        ("'' x", "--mcp-stdio names no command"),
        ("python 'server.py", "--mcp-stdio cannot be split into words: no closing quotation"),
    ],
)
def test_a_command_without_words_is_a_mistake(compat: Runner, command: str, why: str) -> None:
    """It is said before anything is read or imported."""
    ran = compat("--mcp-stdio", command, "no-such-file.json")
    assert ran.returncode == 2
    assert why in ran.stderr


def test_without_the_extra_it_says_what_to_install(compat: Runner, tmp_path: Path) -> None:
    """One sentence, and nothing is started."""
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "sitecustomize.py").write_text("import sys\nsys.modules['mcp'] = None\n", "utf-8")
    command = f"{sys.executable} -c \"open('started', 'w')\""
    ran = compat("--mcp-stdio", command, before=str(tmp_path / "bare"))
    assert ran.returncode == 2
    said = 'Error: --mcp-stdio needs the package mcp: in the checkout, pip install ".[mcp]"'
    assert ran.stderr.splitlines()[-1] == said
    assert not (tmp_path / "started").exists()


def test_the_tools_are_printed_and_what_is_lost_is_told_beside(compat: Runner, tmp_path: Path) -> None:
    """Standard output has JSON and nothing else; several files and standard input make one list in their order."""
    (tmp_path / "b.json").write_text(json.dumps({"tools": [{**TOOL, "name": "b"}]}), "utf-8")
    (tmp_path / "a.json").write_text(json.dumps({**TOOL, "name": "a"}), "utf-8")
    ran = compat("--write", "openai", "--prefix", "p_", "b.json", "-", "a.json", given=json.dumps([TOOL]))
    assert ran.returncode == 0
    assert [tool["function"]["name"] for tool in json.loads(ran.stdout)] == ["p_b", "p_f", "p_a"]
    assert ran.stderr == "note: title is left out, which tools of Chat Completions do not have: p_b, p_f, p_a\n"


def test_names_that_are_there_twice_are_told(compat: Runner, tmp_path: Path) -> None:
    """Two files with a tool of one name are one list with two of them."""
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps([TOOL]), "utf-8")
    ran = compat("--write", "mcp", "a.json", "b.json")
    assert len(json.loads(ran.stdout)) == 2
    assert ran.stderr == "note: several tools have this name: f\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (json.dumps(REQUEST), "it is a request, and only tools without one are written"),
        (json.dumps({**REQUEST, "tools": []}), "it is a request, and only tools without one are written"),
        (json.dumps(TOOL["inputSchema"]), "it is a schema alone, without the name of a tool"),
        ('[{"name": "f", "name": "g", "inputSchema": {}}]', "its text has flaws, which reqlint check shows"),
        ('[{"name": "f", "inputSchema": {"maximum": NaN}}]', "its text has flaws, which reqlint check shows"),
        ('[{"name": "f", "inputSchema": ', "it cannot be read as JSON or YAML"),
    ],
)
def test_what_is_no_list_of_tools_is_refused(compat: Runner, tmp_path: Path, text: str, why: str) -> None:
    """One sentence names the file, and nothing is printed, not even the tools of the other files."""
    (tmp_path / "good.json").write_text(json.dumps([TOOL]), "utf-8")
    (tmp_path / "other.json").write_text(text, "utf-8")
    ran = compat("--write", "mcp", "good.json", "other.json")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == f"error: cannot write the tools of other.json: {why}\n"


def test_a_report_and_tools_are_not_printed_together(compat: Runner) -> None:
    """The option for reports is a mistake beside --write, and no tools are exit code 3."""
    ran = compat("--write", "mcp", "--output-format", "json", "-", given=json.dumps([TOOL]))
    assert ran.returncode == 2
    assert "--write prints tools and no report" in ran.stderr
    ran = compat("--write", "mcp", "-", given="[5]")
    assert (ran.returncode, ran.stdout) == (3, "")


def test_what_is_told_has_no_effect_and_no_credential(compat: Runner) -> None:
    """Names and keys of tools are escaped and masked on standard error; the JSON has the same values in escapes."""
    planted = of_form("OpenAI project", Random(16))  # noqa: S311 - the same in every run
    odd = f"\x1b[31m\u202e{planted.text}"
    ran = compat("--write", "gemini", "-", given=json.dumps([{**TOOL, "name": odd, odd: 1}], ensure_ascii=False))
    assert ran.returncode == 0
    assert find_leaks([planted], ran.stderr) == {}
    assert not {"\x1b", "\u202e"} & {*ran.stderr, *ran.stdout}
    assert json.loads(ran.stdout)[0]["functionDeclarations"][0]["name"] == odd
    assert Linter("gemini").check_text(ran.stdout).tools == 1
