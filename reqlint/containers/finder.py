"""Where the chat requests are in a document: all of it, the body of a batch line, in a recording, or in an array."""

from collections.abc import Mapping, Sequence

from reqlint.containers.batch import has_body, is_meant_as_line, request_in_line
from reqlint.containers.envelope import RECORDINGS, WRAPPING_KEYS, Envelope, Kind
from reqlint.core.pointer import Place
from reqlint.dialects.registry import has_conversation, has_turn_list, looks_like_request

# Every recording has one of these keys.
_RECORDING_KEYS = frozenset({"interactions", "http_interactions", "log", "request", "scope", *WRAPPING_KEYS})


def find_requests(value: object, kind: Kind | None = None, *, named: bool = False) -> tuple[Envelope, ...]:
    """
    Find the requests in the value of a document; an empty tuple if there are none.

    Without *kind*, the kind follows from the value. A document that the user *named* is judged even if it does not
    look like a request: as one request, or as one for every element of an array. Batch lines for another endpoint are
    always left out; `other_endpoint` names that endpoint.
    """
    if type(value) is dict:  # a short way for nearly all documents
        if kind is None and has_turn_list(value):
            return (Envelope(Kind.REQUEST, (), value, _string(value.get("custom_id"))),)
        if kind is Kind.BATCH and "body" in value and "custom_id" in value and not has_conversation(value):
            return request_in_line(value, ())
    if not isinstance(value, list) or kind is Kind.FINETUNE:
        return _requests_in(value, (), kind, named=named)
    sure = named or any(_requests_in(element, (), kind, named=False) for element in value)
    return tuple(found for i, element in enumerate(value) for found in _requests_in(element, (i,), kind, named=sure))


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
    if isinstance(value, str) and value.lstrip()[:1] == "{":
        from reqlint.text.embedded import read_embedded

        text = read_embedded(value, place)
        return (Envelope(Kind.REQUEST, place, text.value, inner=text),)
    return _requests_in(value, place, kind, named=True)


def _requests_in(value: object, place: Place, kind: Kind | None, *, named: bool) -> tuple[Envelope, ...]:
    """Return the request that *value* is or wraps, at most one; for a recording, all requests in it."""
    if kind in RECORDINGS or (kind is None and isinstance(value, Mapping) and not _RECORDING_KEYS.isdisjoint(value)):
        from reqlint.containers.recordings import find_recorded  # few documents are recordings

        recorded = find_recorded(value, place, kind)
        if recorded is not None or kind is not None:
            return recorded.envelopes if recorded else ()
    if kind in (None, Kind.BATCH) and isinstance(value, Mapping) and has_body(value):
        return request_in_line(value, place)
    if kind is Kind.FINETUNE:
        return (Envelope(kind, place, value),)
    if (kind is None and is_meant_as_line(value)) or (kind is Kind.BATCH and not looks_like_request(value)):
        return ()  # a line without a body; the findings against the line report that
    if named or looks_like_request(value):
        custom_id = _string(value.get("custom_id")) if isinstance(value, Mapping) else None
        return (Envelope(kind or Kind.REQUEST, place, value, custom_id),)
    return ()


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None
