"""What the checks of Anthropic's API share: the model's name, the version, and turns as the server joins them."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from reqlint.checks import Facts, Request
from reqlint.checks.model_lists import is_any
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect, Turn

MODEL_KEYS = ("model", ":model")
_LATEST = "2026-10-21"
_NAME = re.compile(r"claude-[\w.@-]+")
_REVISION = re.compile(r"-v[0-9]+$")
_SERVER_CALL = "server_tool_use"


def model_name(request: Request) -> str | None:
    """
    Return the model's name in Anthropic's own form; None if it is none of Anthropic's.

    Bedrock has ``us.anthropic.claude-sonnet-4-5-20250929-v1:0`` for it, and Google ``claude-sonnet-4-5@20250929``.
    """
    named = (request.get(key) for key in MODEL_KEYS)
    return next((_own_form(name) for name in named if isinstance(name, str)), None)


def _own_form(name: str) -> str | None:
    found = _NAME.search(name.lower())
    return _REVISION.sub("", found[0].replace("@", "-").replace(".", "-")) if found else None


def listed(request: Request, facts: Facts, fact: str) -> str | None:
    """Return the model's name when it is on the list *fact*; None when it is not, or the profile has no such list."""
    name = model_name(request)
    return name if name is not None and is_any(name, facts, fact) else None


def is_latest_version(request: Request) -> bool:
    """Return whether the header says that the request is meant for the version of October 2026."""
    return request.get(":anthropic-version") == _LATEST


def betas(request: Request) -> Sequence[str] | None:
    """Return the beta features that a header or the body names; None where no header is known."""
    for key in (":anthropic-beta", "anthropic_beta"):
        if isinstance(named := request.get(key), list):
            return [each for each in named if isinstance(each, str)]
    return () if ":anthropic-version" in request else None


def joined_turns(request: Request, dialect: Dialect) -> Iterator[Sequence[Turn]]:
    """Yield the messages of the same role right after each other, which are one turn for the server."""
    for _, turns in groupby(dialect.turns(request), key=lambda turn: turn.role):
        yield list(turns)


def blocks(turn: Turn) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield the blocks of a message that are objects, with their places."""
    yield from blocks_in(turn.value.get("content"), (*turn.place, "content"))


def blocks_in(content: object, place: Place) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield the blocks in a list at a place that are objects."""
    for number, block in enumerate(content if isinstance(content, list) else ()):
        if isinstance(block, dict):
            yield (*place, number), block


def is_paused(turns: Sequence[Turn]) -> bool:
    """Return whether the server may be in the middle of this turn, with calls that it answers itself."""
    return any(block.get("type") == _SERVER_CALL for turn in turns for _, block in blocks(turn))


def thinking_type(request: Request) -> str | None:
    """Return the type of ``thinking``, if any."""
    thinking = request.get("thinking")
    kind = thinking.get("type") if isinstance(thinking, dict) else None
    return kind if isinstance(kind, str) else None


def effort_of(request: Request) -> str | None:
    """Return the effort that is asked for, if any."""
    config = request.get("output_config")
    effort = config.get("effort") if isinstance(config, dict) else None
    return effort if isinstance(effort, str) else None


def asks_for_format(request: Request) -> bool:
    """Return whether the answer must keep to a schema."""
    config = request.get("output_config")
    described = config.get("format") if isinstance(config, dict) else None
    return isinstance(described, dict) or isinstance(request.get("output_format"), dict)


def forced_choice(request: Request) -> str | None:
    """Return the type of ``tool_choice`` where it forces a call: any or tool."""
    choice = request.get("tool_choice")
    kind = choice.get("type") if isinstance(choice, dict) else None
    return kind if kind in ("any", "tool") else None
