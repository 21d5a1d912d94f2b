"""The page that shows how to write a profile, followed to the end."""

import json
import re
from pathlib import Path

import pytest

from reqlint.dialects.registry import DIALECT_NAMES
from tests.conftest import ROOT
from tests.support.scratch import Scratch

pytestmark = pytest.mark.core

PAGE = (ROOT / "docs" / "write-a-profile.md").read_text("utf-8")
MISTAKES = re.findall(r"^\| `([^`]*)` \| `([^`]*)` \| `([^`]*)` \|$", PAGE, re.M)
DELTA = Path("lint/profiles/acme-chat/delta.yaml")


@pytest.fixture
def gateway(scratch: Scratch) -> Scratch:
    """Return the project that docs/write-a-profile.md builds."""
    files = re.findall(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```", PAGE, re.M | re.S)
    assert len(files) == 5
    for name, content in files:
        scratch.write(name, content)
    return scratch


def test_the_page_shows_what_happens(gateway: Scratch) -> None:
    """The command of the page, run on the files of the page, prints what the page shows."""
    [(command, output)] = re.findall(r"^```console\n\$ reqlint ([^\n]*)\n(.*?)^```", PAGE, re.M | re.S)
    assert gateway.run(*command.split()).out == output


def test_the_profile_has_the_five_differences_of_the_page(gateway: Scratch) -> None:
    """Each difference is found where a request breaks it, and nothing else is."""
    good = {
        "model": "acme-large",
        "trace_id": "0" * 32,
        "messages": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello", "reasoning_content": "They greet me"},
            {"role": "user", "content": "Bye"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    tool = {"type": "function", "function": {"name": "n" * 41, "description": "Look it up"}}
    gateway.write("good.json", good)
    gateway.write("several.jsonl", [
        {**good, "logit_bias": {}},
        {key: value for key, value in good.items() if key != "trace_id"},
        {**good, "max_completion_tokens": 8193},
        {**good, "tools": [tool]},
        {**good, "messages": [{"role": "user", "content": "Hi", "reasoning_content": "x"}]},
    ])  # fmt: skip
    assert gateway.findings("good.json") == []
    rules = [rule for _, rule in gateway.findings("several.jsonl")]
    assert rules == ["unknown-field", "missing-field", "out-of-range", "wrong-length", "unknown-field"]


@pytest.mark.parametrize(
    ("model", "is_found"),
    [
        ("acme-large", True),
        ("acme/acme-large-2026-11-01", True),
        ("ft:acme-large:acme::a1b2", True),
        ("acme-large-fast", False),
        ("o3", False),  # on the list of the extended profile, which is replaced
        ("acme-think-2", True),
        ("acme-think-2026-01-15", False),
    ],
)
def test_the_models_of_the_page_are_judged_by_its_list(gateway: Scratch, model: str, is_found: bool) -> None:
    """The list of models in the page's ``facts.yaml`` decides, in every way to name a model that the page lists."""
    messages = [{"role": "user", "content": "Hi"}]
    gateway.write("models.json", {"model": model, "trace_id": "0" * 32, "temperature": 0.5, "messages": messages})
    assert [rule for _, rule in gateway.findings("models.json")] == ["temperature-on-reasoning-model"] * is_found


def test_the_reference_shows_the_parameters_of_the_list(gateway: Scratch) -> None:
    """`reqlint schema` prints one schema without references to other files, with exactly the listed parameters."""
    schema = json.loads(gateway.run("schema", "acme-chat").out)
    listed = ["model", "messages", "temperature", "max_completion_tokens", "stream", "stream_options", "tools"]
    assert list(schema["properties"]) == [*listed, "tool_choice", "trace_id"]
    assert schema["$id"] == "reqlint:acme-chat"
    assert "| trace_id" not in gateway.run("profiles", "openai").out
    assert re.search(r"^ +trace_id +string +yes", gateway.run("profiles", "acme-chat").out, re.M)


@pytest.mark.parametrize(("right", "wrong", "sentence"), MISTAKES, ids=[wrong for _, wrong, _ in MISTAKES])
def test_a_mistake_is_answered_as_the_page_says(gateway: Scratch, right: str, wrong: str, sentence: str) -> None:
    """Each mistake in the table of the page ends the run with its sentence."""
    text = DELTA.read_text("utf-8")
    assert text.count(right) == 1
    DELTA.write_text(text.replace(right, wrong), "utf-8")
    done = gateway.run("check", "request.json")
    assert (done.code, done.err) == (2, f"error: {DELTA.as_posix()}: {sentence}\n")


def test_an_unknown_dialect_is_answered_as_the_page_says(gateway: Scratch) -> None:
    """A dialect that reqlint does not know ends the run with the sentence of the page, which lists those it knows."""
    file = Path("lint/profiles/acme-chat/profile.yaml")
    [sentence] = re.findall(rf"^`(error: {file.as_posix()}: dialect: [^`]*)`", PAGE, re.M)
    file.write_text(file.read_text("utf-8") + "dialect: openai\n", "utf-8")
    done = gateway.run("check", "request.json")
    assert (done.code, done.err) == (2, f"{sentence}\n")
    assert all(f'"{name}"' in sentence for name in DIALECT_NAMES)


def test_the_page_lists_mistakes() -> None:
    """The table of mistakes is read by the test above."""
    assert len(MISTAKES) == 6
