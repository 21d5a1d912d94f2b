"""Where the chat requests are in a recording: a cassette of VCR, a HAR file, or a request beside its response."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from reqlint.containers.envelopes import Answer, Envelope, Kind, looks_like_request
from reqlint.core.pointer import Place
from reqlint.text.embedded import read_embedded

_REFUSED = (400, 413, 422)
"""Statuses that speak of the request itself; 401, 404, 429 and the like speak of the account, the model or the hour."""

_WORD = re.compile(r"[A-Za-z0-9_.\[\]-]{1,80}")


class Recorded(NamedTuple):
    """What a recording holds."""

    envelopes: tuple[Envelope, ...]  #: its chat requests
    strangers: int = 0  #: requests to other endpoints
    opaque: int = 0  #: chat requests whose body was recorded as something else than JSON: packed, binary, blanked out


def kind_of(value: object) -> Kind | None:
    """Tell by its keys what kind of recording *value* is; None when it is none."""
    if not isinstance(value, Mapping):
        return None
    if isinstance(value.get("interactions"), list) or isinstance(value.get("http_interactions"), list):
        return Kind.CASSETTE
    if isinstance(log := value.get("log"), Mapping) and isinstance(log.get("entries"), list):
        return Kind.HAR
    is_pair = isinstance(value.get("request"), Mapping | str) and "messages" not in value
    return Kind.EXCHANGE if is_pair else None


def find_recorded(value: object, place: Place = (), kind: Kind | None = None) -> Recorded | None:
    """
    Find the chat requests in the recording *value*, which stands at *place*; None when it is not one of that *kind*.

    A request is for chat when the path of its URL ends in ``chat/completions``; without a URL, when it looks like one.
    A body that is an object stands where it stands. The place of one that is JSON text in a string is that of the
    string, and its ``inner`` leads on.
    """
    told = kind_of(value)
    if told is None or kind not in (None, told) or not isinstance(value, Mapping):
        return None
    envelopes: list[Envelope] = []
    strangers = opaque = 0
    for exchange, where in _exchanges(value, told, place):
        found = _envelope(exchange, where, told, sure=kind is Kind.EXCHANGE)
        if isinstance(found, Envelope):
            envelopes.append(_answered(found, exchange, where))
        elif found:
            opaque += 1
        else:
            strangers += 1
    return Recorded(tuple(envelopes), strangers, opaque)


def count_skipped(value: object, kind: Kind | None = None) -> tuple[int, int]:
    """Count what is not judged in a recording or an array of them: requests to other endpoints, and opaque ones."""
    parts = value if isinstance(value, list) else [value]
    found = [part for part in (find_recorded(part, (), kind) for part in parts) if part]
    return sum(part.strangers for part in found), sum(part.opaque for part in found)


def _exchanges(value: Mapping[str, object], kind: Kind, place: Place) -> Iterator[tuple[Mapping[str, object], Place]]:
    if kind is Kind.EXCHANGE:
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


# ---------------------------------------------------------------------------------------------------------- the request


def _envelope(exchange: Mapping[str, object], place: Place, kind: Kind, *, sure: bool) -> Envelope | bool:
    """
    Give the chat request that was recorded; True when it cannot be read, False when it is for something else.

    When the user is *sure*, what names no URL is a chat request whatever it looks like.
    """
    request, place = exchange.get("request"), (*place, "request")
    url = _string(exchange.get("url"))
    method = None
    body, where = request, place
    if isinstance(request, Mapping) and not looks_like_request(request):
        url = _string(request.get("uri")) or _string(request.get("url")) or url
        method = _string(request.get("method"))
        body, where = _body(request, place)
        if sure and body is None and not url:
            body, where = request, place
    is_chat = _is_chat(url) if url else sure or None
    if is_chat is False or (method and method.upper() != "POST"):
        return False
    if isinstance(body, str):
        inner = read_embedded(body, where) if body.lstrip()[:1] == "{" else None
        if inner is None:
            return bool(is_chat)
        if not is_chat and not looks_like_request(inner.value):
            return False
        return Envelope(kind, where, inner.value, None, url, method, inner)
    if isinstance(body, Mapping) and (is_chat or looks_like_request(body)):
        return Envelope(kind, where, body, None, url, method)
    return bool(is_chat)


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _is_chat(url: str) -> bool:
    try:
        return urlsplit(url).path.rstrip("/").endswith("chat/completions")
    except ValueError:  # a bracket that opens no IPv6 address
        return False


def _body(request: Mapping[str, object], place: Place) -> tuple[object, Place]:
    """
    Give what a recorded request says that it sent, and where it says so; None when that is nothing to read.

    Recorders write a ``body`` that is text, an object, or an object around the text (``string``, with the
    ``encoding`` of its characters, or ``base64_string``); some add the same parsed (``json``, ``parsed_body``), HAR
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
        for inside in ("string", "text", "json"):
            if isinstance(body.get(inside), str | Mapping):
                return body[inside], (*place, key, inside)
        return body, (*place, key)
    return None, place


# ----------------------------------------------------------------------------------------------------------- the answer


def _answered(envelope: Envelope, exchange: Mapping[str, object], place: Place) -> Envelope:
    """Give *envelope* with what came back, where the recording says it."""
    status, where = _status(exchange, place)
    response = exchange.get("response")
    error = _error(response) if status is None or not 200 <= status < 300 else None
    if status is None and error is None:
        return envelope
    accepted = None
    if status is None or status in _REFUSED:
        accepted = False
    elif 200 <= status < 300:
        accepted = True
    code, param = (_word(error.get(key)) if error else None for key in ("code", "param"))
    answer = Answer(where or (*place, "response"), status, accepted, code, param)
    return envelope._replace(answer=answer)


def _status(exchange: Mapping[str, object], place: Place) -> tuple[int | None, Place | None]:
    """Find the HTTP status: a number, ``"200 OK"`` or an object with a code; HAR writes 0 where none came."""
    response = exchange.get("response")
    candidates: list[tuple[object, Place]] = []
    if isinstance(response, Mapping):
        status = response.get("status")
        if isinstance(status, Mapping):
            candidates.append((status.get("code"), ("response", "status", "code")))
        keys = ("status", "status_code", "statusCode", "code")
        candidates += [(response.get(key), ("response", key)) for key in keys]
    else:
        candidates.append((response, ("response",)))
    candidates += [(exchange.get(key), (key,)) for key in ("status", "status_code")]
    for written, where in candidates:
        text = written[:3] if isinstance(written, str) else str(written) if type(written) is int else ""
        if len(text) == 3 and text.isascii() and text.isdecimal() and text >= "100":
            return int(text), (*place, *where)
    return None, None


def _error(response: object) -> Mapping[str, object] | None:
    """Find the error object of a response, in it or in its body."""
    if not isinstance(response, Mapping):
        return None
    if isinstance(error := response.get("error"), Mapping):
        return error
    for key in ("parsed_body", "body", "content", "json"):
        body = response.get(key)
        if isinstance(body, Mapping):
            body = next((text for k in ("string", "text") if isinstance(text := body.get(k), str)), body)
        if isinstance(body, str) and body.lstrip()[:1] == "{":
            body = read_embedded(body, ()).value
        if isinstance(body, Mapping) and isinstance(error := body.get("error"), Mapping):
            return error
    return None


def _word(value: object) -> str | None:
    """Give *value* if it is a name such as ``invalid_type`` or ``messages[0].role``; a sentence may quote a payload."""
    return value if isinstance(value, str) and _WORD.fullmatch(value) else None
