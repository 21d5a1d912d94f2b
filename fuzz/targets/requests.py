"""Requests: for an example with up to seven changes both engines agree, and its text has the same findings."""

from collections.abc import Iterable

from fuzz import examples
from fuzz.choices import Choices, mutate
from fuzz.laws import comparable, require, text_and_value_agree
from fuzz.words import words
from reqlint import Linter
from reqlint.knowledge.catalog import shipped
from reqlint.schema.validators import ACCELERATED, REFERENCE

_PROFILES = shipped().profile_names
_FAST = {name: Linter(name, engine=ACCELERATED) for name in _PROFILES}
_REFERENCE = {name: Linter(name, engine=REFERENCE) for name in _PROFILES}


def run(data: bytes) -> None:
    """Judge the request that *data* chooses."""
    choices = Choices(data)
    profile = choices.one_of(_PROFILES)
    base = choices.one_of(examples.values())
    request = mutate(choices, base, words())
    fast, reference = _FAST[profile].check(request), _REFERENCE[profile].check(request)
    require(
        comparable(fast) == comparable(reference),
        "both engines report the same",
        profile,
        request,
        comparable(fast),
        comparable(reference),
    )
    if isinstance(request, dict):
        text_and_value_agree(_FAST[profile], request)


def seeds() -> Iterable[bytes]:
    """Yield choices of examples and changes to start from."""
    for i in range(len(examples.values())):
        yield bytes([i % len(_PROFILES)]) + i.to_bytes(2, "little")
        yield bytes([i % len(_PROFILES)]) + i.to_bytes(2, "little") + bytes([3, i % 5, 1, 2, i % 7, 0, 1, 4, 2, 6, 3])
