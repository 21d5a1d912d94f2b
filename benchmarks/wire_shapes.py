"""
How long does one clean request of each wire shape take, from a dict.

The same conversations as in the question about one request, written in the shape of each API: 5 to 6 KB, four calls
with their results, and eight tools. No two requests say the same; the rows with new tools have tools of their own.
"""

import json
from collections.abc import Callable
from typing import Any

from benchmarks.answers import Answer, Options, Table, comparison_table
from benchmarks.making import Json, request
from benchmarks.one_request import LOADS, POOL, library, warmed_up
from benchmarks.peers import reader
from benchmarks.rounds import run_interleaved

Part = dict[str, Any]


def to_anthropic(chat: Json) -> Json:
    """Return a chat request in the shape of Anthropic's Messages API."""
    turns: list[Json] = []
    for message in chat["messages"][1:]:
        if message["role"] == "tool":
            result = {"type": "tool_result", "tool_use_id": message["tool_call_id"], "content": message["content"]}
            turns.append({"role": "user", "content": [result]})
        elif "tool_calls" in message:
            uses = [
                {"type": "tool_use", "id": id_, "name": name, "input": given} for id_, name, given in calls(message)
            ]
            turns.append({"role": "assistant", "content": uses})
        elif turns and turns[-1]["role"] == "user":  # one message holds results and what is asked next
            turns[-1]["content"].append({"type": "text", "text": message["content"]})
        else:
            turns.append(message)
    tools = [
        {"name": f["name"], "description": f["description"], "input_schema": f["parameters"]} for f in offered(chat)
    ]
    return {
        "model": "claude-haiku-4-5",
        "max_tokens": 1000,
        "system": chat["messages"][0]["content"],
        "messages": turns,
        "tools": tools,
    }


def to_responses(chat: Json) -> Json:
    """Return a chat request in the shape of OpenAI's Responses API."""
    items: list[Json] = []
    for message in chat["messages"][1:]:
        if message["role"] == "tool":
            output = {"call_id": message["tool_call_id"], "output": message["content"]}
            items.append({"type": "function_call_output", **output})
        elif "tool_calls" in message:
            items += [{"type": "function_call", "call_id": c["id"], **c["function"]} for c in message["tool_calls"]]
        else:
            items.append(message)
    tools = [{"type": "function", "strict": False, **function} for function in offered(chat)]
    return {"model": "gpt-4.1", "instructions": chat["messages"][0]["content"], "input": items, "tools": tools}


def to_gemini(chat: Json) -> Json:
    """Return a chat request in the shape of the Gemini API."""
    contents: list[Json] = []
    names: dict[str, str] = {}
    for message in chat["messages"][1:]:
        if message["role"] == "tool":
            answer = {"name": names[message["tool_call_id"]], "response": json.loads(message["content"])}
            contents.append({"role": "user", "parts": [{"functionResponse": answer}]})
        elif "tool_calls" in message:
            names |= {id_: name for id_, name, _ in calls(message)}
            parts = [{"functionCall": {"name": name, "args": given}} for _, name, given in calls(message)]
            contents.append({"role": "model", "parts": parts})
        else:
            contents.append({"role": "user", "parts": [{"text": message["content"]}]})
    declared = [
        {"name": f["name"], "description": f["description"], "parametersJsonSchema": f["parameters"]}
        for f in offered(chat)
    ]
    instruction = {"parts": [{"text": chat["messages"][0]["content"]}]}
    return {"systemInstruction": instruction, "contents": contents, "tools": [{"functionDeclarations": declared}]}


def to_converse(chat: Json) -> Json:
    """Return a chat request in the shape of Bedrock's Converse."""
    turns: list[Json] = []
    for message in chat["messages"][1:]:
        part: Part = {"text": message["content"]}
        if message["role"] == "tool":
            found = [{"json": json.loads(message["content"])}]
            turns.append(
                {
                    "role": "user",
                    "content": [{"toolResult": {"toolUseId": message["tool_call_id"], "content": found}}],
                }
            )
        elif "tool_calls" in message:
            uses = [
                {"toolUse": {"toolUseId": id_, "name": name, "input": given}} for id_, name, given in calls(message)
            ]
            turns.append({"role": "assistant", "content": uses})
        elif turns and turns[-1]["role"] == "user":
            turns[-1]["content"].append(part)
        else:
            turns.append({"role": "user", "content": [part]})
    specs = [
        {"toolSpec": {"name": f["name"], "description": f["description"], "inputSchema": {"json": f["parameters"]}}}
        for f in offered(chat)
    ]
    return {
        "modelId": "anthropic.claude-haiku-4-5-20251001-v1:0",
        "system": [{"text": chat["messages"][0]["content"]}],
        "messages": turns,
        "toolConfig": {"tools": specs},
    }


def calls(message: Json) -> list[tuple[str, str, Json]]:
    """Return id, name and arguments of the calls in a chat message."""
    functions = [(call["id"], call["function"]) for call in message["tool_calls"]]
    return [(id_, function["name"], json.loads(function["arguments"])) for id_, function in functions]


def offered(chat: Json) -> list[Json]:
    """Return the functions that a chat request offers."""
    return [tool["function"] for tool in chat["tools"]]


SHAPES: dict[str, Callable[[Json], Json]] = {
    "openai": lambda chat: {**chat, "model": "gpt-4o-mini"},
    "openai-responses": to_responses,
    "anthropic": to_anthropic,
    "gemini": to_gemini,
    "bedrock-converse": to_converse,
}
KNOWN, NEW = "Linter.check(dict)", "Linter.check(dict), with new tools"
NOTES = (
    "All profiles are measured after their first thousand requests. Each has judged another pool of the same size "
    "before, so that no request of the timed one was seen.",
)


def ask(options: Options) -> Answer:
    """Measure every shape in turn."""
    return Answer([table(profile, options) for profile in SHAPES], NOTES)


def pool(profile: str, start: int = 0, *, own_tools: bool = False) -> list[Json]:
    """Return requests that are clean under the profile."""
    made = [SHAPES[profile](request(start + n, own_tools=own_tools)) for n in range(POOL)]
    return [json.loads(json.dumps(body)) for body in made]  # as a program has them: no two share objects


def table(profile: str, options: Options) -> Table:
    """Measure one profile."""
    bodies, texts = pool(profile), [json.dumps(body) for body in pool(profile)]
    fresh = pool(profile, 1000, own_tools=True)
    linter = warmed_up(profile)
    least = 0.002 if options.quick else 0.04
    bad = [{**bodies[0], "tools" if profile != "bedrock-converse" else "toolConfig": "none"}]

    def clean(body: object) -> bool:
        return not linter.check(body)

    found = [
        library(LOADS, lambda: reader("json"), texts, [texts[0][:-20]], least),
        library(KNOWN, lambda: clean, bodies, bad, least),
        library(NEW, lambda: clean, fresh, bad, least),
    ]
    caption = f"`{profile}`: {POOL} requests of {sum(map(len, texts)) / POOL:,.0f} characters, the time of one."
    return comparison_table(caption, run_interleaved(found, options.many), {"÷ json.loads": LOADS})
