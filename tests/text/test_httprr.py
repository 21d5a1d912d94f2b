"""Traces of Go's httprr: every exchange is found at its place, and what is damaged is said."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint import Linter
from reqlint.core.findings import Part
from reqlint.core.pointer import Place, value_at
from reqlint.text.documents import read_documents
from reqlint.text.embedded import Embedded
from reqlint.text.forms import Form, detect_form
from reqlint.text.sources import Source
from tests.support.traces import http, trace

URL = "https://api.openai.com/v1/chat/completions"
REQUEST = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}
BAD = {**REQUEST, "n": 0}

texts = st.text(st.sampled_from('ab"\\/é漢😀\u2028\x7f\n '), max_size=20)
values = st.dictionaries(texts, texts | st.integers() | st.lists(texts, max_size=2) | st.none(), max_size=3)


def found(data: bytes, name: str = "x.httprr", profile: str = "openai") -> list[tuple[str, str, int | None, int]]:
    """Return rule, pointer, line and document of each finding."""
    findings = Linter(profile).check_text(data, name).findings
    return [(f.rule, f.pointer, f.region and f.region.line, f.document) for f in findings]


@pytest.mark.parametrize("name", ["x.httprr", "x.txt", "<stdin>"])
def test_a_trace_is_known_by_its_first_line(name: str) -> None:
    """The first line of the content decides, whatever the name says."""
    data = trace((http("POST", URL, BAD), (400, {"error": {"code": "c"}})))
    assert detect_form(Source(name, None, data)) is Form.HTTPRR
    assert found(data, name) == [("out-of-range", "/request/body/n", 7, 0)]


def test_a_compressed_trace_is_read() -> None:
    """The suffix of a compression is seen through."""
    data = trace((http("POST", URL, BAD), (400, {})))
    assert found(gzip.compress(data, mtime=0), "x.httprr.gz") == found(data)


def test_url_body_and_status_are_obeyed() -> None:
    """Another endpoint is not for chat; the host may stand in its header; the status is the answer."""
    data = trace(
        (http("POST", "https://api.openai.com/v1/embeddings", BAD), (200, {})),
        (http("POST", "/v1/chat/completions", BAD, host="api.openai.com"), (200, {"choices": []})),
        (http("GET", URL, {}), (200, {})),
        (http("POST", URL, REQUEST), (429, {})),
    )
    assert found(data, profile="auto") == [
        ("out-of-range", "/request/body/n", 15, 1),
        ("contradicted-by-recording", "/response/status", 15, 1),
    ]
    assert Linter("auto").check_text(data, "x.httprr").requests == 2


def places(value: object, at: Place = ()) -> list[Place]:
    """Return the place of every value."""
    steps: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for step, inner in steps for place in places(inner, (*at, step)))]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(values, values, st.booleans(), st.binary(max_size=9)), min_size=1, max_size=3))
def test_every_region_holds_its_value(made: list[tuple[dict[str, Any], dict[str, Any], bool, bytes]]) -> None:
    """The text of a region is the value at its place, also after answers that are not text and end without a line."""
    data = trace(
        *(
            (http("POST", URL, {"a": sent}, ascii_only=plain), (200, {"b": said}, noise))
            for sent, said, plain, noise in made
        )
    )
    lines = data.split(b"\n")
    documents = list(read_documents(Source("x", None, data)))
    assert len(documents) == len(made)
    for document, (sent, _, _, _) in zip(documents, made, strict=True):
        assert [*places(document.value)] == [place for place in places(document.value) if document.spans([place])]
        for place in places(document.value):
            region = document.locate([(place, Part.VALUE)])[place, Part.VALUE]
            value = value_at(document.value, place)
            if isinstance(value, str | int) and place != ("request", "url"):
                assert document.text_at(region) == str(value)
        body = value_at(document.value, ("request", "body"))
        assert isinstance(body, str)
        inner = Embedded(("request", "body"), body, json.loads(body))
        wanted = [("request", "body", *place) for place in places({"a": sent})]
        regions = inner.locate(document, [(place, Part.VALUE) for place in wanted])
        assert len(regions) == len(wanted)
        for (place, _), region in regions.items():
            assert json.loads(document.text_at(region)) == value_at({"a": sent}, place[2:])
            line = lines[region.line - 1].decode("utf-8", "replace")
            assert line[region.column - 1 :].startswith(document.text_at(region).split("\n")[0])


def test_a_body_in_one_chunk_is_read_and_one_in_several_is_not() -> None:
    """A body in several chunks stands nowhere in one piece: it is left out, and the audit counts it."""
    body = json.dumps(BAD).encode()
    head = f"POST {URL} HTTP/1.1\r\nHost: api.openai.com\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    one = head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    two = head + b"5\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (body[:5], len(body) - 5, body[5:])
    assert [rule for rule, *_ in found(trace((one, (400, {}))))] == ["out-of-range"]
    assert found(trace((two, (400, {})))) == []


WHOLE = trace((http("POST", URL, BAD), (400, {})), (http("POST", URL, BAD), (400, {})))


@pytest.mark.parametrize(
    ("data", "reason", "exchanges", "line"),
    [
        (WHOLE[:-1], "exchange 2 of the trace is cut off", 1, 10),
        (WHOLE + b"x", "exchange 3 of the trace does not begin with two sizes", 2, 18),
        (WHOLE + b"9 9\n", "exchange 3 of the trace is cut off", 2, 18),
        (b"httprr trace v1\n-1 5\nx", "exchange 1 of the trace does not begin with two sizes", 0, 2),
        (b"httprr trace v1\n999999999999 1\nx", "exchange 1 of the trace is cut off", 0, 2),
        (b"httprr trace v1\n" + b"9" * 5000 + b" 1\nx", "exchange 1 of the trace does not begin with two sizes", 0, 2),
    ],
)
def test_what_stands_before_damage_is_judged(data: bytes, reason: str, exchanges: int, line: int) -> None:
    """The exchanges before the damage are judged, and the damage is a finding with one sentence."""
    report = Linter("openai").check_text(data, "x.httprr")
    assert report.requests == exchanges
    (damage,) = [finding for finding in report if finding.rule == "unreadable-input"]
    assert damage.message == f"cannot be read: {reason}"
    assert damage.region is not None
    assert damage.region.line == line


def test_only_the_first_line_is_a_trace_without_requests() -> None:
    """A recorder that was stopped leaves the first line alone: no request, no damage."""
    report = Linter("openai").check_text(b"httprr trace v1\n", "x.httprr")
    assert (report.findings, report.requests, len(report.skipped)) == ((), 0, 1)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_damage_raises(data: st.DataObject) -> None:
    """Whatever is cut out of a trace or written into it, the report says it."""
    start = data.draw(st.integers(15, len(WHOLE)))
    end = data.draw(st.integers(start, len(WHOLE)))
    damaged = WHOLE[:start] + data.draw(st.binary(max_size=5)) + WHOLE[end:]
    Linter("openai").check_text(damaged, "x.httprr")


def test_nothing_is_written_into_a_trace() -> None:
    """No finding of a trace has a fix."""
    misspelt = {**REQUEST, "temprature": 1}
    report = Linter("openai").check_text(trace((http("POST", URL, misspelt), (200, {}))), "x.httprr")
    assert "unknown-field" in {finding.rule for finding in report}
    assert all(finding.fix is None for finding in report)
    documents = read_documents(Source("x.httprr", None, WHOLE))
    assert [document.index for document in documents] == [0, 1]
