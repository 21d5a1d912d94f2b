"""A profile compiled for judging: which rules does a request meet, and how grave is each."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from math import isfinite
from typing import Any, NamedTuple

from reqlint.checks import all_checks
from reqlint.core.errors import CheckFailed, UnknownRule
from reqlint.core.findings import Hit, Link, Part, Severity
from reqlint.core.json_values import NON_FINITE, to_json_value
from reqlint.core.pointer import Place
from reqlint.judge.parts import RequestParts
from reqlint.judge.shortcut import Shortcut, WokenCheck, group_by_proof, is_sendable
from reqlint.knowledge.custom_folders import NO_CUSTOM, CustomFolders
from reqlint.knowledge.profile import Profile, load_profile
from reqlint.knowledge.rule import Evidence, Rule, all_rules, subjects
from reqlint.schema.failure_hits import ROOT_NAME
from reqlint.schema.failures import RequestRule
from reqlint.schema.shape import Shape
from reqlint.schema.validators import REFERENCE, default_engine

_FEW = 1000
"""Requests that are judged before the shortcut is compiled, which takes about as long as it saves on so many."""


class Verdict(NamedTuple):
    """What a judge says of one request: the hits that count, in document order, and the value they speak of."""

    hits: Sequence[Hit]
    value: object


class Judge:
    """One profile with the rules that were selected. Immutable; built once and shared."""

    def __init__(
        self,
        profile: Profile,
        enabled: frozenset[str],
        engine: str | None = None,
        overrides: Mapping[str, Severity | None] | None = None,
        rules: Mapping[str, Rule] | None = None,
    ) -> None:
        self.profile = profile
        self.rules = {rule.id: rule for rule in (rules or all_rules()).values() if rule.id in enabled}
        self._overrides = overrides or {}
        self.evidence = {rule.id: rule.evidence_for(profile.lineage) for rule in self.rules.values()}
        self.severities = {rule: self._severity(rule) for rule in self.rules}
        on = [rule for rule in self.rules.values() if self.severities[rule.id] is not None]
        self.on = frozenset(rule.id for rule in on)
        self._unproven = frozenset(filter(self._is_unproven, self.rules))
        self._facts: Mapping[str, Any] = profile.facts or {}
        self._shape = Shape(
            profile.schema,
            [
                RequestRule(rule.id, rule.at, rule.mark, rule.place == "error", rule.request)
                for rule in on
                if rule.request is not None
            ],
            engine,
            self._unproven,
        )
        checks = all_checks()
        waking = [
            (rule, WokenCheck(rule.id, rule.at, frozenset((rule.at, *rule.reads)), checks[rule.id]))
            for rule in on
            if rule.request is None and rule.at is not None and rule.id in checks
        ]
        self._always = tuple(woken for rule, woken in waking if rule.quick is None)
        self._unless = group_by_proof([(rule, woken) for rule, woken in waking if rule.quick is not None], engine)
        self._accepts = self._shape.accepts
        self._engine = engine
        self._shortcut: Shortcut | None = None
        self._halves: RequestParts | None = None  # made with the shortcut
        self._last: tuple[Sequence[Hit], Sequence[Hit]] | None = None  # what was found last, and what counts of it
        self._was_wrong = False  # whether the last request was, and the shortcut is likely to be asked in vain
        self._judged = 0  # up to where a shortcut is compiled
        self._line_shapes: dict[str, Shape | None] = {}  # compiled when a file has such lines

    def _severity(self, rule: str) -> Severity | None:
        settings = self.profile.settings or {}
        if rule in self._overrides and (rule in settings or self.evidence[rule]):
            return self._overrides[rule]  # not of a rule that this profile has nothing to do with
        if rule in settings:
            return settings[rule]
        evidence = self.evidence[rule]
        return evidence.severity if evidence else None

    def _is_unproven(self, rule: str) -> bool:
        """Return whether *rule* is off only because the profile has no evidence for it; not when a setting says so."""
        is_set = rule in (self.profile.settings or {}) or self._overrides.get(rule, Severity.ERROR) is None
        return self.evidence[rule] is None and not is_set

    def judge(self, request: object, *, sure: bool = True) -> Verdict | None:
        """
        Say what is wrong with *request*; None when nothing is.

        *sure* is whether it was read from a text, and can only be what text has. Anything else is copied before it is
        judged, as the JSON that it would be sent as.

        Raises:
            CheckFailed: a check of ours raised on a JSON value, which is a bug.
        """
        if self._shortcut is not None:
            if not self._was_wrong and self._shortcut.proves(request, sure=sure):
                return None
        elif self._judged >= _FEW:
            self.compile_now()
        else:
            self._judged += 1
        if sure or is_sendable(request):
            try:
                verdict = self._judge(request)
            except MemoryError:
                raise
            except Exception:  # YAML has numbers that JSON has not; and another thread may change what is judged
                return self.judge_copy(request)
            self._was_wrong = verdict is not None
            if sure or verdict is None:
                return verdict
        return self.judge_copy(request)  # words are of what is sent, where tuples are arrays

    def judge_copy(self, request: object) -> Verdict | None:
        """Judge what *request* would be as JSON, with all that JSON cannot hold; the verdict speaks of the copy."""
        value, oddities = to_json_value(request)
        verdict = self._judge(value)
        hits = verdict.hits if verdict else ()
        # What has a word put in its place has nothing else to be told of; half a character is still in a text.
        odd_places = {hit.place for hit in oddities if hit.rule != "lone-surrogate"}
        return self._verdict([*oddities, *(hit for hit in hits if hit.place not in odd_places)], value)

    def _judge(self, request: object) -> Verdict | None:
        # NOTE: NaN passes every bound a schema can set, so numbers at the top level are asked here. Deeper ones are
        # found in text, where NaN is a word of its own.
        for value in request.values() if isinstance(request, dict) else ():
            if value.__class__ is float and not isfinite(value):
                raise ValueError("not a JSON number")
        hits = self._halves.hits(request) if self._halves is not None else None
        if hits is None:
            hits = self._hits(request)
        if not hits:
            return None
        if self._last is not None and self._last[0] is hits:  # remembered ones, whose order is remembered with them
            return Verdict(self._last[1], request)
        verdict = self._verdict(hits, request)
        self._last = (hits, verdict.hits) if verdict else None
        return verdict

    def _hits(self, request: object) -> Sequence[Hit]:
        """Find all hits of *request*, those among them that others say better; may raise on what is no JSON value."""
        hits: list[Hit] = []
        broken: frozenset[str | None] = frozenset()
        if not self._accepts(request):
            hits, broken = self._shape.explain(request)
            if None in broken or not isinstance(request, dict):
                return hits
        woken = self._always
        for each in self._unless:
            if not each.passes(request):
                woken += each.checks
        for rule, at, needs, check in woken:
            if at in request and (not broken or needs.isdisjoint(broken)):  # type: ignore[operator]  # an object now
                try:
                    for hit in check(request, self._facts):  # type: ignore[arg-type]  # as above
                        hits.append(replace(hit, rule=rule))
                except Exception as cause:
                    raise CheckFailed(rule, None, cause) from cause
        return hits

    def compile_now(self) -> None:
        """Compile the quick way to tell that a request has nothing against it, for whoever is to judge many."""
        self._judged = _FEW
        if self._shortcut is None and (self._engine or default_engine()) != REFERENCE:
            shortcut = Shortcut(self._shape.schemas, self._always, self._unless, self._facts)
            rules = [rule for rule in self.rules.values() if rule.id in self.on]
            self._halves = RequestParts(self.profile.schema, rules, self._hits, shortcut.proves)
            self._shortcut = shortcut

    def judge_line(self, form: str, line: object, more: Sequence[Hit] = ()) -> Verdict | None:
        """
        Say what is wrong with a line of a file, apart from the request in it; None when nothing is.

        *form* is what the file is for, a key of the profile's ``lines``; *more* is what was found against the line
        elsewhere.
        """
        shape = self._line_shape(form)
        found: Sequence[Hit] = ()
        if shape is not None:
            try:
                found = () if shape.accepts(line) else shape.explain(line).hits
            except Exception:  # a YAML value without a form in JSON
                line = to_json_value(line)[0]
                found = shape.explain(line).hits
        return self._verdict([*more, *map(_of_line, found)], line) if found or more else None

    def line_gate(self, form: str) -> Callable[[object], bool]:
        """Give what tells whether `judge_line` has nothing to say of a line; it may raise on what is no JSON value."""
        shape = self._line_shape(form)
        return shape.accepts if shape else _anything

    def _line_shape(self, form: str) -> Shape | None:
        if form not in self._line_shapes:
            schema = (self.profile.lines or {}).get(form)
            self._line_shapes[form] = Shape(schema, [], self._engine, self._unproven) if schema else None
        return self._line_shapes[form]

    def _verdict(self, hits: Iterable[Hit], value: object) -> Verdict | None:
        hits = [_beyond_json(hit) for hit in hits]
        kept = _superseded([hit for hit in hits if self.severity(hit) is not None], self.rules)
        return Verdict(sorted(kept, key=_Order(value)), value) if kept else None

    def evidence_of(self, hit: Hit) -> Evidence | None:
        """Give the evidence behind a hit: of several on one rule, the one that backs the severity it has."""
        severity = self.severity(hit)
        entries = [e for e in self.rules[hit.rule].evidence if e.profile in (*self.profile.lineage, "*")]
        return next((e for e in entries if e.severity is severity), self.evidence[hit.rule])

    def severity(self, hit: Hit) -> Severity | None:
        """Say how grave a hit is under this profile; None when its rule is off."""
        severity = self.severities.get(hit.rule)
        if severity is None or hit.severity is None or hit.rule in self._overrides:
            return severity
        return hit.severity


def rebase(hit: Hit, base: Place) -> Hit:
    """Give *hit* as it stands in the document, where its request may be one of several or the body of a line."""
    if not base:
        return hit
    links = tuple(
        link if link.document is not None else Link((*base, *link.place), link.label, link.part, link.region)
        for link in hit.related
    )
    return Hit((*base, *hit.place), hit.part, hit.facts, links, hit.rule, hit.severity, hit.region)


def _of_line(hit: Hit) -> Hit:
    """Call the root of a line what it is; no request is judged here."""
    if hit.place and "owner" not in hit.facts:
        return hit
    names = {key: "the line" for key in ("name", "owner") if hit.facts.get(key) == ROOT_NAME}
    return replace(hit, facts={**hit.facts, **names})


def _anything(_: object) -> bool:
    return True


def _beyond_json(hit: Hit) -> Hit:
    """Say of a number that JSON cannot write only that, not which numbers the API would have taken."""
    value = hit.facts.get("value")
    if isinstance(value, float) and not isfinite(value):
        return replace(hit, facts={"name": NON_FINITE.get(value, "NaN")}, rule="non-json-value")
    return hit


def _superseded(hits: list[Hit], rules: Mapping[str, Rule]) -> list[Hit]:
    """Drop what only repeats, in more general words, what a more telling rule says of the same place."""
    telling: dict[Place, set[str]] = {}
    for hit in hits:
        if repeated := rules[hit.rule].supersedes:
            telling.setdefault(hit.place, set()).update(repeated)
    if not telling:
        return hits
    return [
        hit
        for hit in hits
        if not any(hit.rule in telling.get(hit.place[:length], ()) for length in range(len(hit.place) + 1))
    ]


class _Order:
    """
    Puts hits in the order of the document, whatever engine or check found them.

    NOTE: where a key stands among others is looked up once for all of them; a request may have a million.
    """

    def __init__(self, root: object) -> None:
        self._root = root
        self._numbers: dict[int, dict[object, int]] = {}  # of the keys of an object, by its id

    def __call__(self, hit: Hit) -> tuple[tuple[int, ...], bool, str]:
        """Give the sort key of a hit."""
        numbers: list[int] = []
        value = self._root
        for step in hit.place:
            if isinstance(value, dict) and step in value:
                known = self._numbers.get(id(value))
                if known is None:
                    known = self._numbers[id(value)] = {key: number for number, key in enumerate(value)}
                numbers.append(known[step])
                value = value[step]
            elif isinstance(value, list | tuple) and isinstance(step, int) and step < len(value):
                numbers.append(step)
                value = value[step]
            else:
                break
        return tuple(numbers), hit.part is Part.VALUE, hit.rule + str(hit.facts.get("field", ""))


def enabled_rules(
    select: Collection[str] = (), ignore: Collection[str] = (), own: CustomFolders = NO_CUSTOM
) -> frozenset[str]:
    """
    Say which rules are on: those of *select* (all when empty) without those of *ignore*.

    Names are rule ids or subjects, which stand for all their rules.

    Raises:
        UnknownRule: a name is neither.
    """
    return frozenset(resolve_rules(select, own) if select else all_rules(own)) - resolve_rules(ignore, own)


def resolve_rules(names: Iterable[str], own: CustomFolders = NO_CUSTOM) -> frozenset[str]:
    """
    Give the ids of the rules that *names* stand for.

    Raises:
        UnknownRule: a name is neither a rule's nor a group's.
    """
    found: set[str] = set()
    for name in names:
        if name in all_rules(own):
            found.add(name)
        elif name in subjects():
            found |= {rule.id for rule in all_rules(own).values() if rule.subject == name}
        else:
            raise UnknownRule(name, [*all_rules(own), *subjects()])
    return frozenset(found)


@cache
def rules_by_name(own: CustomFolders = NO_CUSTOM) -> Mapping[str, frozenset[str]]:
    """Give everything that names rules, ids and groups, with the rules that it stands for."""
    return {name: resolve_rules([name], own) for name in (*all_rules(own), *subjects())}


Overrides = tuple[tuple[str, Severity | None], ...]
"""The severities that a user gives rules, None for off; hashable, so that a judge can be kept for it."""


@lru_cache(maxsize=64)  # a program may ask for another choice of rules for each of its users
def judge_for(
    profile: str,
    enabled: frozenset[str],
    engine: str | None = None,
    overrides: Overrides = (),
    own: CustomFolders = NO_CUSTOM,
) -> Judge:
    """Compile a profile by name, once for each choice of rules."""
    return Judge(load_profile(profile, own), enabled, engine, dict(overrides), all_rules(own))
