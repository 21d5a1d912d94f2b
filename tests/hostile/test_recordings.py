"""Recordings with unreadable bodies: each of these is a finding or counted, and the other bodies are judged."""

import base64
import gzip
import json
from pathlib import Path
from time import process_time

import pytest

from reqlint import Linter
from tests.support.bounded import bounded

URL = "https://api.example.com/v1/chat/completions"
WRONG = '{"model": "qwen-plus", "messages": 3}'
PACKED = base64.b64encode(gzip.compress(WRONG.encode(), mtime=0)).decode()


def _exchange(body: object, response: object = 200, **more: object) -> dict[str, object]:
    return {"request": {"method": "POST", "uri": URL, "body": body, **more}, "response": {"status": response}}


# True: the body is a finding. False: it is only counted as not JSON.
BODIES: dict[str, tuple[object, bool]] = {
    "base64": ({"base64_string": PACKED, "encoding": "utf-8"}, False),
    "encoded text": ({"string": PACKED, "encoding": "base64"}, False),
    "bytes that were decoded": ("\x1f\ufffd\b\0" * 100, False),
    "JSON in JSON": (json.dumps(WRONG), False),
    "an array": ("[1, 2]", False),
    "a form": ("a=b&c=d", False),
    "parts": ("--x\r\nContent-Disposition: form-data\r\n\r\n{}\r\n--x--", False),
    "nothing": ("", False),
    "null": (None, False),
    "a number": (3, False),
    "brackets": ("[" * 100_000, False),
    "braces": ('{"a":' * 20_000, True),
    "a cut text": (WRONG[:20], True),
    "NUL": ('{\0"a"\0}', True),
    "half a character": ('{"model": "\\ud800', True),
    "a key twice": ('{"model": "a", "messages": [], "model": "b"}', True),
}


@pytest.mark.parametrize("name", BODIES)
def test_an_unreadable_body_is_a_finding_or_counted(name: str, tmp_path: Path) -> None:
    """An unreadable body is either a finding or left for the count of opaque bodies; the body after it is judged."""
    body, is_finding = BODIES[name]
    recording = tmp_path / "a.json"
    recording.write_text(json.dumps({"interactions": [_exchange(body), _exchange(WRONG)]}))
    findings = Linter().check_file(recording).findings
    assert any(finding.pointer.startswith("/interactions/1/") for finding in findings)
    assert any(finding.pointer.startswith("/interactions/0/") for finding in findings) == is_finding


def test_an_audit_counts_unreadable_bodies(tmp_path: Path) -> None:
    """An audit of all these bodies reports how many are not JSON, within 8 CPU seconds and 200 MB."""
    recording = tmp_path / "a.json"
    recording.write_text(json.dumps({"interactions": [_exchange(body) for body, _ in BODIES.values()]}))
    ran = bounded("audit", "--output-format", "json", str(recording), folder=tmp_path)
    assert json.loads(ran.out)["left_out"]["not_json"] == sum(not is_finding for _, is_finding in BODIES.values())
    assert ran.err == b""
    assert ran.seconds < 8
    assert ran.megabytes < 200


def test_nothing_around_a_body_raises() -> None:
    """Odd statuses, headers, addresses and exchanges are skipped, and the body after them is judged."""
    odd: list[object] = [None, True, -1, 10**400, "200 OK", "٢٠٠", [], {}, {"code": []}, 1.5, "x" * 1000, [["a", "b"]]]
    addresses = [
        "http://[",
        "http://x:99999999999/chat/completions",
        "http://x/\n::error::",
        "",
        "/" * 10_000,
        "http://é/",
    ]
    exchanges: list[object] = [*odd, *(_exchange(WRONG, each, headers=each) for each in odd)]
    exchanges += [{"request": {"method": each, "uri": each, "body": each}, "response": each} for each in odd]
    exchanges += [{"request": {"uri": each, "body": WRONG}} for each in addresses]
    exchanges.append(_exchange(WRONG))
    findings = Linter().check_text(json.dumps({"interactions": exchanges}), "a.json").findings
    assert any(finding.pointer.startswith(f"/interactions/{len(exchanges) - 1}/") for finding in findings)


@pytest.mark.parametrize(
    "body",
    [f"!!binary {PACKED}", f"!!binary |\n      {PACKED}", f"{{string: !!binary {PACKED}}}"],
    ids=["on one line", "as a block", "inside an object"],
)
def test_binary_yaml_is_counted(body: str) -> None:
    """A body written as binary YAML does not pass as clean: the file is reported as holding no request."""
    text = (
        f"interactions:\n- request:\n    method: POST\n    uri: {URL}\n    body: {body}\n  response: {{status: 200}}\n"
    )
    report = Linter().check_text(text, "a.yaml")
    assert (report.requests, len(report.skipped)) == (0, 1)


def test_a_recording_inside_itself_is_a_finding() -> None:
    """An alias to the node that contains it is reported as `too-many-aliases`."""
    for text in ("interactions: &a\n- request: {body: *a}\n", "&a\nrequest: *a\nresponse: 200\n"):
        assert [f.rule for f in Linter().check_text(text, "a.yaml").findings] == ["too-many-aliases"]


def test_four_times_the_bodies_take_four_times_the_time() -> None:
    """The time to judge thousands of bodies, each with a finding, grows in line with their number."""
    linter = Linter()
    took = []
    for count in (500, 2000):
        text = json.dumps({"interactions": [_exchange(WRONG)] * count})
        start = process_time()
        assert len(linter.check_text(text, "a.json").findings) >= count
        took.append(process_time() - start)
    assert took[1] / took[0] < 9


def test_a_deeply_indented_block_is_read_once() -> None:
    """The parts of a body in a block indented by thousands of blanks are located within 5 CPU seconds."""
    blanks = " " * 3000
    lines = "".join(f"{blanks}{line}\n" for line in ('{"model": "m",', *['"a": 1,'] * 100, '"messages": 3}'))
    start = process_time()
    report = Linter().check_text(f"request:\n  uri: {URL}\n  method: POST\n  body: |1\n{lines}", "a.yaml")
    assert process_time() - start < 5
    assert "wrong-type" in {finding.rule for finding in report.findings}
