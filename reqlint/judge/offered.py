"""Tools without a request, judged as a request that offers them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from reqlint.core.findings import Hit, Link
from reqlint.core.pointer import Place
from reqlint.dialects.registry import ToolList
from reqlint.dialects.vocabulary import AS_WRITTEN, OfferedTool, ToolWay
from reqlint.judge.judge import Judge


def judge_tools(judge: Judge, listed: ToolList, way: ToolWay = AS_WRITTEN) -> list[Hit]:
    """
    Return the hits that count against tools, sent in a way, with places of their document.

    A malformed tool keeps checks from reading the others of its request. So where there are hits, each tool is judged
    by itself as well, and the names once more together.
    """
    hits = _judge_together(judge, listed, listed.tools, way)
    if not hits or len(listed.tools) == 1:
        return hits
    found = {(hit.rule, hit.place) for hit in hits}

    def add(more: Iterable[Hit]) -> None:
        for hit in more:
            if (hit.rule, hit.place) not in found:
                found.add((hit.rule, hit.place))
                hits.append(hit)

    for tool in listed.tools:
        add(_judge_together(judge, listed, (tool,), way))
    malformed = {place for _, place in found}
    names = [
        tool._replace(members={"name": tool.members["name"]}, dialect=None)
        for tool in listed.tools
        if "name" in tool.members
    ]
    named = [tool for tool in names if tool.members["name"][0] not in malformed]
    places = {tool.members["name"][0] for tool in named}
    add(hit for hit in _judge_together(judge, listed, named, way) if hit.place in places)
    return hits


def _judge_together(judge: Judge, listed: ToolList, tools: Sequence[OfferedTool], way: ToolWay) -> list[Hit]:
    offering = judge.dialect.offering(tools, way)
    verdict = judge.judge(offering.request)
    if verdict is None:
        return []
    of_list = (judge.dialect.keys["tools"],)
    hits = [moved for hit in verdict.hits for moved in _in_document(hit, offering.places)]
    if tools is listed.tools:
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
