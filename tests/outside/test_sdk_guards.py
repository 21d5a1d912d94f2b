"""Guards around the clients of Anthropic, Google and OpenAI's Responses API, and LiteLLM, against a local server."""

import asyncio
from collections.abc import Callable
from typing import Any

import anthropic
import openai
import pytest
from google import genai

from reqlint import InvalidRequest
from reqlint.integrations import anthropic as anthropic_guard
from reqlint.integrations import google_genai as genai_guard
from reqlint.integrations import openai as openai_guard
from tests.support.llm_server import Server, server

__all__ = ["server"]

pytestmark = [
    # These clients leave threads and open connections behind in their process.
    pytest.mark.outside,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

ASK = {"role": "user", "content": "Where is my parcel?"}
MODEL = "claude-haiku-4-5"
GOOD = {"model": MODEL, "max_tokens": 50, "messages": [ASK]}
BAD = {"model": MODEL, "max_tokens": 50, "messages": []}


def refused(call: Callable[[], object]) -> list[str]:
    """Return the places for which a call was refused."""
    with pytest.raises(InvalidRequest) as caught:
        call()
    return [finding.pointer for finding in caught.value.findings if finding.severity == "error"]


# ---------------------------------------------------------------------------------------------------------- anthropic


def streamed(client: anthropic.Anthropic, body: Any) -> object:
    """Stream with the SDK's helper."""
    with client.messages.stream(**body) as stream:
        return stream.get_final_message()


ANTHROPIC: dict[str, Callable[[anthropic.Anthropic, Any], object]] = {
    "create": lambda client, body: client.messages.create(**body),
    "stream=True": lambda client, body: list(client.messages.create(**body, stream=True)),
    "stream()": streamed,
    "with_options": lambda client, body: client.with_options(max_retries=3).messages.create(**body),
    "with_raw_response": lambda client, body: client.messages.with_raw_response.create(**body),
    "count_tokens": lambda client, body: client.messages.count_tokens(model=MODEL, messages=body["messages"]),
    "batches": lambda client, body: client.messages.batches.create(requests=[{"custom_id": "a", "params": body}]),
}


@pytest.fixture
def claude(server: Server) -> anthropic.Anthropic:
    """Return a guarded client of the anthropic package."""
    return anthropic_guard.guard(anthropic.Anthropic(api_key="none", base_url=server.root))


@pytest.mark.parametrize("way", ANTHROPIC)
def test_anthropic_refuses_before_a_byte_leaves(claude: anthropic.Anthropic, server: Server, way: str) -> None:
    """By any method a bad request raises `InvalidRequest` without a connection, and a good one is sent."""
    where = "/requests/0/params/messages" if way == "batches" else "/messages"
    assert refused(lambda: ANTHROPIC[way](claude, BAD)) == [where]
    assert server.connections == 0
    ANTHROPIC[way](claude, GOOD)
    assert len(server.bodies) == 1


def test_async_anthropic_refuses_before_a_byte_leaves(server: Server) -> None:
    """The async client refuses and sends like the sync one."""

    async def run() -> None:
        async with anthropic.AsyncAnthropic(api_key="none", base_url=server.root) as plain:
            client = anthropic_guard.guard(plain)
            with pytest.raises(InvalidRequest):
                await client.messages.create(**BAD)  # type: ignore[call-overload]  # a dict
            assert server.connections == 0
            await client.messages.create(**GOOD)  # type: ignore[call-overload]  # a dict
            async with client.messages.stream(**GOOD) as stream:  # type: ignore[arg-type]  # a dict
                await stream.get_final_message()
            assert len(server.bodies) == 2

    asyncio.run(run())


def test_the_version_that_the_client_sends_counts(claude: anthropic.Anthropic, server: Server) -> None:
    """The header says by which rules a request is read: the newer version takes no temperature."""
    older = {"anthropic-version": "2023-06-01"}
    newer = {"anthropic-version": "2026-10-21"}
    warm: dict[str, Any] = {**GOOD, "extra_body": {"temperature": 0.5}}
    claude.messages.create(**warm, extra_headers=older)
    assert refused(lambda: claude.messages.create(**warm, extra_headers=newer)) == ["/temperature"]
    assert len(server.bodies) == 1


# ------------------------------------------------------------------------------------------------------------- openai

RESPONSES: dict[str, Callable[[openai.OpenAI, Any], object]] = {
    "create": lambda client, body: client.responses.create(**body),
    "stream=True": lambda client, body: list(client.responses.create(**body, stream=True)),
    "with_options": lambda client, body: client.with_options(max_retries=3).responses.create(**body),
}


@pytest.mark.parametrize("way", RESPONSES)
def test_openai_s_responses_are_guarded(server: Server, way: str) -> None:
    """A request to the Responses API is judged as one, beside chat requests of the same client."""
    with openai.OpenAI(api_key="none", base_url=server.url) as plain:
        client = openai_guard.guard(plain)
        bad = {"model": "gpt-4.1", "input": [{"role": "tool", "content": "x"}]}
        assert refused(lambda: RESPONSES[way](client, bad)) == ["/input/0/role"]
        assert server.connections == 0
        RESPONSES[way](client, {"model": "gpt-4.1", "input": "Where is my parcel?"})
        assert len(server.bodies) == 1


def test_a_named_profile_judges_only_its_own_shape(server: Server) -> None:
    """A guard with the profile of chat leaves the requests to other endpoints alone."""
    with openai.OpenAI(api_key="none", base_url=server.url) as plain:
        client = openai_guard.guard(plain, profile="openai")
        client.responses.create(model="gpt-4.1", input=[{"role": "tool", "content": "x"}])  # type: ignore[list-item]  # wrong on purpose
        assert len(server.bodies) == 1
        assert refused(lambda: client.chat.completions.create(model="gpt-4.1", messages=[]))


# ------------------------------------------------------------------------------------------------------------- google

GOOGLE: dict[str, Callable[[genai.Client, Any], object]] = {
    "generate_content": lambda client, contents: client.models.generate_content(
        model="gemini-3.8-flash", contents=contents
    ),
    "stream": lambda client, contents: list(
        client.models.generate_content_stream(model="gemini-3.8-flash", contents=contents)
    ),
    "async": lambda client, contents: asyncio.run(_generate(client, contents)),
}


async def _generate(client: genai.Client, contents: Any) -> object:
    return await client.aio.models.generate_content(model="gemini-3.8-flash", contents=contents)


@pytest.fixture
def gemini(server: Server) -> genai.Client:
    """Return a guarded client of google-genai."""
    return genai_guard.guard(genai.Client(api_key="none", http_options={"base_url": server.root}))


@pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession")  # the client's own
@pytest.mark.parametrize("way", GOOGLE)
def test_google_genai_refuses_before_a_byte_leaves(gemini: genai.Client, server: Server, way: str) -> None:
    """By any method a bad request raises `InvalidRequest` without a connection, and a good one is sent."""
    bad = [{"role": "system", "parts": [{"text": "Be brief."}]}, {"role": "user", "parts": [{"text": "Hi"}]}]
    assert refused(lambda: GOOGLE[way](gemini, bad)) == ["/contents/0/role"]
    assert server.connections == 0
    GOOGLE[way](gemini, "Where is my parcel?")
    assert len(server.bodies) == 1


def test_the_model_in_the_address_counts(gemini: genai.Client, server: Server) -> None:
    """What a model does not take is found although only the address names the model."""
    config = {"thinking_config": {"thinking_budget": 100_000}}

    def ask(model: str) -> object:
        return gemini.models.generate_content(model=model, contents="Hi", config=config)  # type: ignore[arg-type]  # a dict

    places = refused(lambda: ask("gemini-2.5-flash-lite"))
    assert places == ["/generationConfig/thinkingConfig/thinking_budget"]  # as the client writes it
    assert server.connections == 0


@pytest.mark.parametrize(
    ("guard", "package"),
    [(anthropic_guard.guard, "anthropic"), (genai_guard.guard, "google-genai"), (openai_guard.guard, "openai")],
)
def test_what_is_no_client_is_refused(guard: Callable[[Any], object], package: str) -> None:
    """The guard of a package takes its clients only; a client of another package is named."""
    with pytest.raises(TypeError, match=package):
        guard(object())
    other = openai.OpenAI(api_key="none") if package != "openai" else anthropic.Anthropic(api_key="none")
    with pytest.raises(TypeError, match=f"^{type(other).__name__} is not a client of"):
        guard(other)


# ------------------------------------------------------------------------------------------------------------ LiteLLM


@pytest.fixture
def lite(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return LiteLLM with our callback, and without its look at the network when it is imported."""
    monkeypatch.setenv("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    litellm = pytest.importorskip("litellm")
    from reqlint.integrations.litellm import Callback

    monkeypatch.setattr(litellm, "callbacks", [Callback()])
    monkeypatch.setattr(litellm, "input_callback", [])
    return litellm


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "openai/gpt-4.1": ({"extra_body": {"n": 0}}, "/n"),
    "anthropic/claude-haiku-4-5": ({"extra_body": {"max_tokens": "many"}}, "/max_tokens"),
    "gemini/gemini-2.5-flash-lite": (
        {"extra_body": {"generationConfig": {"stopSequences": list("abcdef")}}},
        "/generationConfig/stopSequences",
    ),
}


@pytest.mark.filterwarnings("ignore")  # which LiteLLM has many of
@pytest.mark.parametrize("model", WRONG)
@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_litellm_s_requests_are_judged_as_they_are_sent(lite: Any, server: Server, model: str, is_async: bool) -> None:
    """Whatever provider LiteLLM translates a call for, the request is judged in the provider's own shape."""
    from reqlint.integrations.litellm import StoppedRequest

    base = server.url if model.startswith("openai") else server.root
    call = {"model": model, "messages": [ASK], "api_base": base, "api_key": "none", "num_retries": 0}

    def send(**more: Any) -> object:
        return asyncio.run(lite.acompletion(**call, **more)) if is_async else lite.completion(**call, **more)

    wrong, place = WRONG[model]
    with pytest.raises(StoppedRequest) as caught:
        send(**wrong)
    assert place in [finding.pointer for finding in caught.value.findings]
    assert server.connections == 0
    send()
    assert len(server.bodies) == 1
