"""Mistakes as people and tools make them: members dropped, renamed, retyped, doubled, out of bounds or misplaced."""

# ruff: noqa: E501 - lists, read at a glance
import copy
import json
import random
from collections.abc import Callable
from functools import cache
from typing import Any

from reqlint.knowledge.catalog import shipped
from tests.strategies._vocabulary import PIXEL, models

_ODD: list[Any] = [
    None, True, False, 0, 1, -1, 2, 11, 64, 129, 4097, 10**25, 0.5, 1.0, -0.0, 1e300, "", " ", "2", "user", "x" * 65, "é😀", "line\nbreak",
    "get weather", "\u202e", "\x1b[31m", "\ud800", [], {}, [[]], [None], ["a", 1], ["a", "b", "c", "d", "e"], {"": ""}, {"type": "text"},
    "sk-proj-" + "Ab1" * 16, "http://", "data:image/png;base64,@@", "data:image/tiff;base64,AAAA", "https://localhost/a.png",
]  # fmt: skip
_ELSEWHERE: dict[str, Any] = {
    "extra_body": {"enable_thinking": True}, "Authorization": "Bearer sk-" + "a1B2" * 10, "api_key": "sk-" + "a1B2" * 10, "temprature": 1,
    "input": {"messages": []}, "parameters": {"result_format": "message"}, "chat_template_kwargs": {"enable_thinking": True},
    "max_token": 10, "headers": {"Content-Type": "application/json"}, "timeout": 30, "base_url": "https://example.com", "extra_headers": {},
    "functions": [{"name": "get_weather", "parameters": {"type": "object", "properties": {}}}], "function_call": "auto", "top_k": 5,
    "search_options": {"enable_source": True, "enable_citation": True, "search_strategy": "agent"}, "enable_search": True, "n": 5,
    "enable_thinking": True, "thinking_budget": 100, "modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"},
    "stream": True, "stream_options": {"include_usage": True}, "metadata": {f"k{i}": "v" for i in range(17)}, "tool_stream": True,
    "logprobs": True, "top_logprobs": 3, "max_tokens": 16, "max_completion_tokens": 0, "stop": ["a", 1], "skill": [{"type": "ppt"}],
    "translation_options": {"source_lang": "auto"}, "tool_choice": {"type": "function", "function": {"name": "nobody"}}, "tools": [],
    "parallel_tool_calls": True, "response_format": {"type": "json_object"}, "logit_bias": {"a": 1}, "vl_high_resolution_images": True,
}  # fmt: skip


@cache
def _keys() -> tuple[str, ...]:
    found: set[str] = set(_ELSEWHERE)
    for name in shipped().profiles_in("openai-chat"):
        schema = shipped().profile(name).schema
        for part in (schema, *schema.get("$defs", {}).values()):
            found.update(part.get("properties", {}))
    return tuple(sorted(found))


def mistaken(rng: random.Random, value: Any) -> Any:
    """Return a copy of a request, or of a line or recording around it, with one mistake."""
    value = copy.deepcopy(value)
    spots = containers(value)
    if not spots:
        return rng.choice(_ODD)
    if isinstance(value, dict) and isinstance(value.get("messages"), list) and rng.random() < 0.75:
        rng.choice(_DISAGREEMENTS)(rng, value)
        return value
    rng.choice(_CHANGES)(rng, rng.choice(spots))
    return value


def containers(value: Any) -> list[Any]:
    """Yield every object and array in *value* that is not empty, outer ones first."""
    found = [value] if isinstance(value, dict | list) else []
    for each in found:
        found += [
            inner for inner in (each.values() if isinstance(each, dict) else each) if isinstance(inner, dict | list)
        ]
    return [each for each in found if each]


# ------------------------------------------------------------------------------------------- of one object or array


def _spot(rng: random.Random, spot: Any) -> Any:
    return rng.choice(list(spot) if isinstance(spot, dict) else range(len(spot)))


def _drop(rng: random.Random, spot: Any) -> None:
    del spot[_spot(rng, spot)]


def _replace(rng: random.Random, spot: Any) -> None:
    spot[_spot(rng, spot)] = copy.deepcopy(rng.choice(_ODD))


def _retype(rng: random.Random, spot: Any) -> None:
    at = _spot(rng, spot)
    old = spot[at]
    if isinstance(old, bool):
        spot[at] = rng.choice(("true", int(old), None))
    elif isinstance(old, int | float):
        spot[at] = rng.choice((str(old), old + 1, -old, old * 1000, float(old), None))
    elif isinstance(old, str):
        spot[at] = rng.choice((None, "", [old], {"text": old}, old[:50] * 40, old.upper(), old + " "))
    else:
        spot[at] = rng.choice((json.dumps(old), None, [old], type(old)(), _first(old)))


def _first(value: Any) -> Any:
    inside = list(value.values()) if isinstance(value, dict) else value
    return copy.deepcopy(inside[0]) if inside else None


def _double(rng: random.Random, spot: Any) -> None:
    at = _spot(rng, spot)
    times = rng.choice((1, 1, 1, 2, 20)) if len(str(spot[at])) < 300 else 1
    if isinstance(spot, list):
        spot[at:at] = [copy.deepcopy(spot[at]) for _ in range(times)]
    else:
        spot[f"{at}_{times}"] = copy.deepcopy(spot[at])


def _rename(rng: random.Random, spot: Any) -> None:
    if isinstance(spot, list):
        rng.shuffle(spot)
        return
    key = rng.choice(list(spot))
    at = rng.randrange(len(key) + 1) if key else 0
    typo = rng.choice(
        (
            key[:at] + key[at + 1 :],
            key[:at] + "e" + key[at:],
            key.title().replace("_", ""),
            key.replace("_", "-"),
            key + "s",
        )
    )
    spot[rng.choice((typo, rng.choice(_keys())))] = spot.pop(key)


def _add(rng: random.Random, spot: Any) -> None:
    if isinstance(spot, list):
        spot.insert(rng.randint(0, len(spot)), copy.deepcopy(rng.choice(_ODD)))
    else:
        spot[rng.choice(_keys())] = copy.deepcopy(rng.choice(_ODD))


def _move(rng: random.Random, spot: Any) -> None:
    """Move a member of an inner object up to the outer one, or a member down into an inner object."""
    inside = [each for each in (spot.values() if isinstance(spot, dict) else spot) if isinstance(each, dict) and each]
    if not isinstance(spot, dict) or not inside:
        return _rename(rng, spot)
    inner = rng.choice(inside)
    if rng.random() < 0.5:
        key = rng.choice(list(inner))
        spot[key] = inner.pop(key)
    else:
        key = rng.choice([key for key in spot if spot[key] is not inner]) if len(spot) > 1 else None
        if key is not None:
            inner[key] = spot.pop(key)
    return None


_CHANGES: tuple[Callable[[random.Random, Any], None], ...] = (_drop, _replace, _retype, _double, _rename, _add, _move)


# ------------------------------------------------------------------------------------------------ across a request


def _other_model(rng: random.Random, request: Any) -> None:
    request["model"] = rng.choice((*models(), "gpt-4o ", "openai/gpt-4o", "qwen_plus", ""))


def _renamed_role(rng: random.Random, request: Any) -> None:
    for message in request["messages"]:
        if isinstance(message, dict) and rng.random() < 0.5:
            message["role"] = rng.choice(
                ("function", "model", "bot", "developer", "system", "tool", "assistant", "human")
            )


def _thinking(rng: random.Random, request: Any) -> None:
    """Turn thinking on or off so that it contradicts the model or other parameters."""
    request["model"] = rng.choice([model for model in models() if model.startswith(("q", "deepseek"))])
    request["enable_thinking"] = rng.random() < 0.8
    request |= rng.choice(
        (
            {"n": 2}, {"stream": False}, {"response_format": {"type": "json_object"}}, {"modalities": ["text", "audio"]}, {"tool_choice": "required"},
            {"thinking_budget": 10}, {"chat_template_kwargs": {"enable_thinking": False}}, {"extra_body": {"enable_thinking": False}},
        )
    )  # fmt: skip
    if rng.random() < 0.3:
        request["messages"].append({"role": "assistant", "partial": True, "content": rng.choice(("It is", None))})


def _reasoning(rng: random.Random, request: Any) -> None:
    """Set a parameter that reasoning models do not accept."""
    request["model"] = rng.choice([model for model in models() if model.startswith(("o1", "o3", "o4", "gpt-5"))])
    request |= rng.choice(
        (
            {"temperature": 0.2}, {"top_p": 0.5, "presence_penalty": 1}, {"stop": ["a"]}, {"logprobs": True}, {"max_tokens": 10},
            {"parallel_tool_calls": False, "tools": request.get("tools", [])}, {"max_tokens": 1, "max_completion_tokens": 1},
        )
    )  # fmt: skip
    if rng.random() < 0.3:
        request["messages"].insert(0, {"role": "system", "content": "Be brief."})


def _bounds(rng: random.Random, request: Any) -> None:
    """Exceed a documented limit by one."""
    request |= rng.choice(
        (
            {"metadata": {"k" * 65: "v"}}, {"metadata": {"k": "v" * 513}, "store": False}, {"metadata": {f"k{i}": "v" for i in range(17)}},
            {"stop": ["a", "b", "c", "d", "e"]}, {"n": 129}, {"n": 5}, {"max_tokens": 0}, {"top_logprobs": 21, "logprobs": True},
            {"temperature": 2.1}, {"top_p": -0.1}, {"logit_bias": {"x": 101}}, {"seed": 1 << 63}, {"thinking_budget": -1}, {"stop": []}, {"stop": ""},
            {"modalities": ["text", "audio", "text"]}, {"audio": {"voice": "nobody", "format": "flac"}, "modalities": ["text", "audio"]},
        )
    )  # fmt: skip


def _elsewhere(rng: random.Random, request: Any) -> None:
    for key in rng.sample(list(_ELSEWHERE), rng.choice((1, 1, 2, 3))):
        request[key] = copy.deepcopy(_ELSEWHERE[key])


def _without(rng: random.Random, request: Any) -> None:
    """Remove something that another part needs: tools, stream or the schema."""
    for key in rng.sample(
        ["tools", "stream", "messages", "tool_choice", "logprobs", "enable_thinking", "max_tokens"], 2
    ):
        request.pop(key, None)


def _messages(rng: random.Random, request: Any) -> None:
    messages = [each for each in request["messages"] if isinstance(each, dict)]
    kind = rng.randrange(8)
    if kind == 0:
        request["messages"] = rng.choice(([], messages[:1], messages[:-1], messages[::-1]))
    elif kind == 1:
        request["messages"].insert(
            rng.randint(0, len(messages)), {"role": rng.choice(("system", "developer")), "content": "Be kind."}
        )
    elif kind == 2:
        request["messages"].append(
            {"role": "assistant", "content": "It is", **rng.choice(({}, {"partial": True}, {"prefix": True}))}
        )
    elif kind == 3:
        request["messages"] = [{"role": "system", "content": "Be brief."}]
    elif messages:
        message = rng.choice(messages)
        message.update(
            rng.choice(
                (
                    {"content": None}, {"content": ""}, {"content": []}, {"content": [{"type": "text", "text": ""}]}, {"name": "Max Müller"},
                    {"content": [{"type": "text"}]}, {"content": ["Hello"]}, {"content": [{"type": "image_url", "image_url": PIXEL}]},
                    {"content": [{"type": "image_url", "image_url": {"url": "https://example.com/a.svg"}}]}, {"content": [{"type": "image"}]},
                    {"content": [{"type": "image_url", "image_url": {"detail": "low"}}]}, {"partial": True}, {"tool_calls": []},
                    {"role": "function", "name": "get_weather"}, {"role": "tool"}, {"role": "bot"}, {"role": "assistant"}, {"role": "developer"},
                    {"content": [{"type": "image_url", "image_url": {"url": "C:\\cat.png"}}]}, {"content": [{"type": "input_text", "text": "a"}]},
                    {"content": [{"type": "input_audio", "input_audio": {"data": "not base64", "format": "wav"}}]}, {"refusal": "No."},
                    {"content": [{"type": "video_url", "video_url": {"url": "a.mp4"}}]}, {"content": [{"type": "video", "video": ["a"] * 513}]},
                    {"content": [{"type": "image_url", "image_url": {"url": "oss://a/b.png"}, "max_pixels": 100}]},
                    {"function_call": {"name": "get_weather", "arguments": "{}"}}, {"audio": {"id": "a"}}, {"tool_call_id": "call_9"},
                    {"content": [{"type": "image_url", "image_url": {"url": "http://10.0.0.1/a.png"}}, {"type": "file", "file": {"filename": "a.pdf"}}]},
                    {"content": [{"type": "image_url", "image_url": {"url": "data:image/gif;base64,R0lGODlhAQABAAAA"}}]},
                )
            )
        )  # fmt: skip


def _calls(rng: random.Random, request: Any) -> None:
    """Make a call and its result contradict each other."""
    messages = request["messages"]
    calls = [
        call
        for message in messages
        if isinstance(message, dict) and isinstance(message.get("tool_calls"), list)
        for call in message["tool_calls"]
        if isinstance(call, dict)
    ]
    answers = [each for each in messages if isinstance(each, dict) and each.get("role") == "tool"]
    if not calls:
        call = {
            "id": "call_1",
            "type": "function",
            "function": {"name": "get_weather", "arguments": '{"city": "Oslo"}'},
        }
        messages += [
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "call_1", "content": "1"},
        ]
        return
    call, kind = rng.choice(calls), rng.randrange(7)
    if kind == 0:
        call["id"] = rng.choice(("call_9", "c" * 41, "", calls[0].get("id")))
    elif kind == 1 and isinstance(call.get("function"), dict):
        call["function"]["arguments"] = rng.choice(
            ("{city: 'Oslo'}", "", "[]", {"city": "Oslo"}, '{"a": 1, "a": 2}', "null", '{"x": NaN}')
        )
    elif kind == 2 and isinstance(call.get("function"), dict):
        call["function"]["name"] = rng.choice(("get weather", "unheard_of", "x" * 65, "get.weather"))
    elif kind == 3 and answers:
        messages.remove(rng.choice(answers))
    elif kind == 4 and answers:
        messages.append(copy.deepcopy(rng.choice(answers)))
    elif kind == 5 and answers:
        messages.insert(0, copy.deepcopy(rng.choice(answers)))
    else:
        message = next(each for each in messages if isinstance(each, dict) and each.get("tool_calls"))
        messages += [copy.deepcopy(each) for each in [message, *answers] for _ in range(2)]


def _tools(rng: random.Random, request: Any) -> None:
    """Write tools in another API's form, or so that they contradict the rest."""
    tools = request.get("tools")
    if not isinstance(tools, list) or not tools or not isinstance(tools[0], dict):
        request["tools"] = [
            {
                "type": "function",
                "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {}}},
            }
        ]
        return
    function = tools[0].get("function")
    function = function if isinstance(function, dict) else {"name": "get_weather"}
    kind = rng.randrange(8)
    if kind == 0:
        tools[0] = {"type": "function", **function}
    elif kind == 1:
        tools[0] = {
            "name": function.get("name"),
            "description": "Look.",
            "input_schema": function.get("parameters", {}),
        }
    elif kind == 2:
        request["functions"] = [function]
        del request["tools"]
    elif kind == 3:
        function["name"] = rng.choice(("search", "web_search", "get weather", "", "x" * 65, "python", "multi_tool_use"))
    elif kind == 4:
        function["description"] = rng.choice(("", "long " * 300, None))
    elif kind == 5:
        request["tools"] = [
            {"type": "function", "function": {**function, "name": f"f{i}"}} for i in range(rng.choice((2, 21, 129)))
        ]
    elif kind == 6:
        tools.append(copy.deepcopy(tools[0]))
    else:
        tools[0]["strict"] = True


def _form(rng: random.Random, request: Any) -> None:
    """Ask for an answer format that contradicts the rest."""
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "required": ["a"],
        "additionalProperties": False,
    }
    around = {**schema, "properties": {"a": {"type": "string", "pattern": "^(?!0)"}}}
    request["response_format"] = rng.choice(
        (
            {"type": "json_schema", "json_schema": {"name": "a", "strict": True, "schema": around}},
            {"type": "json_object"}, {"type": "json"}, "json_object", {"type": "json_schema", "schema": schema}, {"type": "json_schema"},
            {"type": "json_schema", "json_schema": {"name": "my answer", "schema": schema}}, {"type": "json_schema", "json_schema": schema},
            {"type": "json_schema", "json_schema": {"name": "a", "schema": {**schema, "strict": True}}}, {"type": "json_object", "schema": schema},
            {"type": "json_schema", "strict": True, "json_schema": {"name": "a", "schema": schema}}, None,
        )
    )  # fmt: skip
    if rng.random() < 0.3:
        request[rng.choice(("max_tokens", "n"))] = rng.choice((1, 4, 16))


_DISAGREEMENTS: tuple[Callable[[random.Random, Any], None], ...] = (
    _other_model, _elsewhere, _elsewhere, _without, _messages, _messages, _messages, _calls, _calls, _tools, _tools, _form, _form, _bounds,
    _thinking, _reasoning, _renamed_role,
)  # fmt: skip
