"""Findings that do not count, and why: comments in YAML, entries of the configuration, and what is wrong with them."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from reqlint.documents import Document, Lines
from reqlint.findings import Edit, Finding, Fix, Hit, Part, Region, Suppression
from reqlint.globs import takes_pointer
from reqlint.pointer import Place, from_pointer

_COMMENT = re.compile(r"(?:^|(?<=\s))#[ \t]*reqlint:[ \t]*(?P<said>[^\n\r]*)", re.M)
_IGNORE = re.compile(r"ignore[ \t]*\[(?P<rules>[^\]]*)\][ \t]*(?P<reason>.*)")

_MOST_SUGGESTIONS = 100


@dataclass(slots=True)
class Comment:
    """A comment that silences rules for what stands on a line, or below a key on it."""

    span: tuple[int, int]
    line: int  #: the line it speaks of, from 1
    alone: bool  #: whether it has a line of its own, above the one it speaks of
    rules: Mapping[str, frozenset[str]]  #: each name as it is written, and the rules that it stands for
    reason: str
    used: set[str] = field(default_factory=set)  #: names that silenced something
    document: int = 0


class Comments:
    """
    The suppressions of a YAML text.

    Args:
        text: the whole text of the source.
        named: gives the rules that a name stands for; raises `LookupError` when there is none.
    """

    def __init__(self, text: str, named: "Mapping[str, frozenset[str]]") -> None:
        self._lines = Lines(text, 1)
        self._at: dict[int, list[Comment]] = {}
        self.flaws: list[Hit] = []
        self._named = named
        self._gap = (0, 0, 0)  # from a comment to the line that it speaks of, as offsets, and the number of that line
        self._said: dict[str, str] = {}  # of names that are no rule's
        for match in _comments(text):
            self._take(match, text)

    def _take(self, match: "re.Match[str]", text: str) -> None:
        start, end = match.start(), match.start() + len(match[0].rstrip())
        region = self._lines.region((start, end))
        said = _IGNORE.match(match["said"])
        if said is None:
            facts = {"found": "no ignore[rule] follows"}
            self.flaws.append(Hit(rule="malformed-suppression", facts=facts, region=region))
            return
        rules: dict[str, frozenset[str]] = {}
        for name in filter(None, (each.strip() for each in said["rules"].split(","))):
            if name in self._named:
                rules[name] = self._named[name]
            else:
                facts = {"found": self._unknown(name)}
                self.flaws.append(Hit(rule="malformed-suppression", facts=facts, region=region))
        if not said["rules"].strip():
            facts = {"found": "brackets without a rule"}
            self.flaws.append(Hit(rule="malformed-suppression", facts=facts, region=region))
        if rules and not said["reason"].strip():
            self.flaws.append(Hit(rule="unexplained-suppression", facts={"rules": [*rules]}, region=region))
        begin = text.rfind("\n", 0, start) + 1
        alone = not text[begin:start].strip()
        line = self._below(text, start, region.line) if alone else region.line
        comment = Comment((start, end), line, alone, rules, said["reason"].strip())
        self._at.setdefault(line, []).append(comment)

    def _below(self, text: str, at: int, line: int) -> int:
        """Give the next line below a comment on a line of its own that is no comment and not blank; else its own."""
        begin, end, below = self._gap
        if not begin <= at < end:  # comments one below the other speak of the same line
            end = text.find("\n", at) + 1
            below = line
            while end:
                below += 1
                after = text.find("\n", end)
                here = text[end : after if after >= 0 else len(text)]
                if here.strip() and not here.lstrip().startswith("#") and here.rstrip() != "---":
                    break
                end = after + 1
            self._gap = (at, end, below) if end else (at, len(text), 0)
        return self._gap[2] or line

    def _unknown(self, name: str) -> str:
        from reqlint.errors import UnknownRule

        if name not in self._said:
            known = self._named if len(self._said) < _MOST_SUGGESTIONS else ()  # each takes a while to find
            self._said[name] = str(UnknownRule(name, known))
        return self._said[name]

    def __bool__(self) -> bool:
        return bool(self._at or self.flaws)

    def silence(self, finding: Finding, document: Document) -> Finding:
        """Give *finding* as it is, or marked with the comment that covers it: on its line, or at a key it is under."""
        if finding.region is None:
            return finding
        for comment in self._at.get(finding.region.line, ()):
            if covered := self._covers(comment, finding):
                return covered
        for line, item in _lines_above(finding, document):
            for comment in self._at.get(line, ()):
                if (comment.alone or not item) and (covered := self._covers(comment, finding)):
                    return covered
        return finding

    @staticmethod
    def _covers(comment: Comment, finding: Finding) -> Finding | None:
        for name, rules in comment.rules.items():
            if finding.rule in rules:
                comment.used.add(name)
                reason = comment.reason
                return replace(finding, suppressed=True, suppression=Suppression("inSource", reason))
        return None

    def unused(self, on: Collection[str]) -> Iterator[tuple[Hit, Fix]]:
        """Say which names silenced nothing although a rule of theirs is among those that are *on*."""
        for comment in (each for line in sorted(self._at) for each in self._at[line]):
            names = [
                name for name, rules in comment.rules.items() if name not in comment.used and not rules.isdisjoint(on)
            ]
            for name in names:
                hit = Hit(rule="unused-suppression", facts={"name": name}, region=self._lines.region(comment.span))
                yield hit, self._without(comment, names)

    def _without(self, comment: Comment, names: Collection[str]) -> Fix:
        """Give the edit that takes *names* out of a comment, and with the last of them the comment."""
        start, end = comment.span
        text = self._lines.text
        kept = [name for name in comment.rules if name not in names]
        if kept:
            written = f"# reqlint: ignore[{', '.join(kept)}] {comment.reason}".rstrip()
            return Fix("take the name out", True, (Edit(self._lines.region((start, end)), written),))
        begin = text.rfind("\n", 0, start) + 1
        if comment.alone:  # its line goes with it
            after = text.find("\n", end)
            span = (begin, after + 1) if after >= 0 else (begin, len(text))
        else:
            span = (begin + len(text[begin:start].rstrip(" \t")), end)
        return Fix("take the comment out", True, (Edit(self._lines.region(span), ""),))


def _lines_above(finding: Finding, document: Document) -> Iterator[tuple[int, bool]]:
    """Give the lines of the keys and items that a finding is under, the nearest first, and whether it is an item."""
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
    """Find what is written like a suppression and stands in a comment, not inside a value."""
    found = list(_COMMENT.finditer(text))
    if not found:
        return
    from reqlint._yaml import scalar_spans

    spans = scalar_spans(text)
    starts = [start for start, _ in spans]
    for match in found:
        number = bisect_right(starts, match.start()) - 1
        if number < 0 or match.start() >= spans[number][1] or _beside_block(text, spans[number], match.start()):
            yield match


def _beside_block(text: str, span: tuple[int, int], at: int) -> bool:
    """Tell whether a comment is on the line that opens a block scalar, or below its text rather than in it."""
    if text[span[0]] not in "|>":
        return False
    header, _, body = text[span[0] : span[1]].partition("\n")
    if at < span[0] + len(header):
        return True
    first = next((line for line in body.split("\n") if line.strip()), "")
    begin = text.rfind("\n", 0, at) + 1
    return not text[begin:at].strip() and at - begin < len(first) - len(first.lstrip(" "))


# ------------------------------------------------------------------------------------------------- the configuration


class Ignore(NamedTuple):
    """An entry ``[[ignore]]`` of the configuration."""

    files: tuple[str, ...]
    pointer: str | None
    custom_id: str | None
    rules: Mapping[str, frozenset[str]]  #: each name as it is written, and the rules that it stands for
    reason: str
    expires: str | None  #: the last day on which it holds, ISO
    region: Region | None  #: where the configuration says so

    def covers(self, finding: Finding) -> str | None:
        """Give the name under which a finding in one of its files is meant; None when it is not."""
        if self.pointer is not None and not takes_pointer(self.pointer, finding.pointer):
            return None
        if self.custom_id is not None and self.custom_id != finding.custom_id:
            return None
        return next((name for name, rules in self.rules.items() if finding.rule in rules), None)


class Expect(NamedTuple):
    """An entry ``[[expect]]`` of the configuration."""

    files: tuple[str, ...]
    rules: Mapping[str, frozenset[str]]  #: each name as it is written, and the rules that it stands for
    reason: str
    region: Region | None


def suppressed(finding: Finding, reason: str) -> Finding:
    """Give *finding* marked as one that the configuration silences."""
    return replace(finding, suppressed=True, suppression=Suppression("external", reason))
