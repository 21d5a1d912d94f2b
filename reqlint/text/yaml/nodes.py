"""The values of a YAML stream, and their spans."""

from collections.abc import Iterable

from reqlint.core.pointer import Place
from reqlint.core.records import dataclass, field
from reqlint.text.flaws import UNREADABLE, Flaw, Span, Spans


@dataclass(slots=True)
class Node:
    """A value and where it stands in the text."""

    span: Span
    value: object
    members: "dict[str, tuple[Span, Node]] | list[Node] | None" = None  #: a key's span and its value, or the items
    value_count: int = 1  #: values in the tree, aliases written out
    size: int = 0  #: characters of its keys and texts, aliases written out
    height: int = 0  #: levels of values inside
    is_alias: bool = False  #: the text has only a name here; the values inside stand elsewhere

    def inside(self) -> "Iterable[Node]":
        """Return the nodes directly inside."""
        if isinstance(self.members, dict):
            return [node for _, node in self.members.values()]
        return self.members or ()

    def as_alias(self, span: Span) -> "Node":
        """Return this node as an alias at *span* stands for it."""
        return Node(span, self.value, self.members, self.value_count, self.size, self.height, is_alias=True)


@dataclass(slots=True)
class Loaded:
    """One document of a stream."""

    value: object = UNREADABLE
    flaws: list[Flaw] = field(default_factory=list)
    start: int = 0  #: offset of its first character
    root: Node | None = None
    end: int = 0  #: offset after it, which is where the next one starts

    def locate(self, places: Iterable[Place]) -> Spans:
        """
        Find the spans of the key and of the value at each of *places*.

        Whatever comes through an alias or a merge key has the span of the alias. Of duplicate keys the last is meant.
        """
        return {place: spans for place in places if (spans := self._spans(place))}

    def _spans(self, place: Place) -> tuple[Span | None, Span] | None:
        node, key, alias = self.root, None, None
        if node is None:
            return None
        for step in place:
            if node.is_alias and alias is None:
                alias = node.span
            if isinstance(node.members, dict) and isinstance(step, str) and step in node.members:
                key, node = node.members[step]
            elif isinstance(node.members, list) and isinstance(step, int) and 0 <= step < len(node.members):
                key, node = None, node.members[step]
            else:
                return None
        return (alias if key and alias else key), alias or node.span
