"""Chat requests in recordings: found, judged at their own places, and compared with the recorded answers."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint import Linter
from reqlint.containers.envelope import WRAPPING_KEYS, Answer, Envelope, Kind
from reqlint.containers.finder import find_requests
from reqlint.containers.recordings import count_skipped, find_recorded, kind_of
from reqlint.core.pointer import Place, value_at
from reqlint.run.audit import audit
from reqlint.text.embedded import Embedded
from reqlint.text.sources import Source

CHAT = "https://api.openai.com/v1/chat/completions"
REQUEST = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}
BAD = {**REQUEST, "n": 0}
TEXT = json.dumps(REQUEST)


def cassette(*exchanges: object, key: str = "interactions") -> dict[str, object]:
    """Return a cassette of these exchanges."""
    return {key: list(exchanges), "version": 1}


def sent(body: object, uri: str = CHAT, method: str = "POST") -> dict[str, object]:
    """Return a recorded exchange with a response."""
    return {"request": {"method": method, "uri": uri, "body": body}, "response": {"status": {"code": 200}}}


def in_har(text: str, status: int = 200, **post: str) -> dict[str, object]:
    """Return a HAR file with one entry."""
    request = {"method": "POST", "url": CHAT, "postData": {"mimeType": "application/json", "text": text, **post}}
    return {"log": {"entries": [{"request": request, "response": {"status": status}}]}}


def in_nock(body: object, path: str = "/v1/chat/completions", status: int = 200, **more: object) -> dict[str, object]:
    """Return an exchange as nock records it."""
    answer = {"rawHeaders": ["Content-Type", "application/json"], "responseIsBinary": False, "response": {}}
    sent = {"scope": "https://api.openai.com:443", "method": "POST", "path": path, "body": body, "status": status}
    return {**sent, **answer, **more}


POLLY = {
    "log": {
        "_recordingName": "chat/answers a greeting",
        "creator": {"comment": "persister:fs", "name": "Polly.JS", "version": "6.0.6"},
        "entries": [
            {
                "_id": "0123456789abcdef0123456789abcdef",
                "_order": 0,
                "cache": {},
                "request": {
                    "bodySize": len(TEXT),
                    "cookies": [],
                    "headers": [{"_fromType": "array", "name": "content-type", "value": "application/json"}],
                    "method": "POST",
                    "postData": {"mimeType": "application/json", "params": [], "text": TEXT},
                    "queryString": [],
                    "url": CHAT,
                },
                "response": {"content": {"text": "{}"}, "status": 200, "statusText": "OK"},
            }
        ],
        "pages": [],
        "version": "1.2",
    }
}


@pytest.mark.parametrize(
    ("value", "kind", "place"),
    [
        (cassette(sent(TEXT)), Kind.CASSETTE, ("interactions", 0, "request", "body")),
        (cassette(sent(REQUEST)), Kind.CASSETTE, ("interactions", 0, "request", "body")),
        (cassette(sent({"string": TEXT})), Kind.CASSETTE, ("interactions", 0, "request", "body", "string")),
        (
            cassette(sent({"encoding": "UTF-8", "string": TEXT}), key="http_interactions"),
            Kind.CASSETTE,
            ("http_interactions", 0, "request", "body", "string"),
        ),
        (cassette(sent({"json": REQUEST})), Kind.CASSETTE, ("interactions", 0, "request", "body", "json")),
        (
            cassette({"request": {"method": "POST", "uri": CHAT, "body": None, "parsed_body": REQUEST}}),
            Kind.CASSETTE,
            ("interactions", 0, "request", "parsed_body"),
        ),
        (cassette(sent("{}")), Kind.CASSETTE, ("interactions", 0, "request", "body")),
        (in_har(TEXT), Kind.HAR, ("log", "entries", 0, "request", "postData", "text")),
        ({"request": REQUEST, "response": {"status": 200}}, Kind.EXCHANGE, ("request",)),
        ({"id": 1, "request": REQUEST}, Kind.EXCHANGE, ("request",)),
        ({"request": TEXT, "response": None}, Kind.EXCHANGE, ("request",)),
        ({"request": {"url": CHAT, "body": {}}, "status": 400}, Kind.EXCHANGE, ("request", "body")),
        ({"request": {"body": TEXT}}, Kind.EXCHANGE, ("request", "body")),
        (POLLY, Kind.HAR, ("log", "entries", 0, "request", "postData", "text")),
        (in_nock(REQUEST), Kind.NOCK, ("body",)),
        (in_nock(TEXT), Kind.NOCK, ("body",)),
        (in_nock({}, "/v1/chat/completions?a=b"), Kind.NOCK, ("body",)),
        ({"request": {"url": CHAT, "payload": REQUEST}}, Kind.EXCHANGE, ("request", "payload")),
        *(({"level": "info", key: body}, Kind.EXCHANGE, (key,)) for key in WRAPPING_KEYS for body in (REQUEST, TEXT)),
        ({"url": "/chat/completions", "method": "post", "json_data": REQUEST}, Kind.EXCHANGE, ("json_data",)),
        ({"url": CHAT, "method": "POST", "body": REQUEST, "status": 400}, Kind.EXCHANGE, ("body",)),
    ],
)
def test_a_recorded_request_is_found(value: object, kind: Kind, place: Place) -> None:
    """The body is found where each recorder puts it, whether the kind is given or recognised."""
    for wanted in (None, kind):
        (found,) = find_requests(value, wanted)
        assert (found.kind, found.place) == (kind, place)
        written = value_at(value, place)
        assert found.value == (json.loads(written) if isinstance(written, str) else written)
        assert isinstance(found.inner, Embedded) is isinstance(written, str)
    assert kind_of(value) is kind
    assert all(
        find_requests(value, other) == () for other in (Kind.CASSETTE, Kind.HAR, Kind.EXCHANGE) if other is not kind
    )


@pytest.mark.parametrize(
    ("value", "counts"),
    [
        (cassette(sent(TEXT, "https://api.openai.com/v1/embeddings")), (1, 0)),
        (cassette(sent(TEXT, "https://api.openai.com/v1/chat/completions/abc")), (1, 0)),
        (cassette(sent("", CHAT, "GET")), (1, 0)),
        (cassette(sent(TEXT, "http://[broken/chat/completions")), (1, 0)),
        (cassette(sent({"base64_string": "eyJtb2RlbCI6"})), (0, 1)),
        (cassette(sent({"encoding": "base64", "string": "eyJtb2RlbCI6"})), (0, 1)),
        (cassette(sent("--boundary\r\nContent-Disposition: form-data")), (0, 1)),
        (cassette(sent("[FILTERED]")), (0, 1)),
        (cassette(sent("\x1f\x8b\x08")), (0, 1)),
        (cassette(sent(None)), (0, 1)),
        (in_har(TEXT, encoding="base64"), (0, 1)),
        ({"request": {"model": "text-embedding-3-small", "input": "Hi"}, "response": {}}, (1, 0)),
        ({"request": {"method": "GET", "url": "/health"}, "response": {"status": 200}}, (1, 0)),
        (cassette(), (0, 0)),
        (cassette(3, None), (0, 0)),
        ([{"request": {"input": "Hi"}, "response": 200}, {"request": {"url": CHAT}}], (1, 1)),
    ],
)
def test_requests_for_other_endpoints_and_opaque_bodies_are_counted(value: object, counts: tuple[int, int]) -> None:
    """Requests to other endpoints, and packed, binary or redacted bodies, are counted and are no findings."""
    assert find_requests(value, named=True) == ()
    assert count_skipped(value) == counts


def test_a_forced_exchange_is_judged_whatever_it_looks_like() -> None:
    """With `--as exchange`, the value under `request` is a chat request."""
    value = {"request": {"model": "m"}, "response": {"status": 400}}
    assert find_requests(value) == ()
    (found,) = find_requests(value, Kind.EXCHANGE)
    assert (found.place, found.value, found.status) == (("request",), {"model": "m"}, 400)


def answer_of(exchange: dict[str, object]) -> tuple[int | None, bool | None, Place]:
    """Return an answer's status, whether it accepted the request, and its place."""
    (found,) = find_requests(exchange)
    assert found.answer is not None
    return found.answer.status, found.answer.accepted, found.answer.place


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ({"response": {"status": {"code": 200, "message": "OK"}}}, (200, True, ("response", "status", "code"))),
        ({"response": {"status": {"code": "400"}}}, (400, False, ("response", "status", "code"))),
        ({"response": {"status": "200 OK", "code": 200}}, (200, True, ("response", "status"))),
        ({"response": {"status_code": 422}}, (422, False, ("response", "status_code"))),
        ({"response": {"statusCode": 429}}, (429, None, ("response", "statusCode"))),
        ({"response": 503}, (503, None, ("response",))),
        ({"status": 401}, (401, None, ("status",))),
        ({"response": {"error": {"message": "no"}}}, (None, False, ("response",))),
        ({"response": {"body": '{"error": {"message": "no"}}'}}, (None, False, ("response",))),
    ],
)
def test_an_answer_is_read_where_the_recorder_put_it(rest: dict[str, object], expected: object) -> None:
    """A status may be a number, a text or an object; an error object alone is a refusal; other answers are neither."""
    assert answer_of({"request": REQUEST, **rest}) == expected


@pytest.mark.parametrize(
    "rest", [{}, {"response": {}}, {"response": {"status": 0}}, {"response": "OK"}, {"response": {"status": True}}]
)
def test_no_answer_is_none(rest: dict[str, object]) -> None:
    """A request recorded without a response, or with an empty one, has no answer."""
    (found,) = find_requests({"request": REQUEST, **rest})
    assert found.answer is None
    assert found.status is None


def test_only_names_are_taken_from_an_error() -> None:
    """Code and parameter are shown when they are names; a sentence may quote the payload."""
    error = {"code": "invalid_type", "param": "messages[0].role", "message": "You sent 'secret'"}
    (found,) = find_requests({"request": REQUEST, "response": {"status": 400, "body": {"error": error}}})
    assert found.answer is not None
    assert (found.answer.code, found.answer.param) == ("invalid_type", "messages[0].role")
    (found,) = find_requests({"request": REQUEST, "response": {"status": 400, "error": {"code": "a b", "param": 3}}})
    assert found.answer is not None
    assert (found.answer.code, found.answer.param) == (None, None)


def summary(value: object, profile: str = "openai", name: str = "x.json") -> list[tuple[str, str, str]]:
    """Return rule, severity and pointer of each finding."""
    report = Linter(profile).check_text(json.dumps(value), name)
    return [(f.rule, str(f.severity), f.pointer) for f in report]


def exchange(request: object, status: object) -> dict[str, object]:
    """Return a request beside its response."""
    return {"request": request, "response": {"status": status}}


@pytest.mark.parametrize(
    ("profile", "request_", "status", "expected"),
    [
        ("openai", REQUEST, 200, []),
        ("openai", REQUEST, 429, []),
        ("openai", REQUEST, 400, [("unexplained-refusal", "note")]),
        ("openai", BAD, 400, []),
        ("openai", BAD, 200, [("contradicted-by-recording", "warning")]),
        ("openai", BAD, 401, []),
        ("openai", REQUEST, 418, [("undocumented-status", "note")]),
        ("gptproto-qwen", REQUEST, 503, [("disguised-status", "note")]),
        ("gptproto-qwen", REQUEST, 400, [("disguised-status", "note")]),
        ("gptproto-qwen", BAD, 400, []),
        ("gptproto-qwen", BAD, 503, [("disguised-status", "note")]),
        ("gptproto-qwen", REQUEST, 500, []),
    ],
)
def test_a_status_is_compared_with_error_table_and_verdict(
    profile: str, request_: object, status: int, expected: list[tuple[str, str]]
) -> None:
    """A recorded status is a finding if the error table lacks or disguises it, or if the verdict contradicts it."""
    errors = [("out-of-range", "error", "/request/n")] if request_ is BAD else []
    answers = [(rule, severity, "/response/status") for rule, severity in expected]
    assert summary(exchange(request_, status), profile) == [*errors, *answers]


def test_a_contradiction_links_to_its_errors() -> None:
    """A contradicted verdict is one more finding, linked to the errors in doubt, and these stay errors."""
    text = json.dumps(cassette(sent(json.dumps(BAD))))
    (error, doubt) = Linter("openai").check_text(text, "x.json")
    assert (error.rule, error.severity) == ("out-of-range", "error")
    assert doubt.rule == "contradicted-by-recording"
    assert doubt.message == (
        "the answer was 200, so one of the two is wrong: "
        "the recording, or openai in calling this an error (out-of-range)"
    )
    assert [(link.pointer, link.region) for link in doubt.related] == [(error.pointer, error.region)]
    assert error.region is not None
    assert text[error.region.start : error.region.end] == "0"


def test_only_the_requests_of_a_recording_are_judged() -> None:
    """A packed response and a header that is a date have no findings; a request beside them has."""
    text = f"""\
interactions:
- request: {{method: POST, uri: {CHAT}, body: '{TEXT}', headers: {{date: 2026-05-04}}}}
  response: {{body: {{string: !!binary H4sIAAAA}}, status: {{code: 200}}}}
"""
    assert list(Linter("openai").check_text(text, "x.yaml")) == []
    spoilt = text.replace("'{", '\'{"n": 1, ').replace('"model"', '"n": 1, "model"')
    assert [(f.rule, f.pointer) for f in Linter("openai").check_text(spoilt, "x.yaml")] == [
        ("duplicate-key", "/interactions/0/request/body/n")
    ]


def test_a_body_of_broken_json_is_a_finding() -> None:
    """A body that begins as an object is meant as JSON, and the finding covers the character that breaks it."""
    text = json.dumps(cassette({**sent('{"model": "m",}'), "response": {"status": 400}}))
    (finding,) = Linter("openai").check_text(text, "x.json")
    assert (finding.rule, finding.pointer) == ("invalid-json", "/interactions/0/request/body")
    assert finding.region is not None
    assert text[finding.region.start : finding.region.end] == ","


def test_the_profile_follows_the_recorded_host() -> None:
    """Each request of a cassette is judged by the profile of its host; a named profile judges all of them."""
    hosts = {
        "https://gptproto.com/v1/chat/completions": "gptproto-qwen",
        "https://api.openai.com/v1/chat/completions": "openai",
    }
    value = cassette(*(sent(TEXT, url) for url in hosts))
    text = json.dumps(value)
    assert set(Linter("auto").check_text(text, "x.json").profiles) == set(hosts.values())
    assert Linter("openai").check_text(text, "x.json").profiles == ("openai",)


def test_requests_of_a_recording_are_judged_like_any_other() -> None:
    """A recorded request has the findings that it has alone, with the pointer to the request put before theirs."""
    request = {"model": "gpt-4o", "messages": [{"role": "usr", "content": "Hi"}], "n": 0, "top_k": 3}
    alone = [(rule, severity, pointer) for rule, severity, pointer in summary(request)]
    assert alone
    for value, base in (
        (exchange(request, 400), "/request"),
        (exchange({"url": CHAT, "body": json.dumps(request)}, 400), "/request/body"),
        (in_har(json.dumps(request, indent=2), 400), "/log/entries/0/request/postData/text"),
    ):
        assert summary(value) == [(rule, severity, base + pointer) for rule, severity, pointer in alone]


KEYS = [
    "interactions", "http_interactions", "log", "entries", "request", "response", "status", "code", "body", "string",
    "json", "url", "uri", "method", "postData", "text", "encoding", "error", "param", "messages", "model", "n",
    "parsed_body",
]  # fmt: skip
pieces = st.recursive(
    st.none() | st.integers(-1, 600) | st.sampled_from(["", TEXT, "{", CHAT, "POST", "200 OK", "base64", "x"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=16,
)


@settings(max_examples=200, deadline=None)
@given(
    st.builds(lambda entry: cassette(entry), st.fixed_dictionaries({"request": pieces, "response": pieces}))
    | st.fixed_dictionaries({"request": pieces}, optional={"response": pieces, "status": pieces}),
    st.sampled_from([None, Kind.CASSETTE, Kind.EXCHANGE]),
)
def test_no_recording_raises(value: Any, kind: Kind | None) -> None:
    """Reading and judging never raise, whatever a recording holds, and each request stands at its place."""
    found = find_recorded(value, (), kind)
    for envelope in found.envelopes if found else ():
        assert isinstance(envelope, Envelope)
        written = value_at(value, envelope.place)
        assert written is envelope.value or isinstance(written, str)
    assert (find_requests(value, kind) != ()) is bool(found and found.envelopes)
    report = Linter("openai").check_text(json.dumps(value), "x.json", kind=kind)
    assert all(finding.region for finding in report)


HAS_ANSWER = {"status": 200, "response": {}}


@pytest.mark.parametrize(
    "value",
    [
        in_nock(REQUEST, "/v1/embeddings"),
        in_nock(REQUEST, "/v1/completions"),
        in_nock(REQUEST, method="GET"),
        in_nock(""),
        in_nock("7b226d6f64656c"),
        in_nock(["1f8b08", "0000"]),
        {"payload": {**REQUEST, "choices": []}},
        {"payload": {**REQUEST, "object": "thread"}},
        {"payload": {"messages": REQUEST["messages"]}},
        {"payload": {**REQUEST, "messages": []}},
        {"payload": {**REQUEST, "messages": [*REQUEST["messages"], "Hi"]}},
        {"payload": {**REQUEST, "messages": [{"content": "Hi"}]}},
        {"payload": {"model": "m", "input": "x"}},
        {"payload": TEXT[:-1]},
        {"payload": json.dumps(TEXT)},
        {"data": [REQUEST]},
        {"url": "https://api.openai.com/v1/embeddings", "payload": REQUEST},
        {"custom_id": "a", "params": REQUEST},
        {"scope": "session", "path": "/", "name": "cookie"},
        {"scope": "a", "path": 3, "response": REQUEST},
    ],
)
def test_what_is_not_certainly_a_chat_request_is_passed_over(value: object) -> None:
    """Another endpoint, a body that is not JSON, and a log line whose inside may be something else hold no request."""
    assert find_requests(value) == ()
    assert find_requests([value, value]) == ()


def test_a_batch_line_is_no_recording_and_nock_is_no_batch_line() -> None:
    """Both have a method and a body; a host, a path and a status of its own tell nock's from a line of a batch file."""
    line = {"method": "POST", "url": "/v1/chat/completions", "body": REQUEST}
    assert [each.kind for each in find_requests(line)] == [Kind.BATCH]
    assert [each.kind for each in find_requests({"custom_id": "a", **line, **HAS_ANSWER})] == [Kind.BATCH]
    text = "\n".join(json.dumps(in_nock(BAD, status=status)) for status in (400, 400))
    for name, written in (("a.json", f"[{text.replace(chr(10), ',')}]"), ("a.jsonl", text)):
        report = Linter("openai").check_text(written, name)
        assert {finding.rule for finding in report} == {"out-of-range"}


def test_host_path_and_status_of_nock_are_obeyed() -> None:
    """The profile follows from the origin, and the answer from the status outside of what was answered."""
    value = [
        in_nock(BAD, "/v1/embeddings", status=400),
        in_nock(BAD, status=400, response={"error": {"code": "n_range", "param": "n"}}),
        in_nock(REQUEST, status=200, response={"status": "completed", "code": 500}),
        in_nock(REQUEST, status=401, response=["7b22", "7d"]),
    ]
    found = find_requests(value, named=True)
    assert [each.url for each in found] == ["https://api.openai.com:443/v1/chat/completions"] * 3
    assert [each.answer for each in found] == [
        Answer((1, "status"), 400, accepted=False, code="n_range", param="n"),
        Answer((2, "status"), 200, accepted=True),
        Answer((3, "status"), 401),
    ]
    assert count_skipped(value) == (1, 0)
    report = Linter("auto").check_text(json.dumps(value), "a.json")
    assert report.profiles == ("openai",)
    assert [f.pointer for f in report if f.explained] == ["/1/body/n"]


@pytest.mark.parametrize(
    ("exchange", "answer"),
    [
        ({"error": "400 Bad Request: too many"}, Answer(("error",), 400, accepted=False)),
        ({"error": "Error code: 422 - {'error': {}}"}, Answer(("error",), 422, accepted=False)),
        ({"error": "Client error '400 Bad Request' for url"}, Answer(("error",), 400, accepted=False)),
        ({"error": "HTTP 413"}, Answer(("error",), 413, accepted=False)),
        ({"error": "HTTP/1.1 400 Bad Request"}, Answer(("error",), 400, accepted=False)),
        ({"error": "API error: 429 Too Many Requests"}, Answer(("error",), 429)),
        ({"error": "401 Unauthorized"}, Answer(("error",), 401)),
        ({"error": "the limit is 4000 tokens"}, Answer(("error",))),
        ({"error": "timeout"}, Answer(("error",))),
        ({"error": {"status": 400, "message": "no"}}, Answer(("error", "status"), 400, accepted=False)),
        ({"error": {"type": "invalid_request_error", "param": "n"}}, Answer(("error",), None, False, None, "n")),
        ({"error": {"code": "rate_limit_exceeded"}}, Answer(("error",), None, None, "rate_limit_exceeded")),
        ({"error": "400 Bad", "response": {"status": 200}}, Answer(("response", "status"), 200, accepted=True)),
        ({"error": None, "response": {"object": "chat.completion"}}, Answer(("response",), accepted=True)),
        ({"response": json.dumps({"error": {"code": "c"}})}, Answer(("response",), None, False, "c")),
        ({"error": "", "response": None}, None),
        ({"error": False}, None),
        ({"statusCode": 400}, Answer(("statusCode",), 400, accepted=False)),
    ],
)
def test_an_error_is_the_answer(exchange: dict[str, object], answer: Answer | None) -> None:
    """An error text is a refusal with the status it names; without one it says nothing about the request."""
    for key in ("request", "payload"):
        (found,) = find_requests({key: REQUEST, **exchange})
        assert found.answer == answer


def test_an_audit_counts_a_refusal_in_an_error_text() -> None:
    """A text with a status of the request counts as a refusal, any other as an answer about something else."""
    lines = [{"request": BAD, "error": "400 Bad Request"}, {"payload": BAD, "error": "timeout"}]
    text = "\n".join(map(json.dumps, lines)).encode()
    result = audit(Linter("openai"), [Source("a.jsonl", None, text)])
    assert result.counts == {("openai", "refused", "error"): 1, ("openai", "other", "error"): 1}
    assert result.assumed == 0


def test_places_in_log_lines_are_exact() -> None:
    """A finding inside a wrapped request is at its own place, also in text inside text."""
    for body, marked in ((BAD, "0"), (json.dumps(BAD), "0")):
        text = json.dumps({"level": "info", "payload": body})
        (found,) = Linter("openai").check_text(text, "a.jsonl")
        assert (found.pointer, found.fix) == ("/payload/n", None)
        assert found.region is not None
        assert text[found.region.start : found.region.end] == marked


@pytest.mark.parametrize("member", ["text", "string", "json", "encoding", "size"])
def test_a_member_of_a_body_is_no_body(member: str) -> None:
    """A request without messages is judged where it stands, also if it has a member that recorders put bodies in."""
    body = {"model": "gpt-4o", "wishes": "Hi", "n": 1, "temprature": 1, member: {"format": {"type": "text"}}}
    exchange = {"request": {"method": "POST", "url": CHAT, "body": body}, "response": {"status": {"code": 200}}}
    report = Linter("openai").check_text(json.dumps(exchange), "a.json")
    pointers = {finding.pointer for finding in report.findings if finding.rule == "unknown-field"}
    assert pointers == {f"/request/body/{key}" for key in body if key not in ("model", "n")}
