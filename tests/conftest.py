"""What every test shares: where the project is, and every request that it brings along."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from reqlint.knowledge.rule import all_rules
from tests.support.scratch import Scratch

ROOT = Path(__file__).parent.parent

pytest_plugins = ["pytester"]


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the checkout's top folder."""
    return ROOT


def unmarked(text: str) -> str:
    """Give an example's text without its marks."""
    return text.replace("«", "").replace("»", "")


def own_requests() -> list[object]:
    """Give every request of the examples folder, the rules' examples and the tests, parsed."""
    return list(_own_requests())


def _own_requests() -> Iterator[object]:
    for rule in all_rules().values():
        for example in rule.examples:
            for text in (unmarked(example.bad), example.good):
                try:
                    yield json.loads(text, parse_constant=_refuse)
                except ValueError:
                    continue
    for folder in (ROOT / "examples", ROOT / "tests" / "requests"):
        for path in sorted(folder.rglob("*.json*")):
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
    """Give a scratch project in which the command line runs."""
    return Scratch(tmp_path, monkeypatch, capsys)
