"""Requests of every wire shape that mean harm: credentials in each place, and values that nobody expects there."""

import json
from collections.abc import Iterable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from reqlint import Finding, Linter
from reqlint.core.json_values import to_json_value
from reqlint.core.pointer import Place, value_at
from reqlint.reporters.formats.json_report import as_dict
from tests.conftest import own_requests
from tests.support.planted import find_leaks, of_form

PROFILES = ("openai", "anthropic", "openai-responses", "gemini", "vertex-gemini", "bedrock-converse")
DIALECTS = {
    "anthropic": "anthropic-messages",
    "bedrock-converse": "bedrock-converse",
    "gemini": "gemini-generate",
    "openai": "openai-chat",
    "openai-responses": "openai-responses",
    "vertex-gemini": "gemini-generate",
}
KINDS = ("Anthropic", "AWS key id", "Google API", "GitHub", "JWT", "OpenAI project")
DEEP: list[Any] = []
for _ in range(200):
    DEEP = [DEEP]
ODD: tuple[Any, ...] = (
    None, True, -1, 0.5, 1e300, 10**40, "", " ", "\ud83d", "\x00", "x" * 20_000, [], {}, [None], [[]], [{}], {"": 1},
    {"type": 5}, {"type": "text"}, {"text": {"text": 1}}, {"parts": [7]}, DEEP,
)  # fmt: skip


def requests(profile: str) -> list[dict[str, Any]]:
    """Return the requests in the examples of rules that are written in the shape of a profile."""
    made = [each for each in own_requests(DIALECTS[profile]) if isinstance(each, dict)]
    return [each for each in made if "messages" in each] if profile == "openai" else made  # no batch lines and tools


def places(value: Any, at: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield every place inside of a value, with what stands there."""
    if at:
        yield at, value
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in members:
        yield from places(inner, (*at, key))


def replaced(request: Any, place: Place, value: object) -> Any:
    """Return a request with another value at a place."""
    changed = deepcopy(request)
    value_at(changed, place[:-1])[place[-1]] = value  # type: ignore[index]  # a container
    return changed


def prints(findings: Iterable[Finding]) -> dict[tuple[str, str], str]:
    """Return the fingerprints of findings, by rule and place."""
    return {(each.rule, each.pointer): each.fingerprint for each in findings}


@pytest.mark.parametrize("profile", PROFILES)
def test_no_place_of_any_shape_shows_a_credential(profile: str) -> None:
    """Whatever text is a credential, no finding has it, even with values shown, and no fingerprint depends on it."""
    rng = Random(profile)  # noqa: S311 - the same in every run
    linter = Linter(profile, show_values=True)
    found = 0
    texts = [(request, at) for request in requests(profile) for at, value in places(request) if isinstance(value, str)]
    for number, (request, place) in enumerate(rng.sample(texts, min(400, len(texts)))):
        one, other = (of_form(KINDS[number % len(KINDS)], rng) for _ in range(2))
        findings = list(linter.check_text(json.dumps(replaced(request, place, one.text)), "a.json"))
        said = "\n".join(json.dumps([as_dict(finding), str(finding)], default=str) for finding in findings)
        assert find_leaks([one], said) == {}, (place, request)
        again = linter.check_text(json.dumps(replaced(request, place, other.text)), "a.json")
        ours, theirs = prints(findings), prints(again)  # some rules look at letters that only one of the two has
        assert {key: ours[key] for key in ours.keys() & theirs.keys()}.items() <= theirs.items(), (place, request)
        found += len(findings)
    assert found > 200


@pytest.mark.parametrize("profile", PROFILES)
def test_no_value_at_any_place_makes_a_shape_raise(profile: str) -> None:
    """An odd value at any place has a verdict; as text, the request has the same findings, each where its value is."""
    rng = Random(profile)  # noqa: S311 - the same in every run
    linter = Linter(profile)
    spots = [(request, at) for request in requests(profile) for at, _ in places(request)]
    for request, place in rng.sample(spots, min(150, len(spots))):
        for value in ODD:
            changed = replaced(request, place, value)
            findings = linter.check(changed)
            if to_json_value(changed)[1]:
                continue  # no text has this value
            report = linter.check_text(json.dumps(changed), "a.json", kind="request")
            assert [(f.rule, f.pointer) for f in report] == [(f.rule, f.pointer) for f in findings], (place, value)
            assert all(finding.region is not None for finding in report)
