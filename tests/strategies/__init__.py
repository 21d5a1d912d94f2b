"""
Hypothesis strategies for what reqlint reads: requests, texts and tool schemas.

Each is made by a function of a `random.Random`. Hypothesis passes one that it can shrink; tests that need the same
inputs on every machine and with every version of hypothesis pass a seeded one.
"""

from typing import Any

from hypothesis import strategies as st

from tests.strategies import _pasted, _requests, _schemas, _texts
from tests.strategies._pasted import PastedText
from tests.strategies._texts import Written

__all__ = [
    "JSON",
    "PastedText",
    "Written",
    "anything",
    "batches",
    "pasted",
    "recordings",
    "requests",
    "texts",
    "tool_schemas",
    "trainings",
]

_RANDOM = st.randoms(use_true_random=False)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
"""Any JSON value."""


def requests(profile: str | None = None, mistakes: int = 3) -> st.SearchStrategy[Any]:
    """Chat requests for *profile*, or any profile, with up to so many *mistakes*."""
    return _RANDOM.map(lambda rng: _requests.request(rng, profile, mistakes))


def tool_schemas(*, strict: bool | None = None) -> st.SearchStrategy[Any]:
    """Tool schemas, most of them valid JSON Schemas; of *strict* tools, of others, or of both."""
    return _RANDOM.map(lambda rng: _schemas.tool_schema(rng, strict=strict))


def batches(mistakes: int = 3) -> st.SearchStrategy[list[Any]]:
    """Lines of batch files."""
    return _RANDOM.map(lambda rng: _requests.batch(rng, mistakes))


def trainings(mistakes: int = 2) -> st.SearchStrategy[list[Any]]:
    """Lines of training files."""
    return _RANDOM.map(lambda rng: _requests.examples(rng, mistakes))


def recordings() -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """Recorded exchanges, each with the name of its format."""
    return _RANDOM.map(_requests.recording)


def texts(*, damaged: bool | None = None) -> st.SearchStrategy[Written]:
    """Files of all these kinds; *damaged*, undamaged, or both."""
    return _RANDOM.map(lambda rng: _texts.text(rng, damaged=damaged))


def pasted() -> st.SearchStrategy[PastedText]:
    """Curl commands, Python literals and calls, and lines of logs, each with one request."""
    return _RANDOM.map(_pasted.pasted)


def anything() -> st.SearchStrategy[Any]:
    """Python values of any kind; most cannot be written as JSON."""
    return st.recursive(
        JSON
        | st.floats()
        | st.binary()
        | st.just(object())
        | st.tuples(JSON)
        | st.sets(st.integers())
        | st.characters(),
        lambda inner: (
            st.dictionaries(st.text(max_size=4) | st.integers(), inner, max_size=3) | st.lists(inner, max_size=3)
        ),
        max_leaves=8,
    )
