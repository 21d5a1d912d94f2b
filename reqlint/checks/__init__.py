"""
The checks: one function for each rule that a JSON Schema cannot express.

A check gets a request whose keys under its ``at`` and ``reads`` have the right shape, and yields a `Hit` for every
place where its rule applies. It finds tools, turns, calls and results by the views of the request's dialect, so that
one function serves every wire shape. It knows no severity, wording or position, and never raises.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from reqlint.core.findings import Hit
from reqlint.dialects.vocabulary import Dialect, Request

__all__ = ["SUBJECTS", "Check", "Facts", "Request", "all_checks", "check"]

Facts = Mapping[str, Any]
"""A profile's facts beyond its schema: limits, and dated lists of models."""
Check = Callable[[Request, Facts, Dialect], Iterator[Hit]]

SUBJECTS = (
    "messages", "pairing", "tools", "parameters", "strict", "models", "output", "qwen", "media", "converse_blocks",
    "converse_turns", "converse_models", "vendors", "vendor_schemas",
)  # fmt: skip

_checks: dict[str, Check] = {}


def check(function: Check) -> Check:
    """Register *function* as the check of the rule it is named after: ``empty_tools`` is rule ``empty-tools``."""
    _checks[function.__name__.replace("_", "-")] = function
    return function


@cache
def all_checks() -> Mapping[str, Check]:
    """Return every check by rule id."""
    from importlib import import_module

    for subject in SUBJECTS:
        import_module(f"{__name__}.{subject}")
    return _checks
