"""Counting what is asked of the gates that a module compiles."""

from collections import Counter
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest


def count_gates(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> Counter[str]:
    """Count, as ``gates``, how often those are asked that *module* compiles from now on."""
    asked: Counter[str] = Counter()
    real = module.compile_gate

    def counted(schemas: Any) -> Callable[[object], bool]:
        accepts = real(schemas)

        def ask(value: object) -> bool:
            asked["gates"] += 1
            return bool(accepts(value))

        return ask

    monkeypatch.setattr(module, "compile_gate", counted)
    return asked
