"""Whether a model is on one of a profile's dated lists: names in which * stands for anything, with exceptions."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from reqlint.checks import Facts


def is_any(model: object, facts: Facts, fact: str) -> bool:
    """Return whether *model* is on the list *fact*; False when the profile has no such list."""
    return fact in facts and fits(model, facts[fact]["value"])


def fits(model: object, listed: Mapping[str, Any]) -> bool:
    """Return whether *model* fits the ``models`` of a list and none of its ``except``."""
    if not isinstance(model, str) or not is_among(model, listed["models"]):
        return False
    return not ("except" in listed and is_among(model, listed["except"]))


def is_among(model: str, names: Sequence[str]) -> bool:
    """Return whether *model* fits one of *names*."""
    return bool(names) and _pattern(tuple(names)).match(model) is not None


@cache
def _pattern(names: Sequence[str]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join('.*'.join(map(re.escape, name.split('*'))) for name in names)})\\Z", re.DOTALL)
