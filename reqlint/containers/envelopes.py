"""Where the chat requests are in a document: all of it, the body of a batch line, in a recording, or in an array."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from reqlint.core.findings import Hit, Part, Region
from reqlint.core.pointer import Place
from reqlint.text.documents import Document


class Kind(StrEnum):
    """What a document wraps its requests in."""

    REQUEST = "request"  #: nothing
    BATCH = "batch"  #: lines of a batch file: ``{"custom_id": …, "method": "POST", "url": …, "body": {…}}``
    CASSETTE = "cassette"  #: exchanges that VCR recorded: ``{"interactions": [{"request": {…}, "response": {…}}]}``
    HAR = "har"  #: exchanges in an HTTP archive: ``{"log": {"entries": [{"request": {…}, "response": {…}}]}}``
    FINETUNE = "finetune"  #: lines of a training file: ``{"messages": […]}``, or an input with two outputs
    EXCHANGE = "exchange"  #: a request and what came of it: ``{"request": {…}, "response": {…}}``


RECORDINGS = frozenset({Kind.CASSETTE, Kind.HAR, Kind.EXCHANGE})
"""The kinds of document that may say what was answered; only the requests of them are judged, not what is around."""

_RECORDING_KEYS = frozenset({"interactions", "http_interactions", "log", "request"})  # one is in every recording


@dataclass(frozen=True, slots=True)
class Answer:
    """What a recording says came back."""

    place: Place  #: where it says so
    status: int | None = None
    accepted: bool | None = None  #: whether the request was; None for answers on something else, such as the key
    code: str | None = None  #: of the error object
    param: str | None = None  #: of the error object


class Envelope(NamedTuple):
    """A request, where it stands in its document, and what the wrapping says about it."""

    kind: Kind
    place: Place
    value: object
    custom_id: str | None = None
    url: str | None = None
    method: str | None = None
    inner: "EmbeddedRequest | None" = None  #: set where the request is text inside a string of the document
    answer: Answer | None = None  #: of a recording that has one

    @property
    def status(self) -> int | None:
        """The HTTP status that was recorded."""
        return self.answer.status if self.answer else None


class EmbeddedRequest(Protocol):
    """A text inside a string of a document, which can find its parts in the document's own text."""

    @property
    def place(self) -> Place:
        """Where the string stands."""
        ...

    def locate(
        self,
        document: Document,
        places: Iterable[tuple[Place, Part]],
        known: Mapping[tuple[Place, Part], Region] | None = None,
    ) -> Mapping[tuple[Place, Part], Region]:
        """Find the regions of *places*, of which *known* may have some; what is not there is left out."""
        ...

    def flaws(self, document: Document) -> Sequence[Hit]:
        """Give what the text itself has against it, with places and regions of the *document*."""
        ...


# What tells a request without messages from any other object with a model; one of these beside it is enough.
_CHAT_KEYS = frozenset(
    {
        "enable_thinking", "frequency_penalty", "logit_bias", "logprobs", "max_completion_tokens", "max_tokens", "n",
        "parallel_tool_calls", "presence_penalty", "reasoning_effort", "response_format", "seed", "stop", "stream",
        "stream_options", "temperature", "tool_choice", "tools", "top_k", "top_logprobs", "top_p",
    }
)  # fmt: skip


def looks_like_request(value: object) -> bool:
    """Tell whether *value* is meant as a chat request: it has messages, or a model and something else of a chat."""
    if not isinstance(value, Mapping):
        return False
    if isinstance(value.get("messages"), list):
        return True
    if "messages" in value:  # of a wrong type, or another thing of that name: translations, mail
        return "model" in value or not _CHAT_KEYS.isdisjoint(value)
    return isinstance(value.get("model"), str) and not _CHAT_KEYS.isdisjoint(value)


def find_requests(value: object, kind: Kind | None = None, *, named: bool = False) -> tuple[Envelope, ...]:
    """
    Find the requests in the value of a document; none is an empty tuple.

    Without *kind* each value tells what it is. A document that was *named* by the user is judged even when it does not
    look like a request: as one, or an array as that many. Batch lines for another endpoint are left out in any case;
    `other_endpoint` names it.
    """
    if type(value) is dict:  # nearly all there are
        if kind is None and isinstance(value.get("messages"), list):
            return (Envelope(Kind.REQUEST, (), value, _string(value.get("custom_id"))),)
        if kind is Kind.BATCH and "body" in value and "custom_id" in value and "messages" not in value:
            return _body(value, ())
    if not isinstance(value, list) or kind is Kind.FINETUNE:
        return _one(value, (), kind, named=named)
    sure = named or any(_one(element, (), kind, named=False) for element in value)
    return tuple(found for i, element in enumerate(value) for found in _one(element, (i,), kind, named=sure))


def extract_requests(value: object, pointers: Sequence[str], kind: Kind | None = None) -> tuple[Envelope, ...]:
    """
    Find the requests that *pointers* lead to, in which ``*`` is any one step and ``**`` any number of steps.

    An array there is that many requests, and a string that holds JSON is read.
    """
    from reqlint.core.globs import find_places  # few projects have shapes of their own

    found: dict[Place, Envelope] = {}
    for pointer in pointers:
        for place, inner in find_places(pointer, value):
            elements = inner if isinstance(inner, list) else [inner]
            for number, element in enumerate(elements):
                at = (*place, number) if isinstance(inner, list) else place
                for envelope in _at_pointer(element, at, kind):
                    found.setdefault(envelope.place, envelope)
    return tuple(found.values())


def _at_pointer(value: object, place: Place, kind: Kind | None) -> tuple[Envelope, ...]:
    if isinstance(value, str) and value.lstrip()[:1] == "{":
        from reqlint.text.embedded import read_embedded

        text = read_embedded(value, place)
        return (Envelope(Kind.REQUEST, place, text.value, inner=text),)
    return _one(value, place, kind, named=True)


def other_endpoint(value: object) -> str | None:
    """Give the URL of a batch line that is for something else than chat, such as ``/v1/embeddings``."""
    if not _is_batch_line(value) or not isinstance(value, Mapping):
        return None
    url = value.get("url")
    return url if isinstance(url, str) and _is_elsewhere(url) else None


@lru_cache(maxsize=64)
def _is_elsewhere(url: str) -> bool:
    try:
        segments = urlsplit(url).path.split("/")
    except ValueError:
        return False
    return bool(url.strip("/")) and "chat" not in segments


def find_batch_lines(value: object, kind: Kind | None = None) -> Sequence[tuple[Place, object]]:
    """
    Find the lines of a batch file in the value of a document: itself, or elements of an array.

    With the *kind* of batch files everything is one; otherwise what says so, even where its body is missing or is for
    another endpoint.
    """
    if isinstance(value, list):
        return [((i,), line) for i, line in enumerate(value) if kind is Kind.BATCH or _is_meant_as_line(line)]
    return [((), value)] if kind is Kind.BATCH or _is_meant_as_line(value) else ()


_AROUND_BODY = frozenset({"custom_id", "method", "url", "body"})


def _is_meant_as_line(value: object) -> bool:
    """Tell a batch line from other objects with a body: it has a custom_id, or nothing but what a line has."""
    if not isinstance(value, Mapping) or "messages" in value:
        return False
    if "custom_id" in value:
        return "body" in value or "method" in value or "url" in value
    url = value.get("url")
    full = isinstance(url, str) and "//" in url  # as in a note of an HTTP request
    return len(value) > 1 and "body" in value and value.keys() <= _AROUND_BODY and not full


def is_preference(value: object) -> bool:
    """Tell whether *value* is a training example that sets a better output against a worse one."""
    return isinstance(value, Mapping) and "messages" not in value and not _PREFERENCE_KEYS.isdisjoint(value)


_PREFERENCE_KEYS = frozenset(
    {"preferred_output", "non_preferred_output", "preferred_completion", "non_preferred_completion"}
)


def is_training_example(value: object) -> bool:
    """Tell whether *value* is a conversation to learn from: no model or sampling, and the assistant speaks last."""
    if not isinstance(value, Mapping) or "model" in value or not (_CHAT_KEYS - _TRAINING_KEYS).isdisjoint(value):
        return False
    messages = value.get("messages")
    if not isinstance(messages, list) or not messages:
        return False
    spoken = [each for each in messages if isinstance(each, Mapping) and each.get("role") == "assistant"]
    return bool(spoken) and (spoken[-1] is messages[-1] or any("weight" in message for message in spoken))


_TRAINING_KEYS = frozenset({"tools", "parallel_tool_calls"})


def _is_batch_line(value: object) -> bool:
    return (
        isinstance(value, Mapping)
        and "body" in value
        and "messages" not in value
        and ("custom_id" in value or "url" in value or "method" in value)
    )


def _one(value: object, place: Place, kind: Kind | None, *, named: bool) -> tuple[Envelope, ...]:
    """Give the request that *value* is or wraps, as a tuple of one or none; of a recording, all that are in it."""
    if kind in RECORDINGS or (kind is None and isinstance(value, Mapping) and not _RECORDING_KEYS.isdisjoint(value)):
        from reqlint.containers.recordings import find_recorded  # few documents are recordings

        found = find_recorded(value, place, kind)
        if found is not None or kind is not None:
            return found.envelopes if found else ()
    if kind in (None, Kind.BATCH) and isinstance(value, Mapping) and _is_batch_line(value):
        return _body(value, place)
    if kind is Kind.FINETUNE:
        return (Envelope(kind, place, value),)
    if (kind is None and _is_meant_as_line(value)) or (kind is Kind.BATCH and not looks_like_request(value)):
        return ()  # what it lacks is said of the line
    if named or looks_like_request(value):
        custom_id = _string(value.get("custom_id")) if isinstance(value, Mapping) else None
        return (Envelope(kind or Kind.REQUEST, place, value, custom_id),)
    return ()


def _body(line: Mapping[str, object], place: Place) -> tuple[Envelope, ...]:
    """Give the request of a batch line; none when the line is for another endpoint."""
    url = _string(line.get("url"))
    if url and _is_elsewhere(url):
        return ()
    custom_id, method = _string(line.get("custom_id")), _string(line.get("method"))
    return (Envelope(Kind.BATCH, (*place, "body"), line["body"], custom_id, url, method),)


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None
