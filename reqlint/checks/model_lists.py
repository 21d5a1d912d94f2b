"""Whether a model is on one of a profile's dated lists: names in which * stands for anything, with exceptions."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from reqlint.checks import Facts
from reqlint.core.findings import Severity

_MOST_LISTS = 256  # those of a catalog, and of tests
_MOST_MODELS = 512  # a file of requests names few, and what it holds may be anything
_LONGEST_NAME = 200
_UNKNOWN: Any = object()
_found: dict[int, tuple[object, dict[str, Mapping[str, Any] | None]]] = {}
"""For each list, by its id, the list itself, so that no other can have its id, and the row of each model asked for."""


def is_any(model: object, facts: Facts, fact: str) -> bool:
    """Return whether *model* is on the list *fact*; False when the profile has no such list."""
    return fact in facts and fits(model, facts[fact]["value"])


def fits(model: object, listed: Mapping[str, Any]) -> bool:
    """Return whether *model* fits the ``models`` of a list and none of its ``except``."""
    if not isinstance(model, str) or not is_among(model, listed["models"]):
        return False
    return not ("except" in listed and is_among(model, listed["except"]))


def first_row(model: str, facts: Facts, fact: str) -> Mapping[str, Any] | None:
    """
    Return the first row of *fact* whose models *model* is one of; None if it is on none, or there is no such fact.

    Remembered for each model, as clean requests ask it, too.
    """
    if fact not in facts:
        return None
    rows = facts[fact]["value"]
    known = _found.get(id(rows))
    if known is None or known[0] is not rows:
        if len(_found) >= _MOST_LISTS:
            _found.clear()
        known = _found[id(rows)] = (rows, {})
    by_model = known[1]
    row = by_model.get(model, _UNKNOWN)
    if row is _UNKNOWN:
        row = next((row for row in rows if fits(model, row)), None)
        if len(by_model) >= _MOST_MODELS:
            by_model.clear()
        if len(model) <= _LONGEST_NAME:
            by_model[model] = row
    return row


def severity_of(listed: Mapping[str, Any]) -> Severity | None:
    """Return a warning for what is inferred or disputed; None, which leaves it to the rule, for all else."""
    return Severity.WARNING if listed.get("status") in ("inferred", "disputed") else None


def is_among(model: str, names: Sequence[str]) -> bool:
    """Return whether *model* fits one of *names*."""
    return bool(names) and _pattern(tuple(names)).match(model) is not None


@cache
def _pattern(names: Sequence[str]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join('.*'.join(map(re.escape, name.split('*'))) for name in names)})\\Z", re.DOTALL)
