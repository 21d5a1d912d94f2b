"""Text cut anywhere: the rest is read or has a finding, and everything before the cut is judged."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from reqlint import Linter
from reqlint.core.findings import Region
from reqlint.text.documents import read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.sources import Source

CALL = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": '{"q": "caf\\u00e9 \\ud83d"}'}}
REQUEST: dict[str, Any] = {
    "model": "gpt-4o",
    "temperature": -1.5e0,
    "top_p": 3,
    "messages": [
        {"role": "user", "content": 'Grüße 😀 \u2028 \\ " \n'},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": [{"type": "text", "text": ""}]},
    ],
}
BODY = json.dumps(REQUEST)
REQUEST_TEXT = json.dumps(REQUEST, ensure_ascii=False, indent=1)
LINE = json.dumps({"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": REQUEST})
HAR = json.dumps(
    {
        "log": {
            "version": "1.2",
            "creator": {"name": "x", "version": "1"},
            "entries": [
                {
                    "request": {
                        "method": "POST",
                        "url": "https://api.openai.com/v1/chat/completions",
                        "postData": {"mimeType": "application/json", "text": BODY},
                    },
                    "response": {"status": 200, "content": {"mimeType": "application/json", "text": "{}"}},
                }
            ],
        }
    }
)
CASSETTE = (
    "interactions:\n- request:\n    method: POST\n    uri: https://api.openai.com/v1/chat/completions\n"
    f"    body: '{BODY.replace(chr(39), chr(39) * 2)}'\n"
    "  response:\n    status: {code: 200}\n    body: {string: '{}'}\nversion: 1\n"
)
TOOLS = json.dumps(
    {
        "jsonrpc": "2.0",
        "id": 1,
        "result": {
            "tools": [{"name": "gäste list", "inputSchema": {"type": "object", "properties": {"a": {"type": "array"}}}}]
        },
    },
    ensure_ascii=False,
)
FORMS = {
    "a.json": REQUEST_TEXT,
    "a.jsonl": f"{LINE}\r\n\n{LINE.replace(chr(34) + 'a' + chr(34), chr(34) + 'b' + chr(34), 1)}\n",
    "a.har": HAR,
    "a.yaml": REQUEST_TEXT,
    "cassette.yaml": CASSETTE,
    "tools.json": TOOLS,
    "a": REQUEST_TEXT,
}
LINTER = Linter("openai")
IS_REASON = {"invalid-json", "invalid-yaml", "not-utf8"}


def regions(report: Any) -> Iterator[Region]:
    """Yield every region in a report."""
    for finding in report.findings:
        yield from (each.region for each in (finding, *finding.related) if each.region)


@pytest.mark.parametrize("name", FORMS)
def test_a_text_may_end_anywhere(name: str) -> None:
    """
    Text cut after any byte is read, or has a syntax flaw with a region in the text.

    No proper prefix of a JSON object is a value, so a JSON file that is cut has no other finding.
    """
    data = FORMS[name].encode()
    for end in range(len(data)):
        part = data[:end]
        report = LINTER.check_text(part, name)
        shown = part.decode("utf-8", "replace").split("\n")
        for region in regions(report):
            assert 1 <= region.line <= region.end_line <= len(shown), end
            assert 1 <= region.column <= len(shown[region.line - 1]) + 1, end
            assert 1 <= region.end_column <= len(shown[region.end_line - 1]) + 1, end
            assert (region.line, region.column) <= (region.end_line, region.end_column), end
        if name in ("a.json", "a.har"):
            assert [finding.rule in IS_REASON for finding in report.findings] == [True], end


def test_lines_before_the_end_are_judged() -> None:
    """When a file of lines is cut, its complete lines have the same findings as before; only the last is broken."""
    data = FORMS["a.jsonl"].encode()
    whole = LINTER.check_text(data, "a.jsonl")
    first = [(f.rule, f.region, f.fingerprint) for f in whole.findings if f.document == 0 and f.rule != "blank-line"]
    assert len(first) >= 2
    line_end = data.index(b"\n")
    for end in range(line_end, len(data)):
        report = LINTER.check_text(data[:end], "a.jsonl")
        left = [
            (f.rule, f.region, f.fingerprint) for f in report.findings if f.document == 0 and f.rule != "blank-line"
        ]
        assert left == first, end
        rest = data[line_end + 2 : end].strip()
        last = list(read_documents(Source("a.jsonl", None, data[:end]), Form.JSONL))[-1]
        if rest and rest != data[line_end + 2 :].strip():
            assert last.value is UNREADABLE, end
            assert [f.rule for f in report.findings if f.document == 2 and f.rule in IS_REASON] == ["invalid-json"], end
