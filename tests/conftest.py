"""What all tests share: the top folder of the project, and every request that it contains."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from reqlint.knowledge.catalog import shipped
from tests.support.scratch import Scratch

ROOT = Path(__file__).parent.parent

pytest_plugins = ["pytester"]

COLLECTED = pytest.StashKey[list[str]]()
"""The ids of all tests that this process collected, those that it does not run among them."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Note what was collected before any of it is deselected."""
    config.stash[COLLECTED] = [item.nodeid for item in items]


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the checkout's top folder."""
    return ROOT


def unmarked(text: str) -> str:
    """Return an example's text without its marks."""
    return text.replace("«", "").replace("»", "")


def own_requests() -> list[object]:
    """Return every request in the examples folder and in the rules' examples, parsed."""
    return list(_own_requests())


def _own_requests() -> Iterator[object]:
    for rule in shipped().rules.values():
        for example in rule.examples:
            for text in (unmarked(example.bad), example.good):
                try:
                    yield json.loads(text, parse_constant=_refuse)
                except ValueError:
                    continue
    for path in sorted((ROOT / "examples").rglob("*.json*")):
        for line in [path.read_text("utf-8")] if path.suffix == ".json" else path.read_text("utf-8").splitlines():
            try:
                value = json.loads(line)
            except ValueError:
                continue
            yield value.get("body", value) if isinstance(value, dict) else value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Scratch:
    """Return a scratch project in which the command line runs."""
    return Scratch(tmp_path, monkeypatch, capsys)
