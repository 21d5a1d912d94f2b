"""Headers that change what a body may be: few are kept, none of them a credential."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint.containers.headers import headers_in
from reqlint.core.headers import KEPT, kept_headers
from reqlint.text.pasted.documents import curl_documents

pytestmark = pytest.mark.core

TEXT = st.text(max_size=8) | st.sampled_from(["Anthropic-Version", "authorization", "x-api-key", "name", "value"])
ANY = st.recursive(
    st.none() | st.booleans() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT | st.just("headers"), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "recorded",
    [
        {"headers": {"Anthropic-Version": ["2026-10-21"], "x-api-key": ["none"]}},
        {"headers": {"anthropic-version": "2026-10-21", "authorization": "none"}},
        {"headers": [{"name": "anthropic-version", "value": "2026-10-21"}, {"name": "cookie", "value": "none"}]},
        {"reqheaders": {"anthropic-version": "2026-10-21"}},
    ],
)
def test_recorded_headers_are_read_as_recorders_write_them(recorded: object) -> None:
    """An object of texts or lists, and HAR's list of pairs, hold the same header; credentials are not kept."""
    assert headers_in(recorded) == {"anthropic-version": "2026-10-21"}


def test_a_list_of_values_is_one_value() -> None:
    """A header that was sent twice is one with commas, as HTTP says."""
    assert headers_in({"headers": {"anthropic-beta": ["a", "b"]}}) == {"anthropic-beta": "a,b"}


def test_a_command_has_its_headers() -> None:
    """Of a curl command the same headers are kept, unless their value is known to the shell only."""
    command = "curl https://api.anthropic.com/v1/messages -H 'x-api-key: none' -H 'Anthropic-Version: {}' -d '{{}}'"
    [document] = curl_documents(command.format("2026-10-21")).documents
    assert document.headers == {"anthropic-version": "2026-10-21"}
    [document] = curl_documents(command.format("'\"$VERSION\"'")).documents
    assert document.headers == {}


@given(st.lists(ANY, max_size=3))
def test_only_known_texts_are_kept(holders: list[object]) -> None:
    """Whatever was recorded, what is kept are texts of the few names, and nothing raises."""
    kept = headers_in(*holders)
    assert kept.keys() <= KEPT
    assert all(isinstance(value, str) for value in kept.values())
    assert kept_headers(json.loads(json.dumps({**kept})).items()) == kept
