"""What all engines have in common: a compiled conjunction of schemas, the keywords that a value fails, references."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from reqlint.core.pointer import Place


class Failure(NamedTuple):
    """One keyword that a value does not satisfy."""

    place: Place  #: of the value in the instance
    keyword: str  #: the schema keyword that failed; ``not`` for the schema that accepts nothing
    schema: Mapping[str, Any]  #: the subschema that holds the keyword
    resource: int  #: index of the schema among those the engine was built of


class Engine(Protocol):
    """Several schemas compiled into one conjunction."""

    resources: Sequence[Mapping[str, Any]]  #: the schemas it was built of; failures hold subschemas of these objects

    def is_valid(self, value: object) -> bool:
        """Return whether *value* satisfies every schema; may raise on what is no JSON value."""
        ...

    def failures(self, value: object) -> Iterator[Failure]:
        """Yield every failed keyword of every schema, in no particular order."""
        ...


def resolve_reference(root: Mapping[str, Any], reference: str) -> Any:
    """Return the target of a local reference in *root*."""
    node: Any = root
    for step in reference.removeprefix("#").split("/")[1:]:
        node = node[step.replace("~1", "/").replace("~0", "~")]
    return node
