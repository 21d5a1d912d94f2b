"""What a dimension is: an input that has many of one thing, and how it is judged."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from reqlint import Linter
from reqlint.text.sources import Source

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dimension:
    """
    One thing that an input can have many of.

    Items are made of numbers, no two alike, and each measurement takes numbers that were not used before: no result is
    one that was remembered.
    """

    name: str
    make: Callable[[range], Any]  #: returns an input with an item for each number
    judge: Callable[[Any], int]  #: judges an input, and returns the number of findings
    size: int  #: how many items the smaller of two measurements has


def text(
    name: str, make: Callable[[range], str | bytes], *, file: str = "a.json", profile: str = "openai", size: int = 4000
) -> Dimension:
    """Return the dimension of a text that stands in *file*."""

    def judge(made: str | bytes) -> int:
        data = made if isinstance(made, bytes) else made.encode()
        return len(linter(profile).check_source(Source(file, None, data)).findings)

    return Dimension(name, make, judge, size)


def in_json(name: str, make: Callable[[range], Json], *, profile: str = "openai", size: int = 4000) -> Dimension:
    """Return the dimension of a request that *make* returns, written as JSON in one line."""
    return text(name, lambda numbers: json.dumps(make(numbers)), profile=profile, size=size)


@cache
def linter(profile: str = "openai") -> Linter:
    """Return the linter of a profile, with its gates compiled."""
    made = Linter(profile)
    made.compile_now()
    return made


def hello(number: int = 0, **more: Any) -> Json:
    """Return a small request, with *more* members."""
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": f"Hi {number}"}], **more}


def conversation(*turns: Json) -> Json:
    """Return a request with a first turn of the user and then *turns*."""
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}, *turns]}


def with_tools(*functions: Json) -> Json:
    """Return a request with tools of *functions*, of which each gets a description."""
    return hello(tools=[{"type": "function", "function": {"description": "d", **each}} for each in functions])


def with_schema(schema: object, *, strict: bool = False) -> Json:
    """Return a request with one tool, whose parameters are *schema*."""
    return with_tools({"name": "f", "parameters": schema, **({"strict": True} if strict else {})})


def call(number: int, name: str = "f", arguments: str = "{}") -> Json:
    """Return a call of a tool."""
    return {"id": f"c{number}", "type": "function", "function": {"name": name, "arguments": arguments}}
