"""An edit of a schema, and what it is made for."""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from reqlint.core.pointer import Place, value_at

Schema = dict[str, Any]


class SchemaEdit(NamedTuple):
    """An edit of a schema that is not yet proven."""

    place: Place  #: of the subschema that it is made in, from the root
    description: str  #: in the imperative, with what is lost
    safe: bool  #: whether nothing is lost that a model reads, and the same values are allowed
    make: Callable[[Schema, Schema], object]  #: changes the subschema, given with the root, in place
    needs: object = None  #: a schema of the kind that it makes; without use where an API refuses it


class SchemaCase(NamedTuple):
    """A place in a schema that an API refuses."""

    rule: str
    facts: Mapping[str, object]
    root: Schema
    place: Place  #: of the subschema
    keyword: str | None  #: the one in the subschema that the finding is at; None if it is at the subschema
    known: dict[str, bool]  #: what was found out about the root, for other cases of it
    of_nullable: bool = False  #: whether every API that counts reads ``nullable``

    @property
    def schema(self) -> Any:
        """The subschema, or what stands in its place."""
        return value_at(self.root, self.place)

    @property
    def value(self) -> Any:
        """The value of the keyword."""
        return self.schema.get(self.keyword)

    @property
    def is_root(self) -> bool:
        """Whether it is about the whole schema."""
        return not self.place


def with_edits(root: Schema, edits: Iterable[SchemaEdit]) -> tuple[Schema, list[SchemaEdit]]:
    """Return a copy of a schema in which *edits* are made, the innermost first; and those that others left possible."""
    new = deepcopy(root)
    made: list[SchemaEdit] = []
    for edit in sorted(edits, key=lambda edit: -len(edit.place)):
        try:
            schema = value_at(new, edit.place)
        except LookupError:
            continue  # another edit took it away
        if isinstance(schema, dict):
            before = dict(schema)
            try:
                edit.make(schema, new)
            except LookupError:
                put(schema, before)  # another edit took away what this one is about
            else:
                made.append(edit)
    return new, made


def swap(schema: Schema, old: str, new: str, value: object) -> None:
    """Put a member in the stead of another, or where it is there already, let that have the value."""
    members = {(new if key == old else key): (value if key == old else each) for key, each in schema.items()}
    if new in schema:
        members[new] = value
    schema.clear()
    schema.update(members)


def put(schema: Schema, members: Mapping[str, object]) -> None:
    """Replace all members of a schema."""
    kept = dict(members)
    schema.clear()
    schema.update(kept)


def kinds_of(schema: object) -> list[str]:
    """Return the types that a schema names, in the words of JSON Schema."""
    kind = schema.get("type") if isinstance(schema, dict) else None
    named = kind if isinstance(kind, list) else [kind]
    return [each.lower() for each in named if isinstance(each, str)]


def kind_of(schema: object) -> str | None:
    """Return the only type that a schema names; None if there is none or several."""
    kinds = kinds_of(schema)
    return kinds[0] if len(kinds) == 1 else None


def is_integer(value: object) -> bool:
    """Return whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    """Return whether a value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
