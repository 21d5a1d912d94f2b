"""Where the requests are in a document: all of it, the body of a batch line, in a recording, or in an array."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from reqlint.containers.batch import (
    MESSAGE_BATCHES,
    has_body,
    is_meant_as_line,
    is_message_batch,
    is_message_line,
    keyed_request,
    other_endpoint,
    request_in_line,
    request_in_plain_line,
)
from reqlint.containers.envelope import RECORDINGS, TOOL_KINDS, WRAPPING_KEYS, Envelope, Kind
from reqlint.core.pointer import Place
from reqlint.dialects.registry import (
    Stranger,
    What,
    api_at,
    has_conversation,
    has_request_marks,
    has_turn_list,
    looks_like_request,
    schemas_as_told,
    stranger_of,
    tools_as_told,
    tools_in,
)

# Every recording has one of these keys.
_RECORDING_KEYS = frozenset({"interactions", "http_interactions", "log", "request", "scope", *WRAPPING_KEYS})


_ARGUABLE = (What.REQUEST, What.TRANSCRIPT)
"""What may be meant as a request to the API that the user names."""


class Search(NamedTuple):
    """How far to look for requests in a document, and what was passed over."""

    kind: Kind | None = None  #: what the user says each document wraps its requests in
    named: bool = False  #: a document that the user named is judged even if it does not look like a request
    foreign: bool = False  #: so are requests of other APIs and transcripts, by the profile that the user named
    passed_over: Counter[Stranger] | None = None  #: counts what is known to be no request here
    dialect: str | None = None  #: that of the profile that the user named; of any if None

    def passes_over(self, value: object) -> bool:
        """Return whether *value* is no request here, whatever the user says; and count it."""
        stranger = stranger_of(value, self.dialect)
        if stranger is None or (self.foreign and stranger.what in _ARGUABLE):
            return False
        if self.passed_over is not None:
            self.passed_over[stranger] += 1
        return True


def find_requests(
    value: object,
    kind: Kind | None = None,
    *,
    named: bool = False,
    foreign: bool = False,
    passed_over: Counter[Stranger] | None = None,
    dialect: str | None = None,
) -> tuple[Envelope, ...]:
    """
    Find the requests in the value of a document; an empty tuple if there are none.

    Without *kind*, the kind follows from the value. A document that the user *named* is judged even if it does not
    look like a request: as one request, or as one for every element of an array. Batch lines for another endpoint, and
    what is known to be something else, such as an answer, are left out and counted in *passed_over*; so are requests of
    another *dialect* than a named one. With *foreign*, requests of other APIs and transcripts are judged all the same.
    """
    if kind is Kind.BATCH and type(value) is dict and (plain := request_in_plain_line(value, dialect)) is not None:
        return (plain,)
    search = Search(kind, named, foreign, passed_over, dialect)
    if type(value) is dict:  # a short way for nearly all documents
        if kind is None and has_turn_list(value):
            if search.passes_over(value):
                return ()
            return (Envelope(Kind.REQUEST, (), value, _string(value.get("custom_id"))),)
        if kind is Kind.BATCH and "body" in value and "custom_id" in value and not has_conversation(value):
            return _in_line(value, (), search)
    if not isinstance(value, list) or kind is Kind.FINETUNE or kind in TOOL_KINDS:
        return _requests_in(value, (), search)
    if kind is None and (tools := find_tools(value)):
        return (tools,)
    quiet = search._replace(named=False, passed_over=None)
    sure = named or any(not found.tools for element in value for found in _requests_in(element, (), quiet))
    search = search._replace(named=sure)
    return tuple(
        found
        for i, element in enumerate(value)
        for found in _requests_in(element, (i,), search)
        if not (found.tools and found.tools.place == (i,))  # a tool among things that are none
    )


def find_tools(value: object, place: Place = ()) -> Envelope | None:
    """Return the tools that *value* is or lists without a request; None unless it is unmistakably that."""
    found = tools_in(value, place)
    return Envelope(Kind.TOOLS, place, value, tools=found) if found and found.tools else None


def extract_requests(value: object, pointers: Sequence[str], kind: Kind | None = None) -> tuple[Envelope, ...]:
    """
    Find the requests at *pointers*, in which ``*`` stands for any one step and ``**`` for any number of steps.

    Every element of an array at such a pointer is a request, and a string that holds JSON is read.
    """
    from reqlint.core.pointer_patterns import find_places  # few projects wrap requests in shapes of their own

    found: dict[Place, Envelope] = {}
    for pointer in pointers:
        for place, inner in find_places(pointer, value):
            elements = inner if isinstance(inner, list) else [inner]
            for number, element in enumerate(elements):
                at = (*place, number) if isinstance(inner, list) else place
                for envelope in _requests_at_pointer(element, at, kind):
                    found.setdefault(envelope.place, envelope)
    return tuple(found.values())


def _requests_at_pointer(value: object, place: Place, kind: Kind | None) -> tuple[Envelope, ...]:
    if isinstance(value, str) and value.lstrip()[:1] == "{" and kind not in TOOL_KINDS:
        from reqlint.text.embedded import read_embedded

        text = read_embedded(value, place)
        return (Envelope(Kind.REQUEST, place, text.value, inner=text),)
    return _requests_in(value, place, Search(kind, named=True, foreign=True))


def _requests_in(value: object, place: Place, search: Search) -> tuple[Envelope, ...]:
    """Return the request that *value* is or wraps, at most one; for a recording, all requests in it."""
    kind = search.kind
    if kind in (None, Kind.BATCH) and search.dialect in (None, "gemini-generate"):
        keyed = keyed_request(value, place)
        if keyed is not None:
            return (keyed,)
    if kind in (None, Kind.BATCH) and (found := _in_message_batch(value, place, search)) is not None:
        return found
    if kind in RECORDINGS or (kind is None and isinstance(value, Mapping) and not _RECORDING_KEYS.isdisjoint(value)):
        from reqlint.containers.recordings import find_recorded  # few documents are recordings

        recorded = find_recorded(value, place, kind, search.dialect)
        if recorded is not None and search.passed_over is not None:
            search.passed_over.update(recorded.passed_over)
        if recorded is not None or kind is not None:
            return recorded.envelopes if recorded else ()
    if kind in (None, Kind.BATCH) and isinstance(value, Mapping) and has_body(value):
        return _in_line(value, place, search)
    if kind is Kind.FINETUNE:
        return (Envelope(kind, place, value),)
    if (kind is None and is_meant_as_line(value)) or (kind is Kind.BATCH and not looks_like_request(value)):
        return ()  # a line without a body; the findings against the line report that
    if kind in TOOL_KINDS:
        return _as_told(value, place, kind)
    if kind is None and (tools := find_tools(value, place)):
        return (tools,)
    if kind is None and search.passes_over(value):
        return ()
    if search.named or has_request_marks(value):
        custom_id = _string(value.get("custom_id")) if isinstance(value, Mapping) else None
        return (Envelope(kind or Kind.REQUEST, place, value, custom_id),)
    return ()


def _as_told(value: object, place: Place, kind: Kind | None) -> tuple[Envelope, ...]:
    """Return the tools or schemas in *value*, of which the user says that it holds them."""
    if (
        kind is not Kind.SCHEMA
        and isinstance(value, list)
        and any(isinstance(each, Mapping) and "jsonrpc" in each for each in value)
    ):
        return tuple(found for i, each in enumerate(value) for found in _as_told(each, (*place, i), kind))
    told = schemas_as_told(value, place) if kind is Kind.SCHEMA else tools_as_told(value, place)
    return (Envelope(kind or Kind.TOOLS, place, value, tools=told),) if told.tools else ()


def _in_line(line: Mapping[str, object], place: Place, search: Search) -> tuple[Envelope, ...]:
    url = other_endpoint(line, search.dialect)
    if url is not None and search.passed_over is not None:
        search.passed_over[api_at(url)] += 1
    return request_in_line(line, place, search.dialect)


def _in_message_batch(value: object, place: Place, search: Search) -> tuple[Envelope, ...] | None:
    """Return the requests of a message batch, or of one line of it; None if *value* is neither."""
    if is_message_batch(value):
        lines = [(line, (*place, "requests", i)) for i, line in enumerate(value["requests"])]  # type: ignore[index]  # as asked
    elif is_message_line(value):
        lines = [(value, place)]
    else:
        return None
    found = tuple(each for line, at in lines for each in request_in_line(line, at, search.dialect))
    if not found and search.passed_over is not None:
        search.passed_over[api_at(MESSAGE_BATCHES)] += len(lines)
    return found


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None
