"""`--show-fixes`: the fix of a finding as a diff below it."""

from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from reqlint import Linter
from reqlint.cli.group import cli
from reqlint.core.findings import Edit, Finding, Fix, Report
from reqlint.display.excerpt import Look
from reqlint.fixes.apply import _edit_text
from reqlint.reporters.fix_diff import fix_diff, lines_of
from reqlint.text.sources import Source
from tests.reporters.test_reporters import finding, marked, run
from tests.support.planted import of_form

WIDE = Look(100_000, show_values=True)
TEXTS = {
    "one.json": '{"model": "gpt-4o", "temprature": 1, "messages": [{"role": "user", "content": "a"}], "strem": true}',
    "several.json": """{
  "model": "gpt-4o",
  "temprature": 0.2,
  "messages": [{"role": "user", "content": "Hell\u00f6 \U0001f600"}],
  "tools": [{"type": "function", "function": {"name": "f", "description": "d", "strict": true, "parameters": {
    "type": "object", "properties": {"city": {"type": "string", "description": "c"}}
  }}}],
  "extra_body": {
    "top_k": 3
  }
}
""",
    "a.yaml": """model: gpt-4o
temprature: 0.2
stream: yes
messages:
  - role: user
    content: Hi
""",
}


def applied(text: str, diff: list[str]) -> str:
    """Return *text* with the lines of a diff in the place of those that it names."""
    removed = {int(number): line for number, line in (row.split(" - ", 1) for row in diff if " - " in row[:8])}
    added = [row.split(" + ", 1)[1] for row in diff if " + " in row[:8]]
    lines = text.split("\n")
    assert all(lines[number - 1] == line for number, line in removed.items())
    first = min(removed)
    kept_before, kept_after = lines[: first - 1], lines[max(removed) :]
    return "\n".join([*kept_before, *added, *kept_after])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", TEXTS)
def test_a_diff_shows_what_the_fix_does(name: str, end: str) -> None:
    """The lines of a diff, put in the place of those it takes away, are the text as --fix writes it."""
    text = TEXTS[name].replace("\n", end)
    report = Linter("openai").check_source(Source(name, None, text.encode()))
    lines = {number: line.removesuffix("\r") for number, line in enumerate(text.split("\n"), 1)}
    fixable = [found for found in report if found.fix]
    assert fixable
    for found in fixable:
        assert set(lines_of(found, unsafe=True)) <= set(lines)
        diff = ["".join(piece for piece, _ in row) for row in fix_diff(found, lines, WIDE, 2, unsafe=True)]
        fixed = _edit_text(text.encode(), [found]).decode().replace("\r\n", "\n")
        assert applied(text.replace("\r\n", "\n"), diff) == fixed


def test_only_fixes_that_would_be_made_are_shown(tmp_path: Path) -> None:
    """A safe fix is shown with --show-fixes, an unsafe one with --unsafe-fixes too, and none without."""
    bad = tmp_path / "bad.json"
    bad.write_text(TEXTS["several.json"], "utf-8")

    def shown(*options: str) -> str:
        return CliRunner().invoke(cli, ["check", "-p", "openai", "--isolated", *options, str(bad)]).stdout

    safe, unsafe = '   +   "temperature": 0.2,\n', '"required": ["city"]'
    assert (safe in shown(), unsafe in shown()) == (False, False)
    assert (safe in shown("--show-fixes"), unsafe in shown("--show-fixes")) == (True, False)
    both = shown("--show-fixes", "--unsafe-fixes")
    assert (safe in both, unsafe in both) == (True, True)
    assert bad.read_text("utf-8") == TEXTS["several.json"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--show-fixes", "--diff"), "--show-fixes shows what is not fixed; leave out --diff"),
        (("--show-fixes", "--fix"), "--show-fixes shows what is not fixed; leave out --fix"),
        (("--unsafe-fixes",), "--unsafe-fixes needs --fix, --diff or, for check, --show-fixes"),
    ],
)
def test_what_it_cannot_be_combined_with(options: tuple[str, ...], said: str) -> None:
    """It shows fixes that are not made, so it does not go with those that make or show them."""
    ran = CliRunner().invoke(cli, ["check", *options, "x.json"])
    assert ran.exit_code == 2
    assert said in ran.stderr


def edited(text: str, replacement: str) -> tuple[Mapping[int, str], Finding]:
    """Return the lines of a text, and a finding whose fix replaces what is marked in it."""
    lines, (where,) = marked(text)
    return lines, finding(where, fix=Fix("write it", True, (Edit(where, replacement),)))


def diff_of(text: str, replacement: str, **look: object) -> str:
    """Return the report of such a finding."""
    lines, found = edited(text, replacement)
    return run([found], lines, quiet=True, show_fixes=True, **look)


def test_a_long_fix_is_cut() -> None:
    """At most eight lines are shown before and after; of the others it says how many there are."""
    many = ",\n".join(f'  "k{number}": {number}' for number in range(40))
    added = diff_of('{"a": «1»}', f"{{\n{many}\n}}")
    assert added.count(" + ") == 8
    assert "… 34 more lines, which --diff shows\n" in added
    removed = diff_of(f'{{"a": «{{\n{many}\n}}»}}', "{}")
    assert removed.count(" - ") == 0
    assert "… 42 more lines, which --diff shows\n" in removed
    assert list(lines_of(edited(f'{{"a": «{{\n{many}\n}}»}}', "{}")[1], unsafe=False)) == list(range(1, 10))


def test_a_long_line_is_cropped_around_the_change() -> None:
    """Of a line of many megabytes only what is around the change is shown, also when it is inserted."""
    long = ", ".join(f'"key{number}": {number}' for number in range(5_000))
    shown = diff_of(f'{{{long}, «"strem"»: true, {long}}}', '"stream"', width=80)
    before, after = (next(line for line in shown.splitlines() if line[3:6] == sign) for sign in ("- …", "+ …"))
    assert '"strem": true' in before
    assert '"stream": true' in after
    assert max(len(line) for line in shown.splitlines()) <= 80


def test_credentials_are_not_shown() -> None:
    """A credential beside a fix is masked on both lines; a fix is left out if its key stands on another line."""
    key = of_form("OpenAI", Random(20)).text  # noqa: S311 - repeatable on purpose
    shown = diff_of(f'{{«"modle"»: "x", "api_key": "{key}", "note": "{key}"}}', '"model"')
    assert '+ {"model": "x", "api_key": "' in shown
    assert key not in shown
    assert "hunter" not in diff_of('{"a": 1«, "password":\n  "hunter"»}', "")
    assert " - " not in diff_of('{"a": 1«, "password":\n  "hunter"»}', "")
    assert key not in diff_of('{"a": «1»}', f'"{key}"')


def test_a_fix_cannot_act_on_the_terminal() -> None:
    """What the lines of a fix hold is escaped like what is in a frame."""
    shown = diff_of('{«"x"»: "\x1b]0;owned\x07 \u202e"}', '"\x1b[2J##[error]"')
    assert shown.replace("\n", "").isprintable()
    assert "##[" not in shown
    assert Report((edited('{«"x"»: 1}', '"y"')[1],)).is_valid is False
