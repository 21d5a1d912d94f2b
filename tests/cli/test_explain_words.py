"""`reqlint explain` with what a person has, and `reqlint rules` with words."""

import io
import json
import sys
from typing import Any

import pytest

from tests.support.scratch import Scratch


def listed(text: str) -> list[str]:
    """Return the ids of the rules that a page lists."""
    return [line.split()[0] for line in text.splitlines() if line.startswith("  ") and line[2] not in " …"]


def piped(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Let standard input hold *data*."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("array schema missing items", "array-without-items"),
        (
            '{"error": {"message": "Invalid schema for function \'plan_trip\': array schema missing items", '
            '"type": "invalid_request_error", "param": "tools[0].function.parameters"}}',
            "array-without-items",
        ),
        ('messages: Unexpected role "developer"', "developer-role-message"),
        ("each tool_use must have a single result", "duplicate-tool-result"),
    ],
)
def test_the_sentence_of_a_server_is_explained(scratch: Scratch, words: str, rule: str) -> None:
    """A sentence or a JSON error of which one rule can be meant has that rule's page, whatever names it quotes."""
    done = scratch.run("explain", words)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{rule} (")
    assert scratch.run("explain", *words.split()).out == done.out


def test_an_answer_is_read_from_standard_input(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """``-`` is the error as a server sent it, with a byte order mark, bytes that are no text, or nothing at all."""
    body = json.dumps({"error": {"message": "Duplicate value for 'tool_call_id' of 'call_a' in messages[7]."}})
    piped(monkeypatch, b"\xef\xbb\xbf" + body.encode())
    assert scratch.run("explain", "-").out.startswith("duplicate-tool-result (")
    for data in (b"\xff\xfe\x00", b""):
        piped(monkeypatch, data)
        assert scratch.run("explain", "-").code == 2


def test_several_rules_are_listed_with_their_apis(scratch: Scratch) -> None:
    """Where more than one rule may be meant, each has a line with its summary and the APIs; -p leaves one."""
    words = "Unsupported parameter: 'temperature' is not supported with this model."
    done = scratch.run("explain", words)
    assert done.code == 0
    assert {"sampling-on-reasoning-model", "sampling-while-reasoning"} <= {*listed(done.out)[:2]}
    assert "(openai-responses)" in done.out
    assert done.out.endswith("says more about the first\n")
    assert scratch.run("explain", words, "-p", "openai-responses").out.startswith("sampling-while-reasoning (")


@pytest.mark.parametrize(
    ("asked", "rules"),
    [
        ("tool_choice", {"undeclared-tool-choice", "tool-choice-without-tools", "flat-tool-choice"}),
        ("max_tokens", {"max-tokens-on-reasoning-model", "both-token-limits"}),
        ("/messages/2/content", {"null-content", "empty-content"}),
        ("messages[2].content", {"null-content", "empty-content"}),
        ("#/messages/*/content", {"null-content", "empty-content"}),
        ("/body/messages/2/content", {"null-content", "empty-content"}),
    ],
)
def test_a_place_lists_the_rules_about_it(scratch: Scratch, asked: str, rules: set[str]) -> None:
    """A parameter, a pointer and a path find the rules whose examples mark that place, or that read it, first."""
    done = scratch.run("explain", asked)
    assert (done.code, done.err) == (0, "")
    assert rules <= {*listed(done.out)}, done.out


def test_a_place_of_one_rule_is_explained(scratch: Scratch) -> None:
    """The path of a parameter of another wire shape leads to its one rule."""
    assert scratch.run("explain", "generationConfig.candidateCount").out.startswith("several-candidates (")


def test_a_profile_narrows_a_place(scratch: Scratch) -> None:
    """Under a profile only rules that are on there are listed."""
    found = listed(scratch.run("explain", "tool_choice", "-p", "anthropic").out)
    assert "chat-tool-choice" in found
    assert "flat-tool-choice" not in found


def test_what_was_found_as_json(scratch: Scratch) -> None:
    """JSON has the rules in the same order as the page, each with how it was found and for which APIs."""
    text = listed(scratch.run("explain", "max_tokens").out)
    found: list[dict[str, Any]] = json.loads(scratch.run("explain", "max_tokens", "--output-format", "json").out)
    assert [rule["id"] for rule in found] == text
    assert {rule["found"]["by"] for rule in found} == {"place"}
    first = found[text.index("max-tokens-on-reasoning-model")]
    assert first["found"]["profiles"] == ["azure-openai", "openai"]


@pytest.mark.parametrize(
    "words", ["zzzz", "the", "%", "x" * 5000, "out-of-rang", "zzzz blah foo", "/zzz/0/yyy", "\x00"]
)
def test_what_no_rule_is_about_is_one_sentence(scratch: Scratch, words: str) -> None:
    """The code is 2, and a misspelled rule is suggested."""
    done = scratch.run("explain", words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: no rule ")
    assert done.err.count("\n") == 1
    assert ('did you mean "out-of-range"' in done.err) == (words == "out-of-rang")


def test_nothing_of_a_pasted_answer_is_printed(scratch: Scratch) -> None:
    """What an answer quotes may be a credential: neither a page nor a sentence repeats it."""
    secret = "".join(("sk", "-planted", "-42" * 8))
    for said in (f"array schema missing items in {secret}", f"zzzz blah {secret} foo"):
        done = scratch.run("explain", said)
        assert secret not in done.out + done.err


def test_rules_are_searched_by_words(scratch: Scratch) -> None:
    """Every word must be in a rule's texts, in any case and also as part of a word; without a word all are listed."""
    done = scratch.run("rules", "top_logprobs")
    assert done.code == 0
    assert "top-logprobs-without-logprobs" in done.out
    assert "orphan-tool-result" not in done.out
    both = json.loads(scratch.run("rules", "TOOL_choice", "think", "--output-format", "json").out)
    assert (
        {"forced-tool-with-thinking", "named-tool-while-thinking"}
        <= {rule["id"] for rule in both}
        < {rule["id"] for rule in json.loads(scratch.run("rules", "--output-format", "json").out)}
    )
    markdown = scratch.run("rules", "top_logprobs", "--output-format", "markdown", "-p", "openai").out
    assert "| warning | top-logprobs-without-logprobs |" in markdown or "| error | top-logprobs" in markdown


def test_a_search_shows_where_a_rule_is_on(scratch: Scratch) -> None:
    """Without a profile each line has the APIs; with one the table has the severity there."""
    assert "(azure-openai and openai)" in " ".join(scratch.run("rules", "max-tokens-on-reasoning-model").out.split())
    table = scratch.run("rules", "max-tokens-on-reasoning-model", "-p", "openai").out.splitlines()
    assert table[1].startswith("error ")


def test_a_search_that_finds_nothing_has_code_1(scratch: Scratch) -> None:
    """A sentence says so; JSON is an empty list."""
    done = scratch.run("rules", "zzzz")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: no rule has all of these words")
    assert json.loads(scratch.run("rules", "zzzz", "--output-format", "json").out) == []
    assert scratch.run("rules", "zzzz", "--test").code == 2


@pytest.mark.parametrize("name", ["error.json", "logs/today.log", "a.yaml"])
def test_the_name_of_a_file_is_no_place(scratch: Scratch, name: str) -> None:
    """It is said how to pass what is in the file, instead of rules about a key ``json``."""
    done = scratch.run("explain", name)
    assert (done.code, done.out) == (2, "")
    assert f"{name} is the name of a file; reqlint explain - reads standard input" in done.err


def test_what_was_measured_can_be_asked_again(scratch: Scratch) -> None:
    """The server, its version and flags, the template, and the command with the seed and the number of the request."""
    page = scratch.run("explain", "unknown-role", "-p", "sglang").out
    assert "refuses it (measured, read 2026-11-28)" in page
    assert "sglang 0.5.23 with --tool-call-parser qwen --grammar-backend xgrammar and a chat template like" in page
    assert "python benchmarks/oracles/run.py sglang --seed 2026 --case 7" in page
