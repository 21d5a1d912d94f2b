"""Writing tools that stand elsewhere into a request that offers them."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import AS_WRITTEN, OfferedTool, ToolWay


class WrittenForm(NamedTuple):
    """How a wire shape writes a tool."""

    dialect: str  #: whose tools are written as they are
    tools: Place  #: of the list
    inside: Place = ()  #: of the object with name and parameters, in a tool
    members: Mapping[str, Place] = MappingProxyType({})  #: where a member stands in that object, if not by its own name
    beside: Mapping[str, object] = MappingProxyType({})  #: further members of a tool
    schema_keys: tuple[str, ...] = ()  #: the keys that a schema may stand under, where there are several


def write_tools(
    offered: Iterable[OfferedTool], form: WrittenForm, way: ToolWay = AS_WRITTEN
) -> tuple[list[object], dict[Place, Place]]:
    """Return *offered* tools in a form, uncopied, as they may be large; and which place of theirs each place is."""
    places: dict[Place, Place] = {}
    written: list[object] = []
    members = {**form.members, "parameters": (way.schema,)} if way.schema else form.members
    for index, tool in enumerate(offered):
        at: Place = (*form.tools, index)
        if tool.dialect == form.dialect or not (tool.members or isinstance(tool.value, Mapping)):
            places[at] = tool.place
            written.append(_sent_so(tool, form, way, at, places))
            continue
        function: dict[str, object] = {}
        for key, (place, value) in tool.members.items():
            steps = members.get(key, (key,))
            function[str(steps[0])] = _wrapped(value, steps[1:])
            places[(*at, *form.inside, *steps)] = place
        if way.strict is not None:
            function["strict"] = way.strict
        if tool.is_schema:
            function |= {"name": f"f{index}", "description": "-"}
        else:
            around = (at, *((*at, *form.inside[: n + 1]) for n in range(len(form.inside))))
            places |= dict.fromkeys(around, tool.place)
            holders = (steps[:-1] for steps in members.values() if len(steps) > 1)
            places |= {(*at, *form.inside, *holder): tool.place for holder in holders}
        inner = _wrapped(function, form.inside)
        written.append({**form.beside, **inner} if isinstance(inner, dict) else inner)
    return written, places


def _sent_so(tool: OfferedTool, form: WrittenForm, way: ToolWay, at: Place, places: dict[Place, Place]) -> object:
    """Return a tool that is in the form already, changed where *way* asks for it; add the places that are others."""
    holder: Any = tool.value
    for step in form.inside:
        holder = holder.get(step) if isinstance(holder, dict) else None
    if not isinstance(holder, dict) or (way.strict is None and way.schema is None):
        return tool.value
    changed: dict[str, object] = dict(holder)
    if way.strict is not None:
        changed["strict"] = way.strict
    key = next((key for key in form.schema_keys if key in changed), None)
    if way.schema is not None and key is not None and key != way.schema and way.schema not in changed:
        place, schema = tool.members.get("parameters", ((*tool.place, *form.inside, key), changed[key]))
        changed = {each: value for each, value in changed.items() if each != key} | {way.schema: schema}
        places[(*at, *form.inside, way.schema)] = place
    written: Any = changed
    for length in range(len(form.inside), 0, -1):
        around: Any = tool.value
        for step in form.inside[: length - 1]:
            around = around[step]
        written = {**around, form.inside[length - 1]: written}
    return written


def _wrapped(value: object, steps: Place) -> object:
    for step in reversed(steps):
        value = {step: value}
    return value
