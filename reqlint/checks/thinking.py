"""Whether OpenAI's models think in a request: some always do, some unless they are told not to, some only if asked."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from reqlint.checks import Facts
from reqlint.checks.model_lists import first_row, severity_of
from reqlint.core.findings import Severity

_LIST, _NEVER = "thinking", "never-think"
_ALWAYS, _BY_DEFAULT = "always", "by-default"


class Thinking(NamedTuple):
    """Why the model thinks in a request."""

    because: str  #: in words that follow the name of the model
    severity: Severity | None  #: of what it then refuses; a warning where the list is not sure
    switch: str | None  #: the parameter that may be set to "none" instead


def thinks(model: object, effort: object, facts: Facts, parameter: str) -> Thinking | None:
    """
    Return why *model* thinks in a request with this *effort*; None if it does not, or nothing is known.

    Args:
        model: the request's.
        effort: the word that stands at *parameter*, or anything else if there is none.
        facts: the profile's, with the list ``thinking``.
        parameter: the name of the effort, as people write it: ``reasoning.effort``.
    """
    row = first_row(model, facts, _LIST) if isinstance(model, str) else None
    if row is None:
        return None
    if row["when"] == _ALWAYS:
        return Thinking("always thinks", severity_of(row), None)
    if isinstance(effort, str):
        return None if effort == "none" else Thinking(f"thinks with this {parameter}", None, parameter)
    if row["when"] == _BY_DEFAULT:
        return Thinking(f"thinks unless {parameter} is none", severity_of(row), parameter)
    return None


def never_thinks(model: object, facts: Facts) -> Mapping[str, Any] | None:
    """Return what is known of *model* as one that never thinks; None if it may."""
    return first_row(model, facts, _NEVER) if isinstance(model, str) else None
