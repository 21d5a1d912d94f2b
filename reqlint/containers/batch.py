"""
The lines of a batch: which objects are such lines, and which request each one carries.

A batch file has lines with a request in ``body``. A message batch of Anthropic's has requests in ``params`` instead,
without a URL; people keep them as lines of a file, and as the object ``{"requests": […]}`` that is sent.
"""

from collections.abc import Mapping, Sequence

from reqlint.containers.envelope import Envelope, Kind
from reqlint.core.pointer import Place
from reqlint.dialects.registry import dialect_of, has_conversation, is_endpoint, looks_like_request, stranger_of

MESSAGE_BATCHES = "/v1/messages/batches"
"""The path that a message batch is sent to."""


def find_batch_lines(value: object, kind: Kind | None = None) -> Sequence[tuple[Place, object]]:
    """
    Find the lines of a batch file in the value of a document: the value itself, or the elements of an array.

    If *kind* says that this is a batch file, everything is a line. Otherwise an object is one if its keys say so, even
    if its body is missing or is for another endpoint.
    """
    if isinstance(value, list):
        return [((i,), line) for i, line in enumerate(value) if kind is Kind.BATCH or is_meant_as_line(line)]
    if is_message_batch(value):
        return [(("requests", i), line) for i, line in enumerate(value["requests"])]  # type: ignore[index]  # as asked
    return [((), value)] if kind is Kind.BATCH or is_meant_as_line(value) else ()


def other_endpoint(value: object, dialect: str | None = None) -> str | None:
    """Return the URL of a batch line for no dialect, or another one, as ``/v1/embeddings``; None for other values."""
    if not isinstance(value, Mapping) or not has_body(value):
        return None
    url = value.get("url")
    return url if isinstance(url, str) and is_endpoint(url, dialect) is False else None


def request_in_line(line: Mapping[str, object], place: Place, dialect: str | None = None) -> tuple[Envelope, ...]:
    """Return the request in the body of a batch line; an empty tuple if the line is for another endpoint."""
    if is_message_line(line):
        custom_id = line["custom_id"]
        named = custom_id if isinstance(custom_id, str) else None
        envelope = Envelope(Kind.BATCH, (*place, "params"), line["params"], named, MESSAGE_BATCHES, "POST")
        return (envelope,) if is_endpoint(MESSAGE_BATCHES, dialect) else ()
    url = line.get("url")
    url = url if isinstance(url, str) else None
    if url and is_endpoint(url, dialect) is False:
        return ()
    custom_id, method = line.get("custom_id"), line.get("method")
    return (
        Envelope(
            Kind.BATCH,
            (*place, "body"),
            line["body"],
            custom_id if isinstance(custom_id, str) else None,
            url,
            method if isinstance(method, str) else None,
        ),
    )


def request_in_plain_line(line: Mapping[str, object], dialect: str | None = None) -> Envelope | None:
    """Return the request in a line with nothing unusual about it, as most are; None if it takes a closer look."""
    if line.keys() != _LINE_KEYS:
        return None
    custom_id, method, url = line["custom_id"], line["method"], line["url"]
    if custom_id.__class__ is not str or method.__class__ is not str or url.__class__ is not str:
        return None
    if not url or is_endpoint(url, dialect) is not True:
        return None
    return Envelope(Kind.BATCH, _BODY, line["body"], custom_id, url, method)


def keyed_request(value: object, place: Place) -> Envelope | None:
    """
    Return the request in a line of Google's batch files, ``{"key": …, "request": {…}}``; None for all other values.

    Vertex AI's lines have no key. A line that has an answer beside the request is a recording.
    """
    if not isinstance(value, Mapping) or "request" not in value or not value.keys() <= _KEYED_LINE_KEYS:
        return None
    request, key = value["request"], value.get("key")
    if not looks_like_request(request, _KEYED) or dialect_of(request) != _KEYED:
        return None
    return Envelope(Kind.REQUEST, (*place, "request"), request, key if isinstance(key, str) else None)


_KEYED = "gemini-generate"
_KEYED_LINE_KEYS = frozenset({"key", "metadata", "request"})


def has_body(value: Mapping[str, object]) -> bool:
    """Return whether an object has a body, as a batch line does, and one more key of such a line."""
    return (
        "body" in value
        and not has_conversation(value)
        and ("custom_id" in value or "url" in value or "method" in value)
    )


def is_file_line(value: object) -> bool:
    """Return whether *value* is a line of a batch file, with the request in its body."""
    return isinstance(value, Mapping) and has_body(value)


def is_message_line(value: object) -> bool:
    """Return whether *value* is a request of a message batch: a custom_id and params."""
    if value.__class__ is dict and "params" not in value:  # as nearly every line
        return False
    if not isinstance(value, Mapping) or "params" not in value or "custom_id" not in value or "body" in value:
        return False
    params = value["params"]
    if not isinstance(params, Mapping) or ("messages" not in params and "model" not in params):
        return False
    model = params.get("model")
    return (isinstance(model, str) and "claude" in model) or stranger_of(params, _MESSAGES) is None


def is_message_batch(value: object) -> bool:
    """Return whether *value* is a whole message batch: requests, each with a custom_id and params."""
    requests = value.get("requests") if isinstance(value, Mapping) else None
    return isinstance(requests, list) and bool(requests) and all(map(is_message_line, requests))


def is_meant_as_line(value: object) -> bool:
    """Return whether *value* is a batch line: it has a custom_id, or only keys of a batch line, body among them."""
    if not isinstance(value, Mapping) or has_conversation(value):
        return False
    if is_message_line(value):
        return True
    if "custom_id" in value:
        return "body" in value or "method" in value or "url" in value
    url = value.get("url")
    has_host = isinstance(url, str) and "//" in url  # an HTTP request that somebody wrote down
    return len(value) > 1 and "body" in value and value.keys() <= _LINE_KEYS and not has_host


_BODY = ("body",)
_LINE_KEYS = frozenset({"custom_id", "method", "url", "body"})
_MESSAGES = "anthropic-messages"
