"""Text from a payload, file name, configuration or argument is only shown: it commands no terminal and no CI."""

# ruff: noqa: E501 - the tables of texts read better unbroken

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint.core.errors import BadData, InvalidRequest, UnknownProfile
from reqlint.core.findings import Edit, Finding, Fix, Region, Related, Report, Severity, Suppression, Unfixed
from reqlint.display.escaping import cell_count, escape, sanitize, to_json
from reqlint.display.excerpt import Look, excerpt
from reqlint.display.shown import verbatim
from reqlint.reporters import FORMATS, reporter
from reqlint.reporters.rendering import ProfileCard, Rendering, RuleCard
from reqlint.run.one_request import linter_for
from tests.support.bounded import bounded
from tests.support.generated import ROOT
from tests.support.scratch import Scratch

HOSTILE = [
    "\x1b[2J\x1b[31m\x1b[9999A", "\x1b]8;;http://h.example\x1b\\x\x1b]8;;\x1b\\", "\x1b]52;c;aGk=\x07", "\x1bP+q\x1b\\", "\x9b2J\x9d0;t\x9c",
    "a\x08\x08\x7f\x07", "over\rprinted", "\u202eevil\u202c\u2066x\u2069\u200f", "z\u200bw\u200dj\ufeff\u2060", "\U000e0041\U000e0042", "a\ufe0f\U000e0101",
    "e" + "\u0301" * 300, "\u3164\u115f\u2800\u034f", "[bold red]x[/] [link=file:///etc/passwd]y[/link] [/]",
    "::error file=a::x", "\n::set-output name=a::b", "\u3000::stop-commands::t", "::add-mask::e", "##vso[task.complete]", "##[error]x",
    "##teamcity[buildStop]", "![x](http://h.example/y) [a](1) <script>x</script><img src=x onerror=y> @all | ``` ~~~", "]]>\x00\ufffe\uffff",
    "{} {0} %s %n %0A%0D", "a\n\nb\r\nc\u2028d\u2029e\x85f", "-n --x a:b,c", "\ud800 lone",
]  # fmt: skip
ALL = "".join(HOSTILE)
_SGR = re.compile(r"\x1b\[[0-9;]*m")
_COMMANDS = re.compile(r"^\s*::|##[A-Za-z.]*\[", re.M)


def acts(output: str, ours: str = "") -> list[str]:
    """Return everything in an output that would move, hide, reorder or command; lines that begin with *ours* are allowed."""
    text = _SGR.sub("", output)
    found = [
        repr(c) for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    ]
    lines = [line for line in text.split("\n") if not (ours and line.startswith(ours))]
    found += [line for line in lines if _COMMANDS.search(line)]
    return found + re.findall(r"\w\u0301{4,}", text)


def planted(scratch: Scratch) -> None:
    """Write files that hold every hostile text in every place, one of them in its name."""
    body = {
        "model": ALL,
        ALL: 1,
        "messages": [{"role": text, "content": text, text: text} for text in HOSTILE],
        "tools": [{"type": "function", "function": {"name": text, "parameters": {text: 1, "type": text}}} for text in HOSTILE],
        "response_format": {"type": ALL},
        "n": ALL,
    }  # fmt: skip
    scratch.write("a.json", body)
    scratch.write(
        "b.jsonl", [{"custom_id": text, "method": "POST", "url": text, "body": body} for text in HOSTILE[:6] * 2]
    )
    scratch.write("c.jsonl", "".join(f'{{"model": {json.dumps(text)} x\n' for text in HOSTILE))
    scratch.write("d.yaml", f"model: m\nmessages: []\n{json.dumps(ALL)}: no # reqlint: ignore[::error::x] ##vso[a]\n")
    name = "::error::\u202e\x1b[31m##vso[x]%0A,:`|\n::warning::x\r.json"
    (scratch.folder / "-x").mkdir()
    Path(scratch.folder / "-x" / name).write_text(json.dumps({"model": 1, "messages": []}))


@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize(
    "more", [(), ("--show-values", "--color", "always", "-v"), ("--statistics",)], ids=["", "values", "counts"]
)
def test_no_format_lets_a_text_act(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch, form: str, more: tuple[str, ...]
) -> None:
    """No control, no reordering, no pile of marks and no command but ours is in what any format prints; it parses."""
    planted(scratch)
    summary = scratch.folder / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    done = scratch.run(
        "check", ".", "-p", "openai", "--jobs", "1", "--output-format", form, "--max-per-rule", "0", *more
    )
    assert done.code == 1, done.err
    ours = "::" if form == "github" else ""
    assert acts(done.out, ours) == []
    assert acts(done.err) == []
    if form in ("json", "sarif", "gitlab", "rdjson"):
        json.loads(done.out)
    elif form in ("jsonl", "rdjsonl"):
        assert all(json.loads(line) for line in done.out.splitlines())
    elif form == "junit":
        ElementTree.fromstring(done.out)  # noqa: S314 - what is tested is that it is well formed
    elif form == "github":
        commands = done.out.rstrip("\n").split("\n")
        assert all(re.match(r"::(error|warning|notice) [^:\n]*::[^\n]*\Z", command) for command in commands)
        assert acts(summary.read_text("utf-8")) == []


_WHERE = Region(0, 1, 1, 1, 1, 2, 1, 2, 1, 2)
COMPLETE = Finding(
    "rule",
    Severity.ERROR,
    "message",
    "/pointer",
    "path",
    profile="profile",
    source="a.json",
    region=_WHERE,
    related=(Related("message", "/pointer", "path", _WHERE, 0), Related("message", "/pointer", "path", None, 0)),
    fix=Fix("description", True, (Edit(_WHERE, "replacement"),)),
    custom_id="custom_id",
    help="help",
    note="note",
    fingerprint="fingerprint",
    suppression=Suppression("inSource", "reason"),
    explains="/a",
    unfixed=Unfixed.CLASH,
    evidence="documented",
)
"""A finding in which every field has a value."""


def with_text(value: Any, text: str, but: tuple[str, ...] = ()) -> Any:
    """Return a copy of *value* that has *text* in every field that is a string, at any depth, except those named."""
    if isinstance(value, tuple):
        return tuple(with_text(item, text, but) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return text if type(value) is str else value
    changed = {f.name: with_text(getattr(value, f.name), text, but) for f in fields(value) if f.name not in but}
    if "pointer" in changed:
        changed["pointer"] = "/" + text.replace("~", "~0").replace("/", "~1")
    return replace(value, **changed)


LOOKS: list[dict[str, Any]] = [
    {"exit_code": 2}, {"unicode": False, "exit_code": 2}, {"color": True, "verbose": 1, "show_values": True},
    {"statistics": True}, {"statistics": True, "unicode": False},
]  # fmt: skip


def reports(form: str, text: str, summary: Path, but: tuple[str, ...] = ()) -> Iterator[str]:
    """Write reports in which everything that is a string is *text*, except the fields named in *but*."""
    finding = with_text(COMPLETE, text, (*but, "kind"))
    findings = (replace(finding, suppression=None), replace(finding, fix=None), replace(finding, suppressed=True))
    findings += (replace(finding, suppressed=True, suppression=Suppression("recording", text)),)
    name = COMPLETE.profile if "profile" in but else text
    source = (
        COMPLETE.source if "source" in but else text.replace("\x00", "").replace("\ud800", "")
    )  # no system has these
    findings = tuple(replace(each, source=source) for each in findings)
    report = Report(findings, 1, 1, ((source, text),), ((name, text, 1),))
    card = RuleCard(*["rule"] * 3, Severity.ERROR, "subject", lambda: "page")  # type: ignore[arg-type]  # three strings
    rendering = Rendering(
        lines=lambda _, wanted: {number: text.replace("\n", " ") for number in wanted if number == 1},
        rules={finding.rule: with_text(card, text) if not but else card},
        profiles=(with_text(ProfileCard("name", "read", "title"), text, ("name",) if but else ()),),
        notifications=(text,),
        fixed=(finding,),
        step_summary=summary,
    )
    for look in LOOKS:
        summary.write_text("")
        written: list[str] = []
        reporter(form)(report, replace(rendering, **look), written.append)
        yield "".join(written)
        yield summary.read_text("utf-8")


def test_the_finding_that_is_tested_has_every_field() -> None:
    """No field of the finding in the next tests is empty, so a new field is tested as soon as it exists."""
    empty = [f.name for f in fields(COMPLETE) if getattr(COMPLETE, f.name) in (None, "", ())]
    assert empty == []


@pytest.mark.parametrize("text", [ALL, *HOSTILE])
@pytest.mark.parametrize("form", FORMATS)
def test_no_field_of_a_finding_acts_in_any_format(tmp_path: Path, form: str, text: str) -> None:
    """Whatever string a finding, a report or a rule holds, no format writes what acts; ``::`` is GitHub's own."""
    for written in reports(form, text, tmp_path / "summary.md"):
        assert acts(written, "::" if form == "github" else "") == []


@pytest.mark.parametrize("text", [ALL, *HOSTILE])
def test_errors_about_arguments_do_not_act(scratch: Scratch, text: str) -> None:
    """Unknown names, missing files and settings are quoted with escapes."""
    text = text.replace("\x00", "").replace("\ud800", "")
    scratch.write("a.json", {"model": "m", "messages": []})
    for arguments in (("check", "a.json", "-p", text), ("explain", "--", text), ("check", "--", f"{text}/x"), ("--", text),
                      ("check", "a.json", f"--{text}"), ("check", "a.json", "--output-format", text),
                      ("check", "a.json", "--jobs", text), ("split", text, "--good", "g", "--bad", "b")):  # fmt: skip
        done = scratch.run(*arguments)
        assert done.code or arguments[0] == "explain", arguments  # some of the words are words of rules
        assert acts(done.out) == acts(done.err) == []
    scratch.write("reqlint.toml", f"{json.dumps(text)} = 1\nprofile = {json.dumps(text)}\n".replace("\\u007f", "x"))
    done = scratch.run("check", "a.json")
    assert done.code == 2
    assert acts(done.out) == acts(done.err) == []


@pytest.mark.parametrize("text", [ALL, *HOSTILE])
def test_no_exception_acts(text: str) -> None:
    """The text of an exception or a finding is escaped too."""
    with_path = Finding("r", Severity.ERROR, text, f"/{text}", text, source=text, custom_id=text)
    found = linter_for("openai").check({"model": "m", "messages": [{"role": text}], text: 1})
    for each in (
        with_path,
        InvalidRequest([with_path]),
        InvalidRequest(found),
        UnknownProfile(text),
        BadData(text, text, text),
    ):
        assert acts(str(each)) == []
    assert acts(repr(InvalidRequest(found))) == []


@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_sanitized_text_does_not_act(text: str) -> None:
    """Nothing in a sanitized text acts, sanitizing it again changes nothing, and JSON keeps the value."""
    assert acts(sanitize(text)) == []
    assert sanitize(sanitize(text)) == sanitize(text)
    assert escape(text, unicode=False).isascii()
    assert json.loads(to_json(text)) == text
    assert acts(to_json(f"##vso[{text}")) == []


_LETTERS = st.sampled_from(
    [
        *"ab:[]{}, \t",
        "é",
        "e\u0301",
        "字",
        "あ",
        "👍",
        "👍🏽",
        "👨\u200d👩\u200d👧",
        "🇩🇪",
        "❤\ufe0f",
        "कि",
        "\u202e",
        "\x1b",
        "각",
        "…",
    ]
)


@given(st.lists(_LETTERS, max_size=30), st.lists(_LETTERS, min_size=1, max_size=6), st.lists(_LETTERS, max_size=150),
       st.integers(20, 100))  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_carets_stand_under_what_they_mark(before: list[str], marked: list[str], after: list[str], budget: int) -> None:
    """Up to the end of a mark all terminals agree on the width of each character, and no line is wider than its budget."""
    line = "".join([*before, *marked, *after])
    start = len("".join(before))
    shown = excerpt(line, [(start, start + len("".join(marked)))], Look(budget, show_values=True))
    assert shown is not None
    ((begin, end),) = shown.spans
    assert cell_count(shown.text) <= max(budget, 20)
    upto = shown.text[:end]
    # What is left is measured alike one by one and by clusters: nothing joins, and no mark has room of its own.
    assert all(unicodedata.category(c) != "Mc" and not "\U0001f3fb" <= c <= "\U0001f3ff" for c in upto)
    assert not re.search("[\u200d\ufe0f\U0001f1e6-\U0001f1ff]", upto)
    assert cell_count(upto) == cell_count(shown.text[:begin]) + cell_count(shown.text[begin:end])


def test_no_character_is_shown_that_nobody_sees() -> None:
    """Of all characters only those that are assigned and visible are left as they are, also between two blocks."""
    every = "".join(f"{chr(code)}." for code in range(0x20, 0x110000))
    left = {char for char in escape(verbatim(every)) if unicodedata.category(char)[0] in "CZ"}
    assert left == {" ", "\u3000"}


class Terminal:
    """A terminal that is large enough, and records every command except text, line ends and colours."""

    def __init__(self, text: str) -> None:
        lines = text.split("\n")
        self.screen = pyte.Screen(max(map(cell_count, lines)) + 10, len(lines) + 1)
        self.commands: list[str] = []

    def __getattr__(self, name: str) -> object:
        does = getattr(self.screen, name)
        if name not in _RECORDED:
            return does

        def noted(*arguments: object, **more: object) -> object:
            self.commands.append(name)
            return does(*arguments, **more)

        return noted


_RECORDED = frozenset(pyte.Stream.events) - {"draw", "linefeed", "carriage_return", "select_graphic_rendition"}


def on_terminal(text: str) -> Terminal:
    """Show a text on a terminal."""
    terminal = Terminal(text)
    pyte.Stream(terminal).feed(text.replace("\n", "\r\n"))
    return terminal


@pytest.mark.parametrize("more", [("--show-values", "-v"), ("--output-format", "concise"), ("--statistics",)])
def test_a_terminal_does_nothing_but_show_the_report(scratch: Scratch, more: tuple[str, ...]) -> None:
    """A report contains text and colours and no other command; each line is shown in full where it was printed."""
    planted(scratch)
    done = scratch.run("check", "--color", "always", "--max-per-rule", "0", *more, ".")
    printed = done.out + done.err
    terminal = on_terminal(printed)
    assert terminal.commands == []
    assert terminal.screen.title == ""
    for shown, line in zip(terminal.screen.display, _SGR.sub("", printed).split("\n"), strict=False):
        assert unicodedata.normalize("NFC", shown.rstrip()) == unicodedata.normalize("NFC", line.rstrip())
    assert on_terminal("a\x07\x1b]0;t\x07\x1b[2J").commands == [
        "bell",
        "set_icon_name",
        "set_title",
        "erase_in_display",
    ]


@given(st.lists(_LETTERS, max_size=20), st.lists(_LETTERS, min_size=1, max_size=6), st.lists(_LETTERS, max_size=60),
       st.integers(20, 100))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_on_a_terminal_carets_stand_there_too(
    before: list[str], marked: list[str], after: list[str], budget: int
) -> None:
    """The columns that a terminal gives to what is marked are those that the carets are put under."""
    line = "".join([*before, *marked, *after])
    start = len("".join(before))
    shown = excerpt(line, [(start, start + len("".join(marked)))], Look(budget, show_values=True))
    assert shown is not None
    ((begin, end),) = shown.spans
    upto = [on_terminal(shown.text[:at]).screen.cursor.x for at in (begin, end)]
    assert upto == [cell_count(shown.text[:begin]), cell_count(shown.text[:end])]


@pytest.mark.parametrize("runner", ["GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"])
def test_a_diff_in_a_build_log_commands_nothing(scratch: Scratch, runner: str) -> None:
    """Where a runner reads what is printed a diff is shown; in a file, and elsewhere, it is the patch to the byte."""
    text = "# ::error::a\nmodel: m\nmessages: [{role: user, content: Hi}]\nmax_token: 1 # ##[error]z\n"
    scratch.write("a.yaml", text)
    watched = bounded_through_a_pipe(scratch.folder, {runner: "1"})
    assert acts(watched) == []
    assert "##[error]z" in bounded_through_a_pipe(scratch.folder, {runner: ""})
    filed = bounded("check", "--diff", "a.yaml", folder=scratch.folder, environment={runner: "1"})
    assert b"##[error]z" in filed.out


def bounded_through_a_pipe(folder: Path, variables: dict[str, str]) -> str:
    """Return the output of a run into a pipe, as a runner reads it."""
    quiet = dict.fromkeys(("GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"), "")
    run = subprocess.run(
        [sys.executable, "-m", "reqlint", "check", "--diff", "a.yaml"],
        cwd=folder, env={**os.environ, **quiet, "PYTHONPATH": str(ROOT), **variables}, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    return run.stdout.decode()


@pytest.mark.parametrize("variables", [
    {"LC_ALL": "C", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}, {"COLUMNS": "1"},
    {"COLUMNS": "999999999999999999999"}, {"COLUMNS": "-5"}, {"COLUMNS": "x"},
])  # fmt: skip
def test_any_terminal_takes_the_report(scratch: Scratch, variables: dict[str, str]) -> None:
    """Whatever encoding and width the environment names, the report is complete and the exit code is right."""
    scratch.write("a.json", {"model": "m", "messages": [{"role": "字", "content": "é"}], "字🇩🇪": 1})
    done = bounded(
        "check", "a.json", "-p", "openai", folder=scratch.folder, environment=variables, in_new_process=True
    )  # Python asks for the encoding when it starts
    assert done.code == 1
    assert b"unknown-field" in done.out
    assert b"Traceback" not in done.out + done.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("form", ["human", "json", "sarif", "github"])
def test_a_full_disk_is_reported(scratch: Scratch, form: str) -> None:
    """If the output cannot be written, one sentence reports it and the exit code is 2."""
    scratch.write("a.json", {"model": 1})
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "reqlint", "check", "a.json", "--output-format", form],
            env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=full, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1), done.stderr
    assert done.stderr.startswith(b"error: ")
