"""The recorded answer to a request: its status, and the code and parameter of its error."""

import re
from collections.abc import Mapping

from reqlint.containers.envelope import Answer
from reqlint.core.pointer import Place
from reqlint.text.embedded import read_embedded

_REFUSED = (400, 413, 422)
"""Statuses about the request itself; 401, 404, 429 and others are about the account, the model or the load."""

_NAME = re.compile(r"[A-Za-z0-9_.\[\]-]{1,80}")


def find_answer(exchange: Mapping[str, object], place: Place) -> Answer | None:
    """Return the answer in the recorded *exchange*, which stands at *place*; None if none was recorded."""
    status, status_place = _status(exchange, place)
    response = exchange.get("response")
    error = _error(response) if status is None or not 200 <= status < 300 else None
    if status is None and error is None:
        return None
    accepted = None
    if status is None or status in _REFUSED:
        accepted = False
    elif 200 <= status < 300:
        accepted = True
    code, param = (_name(error.get(key)) if error else None for key in ("code", "param"))
    return Answer(status_place or (*place, "response"), status, accepted, code, param)


def _status(exchange: Mapping[str, object], place: Place) -> tuple[int | None, Place | None]:
    """Find the HTTP status: a number, ``"200 OK"`` or an object with a code; HAR writes 0 if there was no answer."""
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
    """Find the error object of a response, in the response itself or in its body."""
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


def _name(value: object) -> str | None:
    """Return *value* if it is a name, such as ``messages[0].role``; None for a sentence, which may quote a payload."""
    return value if isinstance(value, str) and _NAME.fullmatch(value) else None
