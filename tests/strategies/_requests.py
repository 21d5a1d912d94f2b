"""Chat requests as people write them, built from a profile's schema: conversations, tools with calls, and files."""

# ruff: noqa: E501 - lists, read at a glance
import json
import random
from typing import Any

from reqlint.knowledge.catalog import shipped
from tests.strategies._mistakes import mistaken
from tests.strategies._schemas import tool_schema
from tests.strategies._vocabulary import definition, models, parameter, properties

PROFILES = shipped().profiles_in("openai-chat")
_PARTS = {"user": "user_part", "system": "text_only_part", "assistant": "assistant_part"}


def request(rng: random.Random, profile: str | None = None, mistakes: int = 3) -> dict[str, Any]:
    """Return a request for *profile* with up to so many *mistakes*; without any it is mostly valid."""
    profile = profile or rng.choice(PROFILES)
    made = well_formed(rng, profile)
    for _ in range(rng.randint(0, mistakes)):
        made = mistaken(rng, made)
    return made


def well_formed(rng: random.Random, profile: str) -> dict[str, Any]:
    """Return a request without contradictions."""
    value: dict[str, Any] = {"model": rng.choice(models())}
    tools = [
        tool(rng, name) for name in rng.sample(("get_weather", "book_train", "find_hotel"), rng.choice((0, 0, 1, 2, 3)))
    ]
    value["messages"] = conversation(rng, profile, [each["function"]["name"] for each in tools])
    if tools:
        value["tools"] = tools
        if rng.random() < 0.3:
            chosen = {"type": "function", "function": {"name": tools[0]["function"]["name"]}}
            value["tool_choice"] = rng.choice(("auto", "none", "required", chosen))
    if rng.random() < 0.25:
        value["response_format"] = answer_form(rng)
    others = [
        name
        for name in properties(profile)
        if name not in value and name not in ("messages", "model", "functions", "function_call")
    ]
    for name in rng.sample(others, min(len(others), rng.choice((0, 1, 2, 3, 6)))):
        if name not in ("tools", "response_format", "tool_choice") or rng.random() < 0.2:
            value[name] = parameter(rng, profile, name)
    if "stream_options" in value and rng.random() < 0.7:
        value["stream"] = True
    return value


def tool(rng: random.Random, name: str) -> dict[str, Any]:
    """Return a tool."""
    function: dict[str, Any] = {"name": name}
    if rng.random() < 0.7:
        function["description"] = "Look it up."
    if strict := rng.random() < 0.4:
        function["strict"] = True
    if rng.random() < 0.9:
        function["parameters"] = tool_schema(rng, strict=strict)
    return {"type": "function", "function": function}


def answer_form(rng: random.Random) -> dict[str, Any]:
    """Return an answer format."""
    kind = rng.choice(("text", "json_object", "json_schema"))
    if kind != "json_schema":
        return {"type": kind}
    strict = rng.random() < 0.6
    return {
        "type": kind,
        "json_schema": {"name": "invoice", "strict": strict, "schema": tool_schema(rng, strict=strict)},
    }


def conversation(rng: random.Random, profile: str, tools: list[str]) -> list[dict[str, Any]]:
    """Return messages: a system message, then turns in which every call has its result."""
    messages = [{"role": rng.choice(("system", "developer")), "content": "Be brief."}] if rng.random() < 0.5 else []
    number = 0
    for _ in range(rng.randint(0, 2)):
        messages.append({"role": "user", "content": _content(rng, profile, "user")})
        if tools and rng.random() < 0.6:
            calls = []
            for _ in range(rng.randint(1, 2)):
                number += 1
                function = {"name": rng.choice(tools), "arguments": rng.choice(('{"city": "Bergen"}', "{}"))}
                calls.append({"id": f"call_{number}", "type": "function", "function": function})
            messages.append(
                {"role": "assistant", "content": rng.choice((None, "Let me look.", "")), "tool_calls": calls}
            )
            messages += [{"role": "tool", "tool_call_id": call["id"], "content": "12 °C"} for call in calls]
        if rng.random() < 0.7:
            messages.append({"role": "assistant", "content": _content(rng, profile, "assistant")})
    return [*messages, {"role": "user", "content": _content(rng, profile, "user")}]


def _content(rng: random.Random, profile: str, role: str) -> Any:
    known = {"openai": _PARTS, "dashscope": {"user": "user_part"}}.get(profile, {})
    if role not in known or rng.random() < 0.6:
        return rng.choice(("Hello", "What is the weather in Bergen?", "Answer in JSON, please."))
    try:
        return [definition(rng, profile, known[role]) for _ in range(rng.randint(1, 2))]
    except KeyError:
        return "Hello"


# --------------------------------------------------------------------------------------------------------------- files


def batch(rng: random.Random, mistakes: int = 3) -> list[Any]:
    """Return the lines of a batch file, with up to so many mistakes in and between them."""
    profile, model = rng.choice(PROFILES), rng.choice(models())
    lines: list[Any] = []
    for number in range(rng.choice((1, 2, 3, 5))):
        body = request(rng, profile, rng.choice((0, 0, 0, 1)))
        if isinstance(body, dict):
            body["model"] = model
            body.pop("stream", None)
        lines.append({"custom_id": f"trip-{number}", "method": "POST", "url": "/v1/chat/completions", "body": body})
    for _ in range(rng.randint(0, mistakes)):
        line = rng.choice(lines)
        change = rng.randrange(8)
        if change == 0 and isinstance(line, dict):
            line["custom_id"] = "trip-0"
        elif change == 1 and isinstance(line, dict):
            line["url"] = rng.choice(
                ("/v1/responses", "/chat/completions", "/v1/embeddings", "/v2/none", "/v1/chat/ds-test")
            )
        elif change == 2 and isinstance(line, dict) and isinstance(line.get("body"), dict):
            line["body"]["model"] = rng.choice(models())
        elif change == 3 and isinstance(line, dict) and isinstance(line.get("body"), dict):
            line["body"]["stream"] = True
        elif change == 4 and isinstance(line, dict) and "body" in line:
            lines[lines.index(line)] = line["body"]
        else:
            lines[lines.index(line)] = mistaken(rng, line)
    return lines


def examples(rng: random.Random, mistakes: int = 2) -> list[Any]:
    """Return the lines of a training file: conversations, or inputs with a better and a worse output."""
    lines: list[Any] = []
    for _ in range(rng.choice((1, 3, 10, 12))):
        messages = conversation(rng, "openai", [])
        answer = {"role": "assistant", "content": rng.choice(("Rain.", "Sun.", ""))}
        if rng.random() < 0.2:
            answer["weight"] = rng.choice((0, 0, 1, 2))
        line: dict[str, Any] = {"messages": [*messages, answer]}
        if rng.random() < 0.2:
            line = {
                "input": {"messages": messages},
                "preferred_output": [answer],
                "non_preferred_output": [{**answer, "content": "No."}],
            }
        lines.append(line)
    for _ in range(rng.randint(0, mistakes)):
        at = rng.randrange(len(lines))
        line = lines[at]
        change = rng.randrange(7)
        if change == 0 and isinstance(line, dict) and isinstance(line.get("messages"), list):
            line["messages"] = [
                each for each in line["messages"] if not isinstance(each, dict) or each.get("role") != "assistant"
            ]
        elif change == 1 and isinstance(line, dict) and isinstance(line.get("input"), dict):
            line["input"]["messages"].append({"role": "assistant", "content": "Rain."})
        elif change == 2 and isinstance(line, dict) and "preferred_output" in line:
            line["preferred_completion"] = line.pop("preferred_output")
        elif change == 3 and isinstance(line, dict):
            line["model"] = "gpt-4o-mini"
        else:
            lines[at] = mistaken(rng, line)
    return lines


_ERRORS = (
    {"message": "Unrecognized request argument supplied: temprature", "type": "invalid_request_error", "param": None, "code": None},
    {"message": "too long", "code": "context_length_exceeded", "param": "messages", "type": "invalid_request_error"},
    {"code": "InvalidParameter", "message": "bad"}, {"code": 400, "status": "INVALID"}, "no", {}, None,
)  # fmt: skip


def recording(rng: random.Random) -> tuple[str, dict[str, Any]]:
    """Return a recording of one to three exchanges and its format: ``cassette``, ``har``, ``exchange`` or ``log``."""
    form = rng.choice(("cassette", "har", "exchange", "log"))
    exchanges = [_exchange(rng, form) for _ in range(rng.randint(1, 3))]
    if form == "cassette":
        key = rng.choice(("interactions", "interactions", "http_interactions"))
        value = (
            {key: exchanges, "version": 1} if key == "interactions" else {key: exchanges, "recorded_with": "VCR 6.2.0"}
        )
    else:
        value = exchanges[0] if form in ("exchange", "log") else {"log": {"version": "1.2", "entries": exchanges}}
    return form, mistaken(rng, value) if rng.random() < 0.15 else value


def exchanges_of_nock(rng: random.Random) -> list[dict[str, Any]]:
    """Return what nock records of one to three exchanges."""
    return [_exchange(rng, "nock") for _ in range(rng.randint(1, 3))]


def _exchange(rng: random.Random, form: str) -> dict[str, Any]:
    host = rng.choice(
        (
            "api.openai.com/v1",
            "dashscope.aliyuncs.com/compatible-mode/v1",
            "dashscope-intl.aliyuncs.com/compatible-mode/v1",
        )
    )
    url = f"https://{host}/chat/completions"
    body = request(rng, "openai" if "openai" in host else "dashscope", 2)
    written = json.dumps(body, ensure_ascii=rng.random() < 0.5, indent=rng.choice((None, None, 1)))
    status = rng.choice((200, 200, 400, 400, 401, 404, 418, 422, 429, 500, 503))
    said = json.dumps({"choices": []} if status == 200 else {"error": rng.choice(_ERRORS)})
    if form == "exchange":
        return {"request": body, "response": {"status": status, "body": json.loads(said)}}
    if form == "nock":
        scope, _, path = url.removeprefix("https://").partition("/")
        answer = {"status": status, "response": rng.choice((said, json.loads(said), ["1f8b", "08"]))}
        sent = {
            "scope": f"https://{scope}:443",
            "method": "POST",
            "path": f"/{path}",
            "body": rng.choice((body, written)),
        }
        return {**sent, **answer, "rawHeaders": ["Content-Type", "application/json"], "responseIsBinary": False}
    if form == "log":
        key = rng.choice(("payload", "request_body", "json", "kwargs", "data"))
        answer = rng.choice(({}, {"status": status}, {"error": f"{status} Bad Request: no"}, {"error": "timeout"}))
        return {"level": "info", key: rng.choice((body, written)), **answer}
    if form == "har":
        sent = {"method": "POST", "url": url, "postData": {"mimeType": "application/json", "text": written}}
        return {"request": sent, "response": {"status": status, "content": {"text": said}}}
    answer = {"status": {"code": status, "message": "x"}, "body": {"string": said}}
    return {
        "request": {"method": "POST", "uri": url, "body": rng.choice((written, {"string": written}))},
        "response": answer,
    }
