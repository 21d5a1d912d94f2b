"""Places where a credential can stand in a file, each beside a mistake, so that a finding has a fingerprint."""

import json
from collections.abc import Callable, Mapping
from typing import Any

URL = "https://api.openai.com/v1/chat/completions"
HI: dict[str, Any] = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}
WRONG = {**HI, "n": 0}


def saying(text: str, role: str = "user") -> dict[str, Any]:
    """Return a request with a mistake whose first message is *text*."""
    return {**WRONG, "messages": [{"role": role, "content": text}]}


def cassette(body: object, query: str = "") -> str:
    """Return a cassette with one request that has *body*, or the text *body*, and its refusal."""
    text = body if isinstance(body, str) else json.dumps(body)
    request = {"method": "POST", "uri": URL + query, "body": text}
    return json.dumps({"interactions": [{"request": request, "response": {"status": {"code": 200}}}]})


def har(body: object, header: str = "") -> str:
    """Return an HTTP archive with one request that has *body*."""
    headers = [{"name": "Authorization", "value": header}]
    post = {"mimeType": "application/json", "text": json.dumps(body)}
    request = {"method": "POST", "url": URL, "headers": headers, "postData": post}
    return json.dumps({"log": {"entries": [{"request": request, "response": {"status": 200}}]}})


def pair(body: object) -> str:
    """Return a request and its answer, the body as text."""
    request = {"method": "POST", "url": URL, "body": json.dumps(body)}
    return json.dumps({"request": request, "response": {"status": 200}})


def batch(body: object, custom_id: str = "a") -> str:
    """Return a batch file of one line."""
    return json.dumps({"custom_id": custom_id, "method": "POST", "url": "/v1/chat/completions", "body": body}) + "\n"


def yaml(*requests: object) -> str:
    """Return a stream of YAML documents."""
    return "".join(f"---\n{json.dumps(request)}\n" for request in requests)


def calling(arguments: str) -> dict[str, Any]:
    """Return a request whose tool call has these *arguments*."""
    call = {"id": "a", "type": "function", "function": {"name": "f g", "arguments": arguments}}
    return {**HI, "messages": [{"role": "assistant", "tool_calls": [call]}]}


def offering(function: dict[str, Any]) -> dict[str, Any]:
    """Return a request with one tool."""
    return {**HI, "tools": [{"type": "function", "function": function}]}


def listing(tool: dict[str, Any], cursor: str = "1") -> str:
    """Return the answer of an MCP server that has one tool."""
    listed = {"tools": [{"inputSchema": {"type": "object", "properties": {}}, **tool}], "nextCursor": cursor}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "result": listed})


def finetune(text: str) -> str:
    """Return a training file of one line."""
    answer = {"role": "assistant", "content": "x", "weight": 3}
    return json.dumps({"messages": [{"role": "user", "content": text}, answer]}) + "\n"


PLACES: Mapping[str, Callable[[str], tuple[str, str]]] = {
    "first words in an array": lambda s: ("a.json", json.dumps([saying(f"key {s}"), HI])),
    "first words in lines": lambda s: ("a.jsonl", f"{json.dumps(saying(f'key {s}'))}\n{json.dumps(HI)}\n"),
    "first words in YAML": lambda s: ("a.yaml", yaml(saying(f"key {s}"), HI)),
    "first words of the system": lambda s: ("a.jsonl", f"{json.dumps(saying(s, 'system'))}\n{json.dumps(HI)}\n"),
    "first words in a cassette": lambda s: ("a.yaml", cassette(saying(s))),
    "a user in a cassette": lambda s: ("a.yaml", cassette({**WRONG, "user": s})),
    "the URL in a cassette": lambda s: ("a.yaml", cassette(WRONG, f"?a={s}")),
    "a broken body in a cassette": lambda s: ("a.yaml", cassette(json.dumps({**WRONG, "user": s})[:-1] + ",}")),
    "a user in an archive": lambda s: ("a.har", har({**WRONG, "user": s})),
    "a header in an archive": lambda s: ("a.har", har(WRONG, f"Bearer {s}")),
    "a user in a pair": lambda s: ("a.json", pair({**WRONG, "user": s})),
    "custom_id": lambda s: ("a.jsonl", batch(WRONG, s)),
    "custom_id twice": lambda s: ("a.jsonl", batch(HI, s) * 2),
    "first words in a batch": lambda s: ("a.jsonl", batch(saying(s))),
    "an unreadable line": lambda s: ("a.jsonl", f'{json.dumps(HI)}\n{{"model": "gpt-4o", "user": "{s}",\n'),
    "unreadable YAML": lambda s: ("a.yaml", f"---\nmodel: a\n---\nmodel: gpt-4o\nuser: '{s}'\n  x: [\n"),
    "an unreadable text": lambda s: ("a.json", f'{{"model": "{s}" "n": 1}}'),
    "a long text": lambda s: ("a.json", json.dumps({**HI, "stop": [{"a": "x" * 600 + " " + s}]})),
    "a long message in lines": lambda s: ("a.jsonl", f"{json.dumps(saying('x ' * 900 + s))}\n{json.dumps(HI)}\n"),
    "below wrong metadata": lambda s: ("a.json", json.dumps({**HI, "metadata": {"a": {"b": s}}})),
    "in a list": lambda s: ("a.json", json.dumps({**HI, "strop": [s], "stop": [s] * 6})),
    "a key": lambda s: ("a.json", json.dumps({**HI, s: 1, "metadata": {s: {"x": 1}}})),
    "an enum": lambda s: ("a.json", json.dumps({**HI, "tool_choice": s, "response_format": {"type": s}})),
    "a role": lambda s: ("a.json", json.dumps({**HI, "messages": [{"role": s, "content": "a"}]})),
    "arguments": lambda s: ("a.json", json.dumps(calling(json.dumps({"k": s})))),
    "broken arguments": lambda s: ("a.json", json.dumps(calling(f'{{"k": "{s}",'))),
    "training": lambda s: ("a.jsonl", finetune(s)),
    "a schema": lambda s: ("a.json", json.dumps(offering({"name": "f", "parameters": {
        "type": "object", "properties": {"a": {"type": s, "default": s}}, "required": [s]}}))),
    "a description in a list of tools": lambda s: ("a.json", listing({"name": "f g", "description": s})),
    "a name in a list of tools": lambda s: ("a.json", listing({"name": s + "!"})),
    "a cursor of a list of tools": lambda s: ("a.json", listing({"name": "f g"}, s)),
    "a schema in a list of tools": lambda s: ("a.yaml", listing({"name": "f", "inputSchema": {
        "type": "object", "properties": {"a": {"type": s, "default": s}, s: {"type": "array"}}, "required": [s]}})),
    "a tool name": lambda s: ("a.json", json.dumps(offering({"name": s + "!"}))),
    "an image": lambda s: ("a.json", json.dumps({**HI, "messages": [{"role": "user", "content": [
        {"type": "image_url", "image_url": {"url": f"ftp://h.example/{s}"}}]}]})),
    "a file name": lambda s: (f"{s}.json", json.dumps(WRONG)),
}  # fmt: skip
"""By what the place is: a function that returns the name and the text of a file with a credential there."""

NAMED_PLACES: Mapping[str, Callable[[str, str], tuple[str, str]]] = {
    "a member": lambda k, s: ("a.json", json.dumps({**WRONG, k: s})),
    "a member of a message": lambda k, s: ("a.jsonl", f"{json.dumps({**HI, 'messages': [{'role': 'user', k: s}]})}\n"),
    "metadata": lambda k, s: ("a.json", json.dumps({**HI, "metadata": {"a": {k: s}}})),
    "a list": lambda k, s: ("a.json", json.dumps({**HI, "stop": {"a": [{k: [s]}]}})),
    "a cassette": lambda k, s: ("a.yaml", cassette({**WRONG, k: s})),
    "metadata of a tool": lambda k, s: ("a.json", listing({"name": "f g", "_meta": {k: s}})),
    "a schema of a tool": lambda k, s: (
        "a.json",
        listing({"name": "f", "inputSchema": {"type": "object", "properties": {k: {"type": "strng", "default": s}}}}),
    ),
    "an archive": lambda k, s: ("a.har", har({**WRONG, k: s})),
    "a pair": lambda k, s: ("a.json", pair({**WRONG, k: s})),
    "first words": lambda k, s: ("a.jsonl", f"{json.dumps(saying(json.dumps({k: s})))}\n{json.dumps(HI)}\n"),
    "assigned in first words": lambda k, s: ("a.jsonl", f"{json.dumps(saying(f'{k}={s}'))}\n{json.dumps(HI)}\n"),
    "arguments": lambda k, s: ("a.json", json.dumps(calling(json.dumps({k: s})))),
    "an unreadable line": lambda k, s: ("a.jsonl", f'{json.dumps(HI)}\n{{"model": "gpt-4o", "{k}": "{s}",\n'),
    "unreadable YAML": lambda k, s: ("a.yaml", f"---\nmodel: a\n---\nmodel: gpt-4o\n{k}: {s}\n  x: [\n"),
}
"""The same for a credential beside its name."""
