"""`reqlint probe`: what it sends, to whom, and what it makes of any answer; against servers on this machine."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

import pytest

from reqlint import Linter
from reqlint.run.audit import audit
from reqlint.run.probing.mutations import Mutation, mutations
from reqlint.run.probing.tiny import LIMITS, MOST_CHOICES, MOST_TOKENS, asking
from reqlint.text.sources import Source
from tests.support.planted import find_leaks, of_form
from tests.support.scratch import Outcome, Scratch

COUNT = 40
SECRET = of_form("OpenAI project", Random(7))  # noqa: S311 - the same in every run
KEY = SECRET.text


class Server(ThreadingHTTPServer):
    """A server that answers as it is told, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self, answer: Callable[["Handler", dict[str, Any]], None]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer
        self.models: Any = {"data": [{"id": "small"}, {"id": "other"}]}
        self.asked: list[tuple[str, dict[str, str], Any]] = []

    @property
    def url(self) -> str:
        """Its base address."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    """Passes requests to the function of the server."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer waits 40 ms for its first part to be acknowledged
    server: Server

    def log_message(self, *_: object) -> None:
        """Print nothing."""

    def do_GET(self) -> None:
        """Answer with the list of models."""
        self.server.asked.append((self.path, dict(self.headers), None))
        self.say(200, self.server.models)

    def do_POST(self) -> None:
        """Answer a request."""
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append((self.path, dict(self.headers), request))
        self.server.answer(self, request)

    def say(self, status: int, body: object, **headers: str) -> None:
        """Send an answer."""
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"content_type": "application/json", **headers, "content_length": str(len(text))}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(text)


def take_all(handler: Handler, _: dict[str, Any]) -> None:
    """Answer every request."""
    handler.say(200, {"object": "chat.completion", "choices": []})


def take_messages(handler: Handler, request: dict[str, Any]) -> None:
    """Refuse a request without messages."""
    if isinstance(request.get("messages"), list):
        take_all(handler, request)
    else:
        handler.say(400, {"error": {"message": "messages is missing", "code": "missing", "param": "messages"}})


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Return a function that starts a server."""
    started = []

    def start(answer: Callable[[Handler, dict[str, Any]], None] = take_messages) -> Server:
        server = Server(answer)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


@pytest.fixture
def probe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Return a function that runs the command in a scratch folder."""
    scratch = Scratch(tmp_path, monkeypatch, capsys)

    def run(server: str, *arguments: str) -> Outcome:
        return scratch.run(
            "probe",
            "--server",
            server,
            *(("-p", "vllm") if "-p" not in arguments else ()),
            "--count",
            str(COUNT),
            *arguments,
        )

    return run


def test_it_counts_as_audit_does(serve: Callable[..., Server], probe: Callable[..., Outcome], tmp_path: Path) -> None:
    """The agreement is that of an audit of the exchanges, and the file of pairs holds every disagreement."""
    server = serve()
    done = probe(server.url, "--output-format", "json", "--pairs", "pairs.jsonl")
    told = json.loads(done.out)
    posts = [request for path, _, request in server.asked if path == "/v1/chat/completions"]
    assert done.code == 0
    assert (told["sent"], len(posts), told["model"]) == (COUNT, COUNT, "small")
    linter = Linter("vllm")
    errors = [any(finding.severity == "error" for finding in linter.check(request)) for request in posts]
    refused = [not isinstance(request.get("messages"), list) for request in posts]
    right = sum(one is other for one, other in zip(errors, refused, strict=True))
    assert (told["agree"], told["decided"]) == (right, COUNT)
    assert 0 < right < COUNT
    pairs = tmp_path / "pairs.jsonl"
    assert len(pairs.read_text().splitlines()) == COUNT - right == len(told["disagreements"])
    again = audit(linter, [Source("pairs.jsonl", pairs)])
    assert again.agreement("vllm") == (0, COUNT - right)
    assert [case.rules for case in again.cases] == [tuple(each["rules"]) for each in told["disagreements"]]
    human = probe(server.url)
    assert f"{right} of {COUNT} agree" in human.out
    assert probe(server.url, "--fail-under", "100").code == 1
    assert probe(server.url, "--fail-under", "1").code == 0


def test_a_seed_asks_the_same_again(serve: Callable[..., Server], probe: Callable[..., Outcome]) -> None:
    """Each seed means a list of requests, and they are asked one after the other."""
    server = serve(take_all)
    asked = []
    for seed in ("3", "3", "4"):
        server.asked.clear()
        probe(server.url, "--seed", seed, "--model", "mine")
        asked.append([request for _, _, request in server.asked])
    assert asked[0] == asked[1] != asked[2]
    assert {request["model"] for request in asked[0] if isinstance(request.get("model"), str)} <= {"mine", ""}


@pytest.mark.parametrize(
    "server", ["http://example.invalid/v1", "https://10.0.0.7:8000/v1", "http://localhost.example/v1"]
)
def test_another_machine_is_asked_only_when_it_may_be(
    probe: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    """Without --yes-send nothing is looked up and nothing is sent."""
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a connection was made"))
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: pytest.fail("a name was looked up"))
    done = probe(server)
    assert done.code == 2
    assert "is not this machine" in done.err
    assert "--yes-send" in done.err


@pytest.mark.parametrize(
    ("server", "said"),
    [
        ("127.0.0.1:8000", "base address"),
        ("file:///etc/hosts", "base address"),
        ("http://", "base address"),
        ("http://127.0.0.1:99999/v1", "base address"),
        ("http://[::1/v1", "base address"),
        ("http://127.0.0.1/v1?key=5", "base address"),
        ("http://127.0.0.1/v1\nhost: x", "base address"),
        ("http://user:word@127.0.0.1/v1", "holds a credential"),
    ],
)
def test_what_is_no_address_is_a_mistake(probe: Callable[..., Outcome], server: str, said: str) -> None:
    """It is said before anything is sent."""
    done = probe(server)
    assert done.code == 2
    assert said in done.err
    assert "word" not in done.err


def test_a_key_comes_from_a_variable_and_goes_nowhere_else(
    serve: Callable[..., Server], probe: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is sent to the server, and neither shown nor kept, even when the server repeats it."""

    def repeat(handler: Handler, _: dict[str, Any]) -> None:
        handler.say(400, {"error": {"message": f"key {KEY}", "code": KEY, "param": KEY[3:40], "type": f"x {KEY}"}})

    monkeypatch.setenv("MY_KEY", KEY)
    server = serve(repeat)
    done = probe(server.url, "--key-from", "MY_KEY", "--pairs", "pairs.jsonl")
    assert {headers["authorization"] for _, headers, _ in server.asked} == {f"Bearer {KEY}"}
    written = (tmp_path / "pairs.jsonl").read_text()
    assert written
    assert find_leaks([SECRET], done.out + done.err + written) == {}


@pytest.mark.parametrize(
    ("value", "server", "said"),
    [
        (None, "http://127.0.0.1:1/v1", "MY_KEY is not set"),
        ("a\nhost: x", "http://127.0.0.1:1/v1", "characters that no key has"),
        ("fine", "http://example.invalid/v1", "use https"),
    ],
)
def test_a_key_that_cannot_be_sent_is_a_mistake(
    probe: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch, value: str | None, server: str, said: str
) -> None:
    """A variable that is not set, characters of a header, a way on which others read it."""
    if value is not None:
        monkeypatch.setenv("MY_KEY", value)
    done = probe(server, "--key-from", "MY_KEY", "--yes-send")
    assert done.code == 2
    assert said in done.err


def test_neither_proxies_nor_redirects_lead_elsewhere(
    serve: Callable[..., Server], probe: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is meant for a server goes there and nowhere else."""
    elsewhere = serve(take_all)
    monkeypatch.setenv("HTTP_PROXY", elsewhere.url)
    monkeypatch.setenv("ALL_PROXY", elsewhere.url)
    server = serve(lambda handler, _: handler.say(307, {}, location=f"{elsewhere.url}/chat/completions"))
    done = probe(server.url)
    assert done.code == 3
    assert "no answer says anything" in done.out
    assert elsewhere.asked == []


DEEP = b"[" * 100_000
ODD: dict[str, tuple[int, bytes, dict[str, str]]] = {
    "a page": (400, b"<html>no</html>", {"content_type": "text/html"}),
    "nothing": (400, b"", {}),
    "deep": (400, DEEP, {}),
    "huge": (400, b'{"error": {"message": "' + b"x" * 2_000_000 + b'"}}', {}),
    "numbers": (400, b'{"error": {"message": 5, "code": [1], "param": {"a": 1}}}', {}),
    "no text": (400, b"\xff\xfe\x00", {}),
    "squeezed": (400, b"\x1f\x8b\x08\x00", {"content_encoding": "gzip"}),
    "screen": (
        400,
        json.dumps({"error": {"message": "\x1b[2J", "code": "\x1b]0;x\x07", "param": "a\u202eb"}}).encode(),
        {},
    ),
    "an event": (200, b'data: {"error": {"message": "no", "code": 422}}\n\n', {"content_type": "text/event-stream"}),
}


@pytest.mark.parametrize("name", ODD)
def test_any_refusal_is_one(
    serve: Callable[..., Server], probe: Callable[..., Outcome], tmp_path: Path, name: str
) -> None:
    """Whatever an answer holds, its status counts, and nothing in it reaches a terminal as it is."""
    status, body, headers = ODD[name]
    server = serve(lambda handler, _: handler.say(status, body, **headers))
    done = probe(server.url, "--pairs", "pairs.jsonl")
    assert done.code == 0, done.err
    assert f"{COUNT} refused" in done.out
    assert not {"\x1b", "\x07", "\u202e"} & set(done.out)
    assert len((tmp_path / "pairs.jsonl").read_bytes()) < COUNT * 20_000


@pytest.mark.parametrize("status", [401, 429, 404])
def test_a_server_that_speaks_of_something_else_is_left_alone(
    serve: Callable[..., Server], probe: Callable[..., Outcome], status: int
) -> None:
    """After three such answers nothing more is sent."""
    server = serve(lambda handler, _: handler.say(status, {}))
    done = probe(server.url)
    assert done.code == 1
    assert f"3 answers in a row had status {status}" in done.err
    assert len(server.asked) == 4  # with the list of models


def test_an_answer_that_does_not_end_is_not_waited_for(
    serve: Callable[..., Server], probe: Callable[..., Outcome]
) -> None:
    """A server that sends a little now and then has as long as one that is silent."""
    over = threading.Event()

    def drip(handler: Handler, _: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not over.wait(0.01):
            handler.wfile.write(b" ")

    server = serve(drip)
    began = time.monotonic()
    try:
        done = probe(server.url, "--timeout", "0.05")
    finally:
        over.set()
    assert done.code == 0
    assert time.monotonic() - began < 60  # forty times 0.05 s, on a busy machine


def test_a_server_that_is_not_there_gets_one_sentence(probe: Callable[..., Outcome]) -> None:
    """Its address and what happened."""
    done = probe("http://127.0.0.1:1/v1", "--model", "small")
    assert done.code == 1
    assert done.err == "error: http://127.0.0.1:1/v1: nothing answers at that address\n"


@pytest.mark.parametrize(
    "models", [{}, [], {"data": []}, {"data": [5]}, {"data": [{"id": 5}]}, {"data": [{"id": "x" * 999}]}]
)
def test_a_server_without_a_model_needs_one(
    serve: Callable[..., Server], probe: Callable[..., Outcome], models: Any
) -> None:
    """A list without a name is no list."""
    server = serve()
    server.models = models
    done = probe(server.url)
    assert done.code == 1
    assert "name one with --model" in done.err


def test_a_file_of_pairs_is_not_replaced_unless_it_may_be(
    serve: Callable[..., Server], probe: Callable[..., Outcome], tmp_path: Path
) -> None:
    """It is said before anything is sent."""
    server, pairs = serve(), tmp_path / "pairs.jsonl"
    pairs.write_text("mine")
    done = probe(server.url, "--pairs", "pairs.jsonl")
    assert (done.code, pairs.read_text(), server.asked) == (2, "mine", [])
    assert probe(server.url, "--pairs", "pairs.jsonl", "--force").code == 0
    assert pairs.read_text() != "mine"


def test_another_wire_shape_is_not_sent(probe: Callable[..., Outcome]) -> None:
    """The mutations are those of chat requests."""
    done = probe("http://127.0.0.1:1/v1", "-p", "anthropic")
    assert done.code == 2
    assert "anthropic is no API of chat requests" in done.err


def test_what_is_not_this_machine_is_asked_for_little() -> None:
    """A request has a limit of a few tokens and few choices, or it is left out; most are not."""
    made = mutations(5, 500)
    bounded = [request for each in made if (request := asking(each, "m", "max_tokens", bounded=True))]
    for request in bounded:
        limits = [request[key] for key in LIMITS if key in request]
        assert limits
        assert all(0 <= limit <= MOST_TOKENS for limit in limits)
        assert request.get("n", 1) <= MOST_CHOICES
    assert 400 < len(bounded) < 500
    assert all(asking(each, "m", "max_tokens", bounded=False) for each in made)


def test_a_request_is_not_changed_where_it_is_the_mutation() -> None:
    """The mutation itself is kept as it was made."""
    request = {"model": "tiny", "messages": []}
    mutation = Mutation(1, 0, 0, ("drop /max_tokens",), request)
    assert asking(mutation, "m", "max_completion_tokens", bounded=True) == {
        "model": "m",
        "messages": [],
        "max_completion_tokens": 1,
    }
    assert request == {"model": "tiny", "messages": []}
