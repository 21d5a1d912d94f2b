"""
Make the requests and files that every contender reads, each from a number alone.

They imitate what agents send: a system prompt, turns with calls and their results, and eight tools with nested
parameters. The same number always gives the same bytes, so that figures of two machines can be compared.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]

LINES = 34_000  #: of about 5.8 KB each, as many as fit in the 200 MB that a batch file may have

SYSTEM = (
    "You are a careful travel assistant for families in Norway.\n"
    "- Answer in short sentences, and say which train, boat or bus you mean.\n"
    "- Prices are in Norwegian crowns.\n"
    '- If a town could be two places ("Nes", "Sand"), ask before you search.'
)
PLACES = ("Oslo", "Bergen", "Trondheim", "Troms\u00f8", "Stavanger", "Bod\u00f8", "Lillehammer", "\u00c5lesund")
THINGS = ("trains", "hotels", "museums", "hikes", "boats", "cafes", "concerts", "ski_lifts")


def request(number: int = 0, *, history: bool = True, own_tools: bool = False, model: str = "qwen-plus") -> Json:
    """
    Return one clean request of about 5.8 KB.

    Without *history* it has no tool calls and results, for the API that documents no tool messages. With *own_tools*
    its tools occur in no other request; otherwise all requests have the same tools, as the calls of one agent do.
    """
    start, end = PLACES[number % 8], PLACES[(number // 8 + number + 1) % 8]
    messages: list[Json] = [{"role": "system", "content": SYSTEM}]
    for turn in range(4):
        day = f"2026-{(number + turn) % 12 + 1:02}-{number % 28 + 1:02}"
        messages.append(
            {
                "role": "user",
                "content": f"Question {number}, part {turn}: we are a family of four and plan a weekend in {end}. "
                f"What is the cheapest way from {start} on {day}, and what would we miss by taking it?",
            }
        )
        if history:
            call = {"name": tool_name("trains", number, own_tools), "arguments": json.dumps({"place": end, "day": day})}
            calls = [{"id": f"call_{number}_{turn}", "type": "function", "function": call}]
            messages.append({"role": "assistant", "content": "", "tool_calls": calls})
            found = json.dumps({"departures": ["07:25", "11:59", "15:43"], "hours": 6.8, "crowns": 249 + number % 500})
            messages.append({"role": "tool", "tool_call_id": f"call_{number}_{turn}", "content": found})
        else:
            messages.append({"role": "user", "content": f"The trains leave at 07:25, 11:59 and 15:43 on {day}."})
            messages.append({"role": "user", "content": f"Prices start at {249 + number % 500} crowns; is that all?"})
    tools = [tool(thing, number, own_tools) for thing in THINGS]
    return {"model": model, "messages": messages, "tools": tools, "stream": False}


def tool_name(thing: str, number: int, own: bool) -> str:
    """Return the name of a tool, with the request's number in it if the tool is the request's *own*."""
    return f"find_{thing}_{number:05}" if own else f"find_{thing}_nearby"


def tool(thing: str, number: int, own: bool) -> Json:
    """Return one tool."""
    return {
        "type": "function",
        "function": {
            "name": tool_name(thing, number, own),
            "description": f"Find {thing} for a day and a place; gives at most ten, the cheapest first",
            "parameters": {
                "type": "object",
                "properties": {
                    "place": {"type": "string", "description": "Name of the town"},
                    "day": {"type": "string", "description": "ISO date"},
                    "limit": {"type": "integer", "minimum": 1},
                },
                "required": ["place", "day"],
            },
        },
    }


def small_request(number: int) -> Json:
    """Return a clean request of about 300 bytes."""
    content = (
        f"Question {number}: is there a direct train from {PLACES[number % 8]} to {PLACES[(number + 3) % 8]} today?"
    )
    system = "You are a careful travel assistant. Answer in one short sentence, and name the train."
    messages = [{"role": "system", "content": system}, {"role": "user", "content": content}]
    return {"model": "gpt-4o-mini", "messages": messages, "temperature": 0.2}


def with_mistakes(body: Json) -> Json:
    """Return a copy with the two mistakes that `MISTAKES` names: a misspelt parameter and a tool's wrong type."""
    first, *others = body["tools"]
    return {**body, "temprature": 0.5, "tools": [{**first, "type": "func"}, *others]}


MISTAKES = ("unknown-field", "unknown-value")


def wrong_requests(body: Json) -> dict[str, Json]:
    """Return requests that every check of the shape must refuse, by the name of the mistake."""
    first, *others = body["messages"]
    return {
        "a wrong role": {**body, "messages": [{**first, "role": "bot"}, *others]},
        "a wrong type": {**body, "stream": "no"},
    }


def batch_line(number: int, body: Json) -> Json:
    """Return a request wrapped as a line of a batch file."""
    return {"custom_id": f"line-{number}", "method": "POST", "url": "/v1/chat/completions", "body": body}


def bodies(count: int, *, own_tools: bool = False, bad: bool = False) -> Iterator[Json]:
    """Yield the requests of a batch file."""
    for number in range(count):
        body = request(number, own_tools=own_tools, model="gpt-4o-mini")
        yield with_mistakes(body) if bad else body


def write_lines(path: Path, bodies: Iterable[Json], wrap: Callable[[int, Json], Json] | None = None) -> Path:
    """Write a JSON Lines file of the requests, each wrapped by *wrap* if given, and return its path."""
    with path.open("w", encoding="utf-8") as file:
        for number, body in enumerate(bodies):
            file.write(json.dumps(wrap(number, body) if wrap else body) + "\n")
    return path


# Each of the following functions writes requests in one form. It adds a suffix to *path* and returns the path to check.


def batch_file(path: Path, bodies: Iterable[Json]) -> Path:
    """Write a batch file."""
    return write_lines(path.with_suffix(".jsonl"), bodies, batch_line)


def bare_file(path: Path, bodies: Iterable[Json]) -> Path:
    """Write a JSON Lines file of bare requests."""
    return write_lines(path.with_suffix(".jsonl"), bodies)


def json_file(path: Path, bodies: Iterable[Json]) -> Path:
    """Write only the last request, indented as people keep fixtures."""
    *_, last = bodies
    file = path.with_suffix(".json")
    file.write_text(json.dumps(last, indent=2) + "\n", encoding="utf-8")
    return file


def json_folder(path: Path, bodies: Iterable[Json]) -> Path:
    """Write a folder with a file for each request."""
    path.mkdir()
    for number, body in enumerate(bodies):
        json_file(path / f"{number:05}", [body])
    return path


def cut_file(path: Path, bodies: Iterable[Json]) -> Path:
    """Write a batch file that ends in the middle of its last line, which even a reader must refuse."""
    file = batch_file(path, bodies)
    file.write_bytes(file.read_bytes()[:-20])
    return file
