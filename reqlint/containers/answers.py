"""The recorded answer to a request: its status, and the code and parameter of its error."""

import re
from collections.abc import Iterator, Mapping

from reqlint.containers.envelope import Answer
from reqlint.containers.error_places import place_in_error
from reqlint.containers.error_texts import texts_in_error
from reqlint.containers.google_errors import google_code, google_place
from reqlint.core.pointer import Place, to_path
from reqlint.core.records import replace
from reqlint.text.embedded import read_embedded

_REFUSED = (400, 413, 422)
"""Statuses about the request itself; 401, 404, 429 and others are about the account, the model or the load."""

_STATUS_KEYS = ("status", "status_code", "statusCode", "http_status")
_NAME = re.compile(r"[A-Za-z0-9_.\[\]-]{1,80}")
_IN_ERROR = re.compile(
    r"(?:^|\b(?:error|code|status|http(?:/[\d.]+)?)\b)[\s:='\"(]{0,4}([45]\d\d)(?=$|[\s:,;.'\")\]-])", re.IGNORECASE
)
"""The status in an error text: ``400 Bad Request: …``, ``Error code: 400 - …``, ``Client error '400 Bad Request'``."""

_FAR = 300  # characters of an error text that may hold its status
_OTHER_ERRORS = re.compile(
    r"rate.?limit|quota|billing|auth|api.?key|permission|forbidden|not.?found|timed?.?out|overload|server|connection"
    r"|unavailable|abort|cancel|exhausted|internal",
    re.IGNORECASE,
)
"""In the type or code of an error: it is about the account or the load, not about the request."""


def find_answer(exchange: Mapping[str, object], place: Place) -> Answer | None:
    """
    Return the answer in the recorded *exchange*, which stands at *place*; None if none was recorded.

    An error text without a status is an answer that says nothing about the request: it may be a timeout.
    """
    failure = exchange.get("error")
    status, where = _status(exchange)
    error = None
    if status is None or not 200 <= status < 300:
        error, of_error = _error(exchange)
        where = of_error if status is None else where
    accepted = None
    if status is not None:
        accepted = True if 200 <= status < 300 else False if status in _REFUSED else None
    elif error is not None:
        kinds = [str(error.get(key)) for key in ("type", "code", "status")]
        accepted = None if any(map(_OTHER_ERRORS.search, kinds)) else False
    elif isinstance(failure, str) and failure.strip():
        where = ("error",)
    elif is_completion(exchange.get("response")):
        where, accepted = ("response",), True
    else:
        return None
    code, param = (_name(error.get(key)) if error else None for key in ("code", "param"))
    if error and "param" not in error:
        code = _name(google_code(error)) or code
        param = _name(google_place(error)) or _place_in_message(error.get("message"))
    if param is None and accepted is False and (body := error or _body(exchange)):
        param = place_in_error(body)
    said = (
        "" if accepted else "\n".join(texts_in_error(failure if isinstance(failure, str) else error or _body(exchange)))
    )
    return Answer((*place, *where), status, accepted, code, param, said)


def answer_in_file(value: object, *, is_error: bool) -> Answer | None:
    """
    Return the answer in the *value* of a file that lies beside the file of its request.

    Its place is the root, that of the request: the answer has none in the request's document.
    """
    exchange: Mapping[str, object] = {"response": value}
    if isinstance(value, list) and value:
        exchange = {"response": value[0]}  # the chunks of a stream
    elif isinstance(value, Mapping):
        if isinstance(value.get("response"), Mapping | str):
            exchange = {key: each for key, each in value.items() if key != "scope"}
        elif is_error and value.keys().isdisjoint(("error", "body", *_STATUS_KEYS)):
            exchange = {"error": value}
        elif isinstance(error := value.get("error"), str):
            exchange = {"response": value, "error": error}
    answer = find_answer(exchange, ())
    return replace(answer, place=()) if answer else None


def is_completion(response: object) -> bool:
    """Return whether *response* is what Chat Completions or the Responses API answers to a request that it takes."""
    if isinstance(response, str):
        return response.lstrip().startswith("data: {") and '"error"' not in response[:_FAR]
    if not isinstance(response, Mapping):
        return False
    if isinstance(body := response.get("body"), Mapping):
        response = body
    kind = response.get("object")
    if isinstance(kind, str):
        return kind.startswith("chat.completion") or (kind == "response" and response.get("status") != "failed")
    if response.get("type") == "message" and isinstance(response.get("content"), list):
        return "error" not in response
    choices = response.get("choices", response.get("candidates"))
    return isinstance(choices, list) and bool(choices) and "error" not in response


def _status(exchange: Mapping[str, object]) -> tuple[int | None, Place]:
    """Find the HTTP status and its place: a number, ``"200 OK"`` or an object with a code; HAR writes 0 for none."""
    for written, where in _written_statuses(exchange):
        text = written[:3] if isinstance(written, str) else str(written) if type(written) is int else ""
        if len(text) == 3 and text.isascii() and text.isdecimal() and text >= "100":
            return int(text), where
    error = exchange.get("error")
    if isinstance(error, str) and (found := _IN_ERROR.search(error, 0, _FAR)):
        return int(found[1]), ("error",)
    return None, ()


def _written_statuses(exchange: Mapping[str, object]) -> Iterator[tuple[object, Place]]:
    if "scope" in exchange:  # a recording of nock, whose response is the body alone
        yield exchange.get("status", exchange.get("reply")), ("status",)
        return
    response, error = exchange.get("response"), exchange.get("error")
    if isinstance(response, Mapping):
        status = response.get("status")
        if isinstance(status, Mapping):
            yield status.get("code"), ("response", "status", "code")
        for key in (*_STATUS_KEYS, "code"):
            yield response.get(key), ("response", key)
    else:
        yield response, ("response",)
    for key in _STATUS_KEYS:
        yield exchange.get(key), (key,)
    if isinstance(error, Mapping):
        for key in (*_STATUS_KEYS, "code"):
            yield error.get(key), ("error", key)


def _error(exchange: Mapping[str, object]) -> tuple[Mapping[str, object] | None, Place]:
    """Find the error object and the place to show: in the response, in its body, or beside it."""
    response, failure = exchange.get("response"), exchange.get("error")
    if isinstance(response, str):
        response = {"body": response}
    for holder, where in ((response, "response"), (failure, "error")):
        if not isinstance(holder, Mapping):
            continue
        if isinstance(error := holder.get("error"), Mapping):
            return error, (where,)
        for body in _bodies(holder):
            if isinstance(error := body.get("error"), Mapping):
                return error, (where,)
    return (failure, ("error",)) if isinstance(failure, Mapping) and failure else (None, ())


def _bodies(response: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Yield every object that stands where a recording keeps the body of a response, also as text."""
    for key in ("parsed_body", "body", "content", "json", "data"):
        body = response.get(key)
        if isinstance(body, Mapping):
            body = next((text for k in ("string", "text") if isinstance(text := body.get(k), str)), body)
        if isinstance(body, str) and body.lstrip()[:1] in ("{", "["):
            body = read_embedded(body, ()).value
        if isinstance(body, list) and body:  # Google's stream of one answer, or of an error
            body = body[0]
        if isinstance(body, Mapping):
            yield body


def _body(exchange: Mapping[str, object]) -> Mapping[str, object] | None:
    """Return the body of a response that has no error object, as AWS and Mistral answer."""
    response = exchange.get("response")
    if isinstance(response, str):
        response = {"body": response}
    return next(_bodies(response), response) if isinstance(response, Mapping) else None


_PLACE = re.compile(r"([a-z_]{2,40}(?:\.[A-Za-z0-9_]{1,80}){0,24}): ")
_TAGS = frozenset(
    {
        "adaptive", "base64", "container_upload", "custom", "disabled", "document", "enabled", "file",
        "image", "redacted_thinking", "search_result", "server_tool_use", "text", "thinking",
        "tool_result", "tool_use", "url", "web_search_tool_result",
    }
)  # fmt: skip
_TAGGED = frozenset({"output_config", "source", "thinking", "tool_choice"})
"""Keys of objects, beside the items of arrays, behind which the message names which of several kinds was tried."""


def _place_in_message(message: object) -> str | None:
    """
    Return the place that an error message of Anthropic's begins with, such as ``messages.3.content.0.tool_use.id``.

    There is no member for it. Where an object may be of several kinds, the message has the kind between the keys, which
    is left out: ``messages[3].content[0].id``.
    """
    found = _PLACE.match(message) if isinstance(message, str) else None
    if found is None:
        return None
    steps = found[1].split(".")
    kept = [
        step
        for number, step in enumerate(steps)
        if not (
            0 < number < len(steps) - 1
            and step in _TAGS
            and (steps[number - 1].isdecimal() or steps[number - 1] in _TAGGED)
        )
    ]
    return to_path([int(step) if step.isdecimal() and len(step) < 7 else step for step in kept])


def _name(value: object) -> str | None:
    """Return *value* if it is a name, such as ``messages[0].role``; None for a sentence, which may quote a payload."""
    return value if isinstance(value, str) and _NAME.fullmatch(value) else None
