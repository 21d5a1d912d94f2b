"""The functions that prove some checks silent on a Messages request; see ``anthropic-messages.proofs.json``."""

import re
from collections.abc import Mapping
from typing import Any

from reqlint.dialects.flat_schemas import are_flat
from reqlint.dialects.vocabulary import Proof

_SERVER_ID = "srvtoolu_"


def plain_conversation(request: Any) -> bool:
    """
    Return True when nothing in the conversation is empty, marked, misplaced or unanswered, or more than text and calls.

    User and assistant take turns, the user first and last; every call is answered once, at the start of the next
    message; no text is blank; pictures are few and at addresses; and there are no documents or blocks of the server's
    own. False means that the checks have to run.
    """
    try:
        if not _is_plain_system(request.get("system", "-")) or _thinks_by_budget(request):
            return False
        called: set[str] = set()
        unanswered: set[str] = set()
        pictures = 0
        is_users = False  # whether the turn is the user's
        for message in request["messages"]:
            is_users = not is_users
            content = message["content"]
            if message["role"] != ("user" if is_users else "assistant") or not content:
                return False
            if content.__class__ is str:
                if unanswered or content.isspace():
                    return False
            elif not is_users:
                if not _assistant_says(content, called, unanswered):
                    return False
            else:
                for block in content:
                    if "cache_control" in block:
                        return False
                    kind = block["type"]
                    if kind == "tool_result":
                        unanswered.remove(block["tool_use_id"])  # a KeyError if it answers no call, or one again
                        if not _is_plain_result(block.get("content", "")):
                            return False
                    elif unanswered:
                        return False
                    elif kind == "text":
                        if not _is_plain_text(block):
                            return False
                    elif kind == "image" and _is_at_address(block["source"]):
                        pictures += 1
                    else:
                        return False
                if unanswered:
                    return False
        return is_users and pictures <= _FEW_PICTURES
    except (AttributeError, KeyError, TypeError):  # an unusual shape
        return False


_FEW_PICTURES = 20  # every model takes as many
_is_on_the_internet = re.compile(r"https://[a-z0-9.-]+\.(?:com|org|net|io|dev|ai|co|de|example)[:/]").match
"""Of an address whose last name belongs to the internet; others are looked at more closely."""


def _is_at_address(source: Any) -> bool:
    return source["type"] == "url" and _is_on_the_internet(source["url"]) is not None


def _is_plain_result(content: Any) -> bool:
    return content.__class__ is str or all(each["type"] == "text" and "cache_control" not in each for each in content)


def _assistant_says(content: Any, called: set[str], unanswered: set[str]) -> bool:
    """Return whether an assistant's blocks are thoughts, texts and calls with new ids, which become *unanswered*."""
    kind = ""
    for block in content:
        kind = block["type"]
        if "cache_control" in block:
            return False
        if kind == "tool_use":
            name = block["id"]
            if name in called or name.startswith(_SERVER_ID):
                return False
            called.add(name)
            unanswered.add(name)
        elif kind == "thinking":
            if not block["thinking"] or not block["signature"]:
                return False
        elif kind != "text" or not _is_plain_text(block):
            return False
    return kind != "thinking"


def _is_plain_text(block: Any) -> bool:
    text = block["text"]
    return bool(text) and not text.isspace() and not block.get("citations")


def _is_plain_system(system: Any) -> bool:
    if system.__class__ is str:
        return True
    return all("cache_control" not in block and _is_plain_text(block) for block in system)


def _thinks_by_budget(request: Any) -> bool:
    return "thinking" in request and request["thinking"]["type"] == "enabled"


def distinct_tool_names(request: Any) -> bool:
    """Return True when every tool has a name of its own."""
    tools = request.get("tools", ())
    try:
        return len({tool["name"] for tool in tools}) == len(tools)
    except (KeyError, TypeError):
        return False


def flat_parameters(request: Any) -> bool:
    """Return True when the schema of every tool is flat."""
    try:
        return are_flat(tool["input_schema"] for tool in request.get("tools", ()))
    except (AttributeError, KeyError, TypeError):
        return False


PROOFS: Mapping[str, Proof] = {
    "distinct-tool-names": distinct_tool_names,
    "flat-parameters": flat_parameters,
    "plain-conversation": plain_conversation,
}
