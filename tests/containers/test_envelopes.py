"""Which requests a document holds, and where."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint.containers.batch import other_endpoint
from reqlint.containers.envelope import Envelope, Kind
from reqlint.containers.finder import find_requests
from reqlint.core.pointer import Place, value_at
from reqlint.dialects.registry import looks_like_request

HI = [{"role": "user", "content": "Hi"}]
REQUEST = {"model": "m", "messages": HI}
LINE = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": REQUEST}
EMBEDDING = {"custom_id": "b", "method": "POST", "url": "/v1/embeddings", "body": {"model": "e", "input": "x"}}


def places(value: object, kind: Kind | None = None, *, named: bool = False) -> list[tuple[Kind, Place]]:
    """Return kind and place of each request found."""
    return [(envelope.kind, envelope.place) for envelope in find_requests(value, kind, named=named)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (REQUEST, True),
        ({"messages": HI}, True),
        ({"messages": []}, True),
        ({"messages": "Hi", "model": "m"}, True),
        ({"messages": None, "temperature": 1}, True),
        ({"model": "m", "tools": []}, True),
        ({"model": "m", "stream": True}, True),
        ({"messages": {"greeting": "Hi"}}, False),
        ({"model": "m", "input": "x"}, False),
        ({"model": {}, "n": 1}, False),
        (HI[0], False),
        ({"name": "left-pad", "version": "1.0"}, False),
        ({}, False),
        (HI, False),
        ("messages", False),
        (None, False),
    ],
)
def test_a_chat_request_is_recognised(value: object, expected: bool) -> None:
    """A request has messages, or a model and another chat parameter; a message alone is no request."""
    assert looks_like_request(value) is expected
    assert bool(find_requests(value)) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (REQUEST, [(Kind.REQUEST, ())]),
        (LINE, [(Kind.BATCH, ("body",))]),
        ({"url": None, "body": None}, [(Kind.BATCH, ("body",))]),
        ({"custom_id": "a", "body": "x"}, [(Kind.BATCH, ("body",))]),
        ({"body": REQUEST}, [(Kind.EXCHANGE, ("body",))]),
        ({"body": {"messages": HI}}, []),
        ({"custom_id": "a", **REQUEST}, [(Kind.REQUEST, ())]),
        ({"custom_id": "a", "body": {}, **REQUEST}, [(Kind.REQUEST, ())]),
        ([REQUEST, 3, LINE], [(Kind.REQUEST, (0,)), (Kind.REQUEST, (1,)), (Kind.BATCH, (2, "body"))]),
        ([EMBEDDING, LINE], [(Kind.BATCH, (1, "body"))]),
        ([1, 2], []),
        ([HI], []),
        ([], []),
        (EMBEDDING, []),
        ([EMBEDDING], []),
        ("x", []),
    ],
)
def test_requests_are_found_where_they_stand(value: object, expected: list[tuple[Kind, Place]]) -> None:
    """A request stands alone, in the body of a batch line, or in an array, all elements of which are then requests."""
    assert places(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, [(Kind.REQUEST, ())]),
        ({"messages": {"greeting": "Hi"}}, [(Kind.REQUEST, ())]),
        (3, [(Kind.REQUEST, ())]),
        ([{}, 3], [(Kind.REQUEST, (0,)), (Kind.REQUEST, (1,))]),
        (HI, [(Kind.REQUEST, (0,))]),
        ([], []),
        (LINE, [(Kind.BATCH, ("body",))]),
        (EMBEDDING, []),
    ],
)
def test_a_named_document_is_judged(value: object, expected: list[tuple[Kind, Place]]) -> None:
    """A document that the user named is judged whatever it holds, unless its URL is that of another endpoint."""
    assert places(value, named=True) == expected


def test_a_given_kind_decides() -> None:
    """As REQUEST a batch line is itself the request; as BATCH a request without a body is judged as it stands."""
    assert places(LINE, Kind.REQUEST, named=True) == [(Kind.REQUEST, ())]
    assert places(LINE, Kind.REQUEST) == []
    assert places(LINE, Kind.BATCH) == [(Kind.BATCH, ("body",))]
    assert places(REQUEST, Kind.BATCH) == [(Kind.BATCH, ())]
    assert places({"custom_id": "a"}, Kind.BATCH, named=True) == []
    assert places({"messages": HI}, Kind.FINETUNE) == [(Kind.FINETUNE, ())]
    assert places([LINE], Kind.FINETUNE) == [(Kind.FINETUNE, ())]


def test_an_envelope_carries_the_members_of_a_batch_line() -> None:
    """The envelope has custom_id, url and method of the line, each only if it is a string."""
    assert find_requests(LINE) == (Envelope(Kind.BATCH, ("body",), REQUEST, "a", "/v1/chat/completions", "POST"),)
    assert find_requests({**LINE, "custom_id": 7, "method": None}) == (
        Envelope(Kind.BATCH, ("body",), REQUEST, None, "/v1/chat/completions", None),
    )


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("/v1/chat/completions", False),
        ("https://example.com/compatible-mode/v1/chat/completions?x=1", False),
        ("/v1/chat/ds-test", False),
        ("chat/completions", False),
        ("", False),
        (None, False),
        (7, False),
        ("http://[broken", False),
        ("/v1/embeddings", True),
        ("/v1/responses", False),
        ("/v1/completions", True),
    ],
)
def test_lines_for_other_endpoints_are_recognised(url: object, other: bool) -> None:
    """A batch line for an endpoint of no profile holds no request to judge, and can be counted by its URL."""
    line = {**LINE, "url": url}
    assert other_endpoint(line) == (url if other else None)
    assert bool(find_requests(line)) is not other
    if url == "/v1/responses":  # to a profile of another wire shape, it is one of those
        assert other_endpoint(line, "openai-chat") == url
        assert not find_requests(line, dialect="openai-chat")


json_values = st.recursive(
    st.none() | st.integers() | st.sampled_from(["", "/v1/embeddings", "/v1/chat/completions"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["messages", "model", "body", "url", "custom_id", "n"]), inner, max_size=4)
    ),
    max_leaves=10,
)


@settings(max_examples=100, deadline=None)
@given(json_values, st.sampled_from([None, *Kind]), st.booleans())
def test_every_request_stands_at_its_place(value: object, kind: Kind | None, named: bool) -> None:
    """In any document, each request is the value at its place, and naming a document never finds fewer requests."""
    found = find_requests(value, kind, named=named)
    for envelope in found:
        assert value_at(value, envelope.place) is envelope.value
    assert len(found) >= len(find_requests(value, kind))
