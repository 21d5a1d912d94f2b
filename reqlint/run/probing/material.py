"""What mutations are made of: requests that servers answer, and what is put into them."""

from collections.abc import Mapping, Sequence
from typing import Any

from reqlint.core.records import dataclass


@dataclass(frozen=True, slots=True)
class Material:
    """Requests of one wire shape, and the words, parameters and turns that mutations put into them."""

    bases: Sequence[dict[str, Any]]
    words: Mapping[str, Sequence[str]]  #: by the key that they stand under
    unknown: Sequence[tuple[str, Any]]  #: keys that are put into any object, with a value
    parameters: Mapping[str, Sequence[Any]]  #: added or replaced at the top level, with their values
    turns: Sequence[Any]  #: put among those of the conversation
    conversation: str = "messages"  #: the key of the conversation
    schemas: frozenset[str] = frozenset({"parameters", "schema"})  #: keys that a JSON Schema stands under
    name: str = ""  #: tells the seeds of one shape from those of another; empty for chat, which came first
