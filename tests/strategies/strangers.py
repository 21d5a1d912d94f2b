"""Documents that look a little like a chat request and are none, written by hand, with mistakes that a fix knows."""

from typing import Any

from hypothesis import strategies as st

_SAID = [{"role": "User", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
_SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
_CHOICE = {"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop", "logprobs": None}

# ruff: noqa: E501 - tables are easier to compare on long lines
STRANGERS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "chat answer": (
        {"id": "c-1", "object": "chat.completion", "created": 1, "model": "gpt-4o", "choices": [_CHOICE], "user": None,
         "usage": {"prompt_tokens": 1}, "temperature": "1"},
        ("choices",),
    ),
    "chat chunk": (
        {"id": "c-1", "object": "chat.completion.chunk", "model": "gpt-4o", "choices": [{"delta": {"role": "Assistant"}}]},
        ("choices",),
    ),
    "stored chat answer with its messages": (
        {"object": "chat.completion", "model": "gpt-4o", "messages": _SAID, "tools": [], "user": None},
        ("object",),
    ),
    "Responses answer": (
        {"id": "r-1", "object": "response", "model": "gpt-4o", "output": [{"type": "message", "role": "Assistant"}],
         "temperature": 1.0, "tools": [], "tool_choice": "auto", "user": None, "top_p": 1.0, "max_output_tokens": None},
        ("output",),
    ),
    "Responses request": (
        {"model": "gpt-4o", "input": [{"role": "User", "content": "Hi"}], "instructions": "Be brief", "temperature": None,
         "tools": [{"type": "function", "name": "look up", "parameters": _SCHEMA}], "tool_choice": "auto"},
        ("input",),
    ),
    "Responses request with messages": ({"model": "gpt-4o", "input": "Hi", "messages": _SAID, "user": None}, ("input",)),
    "assistant": (
        {"id": "a-1", "object": "assistant", "model": "gpt-4o", "name": None, "instructions": "Be brief", "tools": [],
         "temperature": "1", "top_p": 1, "response_format": {"type": "JSON_OBJECT"}},
        ("instructions",),
    ),
    "assistant to be made": (
        {"model": "gpt-4o", "instructions": "Be brief", "tools": [{"type": "code_interpreter"}], "temprature": 1},
        ("instructions",),
    ),
    "thread": ({"messages": [{"role": "User", "content": "Hi", "attachments": None}], "tool_resources": {}}, ()),
    "run of a thread": (
        {"id": "r-1", "object": "thread.run", "model": "gpt-4o", "tools": [], "temperature": "1", "usage": None},
        ("object",),
    ),
    "embeddings request": ({"model": "text-embedding-3-small", "input": ["Hi"], "user": None, "temprature": 1}, ("input",)),
    "embeddings answer": ({"object": "list", "model": "text-embedding-3-small", "data": [], "user": None}, ("data",)),
    "legacy completion": (
        {"model": "gpt-3.5-turbo-instruct", "prompt": "Hi", "max_token": 5, "temperature": "1", "stop": None, "n": "2"},
        ("prompt",),
    ),
    "image request": ({"model": "gpt-image-1", "prompt": "A cat", "n": "1", "user": None}, ("prompt",)),
    "Anthropic request": (
        {"model": "claude-sonnet-4-5", "max_tokens": 9, "system": "Be brief", "messages": _SAID, "temperature": None,
         "tools": [{"name": "look up", "input_schema": _SCHEMA}], "tool_choice": {"type": "any"}},
        ("model",),
    ),
    "Anthropic request through a gateway": (
        {"model": "some-gateway-model", "max_tokens": 9, "temprature": 1, "messages": [
            {"role": "User", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "ok"}]}]},
        ("messages",),
    ),
    "Anthropic answer": (
        {"id": "m-1", "type": "message", "role": "Assistant", "model": "claude-sonnet-4-5", "stop_reason": "end_turn",
         "content": [{"type": "text", "text": "Hello"}], "usage": {"input_tokens": 1}, "user": None},
        ("content",),
    ),
    "Gemini request": (
        {"contents": [{"role": "User", "parts": [{"text": "Hi"}]}], "generationConfig": {"temperature": "1"}, "tools": []},
        ("contents",),
    ),
    "Gemini answer": ({"candidates": [{"content": {"role": "Model", "parts": []}}], "model": "g", "user": None}, ("candidates",)),
    "Bedrock request": (
        {"modelId": "amazon.nova-lite-v1:0", "messages": [{"role": "User", "content": [{"text": "Hi"}]}],
         "inferenceConfig": {"maxTokens": 9}, "temperature": "1", "stream": None},
        ("modelId",),
    ),
    "Bedrock request with a model": (
        {"model": "amazon.nova-lite-v1:0", "messages": [{"role": "User", "content": [{"text": "Hi"}]}], "user": None},
        ("messages",),
    ),
    "request of a model on Bedrock": (
        {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": _SAID, "temperature": None}, ()
    ),
    "Cohere request": (
        {"model": "command-r", "message": "Hi", "chat_history": [{"role": "USER", "message": "Hi"}], "temperature": "1"},
        ("message",),
    ),
    "Cohere request, version 2": ({"model": "command-r-plus", "messages": _SAID, "temperature": "1", "tools": []}, ("model",)),
    "request of a local server": (
        {"model": "llama3.2", "messages": _SAID, "options": {"temperature": "1"}, "keep_alive": None, "stream": None},
        ("options",),
    ),
    "request in the form of DashScope": (
        {"model": "qwen-plus", "input": {"messages": _SAID}, "parameters": {"temperature": "1"}, "stream": None},
        ("input",),
    ),
    "transcript": ({"messages": _SAID, "model": "gpt-4o", "title": "Greetings", "user": None}, ("title",)),
    "transcript with times": (
        {"model": "gpt-4o", "messages": [{"role": "User", "content": "Hi", "timestamp": 1}], "user": None}, ("messages",)
    ),
    "transcript without a model": ({"messages": _SAID, "temprature": 1, "user": None}, ()),
    "conversation of a chat page": (
        {"id": "x", "model": "gpt-4o", "messages": [{"id": "m", "role": "User", "parts": [{"type": "text"}]}], "stop": None},
        ("id",),
    ),
    "messages of a framework": (
        {"model": "gpt-4o", "messages": [{"type": "human", "data": {"content": "Hi"}}], "temperature": None, "n": "2"},
        ("messages",),
    ),
    "conversation of a data set": ({"model": "m", "conversations": [{"from": "human", "value": "Hi"}], "n": "2"}, ("conversations",)),
    "prompt definition": (
        {"name": "greet", "description": "Greets", "model": "gpt-4o", "messages": _SAID, "modelParameters": {"n": "2"}},
        ("name",),
    ),
    "sample of an evaluation": ({"model": "gpt-4o", "messages": _SAID, "ideal": "Hello", "stop": None}, ("ideal",)),
    "log of a call": ({"model": "gpt-4o", "messages": _SAID, "response": {"text": "Hello"}, "stop": None}, ("response",)),
    "trace of a call": ({"model": "gpt-4o", "messages": _SAID, "usage": {"total_tokens": 2}, "user": None}, ("usage",)),
    "training example": ({"messages": _SAID, "tools": []}, ()),
    "training pair": ({"prompt": "Hi", "completion": "Hello", "model": "m", "n": "2"}, ("prompt",)),
    "job of training": ({"model": "gpt-4o-mini", "training_file": "f-1", "seed": "7", "user": None}, ("training_file",)),
    "tool list": ({"tools": [{"name": "look up", "inputSchema": _SCHEMA}], "model": "m"}, ()),
    "translations": ({"messages": {"hello": "Hallo"}, "model": "de", "stop": None}, ("messages",)),
    "mail": ({"messages": [{"from": "a", "to": "b", "Subject": "Hi"}], "model": "imap", "user": None}, ("messages",)),
    "tsconfig": ({"compilerOptions": {"strict": True, "types": None}, "include": ["src"], "model": "m", "n": "2"}, ("compilerOptions",)),
    "package": ({"name": "a", "version": "1.0.0", "scripts": {"test": "true"}, "model": "m", "stop": None}, ("scripts",)),
}  # fmt: skip
"""By what it is: the document, and its keys that make it so; without these it could be something else."""

_MISTAKES: tuple[dict[str, Any], ...] = (
    {"temprature": 0.5}, {"max_token": 5}, {"steam": True}, {"user": None}, {"stop": None}, {"seed": "7"},
    {"extra_body": {"top_k": 5}}, {"response_format": {"type": "JSON_OBJECT"}}, {"functions": [{"name": "look up"}]},
)  # fmt: skip


@st.composite
def strangers(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Draw the name of a stranger, and it with members removed, added, reordered, and its words in another case."""
    name = draw(st.sampled_from(sorted(STRANGERS)))
    value, marks = STRANGERS[name]
    kept = [key for key in value if key in marks or draw(st.integers(0, 4))]
    members = {key: _recased(draw, value[key]) for key in draw(st.permutations(kept))}
    for mistake in draw(st.lists(st.sampled_from(_MISTAKES), max_size=3)):
        members = {**mistake, **members}
    return name, members


def _recased(draw: st.DrawFn, value: Any) -> Any:
    """Return a value with the case of its roles and types changed here and there."""
    if isinstance(value, list):
        return [_recased(draw, each) for each in value]
    if not isinstance(value, dict):
        return value
    turned = {key: _recased(draw, each) for key, each in value.items()}
    for key in ("role", "type"):
        if isinstance(turned.get(key), str) and draw(st.booleans()):
            turned[key] = turned[key].upper()
    return turned
