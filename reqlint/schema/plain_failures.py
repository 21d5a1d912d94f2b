"""
The keywords that a value fails, worked out in plain Python for the first few values of a process.

As in `reqlint.schema.plain`, what is said here is certain, and the rest is left to an engine.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reqlint.core.json_values import to_json_value
from reqlint.core.pointer import Place
from reqlint.schema.engine import Failure
from reqlint.schema.plain import Proof, Unsure

_MOST_MEMBERS = 1000


def find_failures(resources: Sequence[Mapping[str, Any]], value: object) -> list[Failure] | None:
    """Return every failed keyword of every schema, in no particular order; None if that takes an engine to say."""
    if isinstance(value, dict) and len(value) > _MOST_MEMBERS:
        return None  # an engine has found them before such a value is copied
    as_json, oddities = to_json_value(value)
    if oddities or as_json != value:  # an engine refuses to look at it
        return None
    failures: list[Failure] = []
    try:
        for number, resource in enumerate(resources):
            _Search(resource, number, failures).search(resource, (), value, 0)
    except (Unsure, RecursionError, LookupError):
        return None
    return failures


class _Search(Proof):
    """The failures of one schema."""

    def __init__(self, root: Mapping[str, Any], number: int, failures: list[Failure]) -> None:
        super().__init__(root)
        self._number = number
        self._failures = failures

    def search(self, schema: Any, place: Place, value: Any, depth: int) -> None:
        """
        Collect the failures of *value*, which stands at *place*.

        Raises:
            Unsure: that takes an engine to say.
        """
        if schema is True:
            return
        if schema is False:
            raise Unsure
        depth += 1
        for keyword, wanted in self.demands(schema, value, depth):
            search = _SEARCHES.get(keyword)
            if search is not None:
                search(self, schema, wanted, place, value, depth)
            elif not self.satisfies(keyword, schema, wanted, value, depth):
                if keyword in _DIFFERENT:
                    raise Unsure
                self._failures.append(Failure(place, keyword, schema, self._number))

    def search_reference(self, _: Any, wanted: Any, place: Place, value: Any, depth: int) -> None:
        """``$ref``."""
        self.search(self.target(wanted), place, value, depth)

    def search_all(self, _: Any, wanted: Any, place: Place, value: Any, depth: int) -> None:
        """``allOf``."""
        for each in wanted:
            self.search(each, place, value, depth)

    def search_branch(self, schema: Any, wanted: Any, place: Place, value: Any, depth: int) -> None:
        """``if``."""
        branch = "then" if self.holds(wanted, value, depth) else "else"
        self.search(schema.get(branch, True), place, value, depth)

    def search_properties(self, _: Any, wanted: Any, place: Place, value: Any, depth: int) -> None:
        """``properties``."""
        if value.__class__ is dict:
            for name, each in wanted.items():
                if name in value:
                    self.search(each, (*place, name), value[name], depth)

    def search_others(self, schema: Any, wanted: Any, place: Place, value: Any, depth: int) -> None:
        """``additionalProperties``."""
        if value.__class__ is not dict or wanted is True:
            return
        if "patternProperties" in schema:
            raise Unsure
        others = [name for name in value if name not in schema.get("properties", ())]
        if wanted is False and others:
            self._failures.append(Failure(place, "additionalProperties", schema, self._number))
        elif wanted is not False:
            for name in others:
                self.search(wanted, (*place, name), value[name], depth)

    def search_items(self, schema: Any, wanted: Any, place: Place, value: Any, depth: int) -> None:
        """``items``."""
        if value.__class__ is list:
            for number in range(len(schema.get("prefixItems", ())), len(value)):
                self.search(wanted, (*place, number), value[number], depth)

    def search_first_items(self, _: Any, wanted: Any, place: Place, value: Any, depth: int) -> None:
        """``prefixItems``."""
        if value.__class__ is list:
            for number, (schema, each) in enumerate(zip(wanted, value, strict=False)):
                self.search(schema, (*place, number), each, depth)

    def search_dependents(self, _: Any, wanted: Any, place: Place, value: Any, depth: int) -> None:
        """``dependentSchemas``."""
        if value.__class__ is dict:
            for name, each in wanted.items():
                if name in value:
                    self.search(each, place, value, depth)


_DIFFERENT = frozenset({"contains", "dependentRequired", "propertyNames"})
"""Keywords of whose failure each engine makes something else."""
_SEARCHES: Mapping[str, Callable[[_Search, Any, Any, Place, Any, int], None]] = {
    "$ref": _Search.search_reference,
    "additionalProperties": _Search.search_others,
    "allOf": _Search.search_all,
    "dependentSchemas": _Search.search_dependents,
    "if": _Search.search_branch,
    "items": _Search.search_items,
    "prefixItems": _Search.search_first_items,
    "properties": _Search.search_properties,
}
