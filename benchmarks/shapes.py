"""The requests in the shape of each API that is measured: the same conversations, as their own clients send them."""

import json
from collections.abc import Callable
from typing import Any

from benchmarks.making import LARGE, Json, Size, request

Part = dict[str, Any]


def shaped(profile: str, number: int, size: Size = LARGE, *, own_tools: bool = False) -> Json:
    """Return request *number* as *profile* takes it; clean under that profile."""
    return SHAPES[profile](number, size, own_tools)


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
        elif turns and turns[-1]["role"] == message["role"]:  # one message holds results and what is asked next
            turns[-1]["content"] += parts(message, _anthropic_part)
        else:
            turns.append({"role": message["role"], "content": parts(message, _anthropic_part)})
    tools = [
        {"name": f["name"], "description": f["description"], "input_schema": f["parameters"]} for f in offered(chat)
    ]
    return {
        "model": "claude-haiku-4-5",
        "max_tokens": 1000 + len(turns),
        "system": chat["messages"][0]["content"],
        "messages": turns,
        "tools": tools,
    }


def _anthropic_part(text: str | None, url: str) -> Part:
    return {"type": "image", "source": {"type": "url", "url": url}} if text is None else {"type": "text", "text": text}


def to_responses(chat: Json) -> Json:
    """Return a chat request in the shape of OpenAI's Responses API."""
    items: list[Json] = []
    for message in chat["messages"][1:]:
        if message["role"] == "tool":
            output = {"call_id": message["tool_call_id"], "output": message["content"]}
            items.append({"type": "function_call_output", **output})
        elif "tool_calls" in message:
            items += [{"type": "function_call", "call_id": c["id"], **c["function"]} for c in message["tool_calls"]]
        elif message["role"] == "assistant":
            items.append(message)
        else:
            items.append({"role": message["role"], "content": parts(message, _responses_part)})
    tools = [{"type": "function", "strict": False, **function} for function in offered(chat)]
    made = {"model": "gpt-4.1", "instructions": chat["messages"][0]["content"], "input": items, "tools": tools}
    if "response_format" in chat:
        made["text"] = {"format": {"type": "json_schema", **chat["response_format"]["json_schema"]}}
    return made


def _responses_part(text: str | None, url: str) -> Part:
    if text is None:
        return {"type": "input_image", "image_url": url, "detail": "auto"}
    return {"type": "input_text", "text": text}


_UPLOADS = "https://generativelanguage.googleapis.com/v1beta/files/"


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
            made = [{"functionCall": {"name": name, "args": given}} for _, name, given in calls(message)]
            contents.append({"role": "model", "parts": made})
        else:
            role = "model" if message["role"] == "assistant" else "user"
            contents.append({"role": role, "parts": parts(message, _gemini_part)})
    declared = [
        {"name": f["name"], "description": f["description"], "parametersJsonSchema": f["parameters"]}
        for f in offered(chat)
    ]
    return {
        "systemInstruction": {"parts": [{"text": chat["messages"][0]["content"]}]},
        "contents": contents,
        "tools": [{"functionDeclarations": declared}],
        "generationConfig": {"temperature": chat["temperature"]},
    }


def _gemini_part(text: str | None, url: str) -> Part:
    if text is None:
        return {"fileData": {"mimeType": "image/png", "fileUri": _UPLOADS + url.rpartition("/")[2]}}
    return {"text": text}


def to_converse(chat: Json) -> Json:
    """Return a chat request in the shape of Bedrock's Converse, whose turns alternate; pictures are left out."""
    turns: list[Json] = []
    for message in chat["messages"][1:]:
        role = "assistant" if message["role"] == "assistant" else "user"
        if message["role"] == "tool":
            found = [{"json": json.loads(message["content"])}]
            said: list[Part] = [{"toolResult": {"toolUseId": message["tool_call_id"], "content": found}}]
        elif "tool_calls" in message:
            said = [
                {"toolUse": {"toolUseId": id_, "name": name, "input": given}} for id_, name, given in calls(message)
            ]
        else:
            said = [part for part in parts(message, _converse_part) if part]
        if turns and turns[-1]["role"] == role:
            turns[-1]["content"] += said
        else:
            turns.append({"role": role, "content": said})
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


def _converse_part(text: str | None, _url: str) -> Part:
    return {} if text is None else {"text": text}


def parts(message: Json, part: Callable[[str | None, str], Part]) -> list[Part]:
    """Return the content of a chat message as parts; *part* makes one of a text, or of None and a picture's address."""
    if isinstance(message["content"], str):
        return [part(message["content"], "")]
    return [part(one.get("text"), one.get("image_url", {}).get("url", "")) for one in message["content"]]


def calls(message: Json) -> list[tuple[str, str, Json]]:
    """Return id, name and arguments of the calls in a chat message."""
    functions = [(call["id"], call["function"]) for call in message["tool_calls"]]
    return [(id_, function["name"], json.loads(function["arguments"])) for id_, function in functions]


def offered(chat: Json) -> list[Json]:
    """Return the functions that a chat request offers."""
    return [tool["function"] for tool in chat["tools"]]


def _of_chat(turn_into: Callable[[Json], Json]) -> Callable[[int, Size, bool], Json]:
    return lambda number, size, own_tools: turn_into(request(number, size, own_tools=own_tools))


SHAPES: dict[str, Callable[[int, Size, bool], Json]] = {
    "gptproto-qwen": lambda number, size, own: request(number, size, model="qwen-plus", own_tools=own, literal=True),
    "openai": lambda number, size, own: request(number, size, own_tools=own),
    "dashscope": lambda number, size, own: request(number, size, model="qwen-plus", own_tools=own, vision=False),
    "anthropic": _of_chat(to_anthropic),
    "openai-responses": _of_chat(to_responses),
    "gemini": _of_chat(to_gemini),
    "bedrock-converse": _of_chat(to_converse),
}
"""By the profile that judges them."""
