"""What holds of every text and every report, whatever is in them; each law raises `Broken` where it does not."""

import json
import xml.etree.ElementTree as ElementTree
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from math import isinf, isnan
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

from reqlint import Finding, Linter, Report
from reqlint.core.findings import Part, Region
from reqlint.core.pointer import Place, value_at
from reqlint.fixes.apply import apply_fixes, discard
from reqlint.fixes.splices import apply_splices
from reqlint.knowledge.custom_folders import NO_CUSTOM, CustomFolders
from reqlint.knowledge.rule import all_rules
from reqlint.project import baseline as baselines
from reqlint.reporters import FORMATS, reporter
from reqlint.reporters.rendering import Rendering
from reqlint.text.documents import YamlDocument, read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form, detect_form
from reqlint.text.sources import Source

MOST_PLACES = 30  #: places of one document that are looked up


class Broken(AssertionError):
    """A law does not hold."""


def hold(holds: object, law: str, *facts: object) -> None:
    """Raise `Broken` unless it *holds*."""
    if not holds:
        raise Broken(": ".join([law, *(repr(fact)[:300] for fact in facts)]))


def alike(one: object, other: object) -> bool:
    """Tell whether two JSON values are the same, NaN being itself."""
    if isinstance(one, float) and isinstance(other, float):
        return one == other or (isnan(one) and isnan(other))
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(value, other[key]) for key, value in one.items())
    return type(one) is type(other) and one == other


def is_finite(value: object) -> bool:
    """Tell whether no number in a JSON value is infinite or none."""
    if isinstance(value, float):
        return not (isinf(value) or isnan(value))
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(is_finite(each) for each in inside)


def told(findings: Iterable[Finding]) -> list[tuple[str, ...]]:
    """Give what two ways of judging must agree on."""
    return [(f.rule, f.severity, f.pointer, f.part, f.message) for f in findings]


# ---------------------------------------------------------------------------------------------------------- documents


def places(value: object, place: Place = ()) -> Iterator[Place]:
    """Give every place in *value*, outer ones first."""
    level: list[tuple[Place, object]] = [(place, value)]
    for at, inner in level:
        yield at
        if isinstance(inner, dict):
            level += [((*at, key), each) for key, each in inner.items()]
        elif isinstance(inner, list):
            level += [((*at, i), each) for i, each in enumerate(inner)]


def regions_hold_values(source: Source) -> None:
    """Hold that in every JSON document the text of a region, read alone, is the value at its place."""
    for document in read_documents(source):
        if document.value is UNREADABLE:
            hold(document.flaws, "what cannot be read says why")
            continue
        some = [at for at, _ in zip(places(document.value), range(MOST_PLACES), strict=False)]
        located = document.locate([(at, part) for at in some for part in Part])
        for (at, part), region in located.items():
            hold(0 <= region.start <= region.end <= len(document.text), "a region is in its text", at, region)
            if isinstance(document, YamlDocument):
                continue  # a part of YAML cannot be read alone
            read = json.loads(document.text_at(region))
            meant = at[-1] if part is Part.KEY else value_at(document.value, at)
            hold(alike(read, meant), "a region holds its value", at, part, read, meant)
        missing = [at for at in some if (at, Part.VALUE) not in located]
        hold(not missing, "every place has a region", missing)


# ------------------------------------------------------------------------------------------------------------ reports


def sound(report: Report, source: Source, form: Form | None = None, own: CustomFolders = NO_CUSTOM) -> None:
    """Hold what every report promises: regions in the text, columns that fit offsets, every format written and read."""
    rules = all_rules(own)
    texts = _Texts(source, form or detect_form(source))
    for finding in report:
        hold(finding.rule in rules, "a finding is of a rule", finding.rule)
        hold(finding.message and "\n" not in finding.message, "a message is one line", finding.message)
        hold(finding.message.replace("\u3000", " ").isprintable(), "a message has nothing that acts", finding.message)
        for region in _regions(finding):
            texts.hold(region, finding)
    written = crc32(source.read())  # one format an input; over many inputs that is all of them
    rendered(report, source, [list(FORMATS)[written % len(FORMATS)]])


def _regions(finding: Finding) -> Iterator[Region]:
    if finding.region:
        yield finding.region
    if finding.fix:
        yield from (edit.region for edit in finding.fix.edits)


class _Texts:
    """Works out lines and columns another way: from the offsets, for the whole text or a line of it."""

    def __init__(self, source: Source, form: Form) -> None:
        self._text = source.read().decode("utf-8", "replace")
        self._ends = [i for i, character in enumerate(self._text) if character == "\n"]
        self._lines = self._text.split("\n")
        self._is_lines = form is Form.JSONL

    def hold(self, region: Region, finding: Finding) -> None:
        law = "a region's lines and columns are those of its offsets"
        ends = ((region.start, region.line, region.column), (region.end, region.end_line, region.end_column))
        for offset, line, column in ends:
            hold(1 <= line <= len(self._lines), law, finding, line)
            hold(1 <= column <= len(self._lines[line - 1]) + 1, law, finding, column)
            if self._is_lines:
                hold(offset == column - 1, law, finding, offset, column)
            else:
                number = bisect_right(self._ends, offset - 1)
                start = self._ends[number - 1] + 1 if number else 0
                hold((line, column) == (number + 1, offset - start + 1), law, finding, offset, line, column)


def rendered(report: Report, source: Source, formats: Iterable[str] = tuple(FORMATS)) -> dict[str, str]:
    """Write *report* in *formats*, and read back what programs read."""
    written = {}
    for name in formats:
        pieces: list[str] = []
        color = name == "human" and len(report) % 2 == 1
        rendering = Rendering(lines=lambda _, wanted: source.lines(wanted), show_values=True, color=color)
        reporter(name)(report, rendering, pieces.append)
        text = written[name] = "".join(pieces)
        text.encode()  # what cannot be written to a file in UTF-8 is lost
        if name in ("json", "sarif", "gitlab", "rdjson"):
            json.loads(text, parse_constant=_refuse)
        elif name in ("jsonl", "rdjsonl"):
            for line in text.splitlines():
                json.loads(line, parse_constant=_refuse)
        elif name == "junit":
            ElementTree.fromstring(text)  # noqa: S314 - our own
        else:
            shown = text.replace("\x1b[", "") if color else text
            acting = [each for each in shown if not each.isprintable() and each not in "\n\u3000\xa0"]
            hold(not acting, f"{name} has nothing that acts", acting[:5])
    return written


def _refuse(constant: str) -> None:
    raise Broken(f"{constant} is not JSON")


# ---------------------------------------------------------------------------------------------------- fixes, accepting


def fixes_keep_the_rest(report: Report, source: Source, form: Form) -> None:
    """Hold that a fix changes nothing outside its edits, that the text is read as before, and says what it says."""
    data = source.read()
    lines = data.split(b"\n")
    for finding in report:
        if finding.fix is None:
            continue
        edits = [(edit.region.start, edit.region.end, edit.replacement) for edit in finding.fix.edits]
        hold(all(one[1] <= other[0] for one, other in pairwise(edits)), "edits are in order", edits)
        text = (lines[finding.document] if form is Form.JSONL else data).decode()
        after = apply_splices(text, edits)
        at = 0
        for start, end, _ in edits:
            hold(text[at:start] in after, "what is outside the edits is kept", finding)
            at = end
        before, values = _values(text, form), _values(after, form)
        hold(UNREADABLE in before or UNREADABLE not in values, "a fixed text can be read", finding)


def _values(text: str, form: Form) -> list[object]:
    return [
        each.value
        for each in read_documents(Source("", None, text.encode()), Form.JSON if form is Form.JSONL else form)
    ]


def fixing_ends(source: Source, check: Callable[[Source], Report], *, unsafe: bool = True) -> None:
    """Hold that fixing makes no error that was not there, and that fixing what was fixed changes nothing."""
    repair = apply_fixes(source, check, unsafe=unsafe)
    try:
        if repair.source is source:
            return
        again = apply_fixes(repair.source, check, unsafe=unsafe)
        try:
            stays = again.source is repair.source or again.source.read() == repair.source.read()
            banned = {(finding.rule, finding.pointer) for finding in repair.reverted}
            more = [f for f in again.fixed if (f.rule, f.pointer) not in banned]
            hold(
                stays or not more or repair.reverted,
                "fixing twice is fixing once",
                told(again.fixed),
                repair.source.read(),
            )
        finally:
            discard(again, repair.source)
        before = {(f.rule, f.pointer) for f in repair.found if f.severity == "error"}
        new = [f for f in repair.left if f.severity == "error" and (f.rule, f.pointer) not in before]
        hold(not new, "fixing makes no error", told(new))
    finally:
        discard(repair, source)


def a_baseline_silences_its_run(report: Report) -> None:
    """Hold that a baseline made of a run accepts all of that run, is read as it was written, and has nothing stale."""
    with TemporaryDirectory() as folder:
        made = baselines.Baseline(Path(folder, "baseline.json"))
        made = baselines.Baseline(made.path, tuple(made.entry(finding) for finding in report))
        made.write()
        read = baselines.read_baseline(made.path)
    hold(sorted(set(made.entries)) == list(read.entries), "a baseline is read as it was written")
    accepting = baselines.BaselineMatcher(read)
    left = [finding for finding in report if not accepting.mark(finding).suppressed]
    hold(not left, "a baseline of a run accepts all of it", told(left))
    hold(not accepting.stale(lambda *_: True), "a baseline of a run has nothing stale")


# ------------------------------------------------------------------------------------------------------------ requests


def text_and_value_agree(linter: Linter, request: dict[str, Any]) -> None:
    """Hold that judging a request and judging its text say the same."""
    text = json.dumps(request)
    value = json.loads(text)
    report = linter.check_text(text, "request.json", kind="request")
    expected = linter.check(value)
    # A key with half a surrogate pair is another in the text, and a string may have several; both are told once.
    one, other = (
        {(f.rule, f.severity, f.pointer if f.rule != "lone-surrogate" else "") for f in each}
        for each in (report, expected)
    )
    hold(all(f.region for f in report), "what is found in a text has a place in it", told(report))
    hold(one == other, "a request and its text have the same findings", one - other, other - one)
    sound(report, Source("request.json", None, text.encode()))
