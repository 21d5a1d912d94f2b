"""--fix and --diff of `reqlint compat`."""

import json
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result

from reqlint.cli.group import cli
from tests.support.planted import by_form, find_leaks

TOOLS = """{"tools": [
  {"name": "find", "description": "Find it.", "inputSchema": {
    "type": "object",
    "properties": {"day": {"type": "string", "const": "monday"}, "site": {"type": "string", "format": "uri"}}
  }}
]}
"""
FIXED = TOOLS.replace('"const": "monday"', '"enum": ["monday"]')
FIXED_UNSAFELY = FIXED.replace('"format": "uri"', '"description": "Format: uri."')


def run(*arguments: str, text: str | None = None) -> Result:
    """Run the command without a configuration."""
    return CliRunner().invoke(cli, ["compat", "--isolated", *arguments], input=text)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Create a file with a list of tools, and change to its folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "tools.json"
    path.write_text(TOOLS, "utf-8")
    return path


def test_fix_writes_the_file_and_says_what_is_left(tools: Path) -> None:
    """What loses nothing is written; the rest is counted, with the reason, and fails the run."""
    shown = run("--require", "gemini,openai", "--fix", "tools.json")
    assert tools.read_text("utf-8") == FIXED
    assert shown.stderr.splitlines() == [
        "Fixed 1 finding; 1 left.",
        "not fixed: 1 finding in tools.json: every edit would lose something; --unsafe-fixes makes it and says what",
    ]
    assert "format-of-string-in-schema" in shown.stdout
    assert shown.exit_code == 1


def test_unsafe_fixes_say_what_they_lose(tools: Path) -> None:
    """Each loss is named at its place; then the APIs take the tools, and another run changes nothing."""
    shown = run("--require", "gemini,openai", "--fix", "--unsafe-fixes", "tools.json")
    assert tools.read_text("utf-8") == FIXED_UNSAFELY
    assert shown.stderr.splitlines() == [
        "Fixed 2 findings.",
        "unsafe: tools.json: tools[0].inputSchema.properties.site: remove format; only the description says it",
    ]
    assert shown.exit_code == 0
    again = run("--require", "gemini,openai", "--fix", "--unsafe-fixes", "tools.json")
    assert (tools.read_text("utf-8"), again.stderr, again.exit_code) == (FIXED_UNSAFELY, "", 0)


def test_diff_shows_the_changes_and_writes_nothing(tools: Path) -> None:
    """A diff that is not empty exits 1; without anything to fix, there is none and 0."""
    shown = run("--require", "gemini", "--diff", "tools.json")
    assert tools.read_text("utf-8") == TOOLS
    assert [line for line in shown.stdout.splitlines() if line[:1] in "+-"] == [
        "--- tools.json",
        "+++ tools.json",
        f"-{TOOLS.splitlines()[3]}",
        f"+{FIXED.splitlines()[3]}",
    ]
    assert "Would fix 1 finding; 1 would be left. Nothing was written." in shown.stderr
    assert shown.exit_code == 1
    nothing = run("--require", "openai", "--diff", "tools.json")
    assert (nothing.stdout, nothing.exit_code) == ("", 0)


def test_standard_input_is_fixed_to_standard_output() -> None:
    """The fixed text is all that goes there; the table goes to standard error."""
    shown = run("--require", "gemini", "--fix", "-", text=TOOLS)
    assert shown.stdout == FIXED
    assert "gemini" in shown.stderr


def test_fix_needs_the_apis_that_have_to_take_the_tools(tools: Path) -> None:
    """Without --require, one sentence says so; the configuration can name them as well."""
    shown = run("--fix", "tools.json")
    assert shown.exit_code == 2
    assert shown.stderr.splitlines()[-1].startswith("Error: --fix and --diff need the APIs that have to take the tools")
    assert tools.read_text("utf-8") == TOOLS
    tools.with_name("reqlint.toml").write_text('require = ["gemini"]\n', "utf-8")
    assert CliRunner().invoke(cli, ["compat", "--fix", "tools.json"]).exit_code == 1
    assert tools.read_text("utf-8") == FIXED


def test_unsafe_fixes_alone_mean_nothing(tools: Path) -> None:
    """They are an addition to --fix or --diff."""
    assert run("--require", "gemini", "--unsafe-fixes", tools.name).exit_code == 2


def test_what_the_project_accepts_is_not_edited(tools: Path) -> None:
    """A finding that an ignore table silences stays."""
    tools.with_name("reqlint.toml").write_text(
        '[[ignore]]\nrule = "unsupported-schema-keyword"\nreason = "sent elsewhere"\n', "utf-8"
    )
    shown = CliRunner().invoke(cli, ["compat", "--require", "gemini", "--fix", "tools.json"])
    assert (tools.read_text("utf-8"), shown.exit_code) == (TOOLS, 1)


def test_what_check_reads_only_stays_so_for_check(tools: Path) -> None:
    """`reqlint check --fix` edits no list of tools."""
    CliRunner().invoke(cli, ["check", "--isolated", "-p", "gemini", "--fix", "--unsafe-fixes", "tools.json"])
    assert tools.read_text("utf-8") == TOOLS


def test_no_message_shows_a_credential(tools: Path) -> None:
    """What is told of edits names places and keywords; a credential in them is hidden."""
    secrets = list(by_form(Random(3)))[::9]  # noqa: S311 - repeatable on purpose
    for secret in secrets:
        listed = json.loads(TOOLS)
        properties = listed["tools"][0]["inputSchema"]["properties"]
        properties["day"] = {"type": "string", "enum": ["", secret.text], "description": secret.text}
        properties[secret.text] = {"type": "string", "format": secret.text, secret.text: 1}
        tools.write_text(json.dumps(listed, indent=1), "utf-8")
        shown = run("--require", "gemini,openai", "--fix", "--unsafe-fixes", "tools.json")
        assert find_leaks(secrets, shown.output) == {}
        assert secret.text in json.loads(tools.read_text("utf-8"))["tools"][0]["inputSchema"]["properties"]
