"""A profile compiled for judging: which rules does a request break, and how severe is each hit."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from reqlint.checks import Check, Facts, checks_of
from reqlint.core.errors import CheckFailed
from reqlint.core.findings import Hit, Severity
from reqlint.core.json_copies import json_copy
from reqlint.core.json_values import is_sendable, to_json_value
from reqlint.core.pointer import Place, value_at
from reqlint.core.records import replace
from reqlint.dialects.registry import dialect_named
from reqlint.dialects.vocabulary import Dialect, Request
from reqlint.judge.guards import WokenCheck, group_by_proof
from reqlint.judge.hits import DocumentOrder, drop_superseded, name_line, of_rule, restate_non_finite
from reqlint.knowledge.catalog import Catalog
from reqlint.knowledge.evidence import EVERY_PROFILE, Evidence
from reqlint.knowledge.profile import Profile
from reqlint.knowledge.rule import Rule
from reqlint.schema.request_rules import RequestRule
from reqlint.schema.shape import Shape
from reqlint.schema.validators import REFERENCE, default_engine

if TYPE_CHECKING:
    from reqlint.judge.hit_finder import HitFinder
    from reqlint.judge.parts import RequestParts
    from reqlint.judge.questions import Questions
    from reqlint.judge.shortcut import Shortcut
    from reqlint.knowledge.key_places import KeyPlace


_COMPILE_AFTER = 1000
"""Requests judged before the shortcut is compiled; compiling takes about as long as it saves on so many."""
_COMPILE_SOON = 200
"""The same where many are expected, though not how many of them this judge will be asked about."""


class Verdict(NamedTuple):
    """The hits that count against a request, in document order, and the value that their places lead into."""

    hits: Sequence[Hit]
    value: object


class Judge:
    """One profile with the selected rules. Built once and shared; a verdict never depends on earlier requests."""

    def __init__(
        self,
        catalog: Catalog,
        profile: Profile,
        enabled: frozenset[str],
        engine: str | None = None,
        overrides: Mapping[str, Severity | None] | None = None,
        models: Mapping[str, str] | None = None,
    ) -> None:
        self.catalog = catalog
        self.profile = profile
        self.dialect = dialect_named(profile.dialect)  #: the wire shape of the requests
        self.has_turns = self.dialect.has_turns  #: whether an object has a conversation
        self.rules = {
            rule_id: seen
            for rule_id in sorted(enabled & catalog.rules_about(profile))
            if (seen := catalog.rules[rule_id].in_dialect(self.dialect))
        }
        self._overrides = overrides or {}
        self._models = models or {}  # what a name of the project's stands for
        self._evidence = {rule.id: profile.evidence_for(rule) for rule in self.rules.values()}
        self.evidence = {rule: entries[0] if entries else None for rule, entries in self._evidence.items()}
        self.severities = {rule: self._severity(rule) for rule in self.rules}
        on = [rule for rule in self.rules.values() if self.severities[rule.id] is not None]
        self.on = frozenset(rule.id for rule in on)  #: enabled, and with a severity under this profile
        self._unproven = frozenset(filter(self._is_unproven, enabled))
        self._facts: Mapping[str, Any] = profile.facts or {}
        self._waived_in_batches = frozenset(self._facts.get("rules-waived-in-batches", {}).get("value", ()))
        self._shape = Shape(
            profile.schema,
            [
                RequestRule(rule.id, rule.at, rule.mark, rule.place == "error", rule.request)
                for rule in on
                if rule.request is not None
            ],
            engine,
            self._unproven,
            self.dialect.bulk,
            self.dialect.repeated,
        )
        checks = checks_of(self.dialect.name)
        woken = [
            woken
            for rule in on
            if rule.request is None and rule.at is not None and rule.id in checks
            for woken in _waking(rule, checks[rule.id], self.dialect)
        ]
        self._unguarded, self._guarded = group_by_proof(woken, self.dialect, engine)
        self._engine = engine
        self._shortcut: Shortcut | None = None
        self._parts: RequestParts | None = None  # made with the shortcut, as the next
        self._last: tuple[Sequence[Hit], Sequence[Hit]] | None = None  # the hits found last, and those that count
        self._last_was_broken = False  # then the shortcut would probably be asked in vain
        self._judged = 0  # requests, up to `_COMPILE_AFTER`
        self._expects_many = False
        self._line_shapes: dict[str, Shape | None] = {}  # compiled when a file has such lines

    def _severity(self, rule: str) -> Severity | None:
        settings = self.profile.settings or {}
        if rule in self._overrides and (rule in settings or self.evidence[rule]):
            return self._overrides[rule]  # but not for a rule that has nothing to do with this profile
        if rule in settings:
            return settings[rule]
        evidence = self.evidence[rule]
        return evidence.severity if evidence else None

    def _is_unproven(self, rule: str) -> bool:
        """Return whether *rule* is off only because the profile has no evidence for it; not when a setting says so."""
        is_set = rule in (self.profile.settings or {}) or self._overrides.get(rule, Severity.ERROR) is None
        return self.evidence.get(rule) is None and not is_set

    def judge(self, request: object, *, from_text: bool = True) -> Verdict | None:
        """
        Return what is wrong with *request*; None if nothing is.

        A request that is not *from_text* may hold values that JSON cannot hold. If it has a hit, the verdict is about
        a copy: the JSON that would be sent.

        Raises:
            CheckFailed: a check raised on a JSON value, which is a bug.
        """
        if self._models:
            request = self._with_real_model(request)
        if self._shortcut is not None:
            hits = None if self._last_was_broken else self._shortcut.hits(request, from_text=from_text)
            if hits is not None:
                if not hits:
                    return None
                return self._verdict(hits, request) if from_text else self.judge_copy(request)
        elif self._judged >= _COMPILE_AFTER:
            self.compile_now()
        else:
            self._judged += 1
        if from_text or is_sendable(request, self.dialect.repeated):
            try:
                verdict = self._judge_json(request)
            except MemoryError:
                raise
            except Exception:  # YAML has numbers that JSON lacks; and another thread may change the request meanwhile
                return self.judge_copy(request)
            if from_text or verdict is None:
                return verdict
        return self.judge_copy(request)  # messages describe the JSON that is sent, in which tuples are arrays

    def judge_sent(
        self, request: object, url: str | None, headers: Mapping[str, str], *, from_text: bool = True
    ) -> Verdict | None:
        """
        Return what is wrong with a request that is sent to *url* with *headers*, by names in small letters.

        What these say that the body need not, such as the model, counts as if the body said it. A hit at such a member
        is one against the request.
        """
        stated = self.dialect.stated(url, headers) if url or headers else None
        if not stated or type(request) is not dict:
            return self.judge(request, from_text=from_text)
        verdict = self.judge({**stated, **request}, from_text=from_text)
        if verdict is None:
            return None
        added = stated.keys() - request.keys()
        hits = [replace(hit, place=()) if hit.place and hit.place[0] in added else hit for hit in verdict.hits]
        return Verdict(hits, verdict.value)

    def in_batch(self, hits: Sequence[Hit]) -> Sequence[Hit]:
        """Return the hits that count in a batch: not those of rules that the profile has for single requests only."""
        waived = self._waived_in_batches
        return [hit for hit in hits if hit.rule not in waived] if waived else hits

    def _with_real_model(self, request: object) -> object:
        """Return the request with the model that its ``model`` stands for in this project."""
        model = request.get("model") if type(request) is dict else None
        real = self._models.get(model) if type(model) is str else None
        return request if real is None or type(request) is not dict else {**request, "model": real}

    def judge_copy(self, request: object) -> Verdict | None:
        """Judge a copy of *request* as JSON, and add what JSON cannot hold; the verdict's value is the copy."""
        value, oddities = json_copy(request)
        verdict = self._judge_json(value)
        hits = verdict.hits if verdict else ()
        # The copy has a substitute for each oddity, so other hits at its place would be about the substitute. A string
        # with half a character, though, is still that string.
        odd_places = {hit.place for hit in oddities if hit.rule != "lone-surrogate"}
        kept = (hit for hit in hits if hit.place not in odd_places and not _is_at_substitute(hit.place, request))
        return self._verdict([*oddities, *kept], value)

    def _judge_json(self, request: object) -> Verdict | None:
        # NOTE: NaN passes every bound in a schema, so the numbers at the top level are tested here. Deeper ones are
        # found in the text, where NaN is a literal of its own.
        for value in request.values() if isinstance(request, dict) else ():
            if value.__class__ is float and not isfinite(value):
                raise ValueError("not a JSON number")
        hits = self._parts.hits(request) if self._parts is not None else None
        self._last_was_broken = bool(hits)
        if hits is None and self._shortcut is not None:
            hits = self._finder.hits(request)
            self._last_was_broken = not self._finder.was_right
        if hits is None:
            hits = self._hits(request)
        if not hits:
            return None
        last = self._last
        if last is not None and last[0] is hits:  # `RequestParts` returns the same list for the same parts
            return Verdict(last[1], request)
        verdict = self._verdict(hits, request)
        self._last = (hits, verdict.hits) if verdict else None
        return verdict

    def _hits(self, request: object) -> Sequence[Hit]:
        """Find all hits of *request*, superseded ones included; may raise on values that JSON cannot hold."""
        hits: list[Hit] = []
        broken: frozenset[str | None] = frozenset()
        if not self._shape.accepts(request):
            hits, broken = self._shape.explain(request)
            if None in broken or not isinstance(request, dict):
                return hits
        woken = self._unguarded
        for group in self._guarded:
            if not group.proves_silent(request):
                woken += group.checks
        for rule, at, needs, check in woken:
            if at in request and (not broken or needs.isdisjoint(broken)):  # type: ignore[operator]  # an object now
                try:
                    for hit in check(request, self._facts, self.dialect):  # type: ignore[arg-type]  # as above
                        hits.append(of_rule(hit, rule))
                except Exception as cause:
                    raise CheckFailed(rule, None, cause) from cause
        return hits

    def is_well_formed(self, request: object) -> bool:
        """Return whether a request breaks no rule of its shape, so that all checks could read all of it."""
        try:
            return bool(self._shape.accepts(request))
        except Exception:  # a value that JSON cannot hold
            return False

    @property
    def questions(self) -> "Questions":
        """All that is asked of a request."""
        from reqlint.judge.questions import Questions  # only for many requests

        return Questions(self._shape.schemas, self._unguarded, self._guarded, self._facts, self.dialect)

    @cached_property
    def key_places(self) -> "Mapping[str, Sequence[KeyPlace]]":
        """Where the profile takes each key."""
        from reqlint.knowledge.key_places import key_places  # only findings need it

        return key_places(self.profile.schema)

    def compile_now(self) -> None:
        """Compile the shortcut for clean requests, for a caller that is about to judge many."""
        self._judged = _COMPILE_AFTER
        if self._shortcut is None and (self._engine or default_engine()) != REFERENCE:
            from reqlint.judge.parts import RequestParts  # these two only for many requests
            from reqlint.judge.shortcut import Shortcut

            shortcut = Shortcut(self.questions)
            rules = [rule for rule in self.rules.values() if rule.id in self.on]
            self._parts = RequestParts(self.profile.schema, rules, self._hits, shortcut.proves_clean, self.dialect.bulk)
            self._shortcut = shortcut

    @cached_property
    def _finder(self) -> "HitFinder":
        """Make what finds the hits of many requests, when the first has some."""
        from reqlint.judge.hit_finder import HitFinder

        return HitFinder(self.questions, self._shape.explain, self._shortcut)

    def expect_many(self) -> None:
        """Compile the shortcut after fewer requests than otherwise, for a caller that has many for several judges."""
        if not self._expects_many:
            self._expects_many = True
            self._judged = max(self._judged, _COMPILE_AFTER - _COMPILE_SOON)

    def judge_line(self, form: str, line: object, hits: Sequence[Hit] = ()) -> Verdict | None:
        """
        Return what is wrong with a line of a file, without the request in it; None if nothing is.

        *form* is what the file is for, a key of the profile's ``lines``; *hits* are those found elsewhere.
        """
        shape = self._line_shape(form)
        of_shape: Sequence[Hit] = ()
        if shape is not None:
            try:
                of_shape = () if shape.accepts(line) else shape.explain(line).hits
            except Exception:  # a YAML value that JSON cannot hold
                line = to_json_value(line)[0]
                of_shape = shape.explain(line).hits
        return self._verdict([*hits, *map(name_line, of_shape)], line) if of_shape or hits else None

    def line_gate(self, form: str) -> Callable[[object], bool]:
        """Return the gate of a line, the predicate behind `judge_line`; it may raise on values that JSON lacks."""
        shape = self._line_shape(form)
        return shape.accepts if shape else _accept_all

    def _line_shape(self, form: str) -> Shape | None:
        if form not in self._line_shapes:
            schema = (self.profile.lines or {}).get(form)
            self._line_shapes[form] = Shape(schema, [], self._engine, self._unproven) if schema else None
        return self._line_shapes[form]

    def _verdict(self, hits: Iterable[Hit], value: object) -> Verdict | None:
        severities = self.severities
        restated = [restate_non_finite(hit) for hit in hits]
        kept = [hit for hit in restated if severities.get(hit.rule) is not None]
        if len(kept) > 1:
            kept = sorted(drop_superseded(kept, self.rules), key=DocumentOrder(value))
        return Verdict(kept, value) if kept else None

    def evidence_of(self, hit: Hit) -> Evidence | None:
        """
        Return the evidence behind a hit: that which backs its severity, and of several entries the API's own page.

        Another source may be about some of the cases only: an error text that names one of the fields. What a source
        says of certain variants is said of these alone, and before anything else.
        """
        severity = self.severity(hit)
        entries = [entry for entry in self._evidence[hit.rule] if entry.severity is severity]
        variant = hit.facts.get("variant")
        if about := next((entry for entry in entries if variant in entry.variants), None):
            return about
        entries = [entry for entry in entries if not entry.variants] or entries
        own_page = (entry for entry in entries if entry.url == "profile" and entry.profile != EVERY_PROFILE)
        return next(own_page, entries[0] if entries else self.evidence[hit.rule])

    def severity(self, hit: Hit) -> Severity | None:
        """Return the severity of a hit under this profile; None if its rule is off."""
        severity = self.severities.get(hit.rule)
        if severity is None or hit.severity is None or hit.rule in self._overrides:
            return severity
        return hit.severity


def _is_at_substitute(place: Place, request: object) -> bool:
    """Return whether a place leads through a key that stands in the copy for one with half a character."""
    if not any(isinstance(step, str) and "\ufffd" in step for step in place):
        return False
    try:
        value_at(request, place)
    except (LookupError, TypeError):
        return True
    return False


def _waking(rule: Rule, check: Check, dialect: Dialect) -> Iterator[WokenCheck]:
    """Yield a check once for every key that wakes it, each for requests without those before; so it is asked once."""
    needs = frozenset(key for key in (rule.at, *rule.reads) if key is not None)
    before: list[str] = []
    for key in (rule.at, *rule.wakes):
        for at in dialect.spellings(key) if key is not None else ():
            yield WokenCheck(rule.id, at, needs, _unless(tuple(before), check) if before else check)
            before.append(at)


def _unless(keys: tuple[str, ...], check: Check) -> Check:
    def asked(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
        return iter(()) if any(key in request for key in keys) else check(request, facts, dialect)

    return asked


def _accept_all(_: object) -> bool:
    return True


Overrides = tuple[tuple[str, Severity | None], ...]
"""The severities that a user gives rules, None for off; hashable, so that a judge can be cached by it."""

Models = tuple[tuple[str, str], ...]
"""The models that a project's own names stand for, such as those of deployments; hashable for the same reason."""


@lru_cache(maxsize=64)  # a program may select other rules for each of its users
def judge_for(
    catalog: Catalog,
    profile: str,
    enabled: frozenset[str],
    engine: str | None = None,
    overrides: Overrides = (),
    models: Models = (),
) -> Judge:
    """Return the judge of a profile, by name; compiled once for each selection of rules."""
    return Judge(catalog, catalog.profile(profile), enabled, engine, dict(overrides), dict(models))
