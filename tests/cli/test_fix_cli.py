"""--fix and --diff on the command line."""

import json
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from reqlint.cli.group import cli
from tests.conftest import ROOT

BAD = '{"model": "qwen-plus", "messages": [{"role": "User", "content": "Hi"}], "steam": true, "n": 99}\n'
GOOD = '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}], "stream": true, "n": 99}\n'


def run(*arguments: str, text: str | None = None) -> Result:
    """Run the check command under dashscope."""
    return CliRunner().invoke(cli, ["check", "-p", "dashscope", *arguments], input=text)


@pytest.fixture
def request_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Create a file with two fixable mistakes and one other, and change to its folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "request.json"
    path.write_text(BAD, "utf-8")
    return path


def test_fix_writes_the_file_and_reports_the_rest(request_file: Path) -> None:
    """Fixable findings are fixed, the others are reported at their new places, and only these count."""
    shown = run("--fix", "--output-format", "concise", "request.json")
    assert request_file.read_text("utf-8") == GOOD
    assert shown.output.splitlines()[0].startswith("request.json:1:94: out-of-range error")
    assert "Fixed 2 findings: 1 unknown-field, 1 unknown-role" in shown.output
    assert shown.exit_code == 1
    assert list(request_file.parent.iterdir()) == [request_file]


def test_what_was_fixed_is_in_the_json_report(request_file: Path) -> None:
    """The JSON report lists the fixed findings with their edits, and conforms to its schema."""
    shown = run("--fix", "--output-format", "json", request_file.name)
    report = json.loads(shown.output)
    schema = json.loads((ROOT / "schemas/meta/report.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(report)
    assert [finding["rule"] for finding in report["fixed"]] == ["unknown-role", "unknown-field"]
    assert report["fixed"][1]["fix"] == {
        "description": "rename the key to stream",
        "safe": True,
        "edits": [{"line": 1, "column": 73, "end_line": 1, "end_column": 80, "replacement": '"stream"'}],
    }
    assert (report["summary"]["fixed"], report["summary"]["fixable"]) == (2, 0)


def test_the_exit_code_can_tell_that_something_was_fixed(request_file: Path) -> None:
    """A file that is clean after --fix exits 0, or 1 with --exit-non-zero-on-fix; the next run exits 0."""
    clean = BAD.replace("99", "2")
    for extra, code in (((), 0), (("--exit-non-zero-on-fix",), 1)):
        request_file.write_text(clean, "utf-8")
        assert run("--fix", *extra, "request.json").exit_code == code
        assert run("--fix", *extra, "request.json").exit_code == 0


def test_diff_shows_and_writes_nothing(request_file: Path) -> None:
    """--diff prints a patch and a summary on standard error, exits 1, and 0 if there is nothing to fix."""
    shown = run("--diff", "request.json")
    assert shown.stdout == f"--- request.json\n+++ request.json\n@@ -1 +1 @@\n-{BAD}+{GOOD}"
    assert shown.stderr == "Would fix 2 findings; 1 would be left. Nothing was written.\n"
    assert shown.exit_code == 1
    assert request_file.read_text("utf-8") == BAD
    request_file.write_text(GOOD, "utf-8")
    shown = run("--diff", "request.json")
    assert (shown.stdout, shown.exit_code) == ("", 0)


@pytest.mark.parametrize("name", ["request.json", "requests.jsonl", "request.yaml"])
def test_a_diff_is_a_patch(request_file: Path, name: str) -> None:
    """Applying the output of --diff with git gives what --fix writes, with and without a final newline."""
    for text in (BAD, BAD.rstrip("\n"), BAD.replace("\n", "\r\n") * (3 if name.endswith("l") else 1)):
        if name == "request.yaml" and text.count("\n") > 1:
            continue
        path = request_file.with_name(name)
        lines = text.splitlines(keepends=True)
        if len(lines) > 1:
            right = lines[0].replace("User", "user").replace("steam", "stream")
            lines += [*[right] * 5, *lines, "\n", lines[0].strip()]
        path.write_bytes("".join(lines).encode())
        patch = run("--diff", name).stdout_bytes
        apply = ["git", "apply", "-p0", "-"]
        applied = subprocess.run(apply, input=patch, cwd=path.parent, capture_output=True, check=False)
        assert applied.returncode == 0, (applied.stderr, patch)
        patched = path.read_bytes()
        path.write_bytes("".join(lines).encode())
        run("--fix", name)
        assert path.read_bytes() == patched != "".join(lines).encode()


def test_standard_input_goes_to_standard_output() -> None:
    """With --fix, standard output is exactly the fixed text; the report is on standard error."""
    shown = run("--fix", "-", text=BAD)
    assert shown.stdout == GOOD
    assert "out-of-range" in shown.stderr
    assert shown.exit_code == 1
    shown = run("--fix", "--output-format", "concise", "-", text=GOOD)
    assert shown.stdout == GOOD
    assert run("--fix", "-", "other.json").exit_code == 2


def test_unsafe_fixes_need_a_way_to_appear(request_file: Path) -> None:
    """--unsafe-fixes without --fix or --diff is an error."""
    shown = run("--unsafe-fixes", request_file.name)
    assert shown.exit_code == 2
    assert "--diff" in shown.output


def test_mode_and_links_are_kept(request_file: Path) -> None:
    """A fixed file keeps its mode; a symbolic link stays a link, and its target is written."""
    request_file.chmod(0o640)
    link = request_file.with_name("link.json")
    link.symlink_to(request_file.name)
    run("--fix", "link.json")
    assert link.is_symlink()
    assert link.readlink() == Path(request_file.name)
    assert request_file.read_text("utf-8") == GOOD
    assert stat.S_IMODE(request_file.stat().st_mode) == 0o640


def test_a_file_that_cannot_be_written_is_said(request_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed write exits 2, names the file, and leaves it without a temporary file; other files are fixed."""
    other = request_file.with_name("z.json")
    other.write_text(BAD, "utf-8")
    replace = Path.replace

    def refuse(self: Path, target: Any) -> Path:
        if Path(target).name == "request.json":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    shown = run("--fix", "request.json", "z.json")
    assert shown.exit_code == 2
    assert "cannot write request.json: no space left on device" in shown.stderr
    assert request_file.read_text("utf-8") == BAD
    assert other.read_text("utf-8") == GOOD
    assert sorted(path.name for path in request_file.parent.iterdir()) == ["request.json", "z.json"]


def test_the_human_report_says_how_to_fix(request_file: Path) -> None:
    """A fixable finding is marked, its help names the option, and the summary counts both kinds."""
    shown = run(request_file.name).output
    assert "error[unknown-role]: " in shown
    assert "[*]" in shown
    assert "= help: rename it to stream (safe fix, --fix)" in shown
    assert "2 fixable with --fix" in shown


def test_sarif_and_rdjson_carry_the_edits(request_file: Path) -> None:
    """SARIF counts UTF-16 units and rdjson UTF-8 bytes, of the same characters."""
    text = BAD.replace("Hi", "é😀")
    request_file.write_text(text, "utf-8")
    sarif = json.loads(run("--output-format", "sarif", "request.json").output)
    fixes = [result["fixes"] for result in sarif["runs"][0]["results"] if "fixes" in result]
    replacement = fixes[1][0]["artifactChanges"][0]["replacements"][0]
    region = replacement["deletedRegion"]
    units = text.encode("utf-16-le")
    deleted = units[2 * region["startColumn"] - 2 : 2 * region["endColumn"] - 2].decode("utf-16-le")
    assert (deleted, replacement["insertedContent"]["text"]) == ('"steam"', '"stream"')
    rdjson = json.loads(run("--output-format", "rdjson", "request.json").output)
    suggestion = rdjson["diagnostics"][1]["suggestions"][0]
    start, end = (suggestion["range"][at]["column"] - 1 for at in ("start", "end"))
    assert (text.encode()[start:end], suggestion["text"]) == (b'"steam"', '"stream"')
