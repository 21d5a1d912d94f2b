"""A hit that may have a fix, and the plan of a fix."""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from reqlint.core.findings import Hit
from reqlint.core.pointer import Place, value_at
from reqlint.dialects.vocabulary import Dialect
from reqlint.knowledge.rule import Remedy
from reqlint.text.changes import Change


class FunctionNames:
    """The names of functions in a request, with their places; found once for all its fixes."""

    def __init__(self, request: object, dialect: Dialect) -> None:
        self._request = request
        self._dialect = dialect
        self._places: dict[str, list[Place]] | None = None

    def places(self, name: str) -> list[Place]:
        """Return every place in the request that names the function *name*."""
        if self._places is None:
            self._places = defaultdict(list)
            if isinstance(self._request, Mapping):
                for place, each in self._dialect.names(self._request):
                    self._places[each].append(place)
        return self._places.get(name, [])


class FixCase(NamedTuple):
    """A hit to settle, the remedy of its rule, and the document around it."""

    hit: Hit
    remedy: Remedy
    root: object  #: the value of the document
    base: Place  #: of the request
    profile: str
    dialect: Dialect
    names: FunctionNames  #: of the request

    @property
    def key(self) -> str:
        """The key at the hit's place."""
        return str(self.hit.place[-1]) if self.hit.place else ""

    @property
    def value(self) -> object:
        """The value at the hit's place."""
        return value_at(self.root, self.hit.place)

    @property
    def parent(self) -> object:
        """The object or array that holds that value."""
        return value_at(self.root, self.hit.place[:-1])

    @property
    def request(self) -> object:
        """The request."""
        return value_at(self.root, self.base)


class FixPlan(NamedTuple):
    """A fix that is not yet proven."""

    description: str  #: in the imperative
    changes: list[Change]
    new_name: str | None = None  #: of a function, if it gives one another name
