"""Whether the schemas of tools are so plain that checks of schemas have nothing to find in them."""

from collections.abc import Iterable
from typing import Any

_BRANCHES = frozenset(("properties", "anyOf", "additionalProperties", "oneOf", "allOf"))


def are_flat(schemas: Iterable[Any]) -> bool:
    """
    Return True when in each schema all required names are declared and no property has properties of its own.

    Raises:
        AttributeError, KeyError, TypeError: a schema has another form.
    """
    is_leaf = _BRANCHES.isdisjoint
    for parameters in schemas:
        if "$defs" in parameters or "definitions" in parameters:
            return False
        properties = parameters["properties"]
        for name in parameters.get("required", ()):
            if name not in properties:
                return False
        for value in properties.values():
            if not is_leaf(value) or ("items" in value and "properties" in value["items"]):
                return False
    return True
