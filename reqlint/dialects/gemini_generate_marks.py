"""
What makes a value a generateContent request beyond doubt: every mark of one, and no mark of anything else.

A request is judged if it looks like one; it is edited only if it is one for certain. An answer of this API has the same
turns as a request, inside its candidates, and clients keep whole conversations in that form.
"""

from collections.abc import Collection, Mapping
from typing import Any

from reqlint.dialects.protobuf_members import listed, snake_case


def _both(*keys: str) -> frozenset[str]:
    return frozenset(keys) | frozenset(map(snake_case, keys))


_KEYS = _both(
    "cachedContent", "contents", "generationConfig", "labels", "model", "modelArmorConfig", "outputConfig",
    "safetySettings", "serviceTier", "store", "systemInstruction", "toolConfig", "tools",
)  # fmt: skip
_CONTENT_KEYS = frozenset({"parts", "role"})
_ROLES = frozenset({"assistant", "function", "model", "system", "tool", "user"})
_PART_KEYS = _both(
    "audioMetadata", "audioTranscription", "codeExecutionResult", "documentMetadata", "executableCode", "fileData",
    "functionCall", "functionResponse", "inlineData", "mediaProcessing", "mediaResolution", "partMetadata",
    "speechMetadata", "spreadsheetMetadata", "text", "thought", "thoughtSignature", "toolCall", "toolResponse",
    "videoMetadata",
)  # fmt: skip
_TOOL_KEYS = _both(
    "codeExecution", "computerUse", "enterpriseWebSearch", "exaAiSearch", "fileSearch", "functionDeclarations",
    "googleMaps", "googleSearch", "googleSearchRetrieval", "mcpServers", "parallelAiSearch", "retrieval", "urlContext",
)  # fmt: skip
_FOREIGN_KEYS = _both(
    "automaticFunctionCallingHistory", "candidates", "choices", "created", "createTime", "error", "finishReason",
    "history", "input", "messages", "modelId", "modelVersion", "object", "output", "prompt", "promptFeedback",
    "response", "responseId", "title", "updateTime", "usage", "usageMetadata",
)  # fmt: skip


def certainly_a_request(value: object, keys: Collection[str] = ()) -> bool:
    """
    Return whether *value* is a generateContent request beyond doubt.

    It has contents, each an object with parts and nothing else but a role that some API knows; and it has no key, part
    or tool that a request of this shape does not have. *keys* are further keys that may occur anywhere in it.
    """
    if has_foreign_mark(value) or not isinstance(value, Mapping):
        return False
    if not all(key in _KEYS or key in keys for key in value):
        return False
    contents = [content for _, content in listed(value, "contents", ())]
    if not contents or (isinstance(value["contents"], list) and len(contents) != len(value["contents"])):
        return False
    tools = (tool for _, tool in listed(value, "tools", ()))
    return all(_is_content(content, keys) for content in contents) and all(_is_tool(tool, keys) for tool in tools)


def has_foreign_mark(value: object) -> bool:
    """Return whether *value* has a mark of an answer, of a kept conversation, or of another API's request."""
    return not isinstance(value, Mapping) or not _FOREIGN_KEYS.isdisjoint(value)


def _is_content(content: Mapping[str, Any], keys: Collection[str]) -> bool:
    if not all(key in _CONTENT_KEYS or key in keys for key in content):
        return False
    role = content.get("role", "user")
    if not isinstance(role, str) or role.lower() not in _ROLES:
        return False
    if "content" in keys and "content" in content:  # where a fix is about to write it as parts
        return "parts" not in content
    parts = [part for _, part in listed(content, "parts", ())]
    return bool(parts) and all(all(key in _PART_KEYS or key in keys for key in part) for part in parts)


def _is_tool(tool: Mapping[str, Any], keys: Collection[str]) -> bool:
    """Return whether *tool* is one of this API, or a function as other APIs write it."""
    if isinstance(tool.get("function"), Mapping) or isinstance(tool.get("name"), str):
        return all(key in _FUNCTION_KEYS for key in tool)
    return any(key in _TOOL_KEYS for key in tool) and all(key in _TOOL_KEYS or key in keys for key in tool)


_FUNCTION_KEYS = frozenset(
    {"description", "function", "inputSchema", "input_schema", "name", "parameters", "strict", "type"}
)
