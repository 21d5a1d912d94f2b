"""What `check` makes of pasted texts and of files that hold no request: findings, or one true sentence."""

# ruff: noqa: E501 - tables, read at a glance

import json
from typing import Any

import pytest
from hypothesis import given, settings

from fuzz.laws import a_baseline_silences_its_run, render_and_parse, report_is_sound
from reqlint import Linter, Report
from reqlint.fixes.apply import apply_fixes
from reqlint.run.scope import Scope
from reqlint.text.sources import Source
from tests.strategies import PastedText, pasted
from tests.support.scratch import Scratch

CHAT = "https://api.openai.com/v1/chat/completions"
LINTER = Linter("openai")
AUTO = Linter("auto")
GOOD: dict[str, Any] = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}


def check(name: str, text: str | bytes, linter: Linter = LINTER, scope: Scope = Scope.NAMED) -> Report:
    """Judge a text as a file of that name."""
    return linter.check_source(Source(name, None, text.encode() if isinstance(text, str) else text), scope=scope)


def marks(name: str, text: str, linter: Linter = LINTER) -> list[tuple[str, str]]:
    """Return rule and marked text of every finding."""
    return [
        (finding.rule, text[finding.region.start : finding.region.end] if finding.region else "")
        for finding in check(name, text, linter)
    ]


laws = settings(max_examples=80, deadline=None)


@laws
@given(pasted())
def test_a_pasted_request_has_the_findings_of_the_request(text: PastedText) -> None:
    """However a request is pasted, rules and places are those of the request itself; nothing is offered to be edited."""
    report = check(text.name, text.text)
    alone = LINTER.check(json.dumps(text.request))
    if json.dumps(text.request) == json.dumps(json.loads(json.dumps(text.request))):
        assert sorted((each.rule, each.pointer) for each in report) == sorted(
            (each.rule, each.pointer) for each in alone
        )
    assert all(each.fix is None for each in report)
    assert report.requests == 1


@pytest.mark.parametrize(
    "tag", ["[debug]", "[null pointer]", "[2026-11-28 12:45:00]", "[12:45:00]", "[INFO] [app]", "{x}"]
)
def test_a_line_of_a_log_may_begin_with_a_tag(tag: str) -> None:
    """A tag in brackets at the start of a log is no broken array, and the request behind it is judged."""
    bad = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "n": 0})
    found = [each.rule for each in check("app.log", f"{tag} body={bad}\nnothing more\n")]
    assert found == (["out-of-range"] if tag not in ("{x}", "[null pointer]") else ["invalid-json"])


@pytest.mark.parametrize("tools", [1, 20, 40, 129])
def test_a_request_with_many_tools_is_found_in_a_log(tools: int) -> None:
    """More brackets than levels are allowed are no nesting: a request with many tools is read as any other."""
    parameters = {
        "type": "object",
        "properties": {"city": {"type": "object", "properties": {"name": {"type": "string"}}}},
    }
    functions = [{"name": f"look_up_{each}", "parameters": parameters} for each in range(tools)]
    sent = {**GOOD, "n": 0, "tools": [{"type": "function", "function": function} for function in functions]}
    report = check("app.log", f"2026-11-28 12:45:00 INFO request: {json.dumps(sent)}\ndone\n")
    assert report.requests == 1
    assert ("out-of-range", "/n") in [(each.rule, each.pointer) for each in report]


def test_a_value_that_nests_too_deeply_is_no_request_in_a_log() -> None:
    """What no reader of JSON takes is not found in a log either."""
    deep = '{"model": "gpt-4o", "messages": ' + "[" * 300 + "]" * 300 + "}"
    assert not check("app.log", f"INFO request: {deep}\ndone\n").requests


@laws
@given(pasted())
def test_every_pasted_text_has_a_sound_report(text: PastedText) -> None:
    """Regions are inside of the text, a baseline of the run accepts every finding, and every format can be written."""
    source = Source(text.name, None, text.text.encode())
    report = AUTO.check_source(source)
    report_is_sound(report, source)
    a_baseline_silences_its_run(report)
    render_and_parse(report, source)
    assert apply_fixes(source, AUTO.check_source, unsafe=True).source is source


@laws
@given(pasted())
def test_the_same_text_in_a_folder_or_from_a_hook_is_passed_over(text: PastedText) -> None:
    """A script, program, log or note that nobody named is not looked at."""
    if not text.name.startswith("<"):
        report = check(text.name, text.text, scope=Scope.LIKELY)
        assert (report.findings, report.requests, len(report.skipped)) == ((), 0, 1)


def test_the_url_of_a_command_chooses_the_profile() -> None:
    """The host of a command decides, and what goes elsewhere is not judged."""
    hi = '[{"role": "user", "content": "Hi"}]'
    body = f"""-d '{{"model": "x", "messages": {hi}}}'"""
    hosts = ("https://api.openai.com/v1", "https://dashscope.aliyuncs.com/compatible-mode/v1")
    assert [check("a.sh", f"curl {host}/chat/completions {body}", AUTO).profiles for host in hosts] == [
        ("openai",), ("dashscope",),
    ]  # fmt: skip
    two = check(
        "a.sh", f"curl {CHAT} {body}\ncurl https://api.openai.com/v1/embeddings {body}\ncurl {CHAT} -d @a.json", AUTO
    )
    assert (two.requests, [reason for _, reason in two.skipped]) == (1, [
        "1 not judged: its body is in another file, which is not opened",
        "1 not judged: it goes to an endpoint that no profile here is for",
    ])  # fmt: skip
    elsewhere = check("a.sh", "curl https://api.openai.com/v1/embeddings -d '{\"input\": 1,}'", AUTO)
    assert (elsewhere.findings, elsewhere.requests) == ((), 0)
    assert elsewhere.skipped == (("a.sh", "1 not judged: it goes to an endpoint that no profile here is for"),)


def test_several_commands_are_documents_of_their_own() -> None:
    """Each command of a paste is a document; equal mistakes in two have fingerprints of their own."""
    text = f"""$ curl {CHAT} -d '{{"model": "a", "messages": 1}}'\n{{"error": 1}}\n$ curl {CHAT} -d '{{"model": "a", "messages": 1}}'\n"""
    report = check("<stdin>", text)
    assert [(each.rule, each.document, each.region.line) for each in report if each.region] == [
        ("wrong-type", 0, 1), ("wrong-type", 1, 3),
    ]  # fmt: skip
    assert len({each.fingerprint for each in report}) == 2


def test_what_cannot_be_known_is_not_judged() -> None:
    """A finding that depends on what a shell fills in is left out; what is wrong whatever it is stays."""
    text = (
        f'curl {CHAT} -d "{{\\"model\\": \\"$MODEL\\", \\"stream\\": $STREAM, \\"stream_options\\": {{}}, \\"n\\": $N,'
        ' \\"response_format\\": {\\"type\\": \\"json_object\\"}, \\"temperature\\": 3,'
        ' \\"messages\\": [{\\"role\\": \\"$ROLE\\", \\"content\\": \\"$PROMPT\\", \\"nam\\": 1},'
        ' {\\"role\\": \\"usr\\", \\"content\\": \\"Hi\\"}]}"'
    )
    assert marks("a.sh", text) == [("out-of-range", "3"), ("unknown-role", '\\"usr\\"')]
    names = f'curl {CHAT} -d "{{\\"model\\": \\"gpt-4o\\", \\"messages\\": [{{\\"role\\": \\"user\\", \\"content\\": \\"Hi\\"}}], \\"tools\\": [TOOLS]}}"'
    tool = '{{\\"type\\": \\"function\\", \\"function\\": {{\\"name\\": \\"{}\\", \\"description\\": \\"d\\", \\"parameters\\": {{\\"type\\": \\"object\\", \\"properties\\": {{}}}}}}}}'
    different = names.replace("TOOLS", f"{tool.format('$A')}, {tool.format('$B')}")
    same = names.replace("TOOLS", f"{tool.format('a')}, {tool.format('a')}, {tool.format('$A')}")
    assert "duplicate-tool-name" not in dict(marks("a.sh", different))
    assert "duplicate-tool-name" in dict(marks("a.sh", same))


def test_python_and_logs_are_judged() -> None:
    """A dict as Python prints it, a call of the SDK, and the one object of a line are judged where they stand."""
    assert marks("<stdin>", "{'model': 'gpt-4o', 'messages': [{'role': 'usr', 'content': \"It's\"}]}") == [
        ("unknown-role", "'usr'")
    ]
    call = "r = client.chat.completions.create(\n  model='gpt-4o', stram=True,\n  messages=[{'role': 'user', 'content': 'Hi'}])\n"
    assert marks("a.py", call) == [("unknown-field", "stram")]
    log = 'x INFO start {"a": 1}\nx INFO request: {"model": "gpt-4o", "messages": [{"role": "usr", "content": "Hi"}]}\n'
    assert marks("app.log", log) == [("unknown-role", '"usr"')]
    assert marks("a.txt", "{'model': 'gpt-4o', 'messages': [{'role': 'user', 'content': 'Hi'}], 'n': nan, 'user': b'a'}") == [
        ("non-json-value", "nan"), ("non-json-value", "b'a'"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rule", "marked"),
    [
        ('{"model": "a", "messages": [1],}', "invalid-json", ","),
        ('{"model": "a", "messages": [] /* c */}', "invalid-json", "/* c */"),
        ("{'model': true}", "invalid-json", "'"),
        ("model: a\nmessages:\n - role: x\n   content: [\n", "invalid-yaml", ""),
    ],
)
def test_json_and_yaml_with_a_slip_stay_what_they_are(text: str, rule: str, marked: str) -> None:
    """A trailing comma does not make a request Python: the flaw is reported at its place, also without a name."""
    assert marks("<stdin>", text)[0] == (rule, marked)


def test_text_for_a_program_is_never_read_as_python() -> None:
    """What a program is about to send as JSON must be JSON."""
    for text in ("{'model': 'a', 'messages': []}", f"curl {CHAT} -d '{{}}'"):
        assert next(each.rule for each in LINTER.check(text)) in (
            "invalid-json",
            "invalid-yaml",
            "wrong-type",
            "missing-field",
        )


SENTENCES = [
    ("app.py", "def f():\n    return {'model': 1, 'messages': []}\n", "it is Python source code, not JSON or YAML; only a file that is one literal, or one call with literal arguments, is read"),
    ("app.js", "const messages = [];", "it is JavaScript source code, not JSON or YAML"),
    ("NOTES.md", "# Title\n\nmodel: a\n", "it is Markdown, not JSON or YAML, and has no curl command with a body"),
    ("a.sh", "#!/bin/sh\necho messages: a\n", "it is a shell script, not JSON or YAML, and has no curl command with a body"),
    ("a.sh", f"curl {CHAT} -d @a.json\n", "it is a shell script, not JSON or YAML; its curl command is not judged: its body is in another file, which is not opened"),
    ("a.ipynb", '{"nbformat": 4, "cells": [{"messages": []}]}', "it is a Jupyter notebook, and cells are not read as requests"),
    ("notes.txt", "Just words here\n", "it is plain text, not JSON or YAML"),
    ("<stdin>", "Just words here\n", "it is text, not JSON or YAML"),
    ("app.log", "INFO start\nINFO stop\n", "it is a log, not JSON or YAML"),
    ("a.png", b"\x89PNG\r\n\x1a\n\0\0", "it is a PNG image, not JSON or YAML"),
    ("a.bin", b"ab\0\xff", "it is a binary file, not JSON or YAML"),
    ("a.txt", "", "it is an empty file, not JSON or YAML"),
    ("tsconfig.json", '{\n // a\n "strict": true,\n}\n', "it is JSON with comments (JSONC), which is not JSON, and has no sign of a request"),
    ("a.jsonc", '{\n // a\n "strict": true,\n}\n', "it is JSON with comments (JSONC), which is not JSON, and has no sign of a request"),
    ("a.txt", "{'model': 'a',\n 'messages': messages}", "it is plain text, not JSON or YAML; read as a Python literal, it has a name whose value is not in the text in line 2"),
    ("a.py", "client.embeddings.create(model='a', input='b')", "it is Python source code, not JSON or YAML; a call of client.embeddings.create is for an endpoint that no profile here is for"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "sentence"), SENTENCES)
def test_a_named_file_that_is_no_request_gets_one_true_sentence(name: str, text: str | bytes, sentence: str) -> None:
    """What a named file is, is said once; a hook passes over the same file."""
    (finding,) = check(name, text)
    assert (finding.rule, finding.message, finding.fix) == ("unreadable-input", f"cannot be read: {sentence}", None)
    passed = check(name, text, scope=Scope.LIKELY)
    assert (passed.findings, len(passed.skipped)) == ((), 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tsconfig.json", '{\n // a\n "strict": true,\n}\n'), ("zero.json", ""), ("bom.json", "\ufeff"), ("pretty.jsonl", '{\n "a": [],\n "b": 1\n}\n'),
        ("cut.yaml", "a: [\n"), ("template.yaml", "a: {{ b }}\n{% if c %}\n"), ("words.yml", "no: yes: no\n"),
    ],
)  # fmt: skip
def test_a_file_without_a_sign_of_a_request_is_passed_over_in_a_folder(name: str, text: str, scratch: Scratch) -> None:
    """Whatever is wrong with such a file, nobody sent it; `--fix` leaves it as it is."""
    scratch.write(name, text)
    for options in ((), ("--fix",), ("--jobs", "2")):
        done = scratch.run("check", ".", "--allow-empty", *options)
        assert (done.code, (scratch.folder / name).read_text("utf-8")) == (0, text), done.err


def test_a_broken_request_in_a_folder_is_reported(scratch: Scratch) -> None:
    """A file that cannot be read and has a sign of a request is a finding in a folder, too."""
    scratch.write("a.json", '{"model": "a", "messages": [}')
    assert [rule for _, rule in scratch.findings(".")] == ["invalid-json"]


def test_pasted_texts_are_not_edited(scratch: Scratch) -> None:
    """`--fix` and `--diff` leave commands and Python as they are."""
    texts = {
        "a.sh": f"""curl {CHAT} -d '{{"model": "gpt-4o", "messages": [{{"role": "user", "content": "Hi"}}], "steam": true}}'\n""",
        "a.py": "{'model': 'gpt-4o', 'messages': [{'role': 'user', 'content': 'Hi'}], 'steam': True}\n",
        "a.log": 'x {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "steam": true}\n',
    }
    for name, text in texts.items():
        scratch.write(name, text)
        for options in (("--fix",), ("--fix", "--unsafe-fixes"), ("--diff",)):
            done = scratch.run("check", name, "-p", "openai", *options)
            assert (scratch.folder / name).read_text() == text
            assert "---" not in done.out
        assert [rule for _, rule in scratch.findings(name, "-p", "openai")] == ["unknown-field"]
