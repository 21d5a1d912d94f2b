"""Message batches of Anthropic's: the whole object, lines of a file and an array hold the same requests."""

import json
from pathlib import Path
from typing import Any

import pytest

from reqlint import Linter
from reqlint.containers.batch import find_batch_lines, is_message_batch
from reqlint.containers.envelope import Kind
from reqlint.containers.finder import find_requests

PARAMS = {"model": "claude-haiku-4-5", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
GOOD = [{"custom_id": "a", "params": PARAMS}, {"custom_id": "b", "params": PARAMS}]
BAD = [
    *GOOD,
    {"custom_id": "a", "params": PARAMS},
    {"custom_id": "c d", "params": PARAMS},
    {"custom_id": "e", "params": {**PARAMS, "stream": True, "speed": "fast"}},
    {"custom_id": "f", "params": {**PARAMS, "max_tokens": 0}},
    {"custom_id": "g", "params": {**PARAMS, "n": 1}},
    {"custom_id": "h", "params": PARAMS, "method": "POST"},
]
EXPECTED = [
    ("duplicate-custom-id", 2, "/custom_id"),
    ("malformed-string", 3, "/custom_id"),
    ("unbatchable-parameter", 4, "/params/stream"),
    ("unbatchable-parameter", 4, "/params/speed"),
    ("zero-max-tokens", 5, "/params/max_tokens"),
    ("unknown-field", 6, "/params/n"),
    ("unknown-field", 7, "/method"),
]


def forms(lines: list[Any]) -> dict[str, str]:
    """Return the lines in the three forms that people keep them in, by file name."""
    return {
        "batch.json": json.dumps({"requests": lines}),
        "array.json": json.dumps(lines),
        "lines.jsonl": "".join(json.dumps(line) + "\n" for line in lines),
    }


@pytest.mark.parametrize("profile", ["auto", "anthropic"])
@pytest.mark.parametrize("name", forms([]))
def test_every_form_has_the_same_findings(name: str, profile: str) -> None:
    """Ids, alphabet, refused parameters and the requests themselves are judged, each at its own place."""
    linter = Linter(profile)
    good = linter.check_text(forms(GOOD)[name], name)
    assert (list(good), good.requests) == ([], 2)
    found = linter.check_text(forms(BAD)[name], name)
    prefix = {"batch.json": "/requests/{}", "array.json": "/{}", "lines.jsonl": ""}[name]
    assert [(each.rule, each.pointer) for each in found] == [
        (rule, prefix.format(number) + pointer) for rule, number, pointer in EXPECTED
    ]
    assert found.requests == len(BAD)
    assert {each.profile for each in found} == {"anthropic"}
    assert all(each.region is not None for each in found)


@pytest.mark.parametrize("name", forms([]))
def test_other_profiles_pass_them_over(name: str) -> None:
    """A message batch is none of another API's, and the report says whose it is."""
    report = Linter("openai").check_text(forms(GOOD)[name], name)
    assert (list(report), report.requests) == ([], 0)
    assert report.passed_over == (("request", "Anthropic's Messages API", 2),)


def test_lines_of_batch_files_are_none_of_a_message_batch() -> None:
    """A batch file for Chat Completions is passed over by Anthropic's profile, its lines as well."""
    line = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": PARAMS}
    report = Linter("anthropic").check_text(json.dumps(line) + "\n", "lines.jsonl")
    assert (list(report), report.requests) == ([], 0)


@pytest.mark.parametrize(
    "value",
    [
        {"requests": []},
        {"requests": [{"custom_id": "a"}, *GOOD]},
        {"requests": [{"custom_id": "a", "params": {"city": "Kiel"}}]},
        {"requests": GOOD[0]},
        {"custom_id": "a", "params": [PARAMS]},
        {"custom_id": "a", "params": {"model": "gpt-4o", "messages": [{"role": "system", "content": "Hi"}]}},
    ],
)
def test_what_is_no_message_batch(value: Any) -> None:
    """Other things with requests, a custom_id or params are not taken for one."""
    assert find_batch_lines(value) == ()
    assert not is_message_batch(value)
    assert all(found.kind is not Kind.BATCH for found in find_requests(value))


def test_a_safe_fix_is_made_in_a_line(tmp_path: Path) -> None:
    """The requests of a batch are edited where they are certainly such."""
    path = tmp_path / "lines.jsonl"
    line = {"custom_id": "a", "params": {**PARAMS, "system": "Be brief.", "stream": True}}
    path.write_text(json.dumps(line) + "\n")
    [found] = Linter("anthropic").check_file(path)
    assert found.fix is not None
    assert found.fix.safe
