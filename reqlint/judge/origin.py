"""Where the request of a hit comes from."""

from collections.abc import Mapping, MutableMapping
from types import MappingProxyType
from typing import NamedTuple

from reqlint.core.findings import Part, Region
from reqlint.core.pointer import Place

Located = Mapping[tuple[Place, Part], Region]
"""The regions of places in a document's text."""


class Origin(NamedTuple):
    """The document that a hit's places lead into, and the request in it."""

    root: object = None  #: the value of the document
    located: Located = MappingProxyType({})  #: the known regions of its places
    document: int = 0  #: its number in the source
    custom_id: str | None = None  #: of the request
    base: Place = ()  #: the place of the request
    request: object = None  #: its value, also where it is text inside a string; None if there is none
    hashes: MutableMapping[tuple[str, Place], str] | None = None
    """What fingerprints have hashed of the document, shared by its findings: many may be in one long text."""


UNKNOWN_ORIGIN = Origin()
"""For hits that belong to a source and not to a request in it."""
