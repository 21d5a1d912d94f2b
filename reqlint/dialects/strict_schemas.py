"""Whether strict schemas are so plain that checks of how their names agree have nothing to find in them."""

from collections.abc import Iterable
from typing import Any

_MOST = 500  # subschemas that are looked at; more are left to the checks
_PLAIN = frozenset(
    {
        "additionalProperties", "anyOf", "const", "default", "description", "enum", "exclusiveMaximum",
        "exclusiveMinimum", "format", "items", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum",
        "multipleOf", "pattern", "properties", "required", "title", "type",
    }
)  # fmt: skip
_OTHER_ROOTS = frozenset({"anyOf", "enum"})


def do_agree(schemas: Iterable[Any]) -> bool:
    """
    Return True when each root is an object, and each object requires just the properties that it declares.

    Raises:
        AttributeError, KeyError, TypeError: a schema has another form.
    """
    for root in schemas:
        if root["type"] != "object" or not _OTHER_ROOTS.isdisjoint(root):
            return False
        pending = [root]
        for schema in pending:  # grows on the way
            if schema.__class__ is not dict or not _PLAIN.issuperset(schema) or len(pending) > _MOST:
                return False
            if "properties" in schema:
                properties = schema["properties"]
                if properties.keys() != {*schema["required"]}:
                    return False
                pending += properties.values()
            elif "required" in schema:
                return False
            if schema.get("additionalProperties", False) is not False:
                return False
            if "items" in schema:
                pending.append(schema["items"])
            if "anyOf" in schema:
                pending += schema["anyOf"]
    return True
