"""Suppression comments in YAML (``# reqlint: ignore[rule] reason``), and what is wrong with them."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping

from reqlint.core.findings import Edit, Finding, Fix, Hit, Part, Suppression
from reqlint.core.pointer import Place, from_pointer
from reqlint.core.records import dataclass, field, replace
from reqlint.display.credentials import shorten
from reqlint.text.documents import Document
from reqlint.text.lines import Lines

# A comment ends where PyYAML starts a line: at any line end of YAML 1.1, of which \n is only one.
_COMMENT = re.compile(r"(?:^|(?<=\s))#[ \t]*reqlint:[ \t]*(?P<directive>[^\n\r\x85\u2028\u2029]*)", re.M)
_IGNORE = re.compile(r"ignore[ \t]*\[(?P<rules>[^\]]*)\][ \t]*(?P<reason>.*)")


@dataclass(slots=True)
class Comment:
    """A comment that silences rules on a line, and below a key on that line."""

    span: tuple[int, int]
    line: int  #: the line it is about, from 1
    alone: bool  #: whether it stands on a line of its own, above the one it is about
    rules: Mapping[str, frozenset[str]]  #: by rule or group name as written: the ids it stands for
    reason: str
    used: set[str] = field(default_factory=set)  #: names that silenced a finding
    document: int = 0


class SuppressionComments:
    """
    The suppression comments of a YAML text.

    Args:
        text: the whole text of the source.
        named: rule ids by the rule or group name that stands for them.
    """

    def __init__(self, text: str, named: Mapping[str, frozenset[str]]) -> None:
        self._lines = Lines(text, 1)
        self._at: dict[int, list[Comment]] = {}
        self.flaws: list[Hit] = []
        self._named = named
        self._unknown: dict[str, str] = {}  # sentences about names that stand for nothing
        self._below: int | None = 0  # the line that the last comment was above; None at the end of the text
        self._covering: dict[int, tuple[_ByRule, _ByRule]] = {}  # by line, filled on demand
        for match in _comments(text):
            self._take(match, text)

    def _take(self, match: "re.Match[str]", text: str) -> None:
        start, end = match.start(), match.start() + len(match[0].rstrip())
        region = self._lines.region((start, end))
        directive = _IGNORE.match(match["directive"])
        if directive is None:
            facts = {"found": "no ignore[rule] follows"}
            self.flaws.append(Hit(rule="malformed-suppression", facts=facts, region=region))
            return
        rules: dict[str, frozenset[str]] = {}
        for name in filter(None, (each.strip() for each in directive["rules"].split(","))):
            if name in self._named:
                rules[name] = self._named[name]
            else:
                facts = {"found": self._unknown_rule(name)}
                self.flaws.append(Hit(rule="malformed-suppression", facts=facts, region=region))
        if not directive["rules"].strip():
            facts = {"found": "brackets without a rule"}
            self.flaws.append(Hit(rule="malformed-suppression", facts=facts, region=region))
        if rules and not directive["reason"].strip():
            self.flaws.append(Hit(rule="unexplained-suppression", facts={"rules": [*rules]}, region=region))
        alone = _is_alone(text, start)
        if alone and self._below is not None and self._below <= region.line:
            self._below = _below(text, start, region.line)
        line = (self._below or region.line) if alone else region.line
        comment = Comment((start, end), line, alone, rules, directive["reason"].strip())
        self._at.setdefault(line, []).append(comment)

    def _unknown_rule(self, name: str) -> str:
        """Return a sentence that *name* is no rule; only the first ones have a suggestion, which is slow to find."""
        if name not in self._unknown:
            from reqlint.core.errors import UnknownRule

            shown = shorten(name, _LONG, _LONG)
            suggest = len(self._unknown) < _MOST_SUGGESTIONS
            self._unknown[name] = str(UnknownRule(shown, self._named)) if suggest else f'no rule "{shown}"'
        return self._unknown[name]

    def __bool__(self) -> bool:
        return bool(self._at or self.flaws)

    def silence(self, finding: Finding, document: Document) -> Finding:
        """Return *finding*, marked as suppressed if a comment covers its line or a key or item that it is inside of."""
        if finding.region is None or not self._at:
            return finding
        found = self._covers(finding.region.line, finding.rule, item=False)
        for line, item in () if found else _lines_above(finding, document):
            if found := self._covers(line, finding.rule, item=item):
                break
        if not found:
            return finding
        comment, name = found
        comment.used.add(name)
        return replace(finding, suppressed=True, suppression=Suppression("inSource", comment.reason))

    def _covers(self, line: int, rule: str, *, item: bool) -> tuple[Comment, str] | None:
        """Return the first comment for *rule* on *line* and the name used there; for an *item*, only one above it."""
        if line not in self._at:
            return None
        if line not in self._covering:
            every: _ByRule = {}
            above: _ByRule = {}
            for comment in self._at[line]:
                for name, rules in comment.rules.items():
                    for each in rules:
                        every.setdefault(each, (comment, name))
                        if comment.alone:
                            above.setdefault(each, (comment, name))
            self._covering[line] = every, above
        return self._covering[line][item].get(rule)

    def unused(self, on: Collection[str]) -> Iterator[tuple[Hit, Fix]]:
        """Yield a hit for each name that silenced nothing although one of its rules is among those that are *on*."""
        for comment in (each for line in sorted(self._at) for each in self._at[line]):
            names = [
                name for name, rules in comment.rules.items() if name not in comment.used and not rules.isdisjoint(on)
            ]
            for name in names:
                hit = Hit(rule="unused-suppression", facts={"name": name}, region=self._lines.region(comment.span))
                yield hit, self._without(comment, names)

    def _without(self, comment: Comment, names: Collection[str]) -> Fix:
        """Return the edit that removes *names* from a comment, and the whole comment when none is left."""
        start, end = comment.span
        text = self._lines.text
        kept = [name for name in comment.rules if name not in names]
        if kept:
            written = f"# reqlint: ignore[{', '.join(kept)}] {comment.reason}".rstrip()
            return Fix("remove the name", True, (Edit(self._lines.region((start, end)), written),))
        begin = text.rfind("\n", 0, start) + 1
        after = text.find("\n", end)
        if comment.alone and not text[end : after if after >= 0 else len(text)].strip(
            " \t\r"
        ):  # remove its line as well
            span = (begin, after + 1) if after >= 0 else (begin, len(text))
        else:
            span = (begin + len(text[begin:start].rstrip(" \t")), end)
        return Fix("remove the comment", True, (Edit(self._lines.region(span), ""),))


_ByRule = dict[str, tuple[Comment, str]]
"""By rule id: the first comment for it, and the name used there."""

_MOST_SUGGESTIONS = 100
_LONG = 80


def _is_alone(text: str, at: int) -> bool:
    while at and text[at - 1] in " \t\r\ufeff":
        at -= 1
    return not at or text[at - 1] == "\n"


def _below(text: str, at: int, line: int) -> int | None:
    """Return the next line below *line* that is neither blank nor a comment; *at* is an offset on *line*."""
    end = text.find("\n", at)
    while end >= 0:
        begin, line = end + 1, line + 1
        end = text.find("\n", begin)
        written = text[begin : end if end >= 0 else len(text)].strip()
        if written and not written.startswith("#") and written != "---":
            return line
    return None


def _lines_above(finding: Finding, document: Document) -> Iterator[tuple[int, bool]]:
    """Yield the lines of the keys and items that a finding is inside of, innermost first, and whether it is an item."""
    try:
        place = from_pointer(finding.pointer, document.value)
    except LookupError:
        return
    wanted: list[tuple[Place, Part]] = [
        (place[:end], Part.KEY if isinstance(place[end - 1], str) else Part.VALUE) for end in range(len(place), 0, -1)
    ]
    regions = document.locate(wanted)
    for at in wanted:
        if at in regions:
            yield regions[at].line, at[1] is Part.VALUE


def _comments(text: str) -> Iterator["re.Match[str]"]:
    """Yield matches of suppressions that stand in a comment, not inside a value."""
    found = list(_COMMENT.finditer(text))
    if not found:
        return
    from reqlint.text.yaml.reader import scalar_spans

    spans = scalar_spans(text)
    starts = [start for start, _ in spans]
    block: tuple[int, int, int] = (-1, 0, 0)
    for match in found:
        at = match.start()
        number = bisect_right(starts, at) - 1
        if number >= 0 and at < spans[number][1]:
            if text[starts[number]] not in "|>":
                continue
            if block[0] != number:
                block = (number, *_block(text, *spans[number]))
            _, header, indent = block
            # It may be on the line that opens a block scalar, or below its text rather than in it.
            if at >= header and not (_is_alone(text, at) and at - text.rfind("\n", 0, at) - 1 < indent):
                continue
        yield match


def _block(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offset where the header of a block scalar ends, and the indentation of its first line."""
    header = text.find("\n", start, end)
    first = _FIRST.search(text, header, end) if header >= 0 else None
    return header if header >= 0 else end, len(first[1]) if first else 0


_FIRST = re.compile(r"^( *)[^ \t\r\n]", re.M)
