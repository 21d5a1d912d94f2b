"""Whether the schema of a tool's arguments has the root that Claude takes; other APIs ask for parts of the same."""

import re
from collections.abc import Iterator

from reqlint.checks import Facts, Request, check
from reqlint.checks.model_lists import is_any
from reqlint.core.findings import Hit, Part, Severity
from reqlint.dialects.vocabulary import Dialect

_UNIONS = ("anyOf", "oneOf", "allOf")
_is_property_name = re.compile(r"[a-zA-Z0-9_.-]{1,64}\Z").match


@check
def union_as_input_schema(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every keyword at the root of a tool's schema that makes it a union; a warning for a model not tried."""
    refused = facts.get("root-keywords-refused", {}).get("value", _UNIONS)
    concerned, severity = _model_concerned(request, facts, dialect, "root-unions-refused-by")
    for tool in dialect.tools(request) if concerned else ():
        for keyword in tool.parameters if isinstance(tool.parameters, dict) else ():
            # A strict schema of OpenAI's has rules of its own for its root.
            is_told = "root-keywords-refused" in facts and tool.value.get("strict") is True
            if keyword in refused and not is_told:
                yield Hit((*tool.parameters_place, keyword), Part.KEY, {"keyword": keyword}, severity=severity)


@check
def malformed_property_name(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the name of every argument with characters that are not taken, or too many of them."""
    concerned, severity = _model_concerned(request, facts, dialect, "property-names-refused-by")
    for tool in dialect.tools(request) if concerned else ():
        properties = tool.parameters.get("properties") if isinstance(tool.parameters, dict) else None
        for name in properties if isinstance(properties, dict) else ():
            if not _is_property_name(name):
                place = (*tool.parameters_place, "properties", name)
                yield Hit(place, Part.KEY, {"length": len(name)}, severity=severity)


def _model_concerned(request: Request, facts: Facts, dialect: Dialect, listed: str) -> tuple[bool, Severity | None]:
    """
    Return whether the model is one that refuses something, and the severity of that for a model that is not known.

    Without such a list, all models are.
    """
    if listed not in facts:
        return True, None
    model = dialect.model(request)
    if model == _ANY or is_any(model, facts, listed):
        return True, None
    is_unknown = model is None or model.startswith("arn:") or "." not in model
    return is_unknown, Severity.WARNING if is_unknown else None


_ANY = "-"
"""The model of a request that is made up to judge tools that stand in none."""
