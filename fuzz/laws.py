"""The laws that hold for every text and every report; a function raises `Broken` if its law does not hold."""

import json
import xml.etree.ElementTree as ElementTree
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from math import isinf, isnan
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from zlib import crc32

from reqlint import Finding, Linter, Report
from reqlint.core.findings import Part, Region
from reqlint.core.pointer import Place, value_at
from reqlint.fixes.apply import apply_fixes, discard
from reqlint.fixes.splices import apply_splices
from reqlint.knowledge.catalog import Catalog, shipped
from reqlint.project import baseline as baselines
from reqlint.reporters import FORMATS, reporter
from reqlint.reporters.rendering import Rendering
from reqlint.text.documents import YamlDocument, read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form, detect_form
from reqlint.text.sources import Source

MAX_PLACES = 30  #: places that are checked in one document


class Broken(AssertionError):
    """A law does not hold."""


def require(condition: object, law: str, *facts: object) -> None:
    """Raise `Broken`, with the *law* and the *facts*, unless *condition* is true."""
    if not condition:
        raise Broken(": ".join([law, *(repr(fact)[:300] for fact in facts)]))


def alike(one: object, other: object) -> bool:
    """Return whether two JSON values are the same; NaN is the same as NaN, and 1 is not 1.0."""
    if isinstance(one, float) and isinstance(other, float):
        return one == other or (isnan(one) and isnan(other))
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(value, other[key]) for key, value in one.items())
    return type(one) is type(other) and one == other


def is_finite(value: object) -> bool:
    """Return whether a JSON value has no infinite number and no NaN."""
    if isinstance(value, float):
        return not (isinf(value) or isnan(value))
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(is_finite(each) for each in inside)


def comparable(findings: Iterable[Finding]) -> list[tuple[str, ...]]:
    """Return the parts of findings on which two ways of judging must agree."""
    return [(f.rule, f.severity, f.pointer, f.part, f.message) for f in findings]


# ---------------------------------------------------------------------------------------------------------- documents


def places(value: object, place: Place = ()) -> Iterator[Place]:
    """Yield every place in *value*, outer ones first."""
    level: list[tuple[Place, object]] = [(place, value)]
    for at, inner in level:
        yield at
        if isinstance(inner, dict):
            level += [((*at, key), each) for key, each in inner.items()]
        elif isinstance(inner, list):
            level += [((*at, i), each) for i, each in enumerate(inner)]


def regions_hold_values(source: Source) -> None:
    """In every JSON document the text of a region, parsed alone, is the value at its place."""
    for document in read_documents(source):
        if document.value is UNREADABLE:
            require(document.flaws, "an unreadable document has a flaw")
            continue
        some = [at for at, _ in zip(places(document.value), range(MAX_PLACES), strict=False)]
        located = document.locate([(at, part) for at in some for part in Part])
        for (at, part), region in located.items():
            require(0 <= region.start <= region.end <= len(document.text), "a region is in its text", at, region)
            if isinstance(document, YamlDocument):
                continue  # a part of YAML cannot be parsed alone
            if document.writes_verbatim:
                value = value_at(document.value, at)
                if isinstance(value, str | int) and at[-1] != "url":  # a URL may be put together from two places
                    require(document.text_at(region) == str(value), "a region holds its value", at, value)
                continue
            read = json.loads(document.text_at(region))
            meant = at[-1] if part is Part.KEY else value_at(document.value, at)
            require(alike(read, meant), "a region holds its value", at, part, read, meant)
        missing = [at for at in some if (at, Part.VALUE) not in located]
        require(not missing, "every place has a region", missing)


# ------------------------------------------------------------------------------------------------------------ reports


def report_is_sound(report: Report, source: Source, form: Form | None = None, catalog: Catalog | None = None) -> None:
    """Regions are in the text, columns fit offsets, messages are one line, and every format can be written and read."""
    rules = (catalog or shipped()).rules
    texts = _Texts(source, form or detect_form(source))
    for finding in report:
        require(finding.rule in rules, "a finding is of a rule", finding.rule)
        require(finding.message and "\n" not in finding.message, "a message is one line", finding.message)
        require(
            finding.message.replace("\u3000", " ").isprintable(), "a message has no control characters", finding.message
        )
        for region in _regions(finding):
            texts.check(region, finding)
    checksum = crc32(source.read())  # selects one format for an input, to save time
    render_and_parse(report, source, [list(FORMATS)[checksum % len(FORMATS)]])


def _regions(finding: Finding) -> Iterator[Region]:
    if finding.region:
        yield finding.region
    if finding.fix:
        yield from (edit.region for edit in finding.fix.edits)


class _Exchange(NamedTuple):
    text: str
    first_line: int


class _Texts:
    """Checks lines and columns against the offsets, which count from the start of the file, line or exchange."""

    def __init__(self, source: Source, form: Form) -> None:
        self._text = source.read().decode("utf-8", "replace")
        self._ends = [i for i, character in enumerate(self._text) if character == "\n"]
        self._lines = self._text.split("\n")
        self._is_lines = form is Form.JSONL
        self._exchanges = {}
        if form is Form.HTTPRR:
            self._exchanges = {each.index: _Exchange(each.text, each.first_line) for each in read_documents(source)}

    def check(self, region: Region, finding: Finding) -> None:
        law = "a region's lines and columns are those of its offsets"
        ends = ((region.start, region.line, region.column), (region.end, region.end_line, region.end_column))
        for offset, line, column in ends:
            require(1 <= line <= len(self._lines), law, finding, line)
            require(1 <= column <= len(self._lines[line - 1]) + 1, law, finding, column)
            if self._is_lines:
                require(offset == column - 1, law, finding, offset, column)
            elif self._exchanges:
                before = self._exchanges[finding.document].text[:offset]
                number = self._exchanges[finding.document].first_line + before.count("\n")
                require((line, column) == (number, offset - before.rfind("\n")), law, finding, offset, line, column)
            else:
                number = bisect_right(self._ends, offset - 1)
                start = self._ends[number - 1] + 1 if number else 0
                require((line, column) == (number + 1, offset - start + 1), law, finding, offset, line, column)


def render_and_parse(report: Report, source: Source, formats: Iterable[str] = tuple(FORMATS)) -> dict[str, str]:
    """Write *report* in *formats*, parse the formats that programs read, and return the texts."""
    written = {}
    for name in formats:
        pieces: list[str] = []
        color = name == "human" and len(report) % 2 == 1
        rendering = Rendering(lines=lambda _, wanted: source.lines(wanted), show_values=True, color=color)
        reporter(name)(report, rendering, pieces.append)
        text = written[name] = "".join(pieces)
        report_can_be_read(name, text, color=color)
    return written


def report_can_be_read(name: str, text: str, *, color: bool = False) -> None:
    """A report in the format *name* can be written to a file and read by programs; one for people is printable."""
    text.encode()  # raises if the text cannot be written to a file in UTF-8
    if name in ("json", "sarif", "gitlab", "rdjson"):
        json.loads(text, parse_constant=_refuse)
    elif name in ("jsonl", "rdjsonl"):
        for line in text.splitlines():
            json.loads(line, parse_constant=_refuse)
    elif name == "junit":
        ElementTree.fromstring(text)  # noqa: S314 - reqlint wrote it
    else:
        shown = text.replace("\x1b[", "") if color else text
        controls = [char for char in shown if not char.isprintable() and char not in "\n\u3000\xa0"]
        require(not controls, f"{name} has no control characters", controls[:5])


def _refuse(constant: str) -> None:
    raise Broken(f"{constant} is not JSON")


# ---------------------------------------------------------------------------------------------------- fixes, accepting


def fixes_keep_the_rest(report: Report, source: Source, form: Form) -> None:
    """A fix changes nothing outside its edits, and a text that could be read before can be read afterwards."""
    data = source.read()
    lines = data.split(b"\n")
    for finding in report:
        if finding.fix is None:
            continue
        edits = [(edit.region.start, edit.region.end, edit.replacement) for edit in finding.fix.edits]
        require(all(one[1] <= other[0] for one, other in pairwise(edits)), "edits are in order", edits)
        text = (lines[finding.document] if form is Form.JSONL else data).decode()
        after = apply_splices(text, edits)
        at = 0
        for start, end, _ in edits:
            require(text[at:start] in after, "text outside the edits is kept", finding)
            at = end
        before, values = _values(text, form), _values(after, form)
        require(UNREADABLE in before or UNREADABLE not in values, "a fixed text can be read", finding)


def _values(text: str, form: Form) -> list[object]:
    return [
        document.value
        for document in read_documents(Source("", None, text.encode()), Form.JSON if form is Form.JSONL else form)
    ]


def fixing_ends(source: Source, check: Callable[[Source], Report], *, unsafe: bool = True) -> None:
    """Fixing adds no error, and fixing the fixed text again changes nothing."""
    repair = apply_fixes(source, check, unsafe=unsafe)
    try:
        if repair.source is source:
            return
        again = apply_fixes(repair.source, check, unsafe=unsafe)
        try:
            stays = again.source is repair.source or again.source.read() == repair.source.read()
            banned = {(finding.rule, finding.pointer) for finding in repair.reverted}
            more = [f for f in again.fixed if (f.rule, f.pointer) not in banned]
            require(
                stays or not more or repair.reverted,
                "fixing twice is fixing once",
                comparable(again.fixed),
                repair.source.read(),
            )
        finally:
            discard(again, repair.source)
        before = {(f.rule, f.pointer) for f in repair.found if f.severity == "error"}
        new = [f for f in repair.left if f.severity == "error" and (f.rule, f.pointer) not in before]
        require(not new, "fixing makes no error", comparable(new))
    finally:
        discard(repair, source)


def promises_are_kept(source: Source, check: Callable[[Source], Report], *, unsafe: bool) -> None:
    """Every finding with a fix is fixed, no fix is taken back, and documents without one stay as they are."""
    repair = apply_fixes(source, check, unsafe=unsafe)
    try:
        promised = {
            (f.document, f.rule, f.pointer)
            for f in repair.found
            if f.fix and not f.suppressed and (unsafe or f.fix.safe)
        }
        made = {(f.document, f.rule, f.pointer) for f in (*repair.fixed, *repair.reverted)}
        require(promised <= made, "what check promises is fixed", sorted(promised - made))
        require(not repair.reverted, "no fix is taken back", comparable(repair.reverted))
        edited = {f.document for f in repair.fixed}
        before, after = (
            {document.index: document.value for document in read_documents(each)} for each in (source, repair.source)
        )
        require(before.keys() == after.keys(), "fixing makes and loses no document", before.keys() ^ after.keys())
        for index, value in before.items():
            require(index in edited or alike(value, after[index]), "a document without a fix stays", index)
    finally:
        discard(repair, source)


def a_baseline_silences_its_run(report: Report) -> None:
    """A baseline made from a run accepts all its findings, is read as it was written, and has no stale entries."""
    with TemporaryDirectory() as folder:
        made = baselines.Baseline(Path(folder, "baseline.json"))
        made = baselines.Baseline(made.path, tuple(made.entry(finding) for finding in report))
        made.write()
        read = baselines.read_baseline(made.path)
    require(sorted(set(made.entries)) == list(read.entries), "a baseline is read as it was written")
    matcher = baselines.BaselineMatcher(read)
    left = [finding for finding in report if not matcher.mark(finding).suppressed]
    require(not left, "a baseline of a run accepts all of it", comparable(left))
    require(not matcher.stale(lambda *_: True), "a baseline of a run has no stale entries")


# ------------------------------------------------------------------------------------------------------------ requests


def text_and_value_agree(linter: Linter, request: dict[str, Any]) -> None:
    """A request and its text have the same findings."""
    text = json.dumps(request)
    value = json.loads(text)
    report = linter.check_text(text, "request.json", kind="request")
    expected = linter.check(value)
    # The pointer of a lone surrogate differs between text and value, and a string may have several; they count once.
    one, other = (
        {(f.rule, f.severity, f.pointer if f.rule != "lone-surrogate" else "") for f in each}
        for each in (report, expected)
    )
    require(all(f.region for f in report), "a finding in a text has a region", comparable(report))
    require(one == other, "a request and its text have the same findings", one - other, other - one)
    report_is_sound(report, Source("request.json", None, text.encode()))
