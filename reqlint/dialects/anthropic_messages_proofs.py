"""The functions that prove some checks silent on a Messages request; see ``anthropic-messages.proofs.json``."""

from collections.abc import Mapping
from typing import Any

from reqlint.dialects.vocabulary import Proof

_SERVER_ID = "srvtoolu_"


def plain_conversation(request: Any) -> bool:
    """
    Return True when nothing in the conversation is empty, marked, misplaced or unanswered, or more than text and calls.

    User and assistant take turns, the user first and last; every call is answered once, at the start of the next
    message; no text is blank; and there are no pictures, documents or blocks of the server's own. False means that the
    checks have to run.
    """
    try:
        if not _is_plain_system(request.get("system", "-")) or _thinks_by_budget(request):
            return False
        called: set[str] = set()
        unanswered: set[str] = set()
        before = "assistant"
        for message in request["messages"]:
            role, content = message["role"], message["content"]
            if role == before or not content or (role != "user" and role != "assistant"):
                return False
            before = role
            if content.__class__ is str:
                if unanswered or content.isspace():
                    return False
            elif role == "user":
                if not _user_says(content, unanswered):
                    return False
            elif not _assistant_says(content, called, unanswered):
                return False
        return before == "user"
    except (AttributeError, KeyError, TypeError):  # an unusual shape
        return False


def _user_says(content: Any, unanswered: set[str]) -> bool:
    """Return whether a user's blocks answer all calls first and are texts then; *unanswered* is empty afterwards."""
    for block in content:
        if "cache_control" in block:
            return False
        if block["type"] == "tool_result":
            unanswered.remove(block["tool_use_id"])  # a KeyError if it is no call's, or is answered already
            inside = block.get("content", "")
            if inside.__class__ is not str and not all(
                each["type"] == "text" and "cache_control" not in each for each in inside
            ):
                return False
        elif unanswered or block["type"] != "text" or not _is_plain_text(block):
            return False
    return not unanswered


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


PROOFS: Mapping[str, Proof] = {"plain-conversation": plain_conversation}
