"""
HTTP exchanges as Go's httprr records them: a header line, then sizes, request and response as they were on the wire.

Source: golang.org/x/oscar/internal/httprr, func open, reqWire and respWire, read 2026-11-28.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from reqlint.core.pointer import Place
from reqlint.text.flaws import UNREADABLE, Span, Spans

_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?httprr trace v1\r?\n")
_SIZES = re.compile(rb"([0-9]{1,12}) ([0-9]{1,12})\r?\n")
_LONGEST_LINE = 200  # bytes that are shown of damage
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_REQUEST_LINE = re.compile(rb"([A-Za-z]{1,20}) ([^\s]{1,8000}) HTTP/[0-9.]{1,5}\r?$", re.MULTILINE)
_STATUS_LINE = re.compile(rb"HTTP/[0-9.]{1,5} ([0-9]{3})(?![0-9])")
_HOST = re.compile(rb"^host:[ \t]*([^\s/@]{1,300})[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
_CHUNKED = re.compile(rb"^transfer-encoding:[ \t]*chunked[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
_ONE_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})\r\n")


class RecordedExchange(NamedTuple):
    """One exchange of a trace, or the damage that ends it."""

    first_line: int
    text: str  #: the request and the response, exactly as recorded; of damage, the line at which it begins
    spans: Spans  #: of every value
    value: object = UNREADABLE
    damage: str = ""  #: why the rest cannot be read


def read_exchanges(data: bytes) -> Iterator[RecordedExchange]:
    """
    Read the exchanges of a trace, each as ``{"request": {…}, "response": {…}}`` with URL, body and status.

    Headers are left out of the value: all that is read of them is the host. Nothing can be read after damage, which
    comes last then.
    """
    header = _HEADER.match(data)
    if header is None:
        yield _damaged(1, data, 0, "it is not an httprr trace")
        return
    at, line, index = header.end(), 2, 0
    while at < len(data):
        sizes = _SIZES.match(data, at)
        if sizes is None:
            yield _damaged(line, data, at, f"exchange {index + 1} of the trace does not begin with two sizes")
            return
        start = sizes.end()
        middle = start + int(sizes[1])
        end = middle + int(sizes[2])
        if end > len(data):
            yield _damaged(line, data, at, f"exchange {index + 1} of the trace is cut off")
            return
        yield _exchange(line + 1, data[start:middle], data[middle:end])
        line += 1 + data.count(b"\n", start, end)
        at, index = end, index + 1


def _damaged(line: int, data: bytes, at: int, reason: str) -> RecordedExchange:
    """Return what cannot be read."""
    rest = data[at : at + _LONGEST_LINE].split(b"\n", 1)[0]
    return RecordedExchange(line, _decode(rest), {}, damage=reason)


def _exchange(first_line: int, request: bytes, response: bytes) -> RecordedExchange:
    sent, answered = _decode(request), _decode(response)
    end = len(sent) + len(answered)
    spans: Spans = {
        (): (None, (0, end)),
        ("request",): (None, (0, len(sent))),
        ("response",): (None, (len(sent), end)),
    }
    of_request: dict[str, object] = {}
    of_response: dict[str, object] = {}

    def add(members: dict[str, object], place: Place, value: object, span: Span) -> None:
        members[str(place[-1])] = value
        spans[place] = (None, span)

    head, body = _split(request)
    if asked := _REQUEST_LINE.match(head):
        method, target = _decode(asked[1]), _decode(asked[2])
        after_method = len(method) + 1
        add(of_request, ("request", "method"), method, (0, len(method)))
        host = _HOST.search(head)
        url = f"https://{_decode(host[1])}{target}" if host and target.startswith("/") else target
        add(of_request, ("request", "url"), url, (after_method, after_method + len(target)))
    begin, stop = _unchunked(head, request, body)
    if begin < stop and (text := _decode_exactly(request[begin:stop])) is not None:
        offset = len(_decode(request[:begin]))
        add(of_request, ("request", "body"), text, (offset, offset + len(text)))
    head, body = _split(response)
    if status := _STATUS_LINE.match(head):
        span = (len(sent) + status.start(1), len(sent) + status.end(1))
        add(of_response, ("response", "status"), int(status[1]), span)
    begin, stop = _unchunked(head, response, body)
    if begin < stop and (text := _decode_exactly(response[begin:stop])) is not None:
        offset = len(sent) + len(_decode(response[:begin]))
        add(of_response, ("response", "body"), text, (offset, offset + len(text)))
    value = {"request": of_request, "response": of_response}
    return RecordedExchange(first_line, sent + answered, spans, value)


def _split(message: bytes) -> tuple[bytes, int]:
    """Return the head of a message, and the offset of its body."""
    end = _HEAD_END.search(message)
    return (message[: end.start() + 1], end.end()) if end else (message, len(message))


def _unchunked(head: bytes, message: bytes, body: int) -> tuple[int, int]:
    """Return the offsets of the body; nothing for one in several chunks, which stands nowhere in one piece."""
    if not _CHUNKED.search(head):
        return body, len(message)
    chunk = _ONE_CHUNK.match(message, body)
    if chunk is None:
        return body, body
    end = chunk.end() + int(chunk[1], 16)
    return (chunk.end(), end) if message[end:].startswith(b"\r\n0\r\n") else (body, body)


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _decode_exactly(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None  # compressed or binary
