"""Where the requests are in a recording: of VCR, HAR, Polly.js or nock, or a request beside its response."""

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from reqlint.containers.answers import find_answer
from reqlint.containers.batch import has_body
from reqlint.containers.envelope import WRAPPING_KEYS, Envelope, Kind
from reqlint.containers.headers import headers_in
from reqlint.core.pointer import Place
from reqlint.dialects.registry import (
    Stranger,
    api_at,
    has_conversation,
    is_endpoint,
    is_unmistakable,
    looks_like_request,
    stranger_of,
)
from reqlint.text.embedded import Embedded, read_embedded

_ANSWER_KEYS = frozenset({"status", "status_code", "statusCode", "http_status", "response", "error"})


class Recorded(NamedTuple):
    """The requests of a recording, and which of its requests are not judged."""

    envelopes: tuple[Envelope, ...]
    strangers: int = 0  #: requests to other endpoints
    passed_over: Mapping[Stranger, int] = MappingProxyType({})  #: the same, where it is known of which API
    opaque: int = 0  #: requests whose recorded body is not JSON: packed, binary, or redacted


def kind_of(value: object) -> Kind | None:
    """Return the kind of recording that *value* is, by its keys; None if it is not a recording."""
    if not isinstance(value, Mapping):
        return None
    if isinstance(value.get("interactions"), list) or isinstance(value.get("http_interactions"), list):
        return Kind.CASSETTE
    if isinstance(log := value.get("log"), Mapping) and isinstance(log.get("entries"), list):
        return Kind.HAR
    if is_nock(value):
        return Kind.NOCK
    is_pair = isinstance(value.get("request"), Mapping | str) and not has_conversation(value)
    return Kind.EXCHANGE if is_pair or _wrapped(value) else None


def is_nock(value: Mapping[str, object]) -> bool:
    """Return whether *value* is an exchange of nock: an origin and a path, and a method or an answer."""
    has_url = isinstance(value.get("scope"), str) and isinstance(value.get("path"), str)
    return has_url and not value.keys().isdisjoint(("method", "status", "response", "reply"))


def _wrapped(value: Mapping[str, object]) -> tuple[str, object, Embedded | None] | None:
    """
    Return the key of a log line under which there is a request beyond doubt, the request, and the text if it is JSON.

    A line of a batch file is none, unless it has an answer as well.
    """
    is_batch = "custom_id" in value or (has_body(value) and value.keys().isdisjoint(_ANSWER_KEYS))
    if is_batch or has_conversation(value):
        return None
    for key in WRAPPING_KEYS:
        inner = value.get(key)
        text = None
        if isinstance(inner, str) and '"role"' in inner and inner.lstrip()[:1] == "{":
            text = read_embedded(inner, ())
            inner = text.value
        if is_unmistakable(inner):
            return key, inner, text
    return None


def find_recorded(
    value: object, place: Place = (), kind: Kind | None = None, dialect: str | None = None
) -> Recorded | None:
    """
    Find the requests in the recording *value*, which stands at *place*; None if it is not one of that *kind*.

    A request is one of the *dialect*, or of any if none is named, if its URL says so; without a URL, if it looks like
    one. For a body that is JSON text in a string, the envelope's place is that of the string, and its ``inner`` leads
    further.
    """
    actual = kind_of(value)
    if actual is None or kind not in (None, actual) or not isinstance(value, Mapping):
        return None
    envelopes: list[Envelope] = []
    strangers = opaque = 0
    passed_over: Counter[Stranger] = Counter()
    for exchange, where in _exchanges(value, actual, place):
        found = _request(exchange, where, actual, dialect, sure=kind is Kind.EXCHANGE)
        if isinstance(found, Envelope):
            answer = find_answer(exchange, where)
            envelopes.append(found._replace(answer=answer) if answer else found)
        elif found is True:
            opaque += 1
        else:
            strangers += 1
            if found:
                passed_over[found] += 1
    return Recorded(tuple(envelopes), strangers, passed_over, opaque)


def count_skipped(value: object, kind: Kind | None = None) -> tuple[int, int]:
    """Count the requests to other endpoints and the unreadable requests in a recording or an array of them."""
    parts = value if isinstance(value, list) else [value]
    found = [part for part in (find_recorded(part, (), kind) for part in parts) if part]
    return sum(part.strangers for part in found), sum(part.opaque for part in found)


def _exchanges(value: Mapping[str, object], kind: Kind, place: Place) -> Iterator[tuple[Mapping[str, object], Place]]:
    if kind in (Kind.EXCHANGE, Kind.NOCK):
        yield value, place
        return
    where: Place
    if kind is Kind.HAR:
        log = value["log"]
        entries, where = (log["entries"] if isinstance(log, Mapping) else ()), ("log", "entries")
    else:
        key = "interactions" if isinstance(value.get("interactions"), list) else "http_interactions"
        entries, where = value[key], (key,)
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, Mapping):
            yield entry, (*place, *where, index)


def _request(
    exchange: Mapping[str, object], place: Place, kind: Kind, dialect: str | None, *, sure: bool
) -> Envelope | Stranger | bool:
    """
    Return the request of an exchange; True if it is one but cannot be read, False or its API if it is for another.

    If the user is *sure*, an exchange without a URL is judged whatever it looks like.
    """
    request, around, place = exchange.get("request"), place, (*place, "request")
    url, method = _string(exchange.get("url")), None
    body, where = request, place
    if kind is Kind.NOCK:
        url, method = f"{exchange.get('scope')}{exchange.get('path')}", _string(exchange.get("method"))
        body, where = exchange.get("body"), (*around, "body")
    elif not isinstance(request, Mapping | str) and (wrapped := _wrapped(exchange)):
        key, body, text = wrapped
        where, method = (*around, key), _string(exchange.get("method"))
        body = text.text if text else body
    elif isinstance(request, Mapping) and not looks_like_request(request):
        url = _string(request.get("uri")) or _string(request.get("url")) or url
        method = _string(request.get("method"))
        body, where = _body(request, place)
        if sure and body is None and not url:
            body, where = request, place
    headers = headers_in(exchange, request)
    is_ours = bool(is_endpoint(url, dialect)) if url else sure or None
    if method and method.upper() != "POST":
        return (not url and stranger_of(request, dialect)) or False  # JSON-RPC has a method of its own
    if is_ours is False:
        return api_at(url) if url else False
    if isinstance(body, str):
        inner = read_embedded(body, where) if body.lstrip()[:1] == "{" else None
        if inner is None:
            return bool(is_ours)
        if not is_ours and not looks_like_request(inner.value, dialect):
            return stranger_of(inner.value, dialect) or False
        return Envelope(kind, where, inner.value, None, url, method, inner, headers=headers)
    if isinstance(body, Mapping) and (is_ours or looks_like_request(body, dialect)):
        return Envelope(kind, where, body, None, url, method, headers=headers)
    return stranger_of(body, dialect) or (not url and stranger_of(request, dialect)) or bool(is_ours)


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


_AROUND_A_BODY = frozenset(
    {"string", "text", "json", "encoding", "mimeType", "params", "size", "comment", "compression"}
)
"""The keys of an object around a body; one with another key is the body, and its ``text`` a member as any other."""


def _body(request: Mapping[str, object], place: Place) -> tuple[object, Place]:
    """
    Return the body of a recorded request and its place; None if there is nothing to read.

    Recorders write a ``body`` that is text, an object, or an object around the text (``string``, with the
    ``encoding`` of its characters, or ``base64_string``). Some add the parsed body (``json``, ``parsed_body``); HAR
    has ``postData``.
    """
    for key in ("parsed_body", "json", "body", "data", "postData"):
        body = request.get(key)
        if isinstance(body, str) and body:
            return body, (*place, key)
        if not isinstance(body, Mapping):
            continue
        if looks_like_request(body):
            return body, (*place, key)
        if body.get("encoding") == "base64" or "base64_string" in body:
            return None, place
        for inside in ("string", "text", "json") if _AROUND_A_BODY.issuperset(body) else ():
            if isinstance(body.get(inside), str | Mapping):
                return body[inside], (*place, key, inside)
        return body, (*place, key)
    if wrapped := _wrapped(request):
        key, value, text = wrapped
        return text.text if text else value, (*place, key)
    return None, place
