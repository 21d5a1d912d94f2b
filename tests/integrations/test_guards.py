"""Guards around real clients, against a local server that counts what reaches it."""

import asyncio
import gzip
import json
import logging
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import httpx2
import openai
import pydantic
import pytest
import requests

from reqlint import InvalidRequest, Linter, UnknownProfile, UnknownRule
from reqlint.core.errors import CheckFailed
from reqlint.integrations import httpx as httpx_guard
from reqlint.integrations import openai as openai_guard
from reqlint.integrations import requests as requests_guard
from tests.support.llm_server import ANSWER, Server, server

__all__ = ["server"]

HELLO = {"role": "user", "content": "Hello"}
GOOD = {"model": "gpt-4.1", "messages": [HELLO]}
BAD = {"model": "gpt-4.1", "messages": [{"role": "user", "content": 5}]}
NOTED = {**GOOD, "max_tokens": 5}


@pytest.fixture
def client(server: Server) -> Iterator[openai.OpenAI]:
    """Return a guarded client of the openai package."""
    with openai.OpenAI(api_key="none", base_url=server.url) as client:
        yield openai_guard.guard(client)


def refused(call: Callable[[], object]) -> list[str]:
    """Return the rules for which a call was refused."""
    with pytest.raises(InvalidRequest) as caught:
        call()
    return [finding.rule for finding in caught.value.findings]


class Word(pydantic.BaseModel):
    """The model of a structured answer."""

    word: str


SENDING: dict[str, Callable[[openai.OpenAI, Any], object]] = {
    "create": lambda client, body: client.chat.completions.create(**body),
    "stream=True": lambda client, body: list(client.chat.completions.create(**body, stream=True)),
    "parse": lambda client, body: client.chat.completions.parse(**body, response_format=Word),
    "stream()": lambda client, body: streamed(client, body),
    "with_options": lambda client, body: client.with_options(timeout=9).chat.completions.create(**body),
    "with_raw_response": lambda client, body: client.chat.completions.with_raw_response.create(**body),
    "post": lambda client, body: client.post("/chat/completions", body=body, cast_to=object),
}


def streamed(client: openai.OpenAI, body: Any) -> object:
    """Stream with the SDK's helper."""
    with client.chat.completions.stream(**body) as stream:
        return stream.get_final_completion()


@pytest.mark.parametrize("way", SENDING)
def test_openai_refuses_before_a_byte_leaves(client: openai.OpenAI, server: Server, way: str) -> None:
    """By any method a bad chat request raises `InvalidRequest` without a connection, and a good one is sent."""
    assert "wrong-type" in refused(lambda: SENDING[way](client, BAD))
    assert server.connections == 0
    SENDING[way](client, GOOD)
    assert len(server.bodies) == 1


ASYNC: dict[str, Callable[[openai.AsyncOpenAI, Any], Any]] = {
    "create": lambda client, body: client.chat.completions.create(**body),
    "stream=True": lambda client, body: streamed_async(client, body),
    "parse": lambda client, body: client.chat.completions.parse(**body, response_format=Word),
    "with_options": lambda client, body: client.with_options(max_retries=0).chat.completions.create(**body),
}


async def streamed_async(client: openai.AsyncOpenAI, body: Any) -> object:
    """Read a whole stream."""
    stream = await client.chat.completions.create(**body, stream=True)
    return [chunk async for chunk in stream]


@pytest.mark.parametrize("way", ASYNC)
def test_async_openai_refuses_before_a_byte_leaves(server: Server, way: str) -> None:
    """The async client refuses and sends like the sync one."""

    async def run() -> None:
        async with openai.AsyncOpenAI(api_key="none", base_url=server.url) as plain:
            client = openai_guard.guard(plain)
            with pytest.raises(InvalidRequest):
                await ASYNC[way](client, BAD)
            assert server.connections == 0
            await ASYNC[way](client, GOOD)
            assert len(server.bodies) == 1

    asyncio.run(run())


def test_what_is_judged_is_what_is_sent(client: openai.OpenAI, server: Server) -> None:
    """A request is judged with models dumped, ``extra_body`` merged and omitted arguments removed."""
    message = openai.types.chat.ChatCompletionMessage(role="assistant", content="Hi")
    client.chat.completions.create(model="gpt-4.1", messages=[HELLO, message, HELLO], temperature=openai.NOT_GIVEN)  # type: ignore[list-item]  # people do
    assert json.loads(server.bodies[0])["messages"][1] == {"role": "assistant", "content": "Hi"}
    assert refused(lambda: client.chat.completions.create(**GOOD, extra_body={"n": 0})) == ["out-of-range"]
    client.chat.completions.create(**{**GOOD, "n": 0}, extra_body={"n": 1})
    assert len(server.bodies) == 2


def test_a_refusal_is_final_and_a_retry_is_not_refused(client: openai.OpenAI, server: Server) -> None:
    """The SDK neither repeats nor wraps `InvalidRequest`, and still retries a good request."""
    with pytest.raises(InvalidRequest) as caught:
        client.with_options(max_retries=3).chat.completions.create(**BAD)
    assert caught.value.__cause__ is None
    assert server.connections == 0
    server.busy = 2
    client.chat.completions.create(**GOOD)
    assert len(server.bodies) == 3


def test_the_original_client_stays_unguarded(server: Server) -> None:
    """The guarded client is a copy with the same class, settings and connections; the original stays unguarded."""
    with openai.OpenAI(api_key="key", base_url=server.url, timeout=7, max_retries=5) as plain:
        guarded = openai_guard.guard(plain)
        assert isinstance(guarded, openai.OpenAI)
        assert (guarded.api_key, guarded.base_url, guarded.timeout, guarded.max_retries) == (
            plain.api_key, plain.base_url, 7, 5,
        )  # fmt: skip
        guarded.chat.completions.create(**GOOD)
        plain.chat.completions.create(**BAD)
        assert (len(server.bodies), server.connections) == (2, 1)
        assert refused(lambda: guarded.chat.completions.create(**BAD))


def test_guarding_again_replaces_the_guard(client: openai.OpenAI, server: Server) -> None:
    """A client that is guarded again has only the newest guard."""
    openai_guard.guard(client, ignore=["wrong-type"]).chat.completions.create(**BAD)
    assert len(server.bodies) == 1
    http = httpx_guard.guard(httpx_guard.guard(httpx.Client()), ignore=["wrong-type"])
    assert len(http.event_hooks["request"]) == 1
    session = requests_guard.guard(requests_guard.guard(requests.Session()))
    assert isinstance(session.adapters["https://"].inner, requests.adapters.HTTPAdapter)  # type: ignore[attr-defined]  # ours
    http.close()
    session.close()


def test_azure_clients_are_guarded(server: Server) -> None:
    """Requests to Azure's URLs are judged; the model's name chooses the profile."""
    options = {"api_key": "none", "azure_endpoint": server.url, "api_version": "2024-10-21"}
    with openai.AzureOpenAI(**options) as plain:  # type: ignore[call-overload]  # a dict of strings
        client = openai_guard.guard(plain)
        assert refused(lambda: client.chat.completions.create(**BAD))
        client.chat.completions.create(**GOOD)
        assert server.paths == ["/v1/openai/deployments/gpt-4.1/chat/completions?api-version=2024-10-21"]


def test_an_openai_client_over_the_older_httpx_is_guarded(server: Server) -> None:
    """A client that sends with the older httpx is guarded too."""
    with httpx.Client() as http:
        plain = openai.OpenAI(api_key="none", base_url=server.url, http_client=http)  # type: ignore[arg-type]  # takes both
        client = openai_guard.guard(plain)
        assert refused(lambda: client.chat.completions.create(**BAD))
        assert server.connections == 0
        client.chat.completions.create(**GOOD)


def test_only_chat_endpoints_are_judged(client: openai.OpenAI, server: Server) -> None:
    """A request to another endpoint, or with another method than POST, is not judged."""
    client.post("/embeddings", body=BAD, cast_to=object)
    client.post("/chat/completions/chat-1", body=BAD, cast_to=object)
    with httpx_guard.guard(httpx.Client(base_url=server.url)) as http:
        http.post("/completions", json=BAD)
        assert http.request("PUT", "/chat/completions", json=BAD).status_code == 501
    assert len(server.bodies) == 3


HTTP: dict[str, Callable[[], Any]] = {
    "httpx": lambda: httpx_guard.guard(httpx.Client()),
    "httpx2": lambda: httpx_guard.guard(httpx2.Client()),
    "requests": lambda: requests_guard.guard(requests.Session()),
}


@pytest.mark.parametrize("library", HTTP)
def test_http_clients_refuse_before_a_byte_leaves(server: Server, library: str) -> None:
    """A bad request raises without a connection; a good one arrives byte for byte, in whatever form it is passed."""
    url = f"{server.url}/chat/completions?trace=1"
    exact = b'{ "model":"gpt-4.1" , "messages":[{"role":"user","content":"\xc3\xa9"}]}'
    with HTTP[library]() as client:
        assert refused(lambda: client.post(url, json=BAD)) == ["wrong-type"]
        raw = "data" if isinstance(client, requests.Session) else "content"
        assert refused(lambda: client.post(url, **{raw: b"no JSON"})) == ["invalid-json"]
        assert refused(lambda: client.post(url)) == ["invalid-json"]
        twice = exact[:-1] + b', "n": 1, "n": 0}'
        assert refused(lambda: client.post(url, **{raw: twice})) == ["duplicate-key", "out-of-range"]
        assert server.connections == 0
        assert client.post(url, **{raw: exact}).json() == ANSWER
        assert server.bodies == [exact]


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_async_http_clients_refuse_before_a_byte_leaves(server: Server, library: Any) -> None:
    """The async clients refuse and send like the sync ones."""

    async def run() -> None:
        async with httpx_guard.guard(library.AsyncClient(base_url=server.url)) as client:
            with pytest.raises(InvalidRequest):
                await client.post("/chat/completions", json=BAD)
            assert server.connections == 0
            assert (await client.post("/chat/completions", json=GOOD)).json() == ANSWER

            async def stream() -> AsyncIterator[bytes]:
                yield json.dumps(BAD).encode()

            await client.post("/chat/completions", content=stream())
            assert len(server.bodies) == 2

    asyncio.run(run())


@pytest.mark.parametrize("library", HTTP)
def test_what_cannot_be_read_passes(server: Server, library: str, caplog: pytest.LogCaptureFixture) -> None:
    """A streamed or compressed body is sent unchanged, and a debug message logs that it was not judged."""
    caplog.set_level(logging.DEBUG, "reqlint")
    url, bad = f"{server.url}/chat/completions", json.dumps(BAD).encode()
    with HTTP[library]() as client:
        raw = "data" if isinstance(client, requests.Session) else "content"
        client.post(url, **{raw: iter([bad])})
        client.post(url, **{raw: gzip.compress(bad)}, headers={"Content-Encoding": "gzip"})
    assert [server.bodies[0], gzip.decompress(server.bodies[1])] == [bad, bad]
    said = [(record.levelname, record.message) for record in caplog.records if record.name == "reqlint"]
    began = "a request was not judged: its body is"
    assert said == [("DEBUG", f"{began} a stream"), ("DEBUG", f"{began} compressed")]


def test_hooks_and_adapters_that_are_there_stay(server: Server) -> None:
    """A client's existing hooks run before the guard's, and a session sends through its existing adapters."""
    seen: list[str] = []
    with httpx.Client(event_hooks={"request": [lambda _: seen.append("own")]}) as client:
        httpx_guard.guard(client)
        assert refused(lambda: client.post(f"{server.url}/chat/completions", json=BAD))
    assert seen == ["own"]
    own = requests.adapters.HTTPAdapter(max_retries=3)
    with requests.Session() as session:
        session.mount(server.url, own)
        requests_guard.guard(session)
        assert session.get_adapter(f"{server.url}/x").inner is own  # type: ignore[attr-defined]  # ours


def test_what_does_not_refuse_is_logged(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """Notes are logged as info, warnings as warnings; with `on_findings="warn"` errors too, and requests are sent."""
    caplog.set_level(logging.INFO, "reqlint")
    with openai.OpenAI(api_key="none", base_url=server.url) as plain:
        openai_guard.guard(plain).chat.completions.create(**NOTED)
        openai_guard.guard(plain, "gptproto-qwen").chat.completions.create(**GOOD, extra_body={"max_token": 1})
        openai_guard.guard(plain, on_findings="warn").chat.completions.create(**BAD)
    records = [record for record in caplog.records if record.name == "reqlint"]
    assert [(record.levelname, record.finding.rule) for record in records] == [  # type: ignore[attr-defined]  # ours
        ("INFO", "deprecated-field"),
        ("WARNING", "unknown-field"),
        ("WARNING", "wrong-type"),
    ]
    assert records[1].message.startswith("warning[unknown-field] unknown field max_token; did you mean max_tokens?")
    assert len(server.bodies) == 3


def test_the_log_shows_no_payload_that_could_act(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """A key of the payload cannot start a new line of the log or control the terminal."""
    with openai.OpenAI(api_key="none", base_url=server.url) as plain:
        client = openai_guard.guard(plain, "gptproto-qwen")
        client.chat.completions.create(**GOOD, extra_body={"a\nb\x1b[31m": 1})
    assert all(record.message.isprintable() for record in caplog.records if record.name == "reqlint")


def test_auto_goes_by_host_then_by_model() -> None:
    """The URL chooses the profile; for an unknown host the model does."""
    system = {"model": "qwen-plus", "messages": [HELLO, {"role": "assistant", "content": "Hi"}, HELLO]}
    with httpx_guard.guard(httpx.Client()) as client:
        url = "https://gptproto.com/v1/chat/completions"
        with pytest.raises(InvalidRequest) as caught:
            client.post(url, json=system)
        assert {finding.profile for finding in caught.value.findings} == {"gptproto-qwen"}
        for model, profile in [("qwen-plus", "gptproto-qwen"), ("gpt-4.1", "openai")]:
            with pytest.raises(InvalidRequest) as caught:
                client.post("http://127.0.0.1:9/v1/chat/completions", json={"model": model, "messages": 1})
            assert {finding.profile for finding in caught.value.findings} == {profile}


def test_a_bug_of_ours_stops_nobody(
    client: openai.OpenAI, server: Server, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a check raises, the request is sent and the failure is logged as an error."""

    def broken(*_: object) -> Iterator[object]:
        raise CheckFailed("some-rule", None, ZeroDivisionError())

    monkeypatch.setattr(Linter, "check_sent", broken)
    monkeypatch.setattr(Linter, "check_text", broken)
    client.chat.completions.create(**GOOD)
    assert len(server.bodies) == 1
    assert [record.levelname for record in caplog.records if record.name == "reqlint"] == ["ERROR"]


@pytest.mark.parametrize("guard", [openai_guard.guard, httpx_guard.guard, requests_guard.guard])
def test_wrong_arguments_are_told_at_once(guard: Callable[..., Any]) -> None:
    """A wrong name or client raises when the guard is made, not at the first request."""
    with openai.OpenAI(api_key="none") as sdk, httpx.Client() as http, requests.Session() as session:
        right = {openai_guard.guard: sdk, httpx_guard.guard: http, requests_guard.guard: session}[guard]
        with pytest.raises(UnknownProfile, match="did you mean"):
            guard(right, "opanai")
        with pytest.raises(UnknownRule, match="did you mean"):
            guard(right, ignore=["wrong-typ"])
        with pytest.raises(ValueError, match='on_findings is "log"; it takes "raise" or "warn"'):
            guard(right, on_findings="log")
        for wrong in {sdk, http, session} - {right}:
            with pytest.raises(TypeError, match="is not a"):
                guard(wrong)


def test_threads_share_a_guarded_client(client: openai.OpenAI, server: Server) -> None:
    """Good and bad requests from many threads at once each have their own result."""

    def send(number: int) -> str:
        try:
            client.chat.completions.create(**(BAD if number % 3 == 0 else GOOD))
        except InvalidRequest:
            return "refused"
        return "sent"

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, range(90)))
    assert answers == ["refused" if number % 3 == 0 else "sent" for number in range(90)]
    assert len(server.bodies) == 60


def test_integrations_are_imported_on_demand() -> None:
    """Neither reqlint nor the guards for openai and httpx import a client library."""
    code = """
import sys, reqlint, reqlint.run.linter, reqlint.integrations.openai, reqlint.integrations.httpx
print([name for name in ("httpx", "httpx2", "openai", "requests", "pytest", "pydantic") if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


GUIDE = (Path(__file__).parents[2] / "docs" / "guards.md").read_text("utf-8")


@pytest.mark.filterwarnings("ignore:.*ReadOnly.*")  # of LiteLLM's own types
@pytest.mark.parametrize("block", re.findall(r"^```python\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL))
def test_the_guide_is_true(
    block: str, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every Python example of the guide runs without a network and has the values in its ``# →`` comments."""
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "none")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", server.root)
    monkeypatch.setenv("GEMINI_API_KEY", "none")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.root)
    monkeypatch.setenv("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # it looks for one on the network when it is imported
    if "openai" in block or "httpx" in block or "requests" in block:
        exec(block, {"__name__": "guide"})  # noqa: S102 - our own guide
        out = capsys.readouterr().out
    else:  # other clients leave threads and open connections behind in their process
        out = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, check=True).stdout
    printed = [line.strip() for line in out.splitlines()]
    assert printed == re.findall(r"# → (.*)$", block, re.MULTILINE)
