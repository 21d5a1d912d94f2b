"""YAML text, read with its spans and flaws: values of the YAML 1.2 core schema, and where readers disagree."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from json import dumps
from math import isfinite
from typing import Any

import yaml

from reqlint.core.findings import Part
from reqlint.core.pointer import Place
from reqlint.core.records import dataclass, field
from reqlint.display.credentials import shorten
from reqlint.text.flaws import UNREADABLE, FatalFlaw, Flaw, Span
from reqlint.text.json.reader import MAX_DEPTH
from reqlint.text.yaml.nodes import Loaded, Node
from reqlint.text.yaml.scalars import LONG, TAG_PREFIX, other_reading, read_scalar
from reqlint.text.yaml.syntax_errors import syntax_flaw

MAX_COPIED_VALUES = 1_000_000  #: values that the aliases of a document may repeat
MAX_COPIED_CHARACTERS = 50_000_000  #: characters of keys and texts that they may repeat
_MORE_VALUES = 10  # that aliases may repeat, for each character of the stream: many documents add up to one bomb
_REREAD = (
    200_000  # characters of broken YAML that the Python parser, at about 100 KB/s, reads again for better messages
)

_KINDS: Mapping[str, tuple[type, ...]] = {
    "null": (type(None),),
    "bool": (bool,),
    "int": (int,),
    "float": (float, int),
}
_TAG_END = re.compile(r"[\s,\[\]{}]|\Z")
_BLANK_LINES = re.compile(r"(?:\r?\n[ \t]*)+\Z")
_LINE_END = re.compile(r"\r?\n[ \t]*\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")


def load(text: str, start: int = 0, *, explain: bool = True) -> Iterator[Loaded]:
    """
    Read the documents of a YAML stream from *start*; after one that cannot be read, there are no more.

    Without *explain*, the flaw of such a one only says where it is, and takes no second reading.
    """
    fast = getattr(yaml, "CSafeLoader", None)
    done = 0
    try:
        for loaded in _TreeBuilder(text, start, fast or yaml.SafeLoader).documents():
            yield loaded
            done += 1
        return
    except yaml.YAMLError as error:
        failed = error
    if fast and explain and len(text) <= _REREAD:  # the Python parser has better messages than the one in C
        try:
            for number, loaded in enumerate(_TreeBuilder(text, start, yaml.SafeLoader).documents()):
                if number >= done:
                    yield loaded
            return
        except yaml.YAMLError as error:
            failed = error
    flaw = syntax_flaw(failed, text, start)
    yield Loaded(flaws=[flaw], start=flaw.span[0])


def scalar_spans(text: str) -> list[Span]:
    """Return the spans of all scalars, keys included, in the order of the text, up to its first syntax error."""
    shift = int(text.startswith("\ufeff"))
    spans: list[Span] = []
    with suppress(yaml.YAMLError, OverflowError, ValueError):  # as in `_TreeBuilder.events`
        for token in yaml.scan(text[shift:], Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if isinstance(token, yaml.ScalarToken):
                spans.append((token.start_mark.index + shift, token.end_mark.index + shift))  # noqa: PERF401 - keeps the spans before an error
    return spans


@dataclass(slots=True)
class _OpenNode:
    """A mapping or sequence whose end has not been read yet."""

    event: Any
    node: Node
    key: tuple[str, Span] | None = None
    keys: dict[str, Span] = field(default_factory=dict)
    merged: list[Node] = field(default_factory=list)


class _TreeBuilder:
    """Builds documents from the events of the parser, with a stack in place of recursion: no nesting is too deep."""

    def __init__(self, text: str, start: int, loader: Any) -> None:
        self.text = text
        self.shift = start
        self.parser = loader(text[start:])
        self.flaws: list[Flaw] = []
        self.stack: list[_OpenNode] = []
        self.anchors: dict[str, Node] = {}
        self.copied = self.copied_size = 0  # values and characters that aliases and merge keys of the document repeat
        self.left = MAX_COPIED_VALUES + _MORE_VALUES * len(text)  # values they may repeat in the rest of the stream
        self.root: Node | None = None

    def documents(self) -> Iterator[Loaded]:
        """Yield the documents of the stream; raise `yaml.YAMLError` at a syntax error."""
        start = 0
        try:
            for event in self.events():
                if isinstance(event, yaml.DocumentStartEvent):
                    self.flaws, self.stack, self.anchors, self.root = [], [], {}, None
                    self.left -= self.copied
                    self.copied = self.copied_size = 0
                    start = self.at(event.start_mark)
                elif isinstance(event, yaml.DocumentEndEvent):
                    if self.root:
                        yield Loaded(self.root.value, self.flaws, start, self.root, self.at(event.end_mark))
                elif isinstance(event, yaml.NodeEvent):
                    self.begin(event)
                elif isinstance(event, yaml.CollectionEndEvent):
                    self.end(event)
        except FatalFlaw as fatal:
            yield Loaded(UNREADABLE, [*self.flaws, fatal.flaw], start)
        finally:
            self.parser.dispose()

    def events(self) -> Iterator[Any]:
        """Yield the events of the parser; turn the errors of `chr` and `int` in the Python parser into YAML errors."""
        try:
            while self.parser.check_event():
                yield self.parser.get_event()
        except (OverflowError, ValueError) as error:
            is_escape = isinstance(error, OverflowError) or "chr()" in str(error)
            message = "Unicode character escape" if is_escape else "version number"
            raise yaml.MarkedYAMLError(problem=message, problem_mark=self.parser.get_mark()) from error

    def at(self, mark: Any) -> int:
        return int(mark.index) + self.shift

    def span(self, event: Any) -> Span:
        return self.at(event.start_mark), self.at(event.end_mark)

    def place(self) -> Place:
        """Return the place of the value that is being read."""
        steps: list[str | int] = []
        for opened in self.stack:
            if isinstance(opened.node.members, list):
                steps.append(len(opened.node.members))
            else:
                steps.append(opened.key[0] if opened.key else "")
        return tuple(steps)

    def begin(self, event: Any) -> None:
        """Add a scalar or an alias to the tree, or open a container."""
        if len(self.stack) > MAX_DEPTH:
            start = self.stack[-1].node.span[0]
            raise FatalFlaw(Flaw("too-deep", (start, start + 1), {"limit": MAX_DEPTH}))
        if isinstance(event, yaml.AliasEvent):
            self.put(self.alias(event))
        elif isinstance(event, yaml.ScalarEvent):
            self.put(self.scalar(event))
        else:
            node = Node(self.span(event), {}, {}) if isinstance(event, yaml.MappingStartEvent) else None
            node = node or Node(self.span(event), [], [])
            if event.tag not in (None, "!", TAG_PREFIX + ("map" if isinstance(node.value, dict) else "seq")):
                self.flaw_tag(event)
            self.anchors.pop(event.anchor, None)  # now names this container, which has no value before its end
            self.stack.append(_OpenNode(event, node))

    def end(self, event: Any) -> None:
        """Close the innermost container, and put it into the container around it."""
        opened = self.stack.pop()
        node = opened.node
        end = self.at(event.end_mark)
        if not opened.event.flow_style:  # the parser ends a block where the next token begins
            inside = [inner.span[1] for inner in node.inside()] + [inner.span[1] for inner in opened.merged]
            inside += [key[1] for key in opened.keys.values()]
            end = max(inside, default=node.span[1])
        node.span = (node.span[0], end)
        if opened.merged:
            self.merge(opened)
        for inner in node.inside():
            node.value_count += inner.value_count
            node.size += inner.size
            node.height = max(node.height, inner.height + 1)
        if len(self.stack) + node.height > MAX_DEPTH:  # too deep through aliases
            raise FatalFlaw(Flaw("too-deep", node.span, {"limit": MAX_DEPTH}))
        if isinstance(node.members, dict):
            node.size += sum(map(len, node.members))
        if opened.event.anchor:
            self.anchors[opened.event.anchor] = node
        self.put(node)

    def put(self, node: Node) -> None:
        """Put *node* into the innermost open container, as a key or as a value."""
        if not self.stack:
            self.root = node
            return
        opened = self.stack[-1]
        members, value = opened.node.members, opened.node.value
        if isinstance(members, list) and isinstance(value, list):
            members.append(node)
            value.append(node.value)
        elif opened.key is None:
            opened.key = self.key(node, opened)
        elif isinstance(members, dict) and isinstance(value, dict):
            (name, span), opened.key = opened.key, None
            if name == "<<" and self.text[slice(*span)] == "<<" and _is_mergeable(node):
                self.flaws.append(Flaw("yaml-merge-key", span, {}, self.place()[:-1]))
                opened.merged.append(node)
            else:
                members[name] = (span, node)
                value[name] = node.value

    def key(self, node: Node, opened: _OpenNode) -> tuple[str, Span]:
        """Return the name and the span of the key *node*, after a check for duplicates."""
        around = self.place()[:-1]
        written = self.text[slice(*node.span)]
        name = node.value if isinstance(node.value, str) else written
        if not isinstance(node.value, str):
            if len(name) > LONG:  # NOTE: keys inside keys would be stored once for each level
                name = f"{shorten(name)} at {node.span[0]}"
            kind = "a container" if node.members is not None else written or "an empty key"
            facts = {"name": kind if len(kind) <= 40 else "a long key", "what": "a key"}
            self.flaws.append(Flaw("non-json-value", node.span, facts, (*around, name), Part.KEY))
        if first := opened.keys.get(name):
            here = (*around, name)
            related = ("first here", here, Part.KEY, first)
            if not (name == "<<" and written == "<<"):
                self.flaws.append(Flaw("duplicate-key", node.span, {"name": name}, here, Part.KEY, (related,)))
        else:
            opened.keys[name] = node.span
        return name, node.span

    def merge(self, opened: _OpenNode) -> None:
        """Add the members that `<<` merges; keys of the mapping itself win, then those of the first source."""
        node = opened.node
        value, members = node.value, node.members
        if not isinstance(value, dict) or not isinstance(members, dict):
            return
        for source in (node for m in opened.merged for node in (m.inside() if isinstance(m.members, list) else (m,))):
            if isinstance(source.members, dict) and isinstance(source.value, dict):
                for name, (_, inner) in source.members.items():
                    if name not in members:
                        self.count_copy(inner, opened.merged[0].span, len(name))  # a chain of merges repeats keys
                        members[name] = (source.span, inner.as_alias(source.span))
                        value[name] = inner.value

    def alias(self, event: Any) -> Node:
        """Return the node that an alias stands for; raise `FatalFlaw` if there is none, or it is too large."""
        span = self.span(event)
        target = self.anchors.get(event.anchor)
        if target is None:
            name = shorten(event.anchor)
            if any(opened.event.anchor == event.anchor for opened in self.stack):
                raise FatalFlaw(Flaw("too-many-aliases", span, {"itself": f"*{name}"}, self.place()))
            facts = {"expected": f"an anchor `&{name}` before its alias", "found": f"`*{name}`"}
            raise FatalFlaw(Flaw("invalid-yaml", span, facts, self.place()))
        if len(self.stack) + target.height > MAX_DEPTH:
            raise FatalFlaw(Flaw("too-deep", span, {"limit": MAX_DEPTH}))
        self.count_copy(target, span)
        return target.as_alias(span)

    def count_copy(self, node: Node, span: Span, more: int = 0) -> None:
        """Count *node* and *more* characters as repeated at *span*; raise `FatalFlaw` above the limits."""
        self.copied += node.value_count
        self.copied_size += node.size + more
        if self.copied > min(MAX_COPIED_VALUES, self.left):
            limit = f"{MAX_COPIED_VALUES:,} values"
        elif self.copied_size > MAX_COPIED_CHARACTERS:
            limit = f"{MAX_COPIED_CHARACTERS:,} characters"
        else:
            return
        raise FatalFlaw(Flaw("too-many-aliases", span, {"limit": limit}, self.place()))

    def scalar(self, event: Any) -> Node:
        span = self.scalar_span(event)
        written: str = event.value
        is_plain = event.style in (None, "") and event.tag is None
        is_key = bool(self.stack) and isinstance(self.stack[-1].node.members, dict) and self.stack[-1].key is None
        value: object = written
        if is_plain:
            value = read_scalar(written)
            other = other_reading(written)
            if not is_key or written != "<<":
                if isinstance(value, float) and not isfinite(value):
                    self.flaw("non-json-value", span, {"name": shorten(written), "what": "a number"}, is_key, written)
                elif other is not None:
                    ours = "a string" if isinstance(value, str) else dumps(value)
                    facts = {"text": shorten(written), "reads_as": other, "reads_here": ours}
                    self.flaw("ambiguous-yaml-scalar", span, facts, is_key, written)
        elif event.tag not in (None, "!", TAG_PREFIX + "str"):
            value = self.tagged(event, written)
        if isinstance(value, str) and _SURROGATE.search(value):
            value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
            if lone := _SURROGATE.search(value):
                facts = {"name": f"\\u{ord(lone[0]):04x}"}
                self.flaw("lone-surrogate", span, facts, is_key, value)
        node = Node(span, value, size=len(written))
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def scalar_span(self, event: Any) -> Span:
        """Return the span of a scalar, without the blanks that the parser counts to it."""
        start, end = self.span(event)
        if start == end:  # an empty scalar; the parsers disagree whether it stands before or after the blanks
            while start and self.text[start - 1] in " \t":
                start -= 1
            return start, start
        if event.style in ("|", ">"):  # the parser ends a block scalar where the next token begins
            body = self.text[start:end]
            trailing = _LINE_END if event.value.endswith("\n\n") or event.value.isspace() else _BLANK_LINES
            end = start + len(trailing.sub("", body))
        return start, end

    def tagged(self, event: Any, written: str) -> object:
        """Return the value of a scalar with a tag; a tag that JSON has no kind of value for is a flaw, and ignored."""
        kinds = _KINDS.get(event.tag.removeprefix(TAG_PREFIX)) if event.tag.startswith(TAG_PREFIX) else None
        if kinds is not None:
            value = read_scalar(written)
            if type(value) in kinds:
                return float(value) if kinds == (float, int) and isinstance(value, int) else value
        self.flaw_tag(event)
        return read_scalar(written) if event.style in (None, "") else written

    def flaw_tag(self, event: Any) -> None:
        """Add a flaw for the tag of a node."""
        tag = shorten(event.tag.replace(TAG_PREFIX, "!!", 1))
        start = self.at(event.start_mark)
        at = self.text.find("!", start, self.at(event.end_mark))
        end = _TAG_END.search(self.text, max(at, start))
        span = (max(at, start), end.start() if end else len(self.text))
        self.flaws.append(Flaw("non-json-value", span, {"name": tag, "what": "a tag"}, self.place()))

    def flaw(self, rule: str, span: Span, facts: Mapping[str, object], is_key: bool, name: str) -> None:
        """Add a flaw of the scalar that is being read: the key *name*, or a value."""
        place = (*self.place()[:-1], name) if is_key else self.place()
        self.flaws.append(Flaw(rule, span, facts, place, Part.KEY if is_key else Part.VALUE))


def _is_mergeable(node: Node) -> bool:
    if isinstance(node.members, list):
        return all(isinstance(inner.members, dict) for inner in node.members)
    return isinstance(node.members, dict)
