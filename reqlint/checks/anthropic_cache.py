"""Whether the marks for the cache are where they may be, few enough, and in order."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from reqlint.checks import Facts, Request, check
from reqlint.checks.claude import blocks, blocks_in
from reqlint.core.findings import Hit, Link, Part
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect


class _CacheMark(NamedTuple):
    """A mark, in the order in which the server caches: tools, system, messages."""

    place: Place
    lifetime: str
    block: Mapping[str, Any]


@check
def too_many_cache_marks(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every mark beyond the limit; that of the whole request counts as well."""
    limit = facts.get("cache-marks-limit", {}).get("value")
    marks = [*_marks(request, dialect)]
    own = [mark.place for mark in marks]
    if isinstance(request.get("cache_control"), dict):
        own.append(("cache_control",))
    if limit and len(own) > limit:
        links = tuple(Link(place, "a mark") for place in own[:3])
        yield Hit(own[limit], Part.KEY, {"count": len(own), "limit": limit}, links)


@check
def shorter_cache_before_longer(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every mark for an hour behind one for five minutes; the mark of the whole request is at the end."""
    short: Place | None = None
    marks = [*_marks(request, dialect)]
    whole = request.get("cache_control")
    if isinstance(whole, dict):
        marks.append(_CacheMark(("cache_control",), _lifetime(whole), {}))
    for mark in marks:
        if mark.lifetime == "5m":
            short = short or mark.place
        elif short is not None:
            yield Hit((*mark.place, "ttl"), related=(Link(short, "five minutes here"),))


@check
def contradicting_cache_lifetime(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the mark of the whole request when the last block, for which it stands, has one with another lifetime."""
    last = [*dialect.turns(request)][-1:]
    for turn in last:
        for place, block in [*blocks(turn)][-1:]:
            own, whole = block.get("cache_control"), request["cache_control"]
            if isinstance(own, dict) and isinstance(whole, dict) and _lifetime(own) != _lifetime(whole):
                yield Hit(("cache_control",), related=(Link((*place, "cache_control"), "the last block's own"),))


@check
def cache_mark_on_empty_text(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every mark on a text block without text."""
    for mark in _marks(request, dialect):
        if mark.block.get("type") == "text" and mark.block.get("text") == "":
            yield Hit(mark.place, Part.KEY)


@check
def cache_mark_in_tool_result(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every mark on a block inside a result; it belongs on the result."""
    for turn in dialect.turns(request):
        for place, block in blocks(turn):
            if block.get("type") == "tool_result":
                for inner, part in blocks_in(block.get("content"), (*place, "content")):
                    if isinstance(part.get("cache_control"), dict):
                        yield Hit((*inner, "cache_control"), Part.KEY)


@check
def cache_mark_on_deferred_tool(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every mark on a tool that the model does not see at first."""
    for place, tool in blocks_in(request["tools"], ("tools",)):
        if tool.get("defer_loading") is True and isinstance(tool.get("cache_control"), dict):
            yield Hit((*place, "cache_control"), Part.KEY)


def _marks(request: Request, dialect: Dialect) -> Iterator[_CacheMark]:
    yield from _marks_in(request.get("tools"), ("tools",))
    yield from _marks_in(request.get("system"), ("system",))
    for turn in dialect.turns(request):
        yield from _marks_in(turn.value.get("content"), (*turn.place, "content"))


def _marks_in(content: object, place: Place) -> Iterator[_CacheMark]:
    for at, block in blocks_in(content, place):
        mark = block.get("cache_control")
        if isinstance(mark, dict):
            yield _CacheMark((*at, "cache_control"), _lifetime(mark), block)


def _lifetime(mark: Mapping[str, Any]) -> str:
    return "1h" if mark.get("ttl") == "1h" else "5m"
