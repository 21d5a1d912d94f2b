"""The `request:` schemas of rules, as they become part of a gate."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from reqlint.core.findings import Part

ROOT_NAME = "the request"
"""The name of the root of a value in messages."""


class RequestRule(NamedTuple):
    """A rule whose ``request:`` schema is part of the gate."""

    id: str
    at: str | None  #: None: the rule always applies, and every hit is at the place that fails
    mark: Part
    everywhere: bool  #: a hit at each failing place, rather than one at ``at``
    schema: Mapping[str, Any]


def as_resource(rule: RequestRule) -> dict[str, Any]:
    """Return a rule's schema as a self-contained one that applies only when the rule's key is there."""
    if rule.at is None:
        return {"$id": f"reqlint:rule/{rule.id}", **rule.schema}
    return {
        "$id": f"reqlint:rule/{rule.id}",
        "if": {"type": "object", "required": [rule.at]},
        "then": {key: member for key, member in rule.schema.items() if key != "$defs"},
        "$defs": rule.schema.get("$defs", {}),  # where the rule's references, `#/$defs/…`, look for it
    }
