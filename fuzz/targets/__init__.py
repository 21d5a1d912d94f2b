"""What is fuzzed: each module takes bytes in ``run`` and raises when something does not hold; ``seeds`` begins it."""

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import NamedTuple


class Target(NamedTuple):
    """Something that is fuzzed."""

    name: str
    run: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]


def names() -> list[str]:
    """Give the name of every target."""
    return sorted(module.name for module in iter_modules([str(Path(__file__).parent)]))


def target(name: str) -> Target:
    """Give a target; raises `ModuleNotFoundError` when there is none of this name."""
    module = import_module(f"{__name__}.{name}")
    return Target(name, module.run, module.seeds)
