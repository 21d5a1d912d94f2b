"""How reqlint behaves on a terminal: its colours, and the table of `--statistics`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from reqlint.cli.group import cli
from tests.support.pseudo_terminal import ROOT, on_terminal

BAD = '{"model": "qwen-3.5", "messages": [{"role": "user", "content": "Hello"}], "n": 11}'
GOOD = '{"model": "qwen-3.5", "messages": [{"role": "user", "content": "Hello"}]}'


@pytest.mark.parametrize(
    ("terminal", "variables", "option", "colored"),
    [
        (True, {}, "auto", True),
        (False, {}, "auto", False),
        (True, {"NO_COLOR": "1"}, "auto", False),
        (True, {"NO_COLOR": "0"}, "auto", False),
        (True, {"NO_COLOR": ""}, "auto", True),
        (False, {"FORCE_COLOR": "1"}, "auto", True),
        (False, {"FORCE_COLOR": ""}, "auto", False),
        (True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, "auto", False),
        (False, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, "auto", False),
        (True, {"TERM": "dumb"}, "auto", False),
        (False, {"TERM": "dumb", "FORCE_COLOR": "1"}, "auto", True),
        (False, {"NO_COLOR": "1"}, "always", True),
        (True, {"FORCE_COLOR": "1"}, "never", False),
    ],
)
def test_colour(tmp_path: Path, terminal: bool, variables: dict[str, str], option: str, colored: bool) -> None:
    """--color decides; without it NO_COLOR, then FORCE_COLOR, then whether the stream is a terminal."""
    (tmp_path / "bad.json").write_text(BAD)
    shown, _, code = on_terminal(tmp_path, "check", "bad.json", "--color", option, out=terminal, **variables)
    assert code == 1
    assert "out-of-range" in shown
    assert ("\x1b[" in shown) is colored


def counts(folder: Path, form: str, *more: str) -> str:
    """Return the output of a run with --statistics over one JSONL file and *more* files."""
    (folder / "lines.jsonl").write_text(f"{BAD}\n{GOOD}\n{BAD.replace('}]', '}, {}, {}]')}\n" + "{oops\n")
    names = [str(folder / name) for name in ("lines.jsonl", *more)]
    ran = CliRunner().invoke(cli, ["check", *names, "--statistics", "--output-format", form])
    assert ran.exit_code == 1
    return ran.stdout


@pytest.mark.parametrize("form", ["human", "concise"])
def test_statistics_are_a_table(tmp_path: Path, form: str) -> None:
    """In place of the findings each rule has a row: on how many lines, how often, its severity, and where."""
    shown = counts(tmp_path, form).splitlines()
    assert shown[:4] == [
        "lines  count  severity  rule           where",
        "    1      4  error     missing-field  /messages/*",
        "    2      2  error     out-of-range   /n",
        "    1      1  error     invalid-json",
    ]
    assert shown[4].startswith("7 findings")
    (tmp_path / "one.json").write_text(BAD)
    assert counts(tmp_path, form, "one.json").startswith("documents  count  severity  rule")


def test_a_clean_run_has_no_table(tmp_path: Path) -> None:
    """Without findings only the closing line is printed."""
    (tmp_path / "good.json").write_text(GOOD)
    ran = CliRunner().invoke(cli, ["check", str(tmp_path / "good.json"), "--statistics"])
    assert ran.stdout.startswith("No findings in 1 request")


def test_statistics_in_json(tmp_path: Path) -> None:
    """The JSON report has the counts beside the findings, in the form of its schema; without the option it has none."""
    schema = json.loads((ROOT / "schemas" / "meta" / "report.json").read_text("utf-8"))
    report = json.loads(counts(tmp_path, "json"))
    Draft202012Validator(schema).validate(report)
    assert report["statistics"][0] == {
        "rule": "missing-field",
        "severity": "error",
        "count": 4,
        "documents": 1,
        "fixable": 0,
        "pointers": {"/messages/*": 4},
    }
    assert sum(each["count"] for each in report["statistics"]) == len(report["findings"])
    without = CliRunner().invoke(cli, ["check", str(tmp_path / "lines.jsonl"), "--output-format", "json"])
    assert "statistics" not in json.loads(without.stdout)
