"""What all tests share: the top folder of the project, and every request that it contains."""

import gc
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from reqlint.knowledge.catalog import shipped
from tests.support.scratch import Scratch
from tests.support.warm import Warm

ROOT = Path(__file__).parent.parent

pytest_plugins = ["pytester"]

slow_machine = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("repeatable", **slow_machine, derandomize=True)
settings.register_profile("searching", **slow_machine)  # with --hypothesis-profile=searching: other examples each time
settings.load_profile("repeatable")

COLLECTED = pytest.StashKey[list[str]]()
"""The ids of all tests that this process collected, those that it does not run among them."""


BYTECODE = pytest.StashKey[str]()
"""The folder of compiled modules that this process made."""


def pytest_configure(config: pytest.Config) -> None:
    """
    Let Ctrl-C reach what the tests start, and let that compile modules once.

    A shell has Ctrl-C ignored by what runs in the background. Where Python is told to write no bytecode, each of some
    hundred processes would compile all of reqlint again; so it is written, but into a temporary folder.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
        config.stash[BYTECODE] = os.environ["PYTHONPYCACHEPREFIX"] = tempfile.mkdtemp(prefix="reqlint-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the compiled modules."""
    if folder := config.stash.get(BYTECODE, None):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Note what was collected before any of it is deselected, and deselect what REQLINT_TEST_SAMPLE says.

    That is how many cases of a test are kept, evenly spread, where the same tests run on several Pythons.
    """
    config.stash[COLLECTED] = [item.nodeid for item in items]
    if most := int(os.environ.get("REQLINT_TEST_SAMPLE", "0")):
        by_test: dict[str, list[pytest.Item]] = {}
        for item in items:
            by_test.setdefault(item.nodeid.partition("[")[0], []).append(item)
        items[:] = [item for cases in by_test.values() for item in cases[:: -(-len(cases) // most)]]


def pytest_collection_finish() -> None:
    """Take what was collected out of every search for reference cycles: it stays to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the checkout's top folder."""
    return ROOT


def unmarked(text: str) -> str:
    """Return an example's text without its marks."""
    return text.replace("«", "").replace("»", "")


def own_requests(dialect: str | None = None) -> list[object]:
    """
    Return every request in the examples folder and in the rules' examples, parsed.

    With a *dialect*, only those that are written in its shape; those of the folder are in that of chat.
    """
    return list(_own_requests(dialect))


def _own_requests(dialect: str | None) -> Iterator[object]:
    for rule in shipped().rules.values():
        for example in rule.examples:
            if dialect not in (None, example.dialect):
                continue
            for text in (unmarked(example.bad), example.good):
                try:
                    yield json.loads(text, parse_constant=_refuse)
                except ValueError:
                    continue
    if dialect not in (None, "openai-chat"):
        return
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


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    """Return a process that runs the command line without importing everything each time."""
    process = Warm()
    yield process
    process.close()
