"""Pasted requests as documents: their values, and where their parts stand in the pasted text."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from reqlint.core.findings import Hit
from reqlint.core.headers import NO_HEADERS
from reqlint.core.pointer import Place
from reqlint.text.flaws import Spans
from reqlint.text.lines import Lines
from reqlint.text.located import LocatedDocument
from reqlint.text.pasted.bodies import Unknown, read_body
from reqlint.text.pasted.curl import MOST_COMMANDS, find_curl
from reqlint.text.pasted.logs import objects_alone_in_line
from reqlint.text.pasted.pieces import MappedText, slice_of
from reqlint.text.pasted.python import Literal, locate_in_literal

MAX_BYTES = 8_000_000
"""Bytes of the longest text in which pasted requests are looked for."""


class PastedDocument(LocatedDocument):
    """One request in a pasted text. It is never edited: `--fix` does not write shell or Python."""

    __slots__ = ("call", "headers", "method", "unknown", "url")

    def __init__(
        self,
        index: int,
        value: object,
        lines: Lines,
        spans: Callable[[Iterable[Place]], Spans],
        *,
        start: int,
        flaws: tuple[Hit, ...] = (),
        url: str | None = None,
        method: str | None = None,
        unknown: Unknown | None = None,
        call: str = "",
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> None:
        super().__init__(index, value, flaws, lines.region((start, start)).line, lines, spans)
        self.url = url
        self.headers = headers
        self.method = method
        self.unknown = unknown  #: the values that only a shell knows
        self.call = call  #: the name of the function that is called with it, in Python


class Pasted(NamedTuple):
    """The requests in a pasted text, and what is left out."""

    documents: list[PastedDocument]
    left_out: list[str]  #: why a command is not judged, in words, one for each


def curl_documents(text: str) -> Pasted:
    """Return the bodies of the curl commands in *text*."""
    lines = Lines(text, 1)
    documents: list[PastedDocument] = []
    left_out: list[str] = []
    for number, request in enumerate(find_curl(text)):
        if number >= MOST_COMMANDS:
            left_out.append(f"more than {MOST_COMMANDS:,} commands are not read")
            break
        body = read_body(request.body) if request.body is not None else None
        if body is None:
            left_out.append(request.reason or "its body depends on what only a shell knows")
            continue
        documents.append(
            PastedDocument(
                len(documents),
                body.value,
                lines,
                body.spans,
                start=request.start,
                flaws=tuple(lines.hit(flaw) for flaw in body.flaws),
                url=request.url,
                method=request.method,
                unknown=body.unknown,
                headers=request.headers,
            )
        )
    return Pasted(documents, left_out)


def literal_document(text: str, literal: Literal) -> PastedDocument:
    """Return the document of a text that is one literal or call."""
    return _of_literal(0, Lines(text, 1), literal)


def log_documents(text: str) -> Iterator[PastedDocument]:
    """Yield an object of each line that has exactly one."""
    lines = Lines(text, 1)
    for index, found in enumerate(objects_alone_in_line(text)):
        if found.literal is not None:
            yield _of_literal(index, lines, found.literal)
        elif body := read_body(MappedText([slice_of(text, found.start, found.end)])):
            yield PastedDocument(index, found.value, lines, body.spans, start=found.start)


def _of_literal(index: int, lines: Lines, literal: Literal) -> PastedDocument:
    def spans(places: Iterable[Place]) -> Spans:
        return locate_in_literal(lines.text, literal, places)

    return PastedDocument(index, literal.value, lines, spans, start=literal.start, call=literal.call)
