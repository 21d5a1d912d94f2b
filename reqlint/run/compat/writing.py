"""Writing tools in the form of one API, and saying what that form cannot hold."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from reqlint.core.findings import Part
from reqlint.core.pointer import Place, to_pointer
from reqlint.core.records import dataclass, field
from reqlint.dialects.registry import ToolList
from reqlint.dialects.vocabulary import OfferedTool
from reqlint.run.compat.sending import as_sent, with_prefix
from reqlint.text.documents import Document, JsonDocument
from reqlint.text.json.layout import laid_out


class ToolTarget(NamedTuple):
    """The form of an API's tools."""

    owner: str  #: in words
    dialect: str | None
    schema: Place  #: where the schema of parameters goes in the object with the name
    holder: str | None = None  #: the key of the object with the name, if that is not the tool itself
    is_typed: bool = False  #: whether a tool says ``"type": "function"``
    has_strict: bool = False
    needs_schema: bool = False  #: whether a tool without parameters has a schema all the same
    wrapper: str | None = None  #: the key of the list of tools, in the one element that holds all of them


_MCP = "mcp"
TARGETS: Mapping[str, ToolTarget] = {
    "openai": ToolTarget("Chat Completions", "openai-chat", ("parameters",), "function", True, True),
    "anthropic": ToolTarget(
        "Anthropic's API", "anthropic-messages", ("input_schema",), has_strict=True, needs_schema=True
    ),
    "gemini": ToolTarget("Gemini's API", "gemini-generate", ("parametersJsonSchema",), wrapper="functionDeclarations"),
    "responses": ToolTarget("the Responses API", "openai-responses", ("parameters",), is_typed=True, has_strict=True),
    "bedrock": ToolTarget(
        "Bedrock", "bedrock-converse", ("inputSchema", "json"), "toolSpec", has_strict=True, needs_schema=True
    ),
    _MCP: ToolTarget("MCP", None, ("inputSchema",), needs_schema=True),
}
"""The forms that tools can be written in."""

_EMPTY = '{"type":"object","properties":{}}'
_SCHEMA_KEYS = frozenset(
    {"parameters", "parametersJsonSchema", "parameters_json_schema", "input_schema", "inputSchema"}
)
_READ = frozenset({"name", "description", "strict"})
_HOLDERS = {"openai-chat": "function", "bedrock-converse": "toolSpec"}
_DECLARATIONS = ("functionDeclarations", "function_declarations")


class Change(StrEnum):
    """What can become of a tool that is written in another form."""

    MEMBER = "a member is left out, for which there is no place"
    STRICT = "strict is left out, which means something else there"
    LENIENT = "strict is false, for which another API needs no word"
    TOOL = "the tool is left out, as it is no function"
    SCHEMA = "a schema of no parameters is written where there was none"
    TYPES = "the types of Gemini's own schemas are written as those of JSON Schema"
    NAME = "the name is that of another tool"


class ToldChange(NamedTuple):
    """One kind of change, with the tools that it concerns."""

    change: Change
    member: str  #: which was left out; empty for other changes
    tools: tuple[str, ...]


class FoundTools(NamedTuple):
    """A list of tools and the document that it was found in."""

    source: str
    document: Document
    listed: ToolList


@dataclass(slots=True)
class ToolWriter:
    """
    Writes tools in the form of one API, all in one list.

    Strings, numbers and the order of keys stay as they were written, where the source is JSON.
    """

    target: ToolTarget
    _written: list[str] = field(default_factory=list)
    _hosted: list[str] = field(default_factory=list)  # of an API that runs them itself, beside a wrapper
    _told: dict[tuple[Change, str], list[str]] = field(default_factory=dict)
    _names: dict[str, int] = field(default_factory=dict)

    def add(self, found: FoundTools, prefix: str = "") -> None:
        """Write the tools of a list, each with a prefix before its name."""
        tools = found.listed.tools
        others = list(_others(found.document.value, found.listed))
        raw = _RawText(found.document, [*_places(tools), *(place for place, _, _ in others)])
        in_order = [(tool.place, tool) for tool in tools]
        mixed: list[tuple[Place, Any]] = sorted([*in_order, *((place, label) for place, label, _ in others)], key=_key)
        for place, each in mixed:
            if not isinstance(each, OfferedTool):
                self._add_other(each, found, place, raw)
                continue
            text = self._tool(with_prefix(each, prefix), each, found.listed, raw)
            if text is not None:
                self._written.append(text)

    def finish(self) -> tuple[str, list[ToldChange]]:
        """Return the list as JSON, and what was changed."""
        for name, times in self._names.items():
            if times > 1:
                self._tell(Change.NAME, name)
        items = self._written
        if self.target.wrapper and items:
            items = [f'{{"{self.target.wrapper}":[{",".join(items)}]}}', *self._hosted]
        else:
            items = [*items, *self._hosted]
        told = [ToldChange(change, member, tuple(names)) for (change, member), names in self._told.items()]
        return laid_out(f"[{','.join(items)}]"), told

    def _tell(self, change: Change, tool: str, member: str = "") -> None:
        self._told.setdefault((change, member), []).append(tool)

    def _add_other(self, label: str, found: FoundTools, place: Place, raw: "_RawText") -> None:
        if found.listed.form.dialect != self.target.dialect or self.target.dialect is None:
            self._tell(Change.TOOL, label)
        elif self.target.wrapper and isinstance(place[-1], str):
            self._hosted.append(f"{{{json.dumps(place[-1])}:{raw.at(place)}}}")
        else:
            (self._hosted if self.target.wrapper else self._written).append(raw.at(place))

    def _tool(self, tool: OfferedTool, before: OfferedTool, listed: ToolList, raw: "_RawText") -> str | None:
        """Return the text of a tool; None if it cannot be written."""
        name = tool.members["name"][1] if "name" in tool.members else None
        label = name if isinstance(name, str) else _label(tool.value, tool.place)
        if isinstance(name, str):
            self._names[name] = self._names.get(name, 0) + 1
        if _is_in(tool, listed, self.target):
            return raw.with_name(before, name)
        if not tool.members:
            self._tell(Change.TOOL, label)
            return None
        return self._converted(tool, label, raw, renamed=name != before.members.get("name", ((), None))[1])

    def _converted(self, tool: OfferedTool, label: str, raw: "_RawText", *, renamed: bool) -> str:
        target = self.target
        members: dict[str, str] = {}
        if "name" in tool.members:
            place, name = tool.members["name"]
            members["name"] = _dumped(name) if renamed else raw.at(place)
        if "description" in tool.members:
            members["description"] = raw.at(tool.members["description"][0])
        schema = self._schema(tool, label, raw)
        if schema is not None:
            key, *inside = target.schema
            members[str(key)] = f'{{"{inside[0]}":{schema}}}' if inside else schema
        strict = self._strict(tool, label, raw)
        if strict is not None:
            members["strict"] = strict
        for key in _left_out(tool):
            self._tell(Change.MEMBER, label, key)
        typed = {"type": '"function"'} if target.is_typed or target.holder == "function" else {}
        if target.holder:
            return _object({**typed, target.holder: _object(members)})
        return _object({**typed, **members})

    def _schema(self, tool: OfferedTool, label: str, raw: "_RawText") -> str | None:
        if "parameters" not in tool.members:
            if not self.target.needs_schema:
                return None
            self._tell(Change.SCHEMA, label)
            return _EMPTY
        place, value = tool.members["parameters"]
        if raw.value(place) is value or raw.value(place) == value:
            return raw.at(place)
        self._tell(Change.TYPES, label)
        return _dumped(value)

    def _strict(self, tool: OfferedTool, label: str, raw: "_RawText") -> str | None:
        sent = next(iter(as_sent([tool], self.target.dialect or "")))
        if "strict" in sent.members and self.target.has_strict:
            return raw.at(tool.members["strict"][0])
        if "strict" in tool.members:
            self._tell(Change.STRICT if self.target.has_strict else Change.MEMBER, label, self._member_of_strict())
        if self.target.dialect == "openai-responses":
            self._tell(Change.LENIENT, label)
            return "false"
        return None

    def _member_of_strict(self) -> str:
        return "" if self.target.has_strict else "strict"


# ---------------------------------------------------------------------------------------------------- what there is


class _RawText:
    """The text of values of a document, as it was written if that is JSON."""

    def __init__(self, document: Document, places: Iterable[Place]) -> None:
        self._document = document
        self._regions = (
            document.locate((place, Part.VALUE) for place in places) if isinstance(document, JsonDocument) else {}
        )

    def value(self, place: Place) -> Any:
        """Return the value at a place."""
        value: Any = self._document.value
        for step in place:
            value = value[step]
        return value

    def at(self, place: Place) -> str:
        """Return the text of the value at a place."""
        region = self._regions.get((place, Part.VALUE))
        return self._document.text_at(region) if region is not None else _dumped(self.value(place))

    def with_name(self, tool: OfferedTool, name: object) -> str:
        """Return the text of a tool, with another name if it has one."""
        place, had = tool.members.get("name", ((), None))
        if name == had:
            return self.at(tool.place)
        whole, part = (self._regions.get((each, Part.VALUE)) for each in (tool.place, place))
        if whole is None or part is None:
            assert isinstance(had, str)
            assert isinstance(name, str)
            return _dumped(with_prefix(tool, name.removesuffix(had)).value)
        text = self._document.text
        return text[whole.start : part.start] + _dumped(name) + text[part.end : whole.end]


def _places(tools: Iterable[OfferedTool]) -> Iterator[Place]:
    for tool in tools:
        yield tool.place
        yield from (place for place, _ in tool.members.values())


def _others(value: Any, listed: ToolList) -> Iterator[tuple[Place, str, Any]]:
    """Yield what stands in a list of tools and is no function, such as a tool that its API runs itself."""
    for step in listed.place:
        value = value[step]
    if not isinstance(value, list):
        return
    length = len(listed.place) + 1
    known = {tool.place[:length] for tool in listed.tools}
    for number, each in enumerate(value):
        place = (*listed.place, number)
        declared = isinstance(each, dict) and any(isinstance(each.get(key), list) for key in _DECLARATIONS)
        if declared:
            yield from (((*place, key), key, each[key]) for key in each if key not in _DECLARATIONS)
        elif place not in known:
            yield place, _label(each, place), each


def _label(value: object, place: Place) -> str:
    """Return what a tool without a name of its own is called."""
    if isinstance(value, dict):
        named = (value.get(key) for key in ("name", "type"))
        first = next((name for name in named if isinstance(name, str)), None)
        return first or next((str(key) for key in value), to_pointer(place))
    return to_pointer(place)


def _key(pair: tuple[Place, object]) -> list[tuple[bool, str | int]]:
    return [(isinstance(step, str), step) for step in pair[0]]


def _is_in(tool: OfferedTool, listed: ToolList, target: ToolTarget) -> bool:
    """Return whether a tool has the form already."""
    if tool.dialect is not None or target.dialect is not None:
        return tool.dialect == target.dialect
    if "parameters" in tool.members:
        return tool.members["parameters"][0][-1] == "inputSchema"
    return listed.form.schema_keys == ("inputSchema",)


def _left_out(tool: OfferedTool) -> Iterator[str]:
    """Yield the members of a tool that no other form has a place for."""
    value: Any = tool.value
    holder = _HOLDERS.get(tool.dialect or "")
    if not isinstance(value, dict):
        return
    if holder is not None and isinstance(value.get(holder), dict):
        yield from (str(key) for key in value if key not in (holder, "type"))
        value = value[holder]
    used = next((key for key in value if key in _SCHEMA_KEYS), None)
    if "parameters" in tool.members:
        used = next(step for step in reversed(tool.members["parameters"][0]) if step in _SCHEMA_KEYS)
    for key in value:
        is_read = key in _READ or key == used or (key == "type" and value[key] in ("function", "custom"))
        if not is_read:
            yield str(key)


# -------------------------------------------------------------------------------------------------------------- JSON


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _object(members: Mapping[str, str]) -> str:
    return "{" + ",".join(f"{json.dumps(key)}:{text}" for key, text in members.items()) + "}"


def write_in(
    target: ToolTarget, found: Sequence[FoundTools], prefix: Callable[[str], str]
) -> tuple[str, list[ToldChange]]:
    """Return all tools of several lists in one form as JSON, and what was changed; *prefix* is for a source's name."""
    writer = ToolWriter(target)
    for each in found:
        writer.add(each, prefix(each.source))
    return writer.finish()
