"""The proof of edits of one tool's schema: what some APIs refuse of it is settled, and none of them finds more."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from json import dumps
from typing import NamedTuple

from reqlint.checks.json_schema import walked_once
from reqlint.core.findings import Hit
from reqlint.core.pointer import Place
from reqlint.core.records import dataclass, field, replace
from reqlint.dialects.registry import ToolList
from reqlint.dialects.tool_forms import GEMINI, MCP, in_json_schema
from reqlint.dialects.vocabulary import OfferedTool
from reqlint.fixes.schemas.edit import Schema, SchemaEdit, with_edits
from reqlint.fixes.schemas.kinds import case_at, edits_for
from reqlint.judge.offered import judge_tools
from reqlint.run.compat.columns import Column
from reqlint.run.compat.judging import cell_of
from reqlint.run.compat.sending import as_sent, with_schema
from reqlint.run.compat.table import ToolVerdict

MOST_TRIES = 24
"""How often a tool is edited and judged to find out which of its findings can be settled; nearly all need one."""
_MOST_ROUNDS = 8  # edits can bring to light what another keyword hid
_MOST_PASSES = 3  # one edit can make another possible
_READ_NULLABLE = frozenset({"gemini-generate"})

Key = tuple[str, Place]
"""The rule and the place of a finding in a schema."""
_Count = Counter[tuple[str, str]]  # by column and rule


@dataclass(slots=True)
class _Heard:
    """What the columns say at a place of a schema."""

    hit: Hit
    columns: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  #: those of the columns that refuse the tool because of it


class _Closure(NamedTuple):
    """What comes of settling some findings, and then what that brings to light."""

    schema: Schema
    heard: Mapping[Key, _Heard]
    edits: tuple[SchemaEdit, ...]
    words: Mapping[Key, str]  #: of the edit for each finding
    worse: tuple[str, ...]  #: columns that find more than before
    settles: bool


class Settled(NamedTuple):
    """What could be settled in a tool's schema."""

    schema: Schema
    edits: tuple[SchemaEdit, ...] = ()
    settled: Mapping[Key, str] = {}  #: with the edit in words
    unsettled: Mapping[Key, str] = {}  #: with the reason


class Probe:
    """
    Answers what some columns take, once for all tools.

    Args:
        columns: those that have to take the tools.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self.of_nullable = all(column.dialect in _READ_NULLABLE for column in columns)
        self._refusing: dict[str, tuple[str, ...]] = {}
        self._usual: _Count | None = None

    def refusing(self, schema: object) -> tuple[str, ...]:
        """Return the columns that refuse a property with this schema where they take one that is a string."""
        written = dumps(schema)
        if written not in self._refusing:
            if self._usual is None:
                self._usual = self._counts({"type": "string"})
            more = self._counts(schema) - self._usual
            self._refusing[written] = tuple(dict.fromkeys(name for name, _ in more))
        return self._refusing[written]

    def _counts(self, of_property: object) -> _Count:
        schema = {
            "type": "object",
            "properties": {"a": of_property},
            "required": ["a"],
            "additionalProperties": False,
        }
        members = {
            "name": (("name",), "probe"),
            "description": (("description",), "-"),
            "parameters": (("inputSchema",), schema),
        }
        listed = ToolList(MCP, (), (OfferedTool((), {}, members),))
        heard = _heard(self.columns, listed, ("inputSchema",))
        return Counter((name, each.hit.rule) for each in heard.values() for name in each.refused)


def _heard(columns: Sequence[Column], listed: ToolList, base: Place) -> dict[Key, _Heard]:
    """Return what *columns* say of the schema at *base*, by rule and place in it."""
    heard: dict[Key, _Heard] = {}
    with walked_once():
        for column in columns:
            sent = replace(listed, tools=tuple(as_sent(listed.tools, column.dialect)))
            for hit in judge_tools(column.judge, sent, column.way):
                verdict = cell_of(column.judge, (hit,)).verdict
                if hit.place[: len(base)] != base or verdict is ToolVerdict.TAKEN:
                    continue
                inside = hit.place[len(base) :]
                each = heard.setdefault((hit.rule, inside), _Heard(replace(hit, place=inside)))
                each.columns.append(column.name)
                if verdict is ToolVerdict.REFUSED:
                    each.refused.append(column.name)
    return heard


class ToolProof:
    """
    Settles findings in the schema of one tool.

    Args:
        probe: of the columns that have to take it.
        listed: the list that it is from.
        tool: the tool.
        schema: as it is written, in the tool's own words.
        unsafe: whether edits may lose something.
    """

    def __init__(self, probe: Probe, listed: ToolList, tool: OfferedTool, schema: Schema, *, unsafe: bool) -> None:
        self._probe = probe
        self._listed = listed
        self._tool = tool
        self._schema = schema
        self._unsafe = unsafe
        self._base = tool.members["parameters"][0]
        self._known: tuple[Schema, dict[str, bool]] = (schema, {})
        self._with_losses = False
        self._left = MOST_TRIES
        self._blamed: dict[Key, tuple[str, ...]] = {}

    def settle(self, wanted: Collection[Key]) -> Settled:
        """
        Settle those of the *wanted* findings that edits settle; the others stay, with a reason.

        What loses nothing comes first, so that nothing is lost that another edit keeps.
        """
        first = self._judge(self._schema)
        spared = {key for key in first if key not in wanted}
        words: dict[Key, str] = {}
        edits: list[SchemaEdit] = []
        reasons: dict[Key, str] = {}
        schema = self._schema
        now: Mapping[Key, _Heard] = first
        modes = [False] * _MOST_PASSES + [True] * (_MOST_PASSES if self._unsafe else 0)
        is_done: dict[bool, bool] = {}
        for unsafe in modes:
            if is_done.get(unsafe):
                continue
            self._with_losses = unsafe
            self._left = MOST_TRIES
            seeds = [key for key, each in now.items() if each.refused and key not in spared]
            reasons = {key: self._why_none(schema, now[key]) for key in seeds if self._first(schema, now[key]) is None}
            best, done = self._most(schema, now, [key for key in seeds if key not in reasons])
            for key in seeds:
                if key not in done and key not in reasons:
                    reasons[key] = self._why_not(now[key], key)
            is_done[unsafe] = best is None
            if best is not None:
                schema, now = best.schema, best.heard
                edits += best.edits
                words |= best.words
        left = [key for key, each in now.items() if each.refused and key not in spared]
        unsettled = _unsettled(wanted, first, left)
        by_rule = {key[0]: reasons.get(key, _FAILS) for key in reversed(left)}
        settled = {key: words.get(key, _ALONG) for key in wanted if key in first and key not in unsettled}
        why = {key: reasons.get(key) or by_rule.get(key[0], _FAILS) for key in unsettled}
        why |= dict.fromkeys((key for key in wanted if key not in first), OUTSIDE)
        return Settled(schema, tuple(edits), settled if edits else {}, why)

    def _most(
        self, schema: Schema, heard: Mapping[Key, _Heard], seeds: Sequence[Key]
    ) -> tuple[_Closure | None, set[Key]]:
        """Find out which findings can be settled together: all of them; or rule by rule, and by halves."""
        best: _Closure | None = None
        done: list[Key] = []
        by_rule: dict[str, list[Key]] = {}
        for key in seeds:
            by_rule.setdefault(key[0], []).append(key)
        waiting: list[Sequence[Key]] = [seeds] if seeds else []
        while waiting and self._left > 0:
            some = waiting.pop()
            tried = self._closure(schema, heard, {*done, *some})
            if tried.settles:
                best, done = tried, [*done, *some]
            elif some is seeds and len(by_rule) > 1:
                waiting += reversed(by_rule.values())
            elif len(some) > 1:
                middle = len(some) // 2
                waiting += [some[middle:], some[:middle]]
            else:
                self._blamed[some[0]] = tried.worse
        return best, set(done)

    def _closure(self, schema: Schema, heard: Mapping[Key, _Heard], seeds: Collection[Key]) -> _Closure:
        """Make the edits for *seeds*, and for what they bring to light, until no more is found to edit."""
        self._left -= 1
        now: Mapping[Key, _Heard] = heard
        tried: set[tuple[Place, str]] = set()
        made: list[SchemaEdit] = []
        words: dict[Key, str] = {}
        for _ in range(_MOST_ROUNDS):
            edits: dict[tuple[Place, str], SchemaEdit] = {}
            for key, each in now.items():
                if each.refused and (key in seeds or key not in heard):
                    edit = self._first(schema, each, tried)
                    if edit is not None:
                        edits[edit.place, edit.description] = edit
                        words[key] = edit.description
            if not edits:
                break
            schema, done = with_edits(schema, edits.values())
            tried |= edits.keys()
            made += done
            now = self._judge(schema)
        before, after = _counts(heard), _counts(now)
        worse = after - before
        of_seeds = _counts({key: heard[key] for key in seeds})
        remains = [name for name, count in of_seeds.items() if after[name] > before[name] - count]
        columns = tuple(dict.fromkeys(name for name, _ in worse))
        return _Closure(schema, now, tuple(made), words, columns, settles=not worse and not remains)

    def _first(self, schema: Schema, each: _Heard, tried: Collection[tuple[Place, str]] = ()) -> SchemaEdit | None:
        """Return the first edit that may settle a finding and was not tried."""
        possible = self._possible(schema, each.hit)
        return next((edit for edit in possible if (edit.place, edit.description) not in tried), None)

    def _possible(self, schema: Schema, hit: Hit) -> Iterator[SchemaEdit]:
        for edit in self._edits(schema, hit):
            if (edit.safe or self._with_losses) and not (edit.needs is not None and self._probe.refusing(edit.needs)):
                yield edit

    def _edits(self, schema: Schema, hit: Hit) -> Iterator[SchemaEdit]:
        if self._known[0] is not schema:
            self._known = (schema, {})
        case = case_at(hit, schema, self._known[1], of_nullable=self._probe.of_nullable)
        if case is not None:
            yield from edits_for(case)

    def _judge(self, schema: Schema) -> dict[Key, _Heard]:
        read = in_json_schema(schema) if self._listed.form is GEMINI or self._tool.is_schema else schema
        tool = with_schema(self._tool, schema, read)
        return _heard(self._probe.columns, ToolList(self._listed.form, self._listed.place, (tool,)), self._base)

    def _why_none(self, schema: Schema, each: _Heard) -> str:
        """Return why there is no edit for a finding."""
        edits = list(self._edits(schema, each.hit))
        if not edits:
            return _REFERENCE if each.hit.place[-1:] in (("$ref",), ("$defs",), ("definitions",)) else _NO_EDIT
        refusing = {name: None for edit in edits if edit.needs is not None for name in self._probe.refusing(edit.needs)}
        if any(edit.needs is None or not self._probe.refusing(edit.needs) for edit in edits):
            return _ONLY_UNSAFE
        others = [name for name in refusing if name not in each.refused]
        return f"{_and(each.refused)} would need what {_and(others)} would not take" if others else _NO_EDIT

    def _why_not(self, each: _Heard, key: Key) -> str:
        worse = self._blamed.get(key, ())
        if not worse:
            return _FAILS
        return f"what {_and(each.refused)} would need leads to another finding of {_and(worse)}"


OUTSIDE = "it is not in the schema of a tool, or only all tools together have it"
_NO_EDIT = "no edit is known that says the same"
_REFERENCE = "what the reference leads to cannot be written in its stead: it is not there, refers to itself or is large"
_ALONG = "settle it along with another finding"
_ONLY_UNSAFE = "every edit would lose something; --unsafe-fixes makes it and says what"
_FAILS = "the edits for it would not settle it, or lead to another finding"


def _unsettled(wanted: Collection[Key], first: Mapping[Key, _Heard], left: Sequence[Key]) -> set[Key]:
    """Return those of the *wanted* findings that are still there, if only in another place: as many as are *left*."""
    still = {key for key in wanted if key in left}
    elsewhere = Counter(rule for rule, place in left if (rule, place) not in still)
    for key in reversed(list(wanted)):
        if key in first and key not in still and elsewhere[key[0]] > 0:
            elsewhere[key[0]] -= 1
            still.add(key)
    return still


def _counts(heard: Mapping[Key, _Heard]) -> _Count:
    return Counter((name, each.hit.rule) for each in heard.values() for name in each.columns)


def _and(names: Sequence[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)
