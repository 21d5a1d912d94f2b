"""Whether the settings for thinking agree with each other and with the model, and thoughts come back as they came."""

from collections.abc import Iterator, Sequence
from typing import TypeGuard

from reqlint.checks import Facts, Request, check
from reqlint.checks.claude import betas, blocks, effort_of, forced_choice, joined_turns, listed, thinking_type
from reqlint.core.findings import Hit, Link, Severity
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect, Turn

_THOUGHTS = ("thinking", "redacted_thinking")
_HIGHEST = ("xhigh", "max")
_INTERLEAVED = "interleaved-thinking"
_LEAST_TOP_P = 0.95


@check
def unsupported_thinking_type(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the type of thinking when the model takes no such type, or not with that much effort."""
    kind = thinking_type(request)
    if kind is None:
        return
    name = kind.replace("_", "-")
    if model := listed(request, facts, f"{name}-thinking-refused-by"):
        yield Hit(("thinking", "type"), facts={"value": kind, "model": model})
    elif effort_of(request) in _HIGHEST and (
        model := listed(request, facts, f"{name}-thinking-refused-with-high-effort-by")
    ):
        facts_of_effort = {"value": kind, "model": model, "because": f"effort is {effort_of(request)}"}
        yield Hit(("thinking", "type"), facts=facts_of_effort)


@check
def deprecated_thinking_budget(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the type of thinking when it is one with a budget, which the model still takes."""
    if thinking_type(request) == "enabled" and (model := listed(request, facts, "thinking-budget-deprecated-for")):
        yield Hit(("thinking", "type"), facts={"model": model})


@check
def thinking_budget_beyond_max_tokens(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find a budget that is not below max_tokens.

    Interleaved thinking, a beta feature for requests with tools, allows it; where no header is known it may be on.
    """
    thinking, most = request["thinking"], request.get("max_tokens")
    budget = thinking.get("budget_tokens") if thinking_type(request) == "enabled" else None
    if type(budget) is not int or type(most) is not int or budget < most:
        return
    if request.get(":path") == "count_tokens":
        return
    named = betas(request)
    if any(beta.startswith(_INTERLEAVED) for beta in named or ()):
        return
    severity = Severity.WARNING if named is None and request.get("tools") else None
    yield Hit(
        ("thinking", "budget_tokens"),
        facts={"value": budget, "limit": most},
        related=(Link(("max_tokens",), "max_tokens"),),
        severity=severity,
    )


@check
def sampling_while_thinking(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every sampling parameter that does not go with thinking; models without any have a rule of their own."""
    if thinking_type(request) not in ("enabled", "adaptive") or listed(request, facts, "sampling-refused-by"):
        return
    temperature, top_p, top_k = (request.get(name) for name in ("temperature", "top_p", "top_k"))
    if _is_number(temperature) and temperature != 1:
        yield Hit(("temperature",), facts={"name": "temperature", "value": temperature, "takes": "only 1"})
    if _is_number(top_p) and not _LEAST_TOP_P <= top_p <= 1 and top_p != -1:
        yield Hit(("top_p",), facts={"name": "top_p", "value": top_p, "takes": "0.95 to 1"})
    if _is_number(top_k) and top_k != -1:
        yield Hit(("top_k",), facts={"name": "top_k", "value": top_k, "takes": "no value"})


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


@check
def forced_tool_with_thinking(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the type of a choice that forces a call while the model thinks with a budget."""
    if thinking_type(request) == "enabled" and (kind := forced_choice(request)):
        yield Hit(("tool_choice", "type"), facts={"value": kind}, related=(Link(("thinking",), "thinking is on"),))


# ------------------------------------------------------------------------------------------------------------ thoughts


@check
def thinking_last(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every block of thoughts at the end of an assistant's turn."""
    for turns in joined_turns(request, dialect):
        last = [*blocks(turns[-1])][-1:] if turns[0].role == "assistant" else []
        for place, block in last:
            if block.get("type") in _THOUGHTS:
                yield Hit(place, facts={"kind": block["type"]})


@check
def empty_thinking(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every block of thoughts with neither a thought nor a signature; a signature alone is quite usual."""
    for place, block in _thoughts(request, dialect):
        if block.get("thinking") == "" and block.get("signature") == "":
            yield Hit((*place, "thinking"))


@check
def unsigned_thinking(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the signature of every thought that is empty."""
    for place, block in _thoughts(request, dialect):
        if block.get("thinking") and block.get("signature") == "":
            yield Hit((*place, "signature"))


def _thoughts(request: Request, dialect: Dialect) -> Iterator[tuple[Place, dict[str, object]]]:
    for turn in dialect.turns(request):
        for place, block in blocks(turn):
            if block.get("type") == "thinking":
                yield place, block


@check
def tool_loop_without_thinking(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the first block of the last answer when it called tools without a thought while thinking is enabled."""
    if thinking_type(request) != "enabled":
        return
    joined = list(joined_turns(request, dialect))
    if len(joined) < 2 or joined[-1][0].role != "user" or joined[-2][0].role != "assistant":
        return
    if not _answers(joined[-1]) or not any([*dialect.calls(turn)] for turn in joined[-2]):
        return
    first = joined[-2][0]
    content = first.value.get("content")
    if isinstance(content, str) and content:
        yield Hit((*first.place, "content"), facts={"kind": "text"})
        return
    for place, block in [*blocks(first)][:1]:
        if block.get("type") not in _THOUGHTS:
            yield Hit(place, facts={"kind": block.get("type")})


def _answers(turns: Sequence[Turn]) -> bool:
    return any(block.get("type") == "tool_result" for turn in turns for _, block in blocks(turn))
