"""Where the chat requests are in a document: all of it, the body of a batch line, or the elements of an array."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from reqlint.pointer import Place


class Kind(StrEnum):
    """What a document wraps its requests in."""

    REQUEST = "request"  #: nothing
    BATCH = "batch"  #: lines of a batch file: ``{"custom_id": …, "method": "POST", "url": …, "body": {…}}``


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request, where it stands in its document, and what the wrapping says about it."""

    kind: Kind
    place: Place
    value: object
    custom_id: str | None = None
    url: str | None = None
    method: str | None = None


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


def requests(value: object, kind: Kind | None = None, *, named: bool = False) -> tuple[Envelope, ...]:
    """
    Find the requests in the value of a document; none is an empty tuple.

    Without *kind* each value tells what it is. A document that was *named* by the user is judged even when it does not
    look like a request: as one, or an array as that many. Batch lines for another endpoint are left out in any case;
    `other_endpoint` names it.
    """
    if kind is None and type(value) is dict and isinstance(value.get("messages"), list):  # nearly all there are
        return (Envelope(Kind.REQUEST, (), value, _string(value.get("custom_id"))),)
    if not isinstance(value, list):
        return _one(value, (), kind, named=named)
    sure = named or any(_one(element, (), kind, named=False) for element in value)
    return tuple(found for i, element in enumerate(value) for found in _one(element, (i,), kind, named=sure))


def other_endpoint(value: object) -> str | None:
    """Give the URL of a batch line that is for something else than chat, such as ``/v1/embeddings``."""
    if not _is_batch_line(value) or not isinstance(value, Mapping):
        return None
    url = value.get("url")
    if not isinstance(url, str) or not url.strip("/"):
        return None
    try:
        segments = urlsplit(url).path.split("/")
    except ValueError:
        return None
    return None if "chat" in segments else url


def _is_batch_line(value: object) -> bool:
    return (
        isinstance(value, Mapping)
        and "body" in value
        and "messages" not in value
        and ("custom_id" in value or "url" in value or "method" in value)
    )


def _one(value: object, place: Place, kind: Kind | None, *, named: bool) -> tuple[Envelope, ...]:
    """Give the request that *value* is or wraps, as a tuple of one or none."""
    if kind is not Kind.REQUEST and isinstance(value, Mapping) and _is_batch_line(value):
        if other_endpoint(value):
            return ()
        custom_id, url, method = (_string(value.get(key)) for key in ("custom_id", "url", "method"))
        return (Envelope(Kind.BATCH, (*place, "body"), value["body"], custom_id, url, method),)
    if named or looks_like_request(value):
        custom_id = _string(value.get("custom_id")) if isinstance(value, Mapping) else None
        return (Envelope(kind or Kind.REQUEST, place, value, custom_id),)
    return ()


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None
