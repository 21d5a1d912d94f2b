"""YAML text: what a YAML 1.2 core reader gives, where it stands, and where readers would differ."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from json import dumps
from math import inf, isfinite, nan
from typing import Any

import yaml
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from reqlint.core.findings import Part
from reqlint.core.pointer import Place
from reqlint.display.credentials import shorten
from reqlint.text.json.reader import DEPTH, UNREADABLE, Flaw, Span, Spans

MOST_VALUES = 1_000_000  #: values that the aliases of a document may stand for
MOST_CHARACTERS = 50_000_000  #: of keys and texts, likewise
_MORE_VALUES = 10  # for each character of a stream beyond that, so that many documents are not that many bombs
_SLOW = 200_000  # characters of broken YAML that the Python parser, at about 100 KB/s, may read again for better words


@dataclass(slots=True)
class Node:
    """A value as it stands in the text."""

    span: Span
    value: object
    members: "dict[str, tuple[Span, Node]] | list[Node] | None" = None
    values: int = 1  #: of the tree, with its aliases written out
    size: int = 0  #: characters of its keys and texts, likewise
    height: int = 0  #: levels of values inside
    alias: bool = False  #: the text has only a name for it here; whatever is inside stands elsewhere

    def inside(self) -> "Iterable[Node]":
        """Give the nodes directly inside."""
        if isinstance(self.members, dict):
            return [node for _, node in self.members.values()]
        return self.members or ()


@dataclass(slots=True)
class Loaded:
    """One document of a stream."""

    value: object = UNREADABLE
    flaws: list[Flaw] = field(default_factory=list)
    start: int = 0  #: offset of its first character
    root: Node | None = None

    def locate(self, places: Iterable[Place]) -> Spans:
        """
        Find the spans of the key and of the value at each of *places*.

        What came through an alias or a merge key is where the alias is used. Of duplicate keys the last is meant.
        """
        return {place: spans for place in places if (spans := self._spans(place))}

    def _spans(self, place: Place) -> tuple[Span | None, Span] | None:
        node, key, through = self.root, None, None
        if node is None:
            return None
        for step in place:
            if node.alias and through is None:
                through = node.span
            if isinstance(node.members, dict) and isinstance(step, str) and step in node.members:
                key, node = node.members[step]
            elif isinstance(node.members, list) and isinstance(step, int) and 0 <= step < len(node.members):
                key, node = None, node.members[step]
            else:
                return None
        return (through if key and through else key), through or node.span


class _Broken(Exception):
    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


def load(text: str, start: int = 0) -> Iterator[Loaded]:
    """Read the documents of a YAML stream; one that cannot be read is the last, and its flaws say why."""
    fast = getattr(yaml, "CSafeLoader", None)
    done = 0
    try:
        for loaded in _Reader(text, start, fast or yaml.SafeLoader).documents():
            yield loaded
            done += 1
        return
    except yaml.YAMLError as error:
        failed = error
    if fast and len(text) <= _SLOW:  # the two parsers word their complaints differently, and Python's are better
        try:
            for number, loaded in enumerate(_Reader(text, start, yaml.SafeLoader).documents()):
                if number >= done:
                    yield loaded
            return
        except yaml.YAMLError as error:
            failed = error
    flaw = _syntax(failed, text, start)
    yield Loaded(flaws=[flaw], start=flaw.span[0])


def scalar_spans(text: str) -> list[Span]:
    """Give the spans of all scalars, keys included, in the order of the text and as far as it can be read."""
    shift = int(text.startswith("\ufeff"))
    spans: list[Span] = []
    with suppress(yaml.YAMLError, OverflowError, ValueError):  # as in `_Reader.events`
        for token in yaml.scan(text[shift:], Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if isinstance(token, yaml.ScalarToken):
                spans.append((token.start_mark.index + shift, token.end_mark.index + shift))  # noqa: PERF401 - kept when it breaks off
    return spans


# ---------------------------------------------------------------------------------------------------------- reading


@dataclass(slots=True)
class _Open:
    """A container whose end was not read yet."""

    event: Any
    node: Node
    key: tuple[str, Span] | None = None
    keys: dict[str, Span] = field(default_factory=dict)
    merged: list[Node] = field(default_factory=list)


class _Reader:
    """Builds documents from the parser's events with a stack of its own, so that no nesting exhausts Python's."""

    def __init__(self, text: str, start: int, loader: Any) -> None:
        self.text = text
        self.shift = start
        self.parser = loader(text[start:])
        self.flaws: list[Flaw] = []
        self.stack: list[_Open] = []
        self.anchors: dict[str, Node] = {}
        self.copied = self.copied_size = 0  # values and characters that aliases and merge keys of the document repeat
        self.left = MOST_VALUES + _MORE_VALUES * len(text)  # values that they may repeat in what is left of the stream
        self.root: Node | None = None

    def documents(self) -> Iterator[Loaded]:
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
                        yield Loaded(self.root.value, self.flaws, start, self.root)
                elif isinstance(event, yaml.NodeEvent):
                    self.begin(event)
                elif isinstance(event, yaml.CollectionEndEvent):
                    self.end(event)
        except _Broken as broken:
            yield Loaded(UNREADABLE, [*self.flaws, broken.flaw], start)
        finally:
            self.parser.dispose()

    def events(self) -> Iterator[Any]:
        """Give what the parser meets; the one in Python lets errors through that are not its own."""
        try:
            while self.parser.check_event():
                yield self.parser.get_event()
        except (OverflowError, ValueError) as error:  # of `chr` and `int`
            is_escape = isinstance(error, OverflowError) or "chr()" in str(error)
            said = "Unicode character escape" if is_escape else "version number"
            raise yaml.MarkedYAMLError(problem=said, problem_mark=self.parser.get_mark()) from error

    def at(self, mark: Any) -> int:
        return int(mark.index) + self.shift

    def span(self, event: Any) -> Span:
        return self.at(event.start_mark), self.at(event.end_mark)

    def place(self) -> Place:
        """Where the value that is being read will stand."""
        steps: list[str | int] = []
        for opened in self.stack:
            if isinstance(opened.node.members, list):
                steps.append(len(opened.node.members))
            else:
                steps.append(opened.key[0] if opened.key else "")
        return tuple(steps)

    def begin(self, event: Any) -> None:
        if len(self.stack) > DEPTH:
            start = self.stack[-1].node.span[0]
            raise _Broken(Flaw("too-deep", (start, start + 1), {"limit": DEPTH}))
        if isinstance(event, yaml.AliasEvent):
            self.put(self.alias(event))
        elif isinstance(event, yaml.ScalarEvent):
            self.put(self.scalar(event))
        else:
            node = Node(self.span(event), {}, {}) if isinstance(event, yaml.MappingStartEvent) else None
            node = node or Node(self.span(event), [], [])
            if event.tag not in (None, "!", _TAG + ("map" if isinstance(node.value, dict) else "seq")):
                self.flaw_tag(event)
            self.anchors.pop(event.anchor, None)  # from here on the name means this container, which is not whole yet
            self.stack.append(_Open(event, node))

    def end(self, event: Any) -> None:
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
            node.values += inner.values
            node.size += inner.size
            node.height = max(node.height, inner.height + 1)
        if len(self.stack) + node.height > DEPTH:  # too deep through aliases
            raise _Broken(Flaw("too-deep", node.span, {"limit": DEPTH}))
        if isinstance(node.members, dict):
            node.size += sum(map(len, node.members))
        if opened.event.anchor:
            self.anchors[opened.event.anchor] = node
        self.put(node)

    def put(self, node: Node) -> None:
        """Give a node to the container it stands in, as a key or as a value."""
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

    def key(self, node: Node, opened: _Open) -> tuple[str, Span]:
        around = self.place()[:-1]
        written = self.text[slice(*node.span)]
        name = node.value if isinstance(node.value, str) else written
        if not isinstance(node.value, str):
            if len(name) > _LONG:  # NOTE: keys in keys would be held once for each level
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

    def merge(self, opened: _Open) -> None:
        """Put in what `<<` brings: the mapping's own keys win, then the first of several."""
        node = opened.node
        own, members = node.value, node.members
        if not isinstance(own, dict) or not isinstance(members, dict):
            return
        for source in (node for m in opened.merged for node in (m.inside() if isinstance(m.members, list) else (m,))):
            if isinstance(source.members, dict) and isinstance(source.value, dict):
                for name, (_, inner) in source.members.items():
                    if name not in members:
                        self.count(inner, opened.merged[0].span, len(name))  # a chain repeats all keys before it
                        copy = Node(
                            source.span, inner.value, inner.members, inner.values, inner.size, inner.height, alias=True
                        )
                        members[name] = (source.span, copy)
                        own[name] = inner.value

    def alias(self, event: Any) -> Node:
        span = self.span(event)
        target = self.anchors.get(event.anchor)
        if target is None:
            name = shorten(event.anchor)
            if any(opened.event.anchor == event.anchor for opened in self.stack):
                raise _Broken(Flaw("too-many-aliases", span, {"itself": f"*{name}"}, self.place()))
            facts = {"expected": f"an anchor `&{name}` before its alias", "found": f"`*{name}`"}
            raise _Broken(Flaw("invalid-yaml", span, facts, self.place()))
        if len(self.stack) + target.height > DEPTH:
            raise _Broken(Flaw("too-deep", span, {"limit": DEPTH}))
        self.count(target, span)
        return Node(span, target.value, target.members, target.values, target.size, target.height, alias=True)

    def count(self, node: Node, span: Span, more: int = 0) -> None:
        """Count what is repeated at *span*: *node*, and *more* characters; refuse what is too much of it."""
        self.copied += node.values
        self.copied_size += node.size + more
        if self.copied > min(MOST_VALUES, self.left):
            limit = f"{MOST_VALUES:,} values"
        elif self.copied_size > MOST_CHARACTERS:
            limit = f"{MOST_CHARACTERS:,} characters"
        else:
            return
        raise _Broken(Flaw("too-many-aliases", span, {"limit": limit}, self.place()))

    # ------------------------------------------------------------------------------------------------------- scalars

    def scalar(self, event: Any) -> Node:
        span = self.scalar_span(event)
        written: str = event.value
        plain = event.style in (None, "") and event.tag is None
        is_key = bool(self.stack) and isinstance(self.stack[-1].node.members, dict) and self.stack[-1].key is None
        value: object = written
        if plain:
            value = core(written)
            there = core11(written)
            if not is_key or written != "<<":
                if isinstance(value, float) and not isfinite(value):
                    self.flaw("non-json-value", span, {"name": shorten(written), "what": "a number"}, is_key, written)
                elif there is not None:
                    here = "a string" if isinstance(value, str) else dumps(value)
                    facts = {"text": shorten(written), "reads_as": there, "reads_here": here}
                    self.flaw("ambiguous-yaml-scalar", span, facts, is_key, written)
        elif event.tag not in (None, "!", _TAG + "str"):
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
        start, end = self.span(event)
        if start == end:  # nothing at all; the parsers differ on which side of the blanks it stands
            while start and self.text[start - 1] in " \t":
                start -= 1
            return start, start
        if event.style in ("|", ">"):  # the parser ends a block scalar where the next token begins
            body = self.text[start:end]
            trailing = _LINE_END if event.value.endswith("\n\n") or event.value.isspace() else _BLANK_LINES
            end = start + len(trailing.sub("", body))
        return start, end

    def tagged(self, event: Any, written: str) -> object:
        """Honour the tags that JSON has a kind of value for; others are read as if they were not there."""
        kinds = _KINDS.get(event.tag.removeprefix(_TAG)) if event.tag.startswith(_TAG) else None
        if kinds is not None:
            value = core(written)
            if type(value) in kinds:
                return float(value) if kinds == (float, int) and isinstance(value, int) else value
        self.flaw_tag(event)
        return core(written) if event.style in (None, "") else written

    def flaw_tag(self, event: Any) -> None:
        tag = shorten(event.tag.replace(_TAG, "!!", 1))
        start = self.at(event.start_mark)
        at = self.text.find("!", start, self.at(event.end_mark))
        end = _TAG_END.search(self.text, max(at, start))
        span = (max(at, start), end.start() if end else len(self.text))
        self.flaws.append(Flaw("non-json-value", span, {"name": tag, "what": "a tag"}, self.place()))

    def flaw(self, rule: str, span: Span, facts: Mapping[str, object], is_key: bool, name: str) -> None:
        place = (*self.place()[:-1], name) if is_key else self.place()
        self.flaws.append(Flaw(rule, span, facts, place, Part.KEY if is_key else Part.VALUE))


_TAG = "tag:yaml.org,2002:"
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
_LONG = 100  # characters of a scalar that is no number a person writes


def _is_mergeable(node: Node) -> bool:
    if isinstance(node.members, list):
        return all(isinstance(inner.members, dict) for inner in node.members)
    return isinstance(node.members, dict)


# ----------------------------------------------------------------------------------------------------------- values

_CORE: Mapping[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((sign + word for sign in ("", "+") for word in (".inf", ".Inf", ".INF")), inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), nan),
}
_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[str], object]], ...] = (
    (re.compile(r"[-+]?[0-9]+\Z"), lambda written: _whole(written, 10)),
    (re.compile(r"0o[0-7]+\Z"), lambda written: _whole(written[2:], 8)),
    (re.compile(r"0x[0-9a-fA-F]+\Z"), lambda written: _whole(written[2:], 16)),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z"), float),
)


def core(written: str) -> object:
    """Give the value of a plain scalar in the core schema of YAML 1.2 (10.3): ~ is null, 010 is ten, no a string."""
    if written in _CORE:
        return _CORE[written]
    if written[0] in "-+.0123456789":
        for pattern, number in _NUMBERS:
            if pattern.match(written):
                return number(written)
    return written


def _whole(written: str, base: int) -> int | float:
    """Read an integer; one beyond all doubles is infinite, as to every JSON reader but Python's."""
    digits = written.lstrip("+-0") or "0"
    value = int(digits, base) if len(digits) <= _LONGEST else _BEYOND
    signed = value if value < _BEYOND else inf
    return -signed if written[0] == "-" else signed


_LONGEST = 1024  # digits; the bits of the largest double
_BEYOND = 2**1024 - 2**970  # the least integer that rounds to more than it


def core11(written: str) -> str | None:
    """Say what a YAML 1.1 reader, such as PyYAML as it comes, makes of a plain scalar; None when it makes the same."""
    candidates = Resolver.yaml_implicit_resolvers.get(written[:1], [])
    tag = next((tag for tag, pattern in candidates if pattern.match(written)), _TAG + "str").removeprefix(_TAG)
    value = core(written)
    if tag == "str":
        short = f"the string {dumps(written)}" if len(written) <= _LONG else "a string"
        return None if isinstance(value, str) else short
    if tag == "timestamp":
        return "a date" if len(written) == 10 else "a date and time"
    if tag in ("merge", "value"):
        return "a merge key" if tag == "merge" else "the default key of a mapping"
    if tag == "null":
        return None if value is None else "null"
    if len(written) > _LONG:
        return "a number" if isinstance(value, str) or _differs11(tag, written) else None
    there = _read11(tag, written)
    if type(there) is type(value) and (there == value or there != there):
        return None
    return dumps(there)


def _differs11(tag: str, written: str) -> bool:
    """Tell by its letters whether a number is another one in YAML 1.1; to read a long one in base 60 takes hours."""
    if "_" in written or ":" in written:
        return True
    digits = written.lstrip("+-")
    return tag == "int" and digits[0] == "0" and digits[1:2] != "x" and len(digits.lstrip("0")) > 1


def _read11(tag: str, written: str) -> object:
    node = yaml.ScalarNode(_TAG + tag, written)
    constructor: Any = SafeConstructor()
    try:
        return constructor.construct_object(node)
    except (ValueError, IndexError):  # such as `0b_`, which has no digits
        return float("nan")


# ----------------------------------------------------------------------------------------------------------- syntax

_WORDS: tuple[tuple[str, str, str | None], ...] = (
    # what PyYAML says (either parser), what would have been right, what is there
    (r"mapping values are not allowed", "quotes around a value that holds `: `", "a second `:`"),
    (r"character '(\t|\\t)'", "spaces; a tab cannot indent", "a tab"),
    (r"a tab character", "spaces; a tab cannot indent", "a tab"),
    (r"expected ',' or ']'", "`,` or `]`", None),
    (r"expected ',' or '}'", "`,` or `}`", None),
    (r"find expected ':'", "`:` after a key", None),
    (r"unexpected end of stream", "a closing quote", "the end of the text"),
    (r"unknown escape character", "a known escape such as `\\n`, or single quotes", None),
    (r"incompatible YAML document|version number", "a version of YAML 1, such as `%YAML 1.2`", "another one"),
    (r"duplicate", "each directive once", None),
    (r"expected escape sequence|Unicode character escape", "hexadecimal digits after the escape", None),
    (r"cannot start any token", "quotes around a value that starts with this character", None),
    (r"expected <block end>|expected key|expected '-'", "the same indentation and kind as the lines before", None),
    (r"node content", "a value", None),
    (r"document start", "`---` before another document", None),
    (r"undefined tag handle", "a tag that is declared", None),
    (r"block sequence entries are not allowed|sequence entries are not allowed", "a line break before `- `", None),
    (r"control characters|special characters", "characters that can be printed", None),
    (r"chomping or indentation", "a line break after `|` or `>`", None),
    (r"unexpected document", "a closing quote before the document ends", None),
)


def _syntax(error: yaml.YAMLError, text: str, shift: int) -> Flaw:
    """Word a complaint of PyYAML's our way, with its place, and the place that it looks back to."""
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "YAML")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    at = (mark.index if mark else int(getattr(error, "position", 0))) + shift
    expected, found = next(
        ((right, there) for pattern, right, there in _WORDS if re.search(pattern, said)), ("something else here", None)
    )
    if "mapping values" in said and ":" not in text[text.rfind("\n", 0, at) + 1 : at]:
        expected, found = "the indentation of the lines above", "a key that is indented otherwise"
    if at >= len(text):
        at = len(text.rstrip())
        span, found = (at, at), "the end of the text"
    else:
        span = (at, at) if text[at] in "\r\n" else (at, at + 1)
        if found is None:
            found = _name(text[at])
    related: tuple[tuple[str, Place, Part, Span], ...] = ()
    opened = getattr(error, "context_mark", None)
    if opened and opened.index + shift < at:
        label = "opened here" if text[opened.index + shift] in "[{\"'" else "began here"
        related = ((label, (), Part.VALUE, (opened.index + shift, opened.index + shift + 1)),)
    return Flaw("invalid-yaml", span, {"expected": expected, "found": found}, related=related)


def _name(character: str) -> str:
    if character in "\r\n":
        return "a line break"
    return f"`{character}`" if character.isascii() and character.isprintable() else f"U+{ord(character):04X}"
