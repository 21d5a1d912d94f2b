"""
Make the requests that every contender reads, each from a number alone.

No two requests say the same: each has words of its own, tools of one of forty sets or of its own, and another mix of
turns, calls with their results, pictures and answers in a given form. So nothing that was remembered of one request
answers another. The same number always gives the same bytes, so that figures of two machines can be compared.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from benchmarks.words import Dice

Json = dict[str, Any]

TOOL_SETS = 40  #: sets of tools that requests share, as the agents of a company do


@dataclass(frozen=True, slots=True)
class Size:
    """How much a request says."""

    name: str
    words: int  #: in a message
    turns: int  #: questions, each with what follows it
    tools: int
    bytes: int  #: of a line of a batch file with it, about


LARGE = Size("7 KB", words=38, turns=4, tools=8, bytes=7_750)  #: an agent in the middle of its work
SMALL = Size("1.3 KB", words=6, turns=1, tools=2, bytes=1_550)  #: one step of a pipeline
_OWN, _SHARED = 10**9, 2 * 10**9  # added to the numbers of tools, which have words of their own
TYPES = ("string", "integer", "number", "boolean")
WORLD = ("vision", "plain", "plain", "history", "history", "history", "history", "answer")
"""What requests are about, in the proportions of this list: pictures, talk, calls with results, an answer's schema."""


def request(
    number: int,
    size: Size = LARGE,
    *,
    model: str = "gpt-4o-mini",
    own_tools: bool = False,
    vision: bool = True,
    literal: bool = False,
) -> Json:
    """
    Return one clean chat request.

    Args:
        number: what makes it differ from all others.
        size: how much it says.
        model: the model that it asks for.
        own_tools: give it tools that occur in no other request, instead of one of the forty sets.
        vision: let it have pictures, which not every model reads.
        literal: give it only what the page of `gptproto-qwen` lists: no history, and no parameters beside the tools.
    """
    dice = Dice(number)
    kind = dice.one_of(WORLD)
    if literal or (kind == "vision" and not vision):
        kind = "plain"
    tools = make_tools(_OWN + number, size.tools) if own_tools else shared_tools(dice.below(TOOL_SETS), size.tools)
    messages: list[Json] = [{"role": "system", "content": dice.text(size.words)}]
    for turn in range(size.turns):
        asked = dice.text(size.words + dice.below(size.words // 2))
        messages.append({"role": "user", "content": picture(dice, asked) if kind == "vision" else asked})
        if kind == "history":
            messages += called(dice, size, tools, f"call_{number}_{turn}")
        elif not literal and turn + 1 < size.turns:
            messages.append({"role": "assistant", "content": dice.text(size.words)})
        else:
            messages.append({"role": "user", "content": dice.text(size.words)})
    made: Json = {"model": model, "messages": messages}
    if kind == "answer":
        schema = {**parameters(dice), "additionalProperties": False}
        schema["required"] = list(schema["properties"])
        form = {"name": f"{dice.word()}_{number}", "strict": True, "schema": schema}
        made["response_format"] = {"type": "json_schema", "json_schema": form}
    # NOTE: parsed anew, because a program's requests share no objects, and what is the same object is found quickly.
    made["tools"] = json.loads(tools)
    if not literal:
        made["temperature"] = dice.below(150) / 100
        made["presence_penalty" if number % 2 else "top_p"] = (1 + dice.below(99)) / 100
    return made


def picture(dice: Dice, asked: str) -> list[Json]:
    """Return the content of a question about a picture."""
    url = f"https://{dice.word()}.example/{dice.word()}/{dice.below(10**6)}.png"
    return [
        {"type": "text", "text": asked},
        {"type": "image_url", "image_url": {"url": url, "detail": dice.one_of(("low", "high", "auto"))}},
    ]


def called(dice: Dice, size: Size, tools: str, call_id: str) -> list[Json]:
    """Return a call of one of the *tools* and its result."""
    function = dice.one_of(json.loads(tools))["function"]
    given = {name: value_of(dice, schema) for name, schema in function["parameters"]["properties"].items()}
    call = {"name": function["name"], "arguments": json.dumps(given)}
    found = {"found": [dice.text(size.words // 4) for _ in range(2)], "total": dice.below(1000)}
    return [
        {"role": "assistant", "content": "", "tool_calls": [{"id": call_id, "type": "function", "function": call}]},
        {"role": "tool", "tool_call_id": call_id, "content": json.dumps(found)},
    ]


def value_of(dice: Dice, schema: Json) -> object:
    """Return a value that a parameter takes."""
    if "enum" in schema:
        return dice.one_of(schema["enum"])
    choices: dict[str, object] = {"integer": dice.below(100), "number": dice.below(100) / 8, "boolean": True}
    return choices.get(schema["type"]) or dice.text(3)


@cache
def shared_tools(which: int, count: int) -> str:
    """Return one of the forty sets of tools, as JSON."""
    return make_tools(_SHARED + which, count)


def make_tools(number: int, count: int) -> str:
    """Return *count* tools of no other number, as JSON."""
    dice = Dice(number)
    return json.dumps([tool(dice, f"{dice.word()}_{number % 10**7}_{n}") for n in range(count)])


def tool(dice: Dice, name: str) -> Json:
    """Return one tool."""
    function = {"name": name, "description": dice.text(4 + dice.below(7)), "parameters": parameters(dice)}
    return {"type": "function", "function": function}


def parameters(dice: Dice) -> Json:
    """Return the schema of a tool's parameters, or of an answer."""
    properties: Json = {}
    for _ in range(1 + dice.below(3)):
        name = f"{dice.word()}_{dice.word()}"
        properties[name] = {"type": dice.one_of(TYPES), "description": dice.text(2 + dice.below(4))}
    properties[f"{dice.word()}_kind"] = {"type": "string", "enum": [dice.word(), f"{dice.word()}_2"]}
    return {"type": "object", "properties": properties, "required": [next(iter(properties))]}


def bodies(count: int, size: Size, *, own_tools: bool = False) -> Iterator[Json]:
    """Yield the requests of a batch file, which all ask for the same model, as those of a batch must."""
    for number in range(count):
        yield request(number, size, model="gpt-4o", own_tools=own_tools)


def tiny_request(number: int) -> Json:
    """Return a clean request of about 300 bytes."""
    dice = Dice(number)
    messages = [{"role": "system", "content": dice.text(12)}, {"role": "user", "content": dice.text(18)}]
    return {"model": "gpt-4o-mini", "messages": messages, "temperature": dice.below(100) / 100}
