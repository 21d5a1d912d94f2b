"""Tools without a request, judged as a request that offers them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reqlint.core.findings import Hit, Link
from reqlint.core.pointer import Place, item_path
from reqlint.core.records import replace
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
    hits = [hit for some in portions(listed) for hit in judge_portion(judge, listed, some, way)]
    return [*hits, *judge_whole(judge, listed, way, hits)]


def portions(listed: ToolList) -> Iterator[Sequence[OfferedTool]]:
    """Yield the tools of a list, as many at a time as are judged in one request."""
    for start in range(0, len(listed.tools), _TOGETHER):
        yield listed.tools[start : start + _TOGETHER]


def judge_portion(judge: Judge, listed: ToolList, some: Sequence[OfferedTool], way: ToolWay) -> list[Hit]:
    """Return the hits against some tools of a list, as `judge_tools`."""
    hits = _judge_some(judge, listed, some, way)
    if hits and len(some) > 1 and not judge.is_well_formed(judge.dialect.offering(some, way).request):
        for tool in some:
            hits += _new(hits, _judge_some(judge, listed, (tool,), way))
    return hits


def judge_whole(judge: Judge, listed: ToolList, way: ToolWay, found: Sequence[Hit]) -> list[Hit]:
    """Return the hits against a list of tools that none of its portions shows; *found* are those of all portions."""
    tools = listed.tools
    if len(tools) <= 1:
        return []
    hits: list[Hit] = []
    if len(tools) > _TOGETHER and (way.strict or any(_is_strict(tool) for tool in tools)):
        # What strict tools may have is limited for all of them together.
        hits += _new(found, _judge_some(judge, listed, tools, way))
    told = {hit.place for hit in found}
    names = [_with_name_only(tool, number, is_told=_place_of_name(tool) in told) for number, tool in enumerate(tools)]
    places = {listed.place, *(tool.place for tool in tools), *(map(_place_of_name, tools))} - told
    of_list = _judge_some(judge, listed, names, way)
    return [*hits, *_new([*found, *hits], [hit for hit in of_list if hit.place in places])]


def _new(known: Iterable[Hit], more: Iterable[Hit]) -> list[Hit]:
    """Return those of *more* whose rule has no hit at their place among the *known*."""
    seen = {(hit.rule, hit.place) for hit in known}
    return [hit for hit in more if (hit.rule, hit.place) not in seen]


def _is_strict(tool: OfferedTool) -> bool:
    return "strict" in tool.members and tool.members["strict"][1] is True


def _place_of_name(tool: OfferedTool) -> Place | None:
    return tool.members["name"][0] if "name" in tool.members else None


def _with_name_only(tool: OfferedTool, number: int, *, is_told: bool) -> OfferedTool:
    """Return a tool that has nothing but its name to be judged; a name of ours where there is none, or a finding."""
    nowhere = (*tool.place, "")
    name = (nowhere, f"tool_{number}") if is_told or "name" not in tool.members else tool.members["name"]
    members = {"name": name, "description": (nowhere, "-"), "parameters": (nowhere, _NOTHING)}
    return tool._replace(members=members, dialect=None)


def _judge_some(judge: Judge, listed: ToolList, tools: Sequence[OfferedTool], way: ToolWay) -> list[Hit]:
    """Return the hits against some tools of a list, and against the list if these are all."""
    offering = judge.dialect.offering(tools, way)
    verdict = judge.judge(offering.request)
    if verdict is None:
        return []
    of_list = (judge.dialect.keys["tools"],)
    hits = [moved for hit in verdict.hits for moved in _in_document(hit, offering.places)]
    if len(tools) == len(listed.tools):
        hits += [replace(hit, place=listed.place) for hit in verdict.hits if hit.place == of_list]
    return hits


def _in_document(hit: Hit, places: Mapping[Place, Place]) -> Iterator[Hit]:
    """Yield *hit* with places of the document; nothing for a hit against what was made up around the tools."""
    place = _moved(hit.place, places)
    if place is None:
        return
    links = ((_moved(link.place, places), link) for link in hit.related)
    related = tuple(Link(at, link.label, link.part, link.region) for at, link in links if at is not None)
    facts = _renamed(hit, place, places)
    if related and facts.get("first") == item_path(hit.related[0].place):
        facts = {**facts, "name": item_path(place), "first": item_path(related[0].place)}
    yield replace(hit, place=place, related=related, facts=facts)


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
