"""
The checks: one function for each rule that a JSON Schema cannot express.

A check gets a request whose keys under its ``at`` and ``reads`` have the right shape, and yields a `Hit` for every
place where its rule applies. It knows no severity, wording or position, and never raises.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from reqlint.core.findings import Hit

Request = Mapping[str, Any]
"""A chat request: a JSON object."""
Facts = Mapping[str, Any]
"""A profile's facts beyond its schema: limits, and dated lists of models."""
Check = Callable[[Request, Facts], Iterator[Hit]]

SUBJECTS = ("messages", "pairing", "tools", "parameters", "strict", "models", "output", "qwen", "media")

Proof = Callable[[Request], bool]
"""Returns True when some checks are known to find nothing in a request; False when they have to run."""

_checks: dict[str, Check] = {}
_proofs: dict[str, Proof] = {}


def check(function: Check) -> Check:
    """Register *function* as the check of the rule it is named after: ``empty_tools`` is rule ``empty-tools``."""
    _checks[function.__name__.replace("_", "-")] = function
    return function


def proof(function: Proof) -> Proof:
    """Register *function* under its name, which a rule gives as ``quick`` to say that it proves the check silent."""
    _proofs[function.__name__.replace("_", "-")] = function
    return function


@cache
def all_checks() -> Mapping[str, Check]:
    """Return every check by rule id."""
    from importlib import import_module

    for subject in SUBJECTS:
        import_module(f"{__name__}.{subject}")
    return _checks


def all_proofs() -> Mapping[str, Proof]:
    """Return every proof by name."""
    all_checks()
    return _proofs
