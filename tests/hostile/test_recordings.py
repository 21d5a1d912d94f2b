"""Recordings with unreadable bodies: each of these is a finding or counted, and the other bodies are judged."""

import base64
import gzip
import json
from pathlib import Path

import pytest

from reqlint import Linter
from tests.support.bounded import bounded
from tests.support.timing import Stopwatch, growth
from tests.support.traces import http, trace

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
    ran = bounded("audit", "-p", "gptproto-qwen", "--output-format", "json", str(recording), folder=tmp_path)
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


def test_a_deeply_indented_block_is_read_once() -> None:
    """The parts of a body in a block indented by thousands of blanks are located within 5 CPU seconds."""
    blanks = " " * 3000
    lines = "".join(f"{blanks}{line}\n" for line in ('{"model": "m",', *['"a": 1,'] * 100, '"messages": 3}'))
    with Stopwatch() as took:
        report = Linter().check_text(f"request:\n  uri: {URL}\n  method: POST\n  body: |1\n{lines}", "a.yaml")
    assert took.seconds < 5
    assert "wrong-type" in {finding.rule for finding in report.findings}


def _nock(body: object, **more: object) -> dict[str, object]:
    sent = {"scope": "https://api.example.com:443", "method": "POST", "path": "/v1/chat/completions", "body": body}
    return {**sent, "status": 400, "response": {}, **more}


def _deep(body: object) -> object:
    return json.loads('{"payload":' * 200 + json.dumps(body) + "}" * 200)


FORMS: dict[str, object] = {
    "nock": _nock,
    "a log line": lambda body: {"payload": body},
    "a request in a log line": lambda body: {"request": {"url": URL, "json_data": body}},
    "an error text": lambda body: {"request": {"uri": URL, "body": body}, "error": "400 " + "Bad " * 100_000},
}


@pytest.mark.parametrize("form", FORMS)
def test_every_body_in_the_newer_forms_is_judged_or_passed_over(form: str) -> None:
    """Whatever stands where a body should, nothing raises, and the request after it is judged."""
    wrap = FORMS[form]
    assert callable(wrap)
    good = {"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}], "n": 0}
    values = [body for body, _ in BODIES.values()] + [[], {}, True, -1, 10**400, 1.5, [[]], _deep({}), "x" * 1_000_000]
    lines = [wrap(body) for body in [*values, good]]
    report = Linter("openai").check_text("\n".join(map(json.dumps, lines)), "a.jsonl")
    assert {f.rule for f in report if f.document == len(lines) - 1} >= {"out-of-range"}


def test_nothing_around_a_body_of_nock_raises() -> None:
    """Odd scopes, paths, methods, statuses and answers are no more than no recording, or no chat request."""
    odd: list[object] = [None, True, -1, 10**400, "", "x", "http://[", "٢٠٠", [], {}, {"error": []}, 1.5, ["7b", "zz"]]
    made = [{**_nock({"model": "m"}), key: value} for key in _nock(1) for value in odd]
    made += [{**_nock({}), "response": {"error": value}, "error": value} for value in odd]
    good = _nock({"model": "m", "messages": [{"role": "user", "content": "Hi"}], "n": 0})
    report = Linter("openai").check_text(json.dumps([*made, good]), "a.json")
    assert f"/{len(made)}/body/n" in {finding.pointer for finding in report}


def test_a_request_many_wrappers_deep_is_passed_over() -> None:
    """Only what stands directly under a known key is looked at, so nesting costs nothing and finds nothing."""
    deep = _deep({"model": "m", "messages": [{"role": "user", "content": "Hi"}]})
    report = Linter("openai").check_text(json.dumps([deep, {"payload": json.dumps(deep)}]), "a.json")
    assert report.requests <= 2


TRACES: dict[str, bytes] = {
    "nothing": b"httprr trace v1",
    "no sizes": b"httprr trace v1\n" + b"x" * 1_000_000,
    "many digits": b"httprr trace v1\n" + b"9" * 1_000_000 + b" 1\n",
    "sizes of a gigabyte": b"httprr trace v1\n999999999999 999999999999\n" + b"x" * 1_000_000,
    "empty exchanges": b"httprr trace v1\n" + b"0 0\n" * 50_000,
    "line ends": b"httprr trace v1\n1000000 0\n" + b"\n" * 1_000_000,
    "header lines": b"httprr trace v1\n1000000 0\n" + b"Host: a\r\n" * 111_111 + b"\n",
    "a long target": b"httprr trace v1\n1000000 0\n" + b"POST " + b"/" * 999_995,
    "not UTF-8": b"httprr trace v1\n1000000 1000000\n" + b"\xff\xc3" * 1_000_000,
    "surrogates": trace((http("POST", URL, {"model": "\ud800"}), (400, {"a": "\udfff"}))),
    "deep": trace((http("POST", URL, {"messages": _deep({})}), (400, _deep({})))),
    "UTF-16": "httprr trace v1\n0 0\n".encode("utf-16"),
}


@pytest.mark.parametrize("name", TRACES)
def test_a_hostile_trace_is_read_within_bounds(name: str, tmp_path: Path) -> None:
    """A report within 5 CPU seconds and 250 MB, plain or compressed, and no traceback."""
    (tmp_path / "a.httprr").write_bytes(TRACES[name])
    (tmp_path / "b.httprr.gz").write_bytes(gzip.compress(TRACES[name], mtime=0))
    ran = bounded("check", "--isolated", "--allow-empty", "-p", "openai", "a.httprr", "b.httprr.gz", folder=tmp_path)
    assert ran.code in (0, 1), ran.err
    assert ran.seconds < 5
    assert ran.megabytes < 250


def test_a_trace_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    """A small compressed trace that unpacks to more than the limit is a finding."""
    (tmp_path / "a.httprr.gz").write_bytes(gzip.compress(b"httprr trace v1\n" + b"x\n" * 70_000_000, 9, mtime=0))
    ran = bounded("check", "--isolated", "a.httprr.gz", folder=tmp_path)
    assert ran.code == 1
    assert b"unpacks to more than" in ran.out
    assert ran.megabytes < 400


def test_four_times_the_exchanges_take_four_times_the_time() -> None:
    """The time for a trace grows in line with the number of its exchanges."""
    one = (http("POST", URL, {"model": "m", "messages": [], "n": 0}), (200, {"choices": []}))

    def judge(data: bytes) -> None:
        assert Linter("openai").check_text(data, "a.httprr").requests >= 300

    assert growth(judge, lambda count: trace(*[one] * count), 300, below=9) < 9


def test_an_answer_beside_may_be_anything(tmp_path: Path) -> None:
    """Whatever lies beside a request, the request is judged."""
    request = tmp_path / "request.json"
    request.write_text(json.dumps({"model": "m", "messages": [{"role": "user", "content": "Hi"}], "n": 0}))
    hostile = [
        b"",
        b"\0",
        b"\xff" * 100,
        b"[" * 100_000,
        b'{"error":' * 50_000,
        b"&a [*a]",
        b"1" * 5_000,
        b'{"a": NaN}',
    ]
    hostile += [json.dumps({"status": 10**400, "error": []}).encode(), *TRACES.values()]
    for data in hostile:
        for name in ("response.json", "error.json", "response.yaml", "response.txt"):
            (tmp_path / name).write_bytes(data)
            assert "out-of-range" in {finding.rule for finding in Linter("openai").check_file(request)}
            (tmp_path / name).unlink()
