"""Seeded mistakes: realistic and hostile changes to a request, the same on every machine."""

import copy
import os
import random
from collections.abc import Iterator, Sequence
from typing import Any

from reqlint.dialects.registry import dialect_of
from reqlint.knowledge.catalog import shipped

# ruff: noqa: E501 - two lists, read at a glance
_ODD_VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 2, 11, 64, 1.0, 1.5, 1e300, -0.0, 10**25, "", " ", "2", "user", "json_object", "function",
    "a b", "x" * 65, "é😀", "line\nbreak", "http://", "data:image/png;base64,@@", [], {}, [[]], [None], [1, "a"], {"type": "text"},
    {"type": "image_url", "image_url": "x"}, {"role": "user"}, {"a": {"b": [1, {"c": None}]}}, ["text"], {"": ""},
]  # fmt: skip
_KEYS = [
    "temprature", "max_token", "role", "type", "content", "name", "tools", "tool_calls", "functions", "extra_body", "n", "a/b~c", "",
    "input_schema", "stream", "stream_options", "response_format", "tool_choice", "parameters", "properties", "required", "items", "$ref",
    "enable_thinking", "text", "image_url", "url", "id", "tool_call_id", "function", "strict", "json_schema", "schema", "stop", "logprobs",
]  # fmt: skip


def mutations(requests: list[object], count: int, seed: int = 20261123) -> Iterator[Any]:
    """
    Yield *count* requests, each one to three changes away from one of *requests*.

    ``REQLINT_TEST_MUTATIONS`` sets how many there are at most.
    """
    count = min(count, int(os.environ.get("REQLINT_TEST_MUTATIONS", count)))
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    for _ in range(count):
        request = copy.deepcopy(rng.choice(requests))
        for _ in range(rng.randint(1, 3)):
            request = _mutated(request, rng)
        yield request


def share(made: Sequence[Any], profile: str) -> Sequence[Any]:
    """Return the part of *made* that a law tries on *profile*; each is tried on one, however many profiles there are."""
    names = shipped().profile_names
    return made[names.index(profile) :: len(names)]


WHOLE = (
    "openai",
    "openai-responses",
    "anthropic",
    "gemini",
    "bedrock-converse",
    "gptproto-qwen",
    "dashscope",
    "mistral",
)
"""A profile of each wire shape, and those of chat that differ most: a law asks each of every request in its shape."""


def concerning(requests: Sequence[Any], profile: str) -> Sequence[Any]:
    """
    Return the requests for a law about *profile*, not the same for all.

    Of its own wire shape they are all for some profiles, and a third for each other; of the other shapes, in which
    everything is wrong, an eighth of that.

    A server known by its tools alone has those with tools: for everything else it has the parameters and rules of
    openai-compatible, which has tried the others.
    """
    dialect, number = shipped().profile(profile).dialect, shipped().profile_names.index(profile)
    if known_by_tools(profile):
        requests = [request for request in requests if isinstance(request, dict) and "tools" in request]
    every = 1 if profile in WHOLE else 3
    own = [dialect_of(request) == dialect for request in requests]
    return [
        request
        for at, (request, is_own) in enumerate(zip(requests, own, strict=True), number)
        if at % (every if is_own else 8 * every) == 0
    ]


def known_by_tools(profile: str) -> bool:
    """Return whether a profile is of a server known by its tools alone."""
    return shipped().summaries[profile].extends == "openai-compatible"


def repeats(rule: str, profile: str) -> bool:
    """Return whether a rule is on for a server known by its tools only as it is for openai-compatible."""
    if not known_by_tools(profile):
        return False
    known = shipped().profile(profile).evidence_for(shipped().rules[rule])
    return not known or known[0].profile != profile


def _mutated(request: Any, rng: random.Random) -> Any:
    spots = list(_containers(request))
    if not spots:
        return copy.deepcopy(rng.choice(_ODD_VALUES))
    spot = rng.choice(spots)
    change = rng.randrange(6)
    if isinstance(spot, dict):
        if change <= 1 and spot:
            spot[rng.choice(list(spot))] = copy.deepcopy(rng.choice(_ODD_VALUES))
        elif change == 2 and spot:
            del spot[rng.choice(list(spot))]
        elif change == 3 and spot:
            key = rng.choice(list(spot))
            spot[rng.choice(_KEYS)] = spot.pop(key)
        else:
            spot[rng.choice(_KEYS)] = copy.deepcopy(rng.choice(_ODD_VALUES))
    elif change == 0 and spot:
        spot.pop(rng.randrange(len(spot)))
    elif change <= 2 and spot:
        spot[rng.randrange(len(spot))] = copy.deepcopy(rng.choice(_ODD_VALUES))
    elif change == 3 and spot:
        spot.append(copy.deepcopy(rng.choice(spot)))
    elif change == 4:
        rng.shuffle(spot)
    else:
        spot.insert(rng.randint(0, len(spot)), copy.deepcopy(rng.choice(_ODD_VALUES)))
    return request


def _containers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for child in list(value.values() if isinstance(value, dict) else value):
            yield from _containers(child)
