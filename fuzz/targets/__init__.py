"""The targets: in each module ``run`` takes bytes and raises if a law is broken, and ``seeds`` yields first inputs."""

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import NamedTuple


class Target(NamedTuple):
    """A function of bytes that is fuzzed, and its first inputs."""

    name: str
    run: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]


def names() -> list[str]:
    """Return the names of all targets, sorted."""
    return sorted(module.name for module in iter_modules([str(Path(__file__).parent)]))


def target(name: str) -> Target:
    """Return the target of that *name*; raise `ModuleNotFoundError` if there is none."""
    module = import_module(f"{__name__}.{name}")
    return Target(name, module.run, module.seeds)
