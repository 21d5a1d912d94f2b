"""
The place in a request that an error answer speaks of, where it has no member for that.

Bedrock's Converse writes it into the message with dots, DeepSeek with brackets, and Mistral lists it step by step.
"""

import re
from collections.abc import Mapping, Sequence

from reqlint.core.pointer import to_path

_ROOTS = "messages|system|toolConfig|inferenceConfig|tools"
_DOTTED = re.compile(rf"(?<![\w.#/])((?:{_ROOTS})(?:\.\w{{1,80}}){{1,24}})(?![\w/])")
_BRACKETED = re.compile(rf"(?<![\w.\]])((?:{_ROOTS})\[\d{{1,6}}\](?:\.\w{{1,80}}|\[\d{{1,6}}\]){{0,24}})")
_SLASHED = re.compile(rf"#/((?:{_ROOTS})(?:/\w{{1,80}}){{1,24}})")
_STEP = re.compile(r"\w+")
_ROLES = ("assistant", "system", "tool", "user")
_FAR = 1000  # characters of a message that are looked at


def place_in_error(body: Mapping[str, object]) -> str | None:
    """Return the place that the *body* of an error answer, or its error object, speaks of, as people write it."""
    detail = body.get("detail")
    message = body.get("message")
    if isinstance(message, Mapping):
        detail = message.get("detail", detail)
    if isinstance(detail, Sequence) and detail and isinstance(first := detail[0], Mapping):
        return _listed(first.get("loc"))
    if not isinstance(message, str):
        return None
    for form in (_SLASHED, _BRACKETED, _DOTTED):
        if found := form.search(message, 0, _FAR):
            return _path(_STEP.findall(found[1]))
    return None


def _listed(steps: object) -> str | None:
    """Return the place of a list of steps, which begins with ``body`` and names the role of a message as a step."""
    if not isinstance(steps, Sequence) or isinstance(steps, str) or list(steps[:1]) != ["body"]:
        return None
    kept = [
        str(step)
        for number, step in enumerate(steps)
        if number and not (step in _ROLES and type(steps[number - 1]) is int)
    ]
    return _path(kept) if kept and all(_STEP.fullmatch(step) for step in kept) else None


def _path(steps: Sequence[str]) -> str:
    return to_path([int(step) if step.isdecimal() and len(step) < 7 else step for step in steps])
