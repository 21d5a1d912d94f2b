"""Tools without a request, judged as a request that offers them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from reqlint.core.findings import Hit, Link
from reqlint.core.pointer import Place
from reqlint.dialects.registry import ToolList
from reqlint.dialects.vocabulary import AS_WRITTEN, OfferedTool, ToolWay
from reqlint.judge.judge import Judge

_TOGETHER = 16  # tools
"""Judged in one request. Checks bound the work on one, and a malformed tool keeps them from reading the others."""
_NOTHING = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
"""A schema of parameters that every API takes, whichever way it is sent."""


def judge_tools(judge: Judge, listed: ToolList, way: ToolWay = AS_WRITTEN) -> list[Hit]:
    """
    Return the hits that count against tools, sent in a way, with places of their document.

    They are judged some at a time, where one is malformed each by itself, and once more together for what is wrong
    with the whole list: names that are there twice, or too many tools.
    """
    tools = listed.tools
    if len(tools) <= 1:
        return _judge_some(judge, listed, tools, way)
    hits: list[Hit] = []
    found: set[tuple[str, Place]] = set()

    def add(more: Iterable[Hit]) -> None:
        new = [hit for hit in more if (hit.rule, hit.place) not in found]
        found.update((hit.rule, hit.place) for hit in new)
        hits.extend(new)

    for start in range(0, len(tools), _TOGETHER):
        some = tools[start : start + _TOGETHER]
        of_some = _judge_some(judge, listed, some, way)
        add(of_some)
        if of_some and not judge.is_well_formed(judge.dialect.offering(some, way).request):
            for tool in some:
                add(_judge_some(judge, listed, (tool,), way))
    if len(tools) > _TOGETHER and (way.strict or any(_is_strict(tool) for tool in tools)):
        add(_judge_some(judge, listed, tools, way))  # what strict tools may have is limited for all of them together
    malformed = {place for _, place in found}
    names = [
        tool._replace(members=_named(tool), dialect=None)
        for tool in tools
        if "name" in tool.members and tool.members["name"][0] not in malformed
    ]
    places = {listed.place, *(tool.place for tool in names), *(tool.members["name"][0] for tool in names)}
    of_list = _judge_some(judge, listed, names, way, is_whole=len(names) == len(tools))
    add(hit for hit in of_list if hit.place in places)
    return hits


def _is_strict(tool: OfferedTool) -> bool:
    return "strict" in tool.members and tool.members["strict"][1] is True


def _named(tool: OfferedTool) -> Mapping[str, tuple[Place, object]]:
    """Return the members of a tool that has nothing but its name to be judged."""
    nowhere = (*tool.place, "")
    return {"name": tool.members["name"], "description": (nowhere, "-"), "parameters": (nowhere, _NOTHING)}


def _judge_some(
    judge: Judge, listed: ToolList, tools: Sequence[OfferedTool], way: ToolWay, *, is_whole: bool = False
) -> list[Hit]:
    """Return the hits against some tools of a list, and against the list if these are all."""
    offering = judge.dialect.offering(tools, way)
    verdict = judge.judge(offering.request)
    if verdict is None:
        return []
    of_list = (judge.dialect.keys["tools"],)
    hits = [moved for hit in verdict.hits for moved in _in_document(hit, offering.places)]
    if is_whole or len(tools) == len(listed.tools):
        hits += [replace(hit, place=listed.place) for hit in verdict.hits if hit.place == of_list]
    return hits


def _in_document(hit: Hit, places: Mapping[Place, Place]) -> Iterator[Hit]:
    """Yield *hit* with places of the document; nothing for a hit against what was made up around the tools."""
    place = _moved(hit.place, places)
    if place is None:
        return
    links = ((_moved(link.place, places), link) for link in hit.related)
    related = tuple(Link(at, link.label, link.part, link.region) for at, link in links if at is not None)
    yield replace(hit, place=place, related=related, facts=_renamed(hit, place, places))


def _moved(place: Place, places: Mapping[Place, Place]) -> Place | None:
    for length in range(len(place), 0, -1):
        outside = places.get(place[:length])
        if outside is not None:
            return (*outside, *place[length:])
    return None


def _renamed(hit: Hit, place: Place, places: Mapping[Place, Place]) -> Mapping[str, object]:
    """Return the facts of a hit in the words of the document: ``inputSchema`` for ``parameters``."""
    if hit.place not in places or hit.place == place:
        return hit.facts
    there, here = hit.place[-1], place[-1] if place else None
    word = here if isinstance(here, str) else "the tool"
    return {key: word if key in ("name", "owner") and value == there else value for key, value in hit.facts.items()}
