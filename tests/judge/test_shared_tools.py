"""Requests of a file that share their tools are judged as each by itself is."""

import json
from random import Random

import pytest

from reqlint import Linter
from reqlint.dialects.registry import dialect_named
from reqlint.knowledge.catalog import shipped
from reqlint.text.json import line_reader
from reqlint.text.json.line_reader import LineReader, is_shared
from tests.judge.test_shortcut import MUTATED, ORDINARY, REQUESTS
from tests.support.mutations import concerning


@pytest.fixture(autouse=True)
def sharing(monkeypatch: pytest.MonkeyPatch) -> LineReader:
    """Share tools from the first line on, however few they are."""
    monkeypatch.setattr(line_reader, "_LINES_BEFORE", 0)
    monkeypatch.setattr(line_reader, "_SHORTEST", 1)
    monkeypatch.setattr(line_reader, "_BEGINNING", 2)
    monkeypatch.setattr(line_reader, "_MOST_ALIKE", 100)
    reader = LineReader()
    monkeypatch.setattr("reqlint.text.documents._line_reader", reader)
    return reader


@pytest.mark.parametrize("profile", ORDINARY)
def test_tools_of_other_lines_change_no_finding(profile: str, sharing: LineReader) -> None:
    """Whatever model and other members stand beside tools that many lines have, each line has its own findings."""
    dialect = dialect_named(shipped().profile(profile).dialect)
    key, model = dialect.keys["tools"], dialect.keys["model"]
    requests = [each for each in concerning([*REQUESTS, *MUTATED], profile) if key in each][:14]
    dice = Random(7)  # noqa: S311 - test data
    models = [each[model] for each in requests if model in each] or ["gemini-2.5-pro", "gemini-3-pro"]
    requests += [{**dice.choice(requests), key: each[key], model: dice.choice(models)} for each in requests]
    lines = [json.dumps(each) for each in requests * 2]
    dice.shuffle(lines)
    linter = Linter(profile)
    linter.compile_now()
    alone = {line: [(f.rule, f.pointer) for f in linter.check_text(line, "a.json").findings] for line in lines}
    found: dict[int, list[tuple[str, str]]] = {number: [] for number in range(len(lines))}
    for finding in linter.check_text("\n".join(lines), "a.jsonl").findings:
        if finding.rule != "blank-line":
            found[finding.document].append((finding.rule, finding.pointer))
    assert [found[number] for number in found] == [alone[line] for line in lines]
    assert any(is_shared(tools) for several in sharing._known.values() for _, tools in several)


def test_shared_tools_are_known_with_their_model() -> None:
    """What is known of tools with one model is not taken for known with another one."""
    linter = Linter("openai-responses")
    linter.compile_now()
    tools = [{"type": "shell"}]
    lines = [
        json.dumps({"model": model, "input": "Hi", "tools": tools})
        for model in ("gpt-5.1", "gpt-5.1", "gpt-5.1", "gpt-4.1", "gpt-5.1")
    ]
    found = linter.check_text("\n".join(lines), "a.jsonl").findings
    assert {finding.document for finding in found if finding.rule == "tool-not-for-model"} == {3}
