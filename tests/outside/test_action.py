"""The GitHub Action, step by step, with bash and the environment that GitHub's runner sets."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
INSTALL, CHECK = ACTION["runs"]["steps"]
BAD = '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}], "n": 11}'
HOSTILE = ["$(touch x)", "`touch x`", '"; touch x; "', "'; touch x; '", "a\ntouch x", "--help", "*", "\\", "&&touch x"]

pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(sys.platform == "win32", reason="bash there is not the runner's"),
]


def run(step: dict[str, Any], cwd: Path, temporary: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run a step as the runner does: its expressions evaluated, its script in a file, bash with -e and pipefail."""
    given = {name: described["default"] for name, described in ACTION["inputs"].items()} | inputs
    known = {"github.action_path": str(ROOT)} | {f"inputs.{name}": value for name, value in given.items()}
    environment = {
        name: re.sub(r"\$\{\{ (\S+) \}\}", lambda found: known[found[1]], value) for name, value in step["env"].items()
    }
    script = temporary / "script.sh"
    script.write_text(step["run"], "utf-8")
    assert step["shell"] == "bash"
    ours = ("GITHUB_", "REQLINT_", "PYTHON")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=cwd,
        env={
            **inherited,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(cwd),
            "GITHUB_OUTPUT": str(cwd.parent / "output"),
            "GITHUB_STEP_SUMMARY": str(cwd.parent / "summary"),
            "RUNNER_TEMP": str(temporary),
            **environment,
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the first step and return the runner's temporary folder, which has a space in its name."""
    folder, checkout = tmp_path_factory.mktemp("runner temp"), tmp_path_factory.mktemp("checkout")
    for name in ("venv", "pip", "ensurepip", "sitecustomize", "usercustomize", "subprocess", "hatchling", "pathlib"):
        (checkout / f"{name}.py").write_text("raise SystemExit('planted')\n", "utf-8")
    installed = run(INSTALL, checkout, folder)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a checkout with a bad request, a good one, and a bad one in a folder with a space in its name."""
    checkout = tmp_path / "checkout"
    (checkout / ".git").mkdir(parents=True)
    (checkout / "more requests").mkdir()
    (checkout / "bad.json").write_text(BAD, "utf-8")
    (checkout / "good.json").write_text(BAD.replace("11", "1"), "utf-8")
    (checkout / "more requests" / "bad.json").write_text(BAD, "utf-8")
    (tmp_path / "output").touch()
    return checkout


def outputs(repository: Path) -> dict[str, str]:
    """Return the outputs that the step set."""
    lines = (repository.parent / "output").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_every_input_and_output_is_described() -> None:
    """The action is composite, describes its inputs and outputs, and a step sets the output."""
    assert ACTION["runs"]["using"] == "composite"
    for described in [*ACTION["inputs"].values(), *ACTION["outputs"].values()]:
        assert described["description"]
    assert all("default" in described for described in ACTION["inputs"].values())
    assert ACTION["outputs"]["sarif"]["value"] == f"${{{{ steps.{CHECK['id']}.outputs.sarif }}}}"
    assert "sarif=" in CHECK["run"]


def test_no_input_is_part_of_a_script() -> None:
    """Expressions are written only into environment variables, which no shell parses, and every input is in one."""
    assert all("${{" not in step["run"] for step in ACTION["runs"]["steps"])
    used = re.findall(r"inputs\.([\w-]+)", json.dumps(CHECK["env"]))
    assert sorted(used) == sorted(ACTION["inputs"])


def test_findings_fail_the_step(repository: Path, temporary: Path) -> None:
    """The step annotates, writes SARIF, the summary and its output, and has the command's exit code."""
    ended = run(CHECK, repository, temporary)
    assert ended.returncode == 1, ended.stderr
    assert re.findall(r"^::error file=([^,]+),", ended.stdout, re.MULTILINE) == ["bad.json", "more requests/bad.json"]
    assert outputs(repository) == {"sarif": "reqlint.sarif"}
    log = json.loads((repository / "reqlint.sarif").read_text("utf-8"))
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["out-of-range"] * 2
    assert "`out-of-range`" in (repository.parent / "summary").read_text("utf-8")


def test_inputs_mean_what_they_say(repository: Path, temporary: Path) -> None:
    """`paths` is split by line, `args` by word; with an empty `sarif` no file is written and no output is set."""
    paths = "good.json\n\nmore requests/bad.json\n"
    ended = run(CHECK, repository, temporary, paths=paths, args="--ignore\nwrong-type  --exit-zero", sarif="")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("::error") == 1
    assert outputs(repository) == {}
    assert not (repository / "reqlint.sarif").exists()
    ended = run(CHECK, repository, temporary, paths="bad.json", args="--ignore out-of-range", **{"fail-on": "note"})
    assert ended.returncode == 0, ended.stdout + ended.stderr
    ended = run(CHECK, repository, temporary, paths="good.json", profile="openai")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert run(CHECK, repository, temporary, profile="no-such").returncode == 2


TOOLS = json.dumps(
    {"tools": [{"name": "look up", "description": "d", "inputSchema": {"type": "object", "properties": {}}}]}
)


def test_compat_puts_its_table_into_the_summary(repository: Path, temporary: Path) -> None:
    """With the command compat, the step shows which APIs take the tools, and fails if a required one does not."""
    (repository / "tools.json").write_text(TOOLS, "utf-8")
    given = {"command": "compat", "paths": "tools.json", "require": "openai,anthropic"}
    ended = run(CHECK, repository, temporary, **given)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "required: openai (1 finding), anthropic (1 finding)" in ended.stdout
    assert "| `look up` |" in (repository.parent / "summary").read_text("utf-8")
    log = json.loads((repository / "reqlint.sarif").read_text("utf-8"))
    assert {result["ruleId"] for result in log["runs"][0]["results"]} >= {"malformed-tool-name"}
    assert run(CHECK, repository, temporary, command="compat", paths="tools.json").returncode == 0
    assert not list(temporary.glob("*.md"))
    for hostile in HOSTILE:
        run(CHECK, repository, temporary, command="compat", paths="tools.json", require=hostile)
        assert not (repository / "x").exists()


def test_nothing_to_check_is_not_green(repository: Path, temporary: Path) -> None:
    """A run that finds no request at all fails the step with the command's own exit code."""
    (repository / "empty").mkdir()
    assert run(CHECK, repository, temporary, paths="empty").returncode == 3


@pytest.mark.parametrize("name", sorted(ACTION["inputs"]))
@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_input_becomes_a_command(repository: Path, temporary: Path, name: str, hostile: str) -> None:
    """Whatever an input holds, no part of it is executed and it sets no output."""
    before = {path.name for path in repository.iterdir()}
    run(CHECK, repository, temporary, **{name: hostile})
    assert "x" not in {path.name for path in repository.iterdir()}
    assert set(outputs(repository)) <= {"sarif"}
    expected = {"reqlint.sarif"} | ({hostile.split("\n")[0]} if name == "sarif" else set())
    assert {path.name for path in repository.iterdir()} - before <= expected
