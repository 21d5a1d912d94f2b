"""Judging tools by every API, and telling once what many of them say."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from reqlint.containers.envelope import Envelope, Kind
from reqlint.containers.finder import find_requests
from reqlint.core.findings import Finding, Hit, Part, Region, Severity
from reqlint.core.pointer import Place, to_pointer
from reqlint.core.records import dataclass, field, replace
from reqlint.dialects.registry import ToolList, dialect_of, is_schema, schemas_as_told
from reqlint.dialects.vocabulary import OfferedTool
from reqlint.judge.describe import Describer
from reqlint.judge.judge import Judge
from reqlint.run.compat.columns import Column
from reqlint.run.compat.sending import with_prefix
from reqlint.run.compat.table import TAKEN, Cell, CompatReport, Row, SharedFinding, ToolVerdict
from reqlint.run.compat.workers import Told, hits_of_columns
from reqlint.run.compat.writing import FoundTools
from reqlint.run.describe import describe_flaws, origin_of
from reqlint.run.judges import Judges
from reqlint.run.locate import locate_hits, to_document
from reqlint.run.scope import Scope
from reqlint.text.documents import Document, read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import detect_form
from reqlint.text.sources import PASSED_OVER, Source, why_unreadable

_STATUSES = ("measured", "documented", "observed", "disputed", "inferred")
"""From the firmest to the weakest."""
_VERDICTS = {"refused": ToolVerdict.REFUSED, "ignored": ToolVerdict.CHANGED, "altered": ToolVerdict.CHANGED}
"""By the effect of evidence; other effects leave a tool as it is."""
_JUDGED = frozenset({Kind.REQUEST, Kind.BATCH})
"""The kinds of envelope whose request is held against other APIs; what was recorded stays what it is."""


class _Found(NamedTuple):
    """Tools or a request in a document."""

    source: str
    document: Document
    envelope: Envelope


class _Said(NamedTuple):
    """A hit of one column."""

    column: Column
    hit: Hit


@dataclass(slots=True)
class _Group:
    """Tools that are offered together in one request; places begin with the number of what they were found in."""

    found: list[_Found] = field(default_factory=list)

    def listed(self, prefix: Callable[[str], str]) -> ToolList:
        """Return all tools as one list."""
        tools: list[OfferedTool] = []
        for number, each in enumerate(self.found):
            if each.envelope.tools is not None:
                sent = prefix(each.source)
                tools += (_moved(with_prefix(tool, sent), number) for tool in each.envelope.tools.tools)
        first = self.found[0].envelope.tools
        assert first is not None  # groups are of tools
        place = (0, *first.place) if len(self.found) == 1 else ()
        return ToolList(first.form, place, tuple(tools))


def _moved(tool: OfferedTool, number: int) -> OfferedTool:
    members = {key: ((number, *place), value) for key, (place, value) in tool.members.items()}
    return tool._replace(place=(number, *tool.place), members=members)


class Compat:
    """
    Judges the tools of sources by every column.

    Args:
        judges: of the settings that hold; which profile they name does not matter.
        columns: those to judge by.
        prefix: returns what a client puts before the names of a source's tools, by the source's name.
        together: whether all tools are offered in one request, as a client does with those of several servers.
        show_values: let messages show payload values.
        jobs: number of processes for long lists; None for the number of CPUs.
    """

    def __init__(
        self,
        judges: Judges,
        columns: Sequence[Column],
        *,
        prefix: Callable[[str], str] = lambda _: "",
        together: bool = False,
        show_values: bool = False,
        jobs: int | None = None,
    ) -> None:
        self._judges = judges
        self._columns = columns
        self._prefix = prefix
        self._together = together
        self._show_values = show_values
        self._jobs = jobs
        self._groups: list[_Group] = []
        self._requests: list[_Found] = []
        self._flaws: list[SharedFinding] = []
        self._skipped: list[tuple[str, str]] = []
        self._unread: list[tuple[str, str]] = []
        self._files = 0

    def read(self, source: Source, scope: Scope = Scope.NAMED, kind: Kind | None = None) -> None:
        """Find the tools and requests of a source; *kind* says what its documents hold, if they do not show it."""
        odd = why_unreadable(source)
        if odd in PASSED_OVER and scope is not Scope.NAMED:
            self._skipped.append((source.name, odd))
            return
        before = len(self._groups) + len(self._requests)
        try:
            for document in read_documents(source, detect_form(source)):
                if document.value is UNREADABLE:
                    self._tell_unreadable(source.name, document, scope)
                else:
                    self._find(source.name, document, scope, kind)
        except OSError as failed:
            self._unread.append((source.name, (failed.strerror or str(failed)).lower()))
            return
        if len(self._groups) + len(self._requests) > before:
            self._files += 1
        elif not any(name == source.name for name, _ in self._unread):
            self._skipped.append((source.name, "holds no tools and no request"))

    def _find(self, name: str, document: Document, scope: Scope, kind: Kind | None) -> None:
        envelopes = find_requests(document.value, kind, named=kind is not None)
        if not envelopes and kind is None and isinstance(document.value, dict) and is_schema(document.value):
            told = schemas_as_told(document.value)
            envelopes = (Envelope(Kind.SCHEMA, (), document.value, tools=told),)
        for envelope in envelopes:
            found = _Found(name, document, envelope)
            if envelope.tools is None:
                if envelope.kind in _JUDGED and envelope.inner is None and scope is Scope.NAMED:
                    self._requests.append(found)
            elif self._together and self._groups:
                self._groups[0].found.append(found)
            else:
                self._groups.append(_Group([found]))

    def _tell_unreadable(self, name: str, document: Document, scope: Scope) -> None:
        if scope is not Scope.NAMED:
            return
        judge = self._judges.default
        for finding in describe_flaws(judge, Describer(name, self._show_values), document):
            self._flaws.append(SharedFinding(finding, {}, {}))
        self._unread.append((name, "it cannot be read as JSON or YAML"))

    def found(self) -> Iterator[FoundTools]:
        """Yield the lists of tools that were found."""
        for group in self._groups:
            for each in group.found:
                assert each.envelope.tools is not None  # groups are of tools
                yield FoundTools(each.source, each.document, each.envelope.tools)

    @property
    def passed_over(self) -> Sequence[tuple[str, str]]:
        """The sources that hold neither tools nor a request, each with that said of it."""
        return self._skipped

    def unwritable(self) -> Iterator[tuple[str, str]]:
        """Yield the sources of what is no list of tools that can be written in another form, and why."""
        yield from self._unread
        yield from ((each.source, "it is a request, and only tools without one are written") for each in self._requests)
        for found in self.found():
            if found.listed.tools and found.listed.tools[0].is_schema:
                yield found.source, "it is a schema alone, without the name of a tool"
            elif found.document.flaws:
                yield found.source, "its text has flaws, which reqlint check shows"

    @property
    def work(self) -> int:
        """How much there is to judge: tools times columns."""
        tools = (each.envelope.tools for group in self._groups for each in group.found)
        return sum(len(listed.tools) for listed in tools if listed) * len(self._columns)

    def finish(self, told: Told = lambda _: None) -> CompatReport:
        """Judge what was found, and return the table; *told* hears again and again how much more of `work` is done."""
        rows: list[Row] = []
        findings: list[SharedFinding] = list(self._flaws)
        for group in self._groups:
            more, shared = _judge_group(group, self._columns, self._prefix, self._show_values, self._jobs, told)
            rows += more
            findings += shared
        for found in self._requests:
            row, shared = _judge_request(found, self._columns, self._show_values)
            rows.append(row)
            findings += shared
        order = {name: number for number, name in enumerate(dict.fromkeys(row.source for row in rows))}
        rows.sort(key=lambda row: (order[row.source], row.document))
        names = tuple(column.name for column in self._columns)
        return CompatReport(names, tuple(rows), tuple(findings), self._files, tuple(self._skipped), tuple(self._unread))


# -------------------------------------------------------------------------------------------------------- judging


def _judge_group(
    group: _Group, columns: Sequence[Column], prefix: Callable[[str], str], show: bool, jobs: int | None, told: Told
) -> tuple[list[Row], list[SharedFinding]]:
    listed = group.listed(prefix)
    hits = hits_of_columns(listed, columns, jobs, told=told)
    said: dict[int, list[_Said]] = {}  # by the number of what it is found in
    cells: dict[Place, dict[str, Cell]] = {tool.place: {} for tool in listed.tools}
    for column in columns:
        by_tool: dict[Place, list[Hit]] = {}
        for hit in hits[column.name]:
            concerned = _tools_of(hit, listed)
            for tool in concerned:
                by_tool.setdefault(tool.place, []).append(hit)
            at = hit if hit.place else replace(hit, place=concerned[0].place if concerned else (0,))
            number = at.place[0]
            assert isinstance(number, int)  # a group's places begin with it
            said.setdefault(number, []).append(_Said(column, _without_number(at)))
        for place, against in by_tool.items():
            cells[place][column.name] = cell_of(column.judge, against)
    rows: list[Row] = []
    findings: list[SharedFinding] = []
    for number, found in enumerate(group.found):
        tools = [tool for tool in listed.tools if tool.place[0] == number]
        regions = _regions(found.document, [tool.place[1:] for tool in tools])
        for tool in tools:
            of_tool = {column.name: cells[tool.place].get(column.name, TAKEN) for column in columns}
            name = None if tool.is_schema else _name_of(tool)
            place = tool.place[1:]
            rows.append(Row(name, found.source, found.document.index, to_pointer(place), regions.get(place), of_tool))
        findings += _told_once(found, said.get(number, ()), show)
    return rows, findings


def _judge_request(found: _Found, columns: Sequence[Column], show: bool) -> tuple[Row, list[SharedFinding]]:
    envelope = found.envelope
    dialect = dialect_of(envelope.value, envelope.url)
    said: list[_Said] = []
    cells: dict[str, Cell] = {}
    for column in columns:
        if column.dialect != dialect or not column.is_plain:
            continue
        verdict = column.judge.judge_sent(envelope.value, envelope.url, envelope.headers)
        hits = [to_document(hit, envelope.place) for hit in verdict.hits] if verdict else []
        cells[column.name] = cell_of(column.judge, hits)
        said += (_Said(column, hit) for hit in hits)
    region = _regions(found.document, [envelope.place]).get(envelope.place)
    row = Row(None, found.source, found.document.index, to_pointer(envelope.place), region, cells, is_request=True)
    return row, _told_once(found, said, show)


def _tools_of(hit: Hit, listed: ToolList) -> Sequence[OfferedTool]:
    """Return the tools that a hit is about: of one against their number those that are too many, else all."""
    tool = listed.tool_at(hit.place)
    if tool is not None and not (tool.place == hit.place and "most" in hit.facts):
        return (tool,)
    limit = hit.facts.get("limit", hit.facts.get("most"))
    return listed.tools[limit:] if isinstance(limit, int) and limit < len(listed.tools) else listed.tools


def _without_number(hit: Hit) -> Hit:
    """Return a hit with places of its document; those in others are left out."""
    number = hit.place[0]
    related = tuple(replace(link, place=link.place[1:]) for link in hit.related if link.place[:1] == (number,))
    return replace(hit, place=hit.place[1:], related=related)


def _name_of(tool: OfferedTool) -> str | None:
    name = tool.members["name"][1] if "name" in tool.members else None
    return name if isinstance(name, str) else None


def _regions(document: Document, places: Iterable[Place]) -> Mapping[Place, Region]:
    return {place: region for (place, _), region in document.locate((each, Part.VALUE) for each in places).items()}


# ------------------------------------------------------------------------------------------------------- verdicts


class _Weight(NamedTuple):
    """What a hit says of a tool."""

    verdict: ToolVerdict
    status: str
    is_certain: bool

    @property
    def rank(self) -> tuple[int, bool, int]:
        """Lowest for what counts most."""
        return (self.verdict is not ToolVerdict.REFUSED, not self.is_certain, _STATUSES.index(self.status))


def cell_of(judge: Judge, hits: Iterable[Hit]) -> Cell:
    """Return what the API of a judge does with a tool that has these hits."""
    weighed = [(weight, hit.rule) for hit in hits if (weight := _weight(judge, hit)) is not None]
    if not weighed:
        return TAKEN
    first, _ = min(weighed, key=lambda each: each[0].rank)
    rules = dict.fromkeys(rule for weight, rule in weighed if weight.verdict is first.verdict)
    return Cell(first.verdict, tuple(rules), first.status, first.is_certain)


def _weight(judge: Judge, hit: Hit) -> _Weight | None:
    """Return what a hit says of a tool; None if the API takes it all the same."""
    severity, evidence = judge.severity(hit), judge.evidence_of(hit)
    if severity is Severity.ERROR:
        return _Weight(ToolVerdict.REFUSED, evidence.status if evidence else "documented", True)
    if evidence is None or evidence.effect not in _VERDICTS:
        return None
    verdict = _VERDICTS[evidence.effect]
    if severity is not evidence.severity and verdict is ToolVerdict.REFUSED:
        # The place or the value is milder than the rule: it is documented otherwise, or was not tried.
        return None if judge.rules[hit.rule].subject == "shape" else _Weight(verdict, "inferred", False)
    return _Weight(verdict, evidence.status, verdict is ToolVerdict.CHANGED and evidence.status in _STATUSES[:3])


# ---------------------------------------------------------------------------------------------------- telling once


def _told_once(found: _Found, said: Sequence[_Said], show: bool) -> list[SharedFinding]:
    """Return the findings of a document, in the order of its text, each with all columns that it counts in."""
    together: dict[tuple[object, ...], list[_Said]] = {}
    for column, hit in said:
        together.setdefault((hit.rule, hit.place, hit.part, _told(hit)), []).append(_Said(column, hit))
    located = locate_hits(found.document, [(found.envelope, alike[0].hit) for alike in together.values()])
    describer = Describer(found.source, show)
    hashes: dict[tuple[str, Place], str] = {}
    findings = []
    for alike in together.values():
        severities = {column.name: _severity(column, hit) for column, hit in alike}
        gravest = min(alike, key=lambda one: severities[one.column.name].rank)
        judge, hit = gravest.column.judge, gravest.hit
        origin = origin_of(found.envelope, hit, found.document, located, hashes)
        verdicts = {
            column.name: weight.verdict if (weight := _weight(column.judge, hit)) else ToolVerdict.TAKEN
            for column, hit in alike
        }
        findings.append(SharedFinding(describer.finding(judge, hit, origin), severities, verdicts))
    findings.sort(key=lambda each: _start(each.finding))
    return findings


def _told(hit: Hit) -> str:
    """Return what tells a hit from another of its rule at its place."""
    facts = {key: value for key, value in hit.facts.items() if key != "value"}
    return repr(facts)


def _severity(column: Column, hit: Hit) -> Severity:
    return column.judge.severity(hit) or Severity.NOTE


def _start(finding: Finding) -> int:
    return finding.region.start if finding.region else -1


def rows_by_name(rows: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    """Yield each row with what it is called in a table."""
    for row in rows:
        yield row.name or row.pointer or ("request" if row.is_request else "tool"), row
