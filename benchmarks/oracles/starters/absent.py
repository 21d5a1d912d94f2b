"""
Stand in for packages of a server that are not installed, so that what imports them can be imported.

They drive graphics cards and read pictures and sound: nothing of them is called for a request of text. What is
installed is never replaced.
"""

import importlib.util
import sys
from collections.abc import Iterable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


class _Kind(type):
    """The type of a name of such a package, which may be used wherever a class may."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _named(name)

    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__


class Absent(metaclass=_Kind):
    """What a package that is not installed would have given; as a decorator it leaves a function as it is."""

    def __new__(cls, *given: Any, **named: Any) -> Any:
        """Return the function that is decorated, or an object that stands for any other."""
        is_decorator = len(given) == 1 and callable(given[0]) and not named
        return given[0] if is_decorator else super().__new__(cls)

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Return the same as the class does."""
        return type(self)(*given, **named)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _named(name)

    def __class_getitem__(cls, _: Any) -> Any:
        return cls

    def __getitem__(self, _: Any) -> Any:
        return self


class _Package(ModuleType):
    __version__ = "999"
    __path__: Sequence[str] = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _named(name)


class _Finder(MetaPathFinder, Loader):
    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """Return where a module of an absent package comes from: from here."""
        return ModuleSpec(fullname, self, is_package=True) if fullname.partition(".")[0] in self._names else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return a module that has every name."""
        return _Package(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: there is no code."""


def stand_in_for(packages: Iterable[str]) -> list[str]:
    """Let those of *packages* that are not installed be imported, and return their names."""
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    sys.meta_path.append(_Finder(frozenset(missing)))
    return missing


def _named(name: str) -> Any:
    return _Kind(name, (Absent,), {})
