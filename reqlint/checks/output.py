"""Whether the requested form of the answer suits the conversation."""

import re
from collections.abc import Iterator
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.core.findings import Hit

_mentions_json = re.compile("json", re.IGNORECASE).search


@check
def json_mode_without_json_word(request: Request, facts: Facts) -> Iterator[Hit]:
    """Find the type of JSON mode when no message contains the word "json"."""
    response_format, messages = request["response_format"], request.get("messages")
    if not isinstance(response_format, dict) or response_format.get("type") != "json_object":
        return
    if isinstance(messages, list) and messages and not any(map(_mentions_json, _texts(messages))):
        yield Hit(("response_format", "type"))


def _texts(messages: list[Any]) -> Iterator[str]:
    """Yield every text of the conversation, newest message first, as the instruction is mostly there."""
    for message in reversed(messages):
        if not isinstance(message, dict):
            continue
        content = message.get("content")
        for part in content if isinstance(content, list) else (content,):
            text = part.get("text") if isinstance(part, dict) else part
            if isinstance(text, str):
                yield text
        calls = message.get("tool_calls")
        for call in calls if isinstance(calls, list) else ():
            function = call.get("function") if isinstance(call, dict) else None
            if isinstance(function, dict):
                yield from (text for text in function.values() if isinstance(text, str))
