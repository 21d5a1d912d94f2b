"""Requests as values: an example with up to seven changes. Both engines agree, and its text has the same findings."""

from collections.abc import Iterable

from fuzz import seeds as known
from fuzz.choices import Choices, changed
from fuzz.laws import hold, text_and_value_agree, told
from fuzz.words import words
from reqlint import Linter
from reqlint.knowledge.profile import profile_names
from reqlint.schema.validators import ACCELERATED, REFERENCE

_PROFILES = profile_names()
_FAST = {name: Linter(name, engine=ACCELERATED) for name in _PROFILES}
_REFERENCE = {name: Linter(name, engine=REFERENCE) for name in _PROFILES}


def run(data: bytes) -> None:
    """Judge the request that *data* makes."""
    choices = Choices(data)
    profile = choices.one_of(_PROFILES)
    base = choices.one_of(known.values())
    request = changed(choices, base, words())
    fast, reference = _FAST[profile].check(request), _REFERENCE[profile].check(request)
    hold(told(fast) == told(reference), "both engines say the same", profile, request, told(fast), told(reference))
    if isinstance(request, dict):
        text_and_value_agree(_FAST[profile], request)


def seeds() -> Iterable[bytes]:
    """Give choices of examples to begin with."""
    for i in range(len(known.values())):
        yield bytes([i % len(_PROFILES)]) + i.to_bytes(2, "little")
        yield bytes([i % len(_PROFILES)]) + i.to_bytes(2, "little") + bytes([3, i % 5, 1, 2, i % 7, 0, 1, 4, 2, 6, 3])
