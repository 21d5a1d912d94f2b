"""How a hit becomes a finding: severity, words, evidence, region and fingerprint."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from json import JSONEncoder
from json.encoder import encode_basestring_ascii as quoted
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from reqlint.core.findings import Finding, Fix, Hit, Link, Part, Region, Related, Severity
from reqlint.core.pointer import Place, to_path, to_pointer, value_at
from reqlint.display.credentials import is_under_credential_key, mask, mask_values, masked_as
from reqlint.display.messages import render_message
from reqlint.judge.judge import Judge
from reqlint.knowledge.field_owners import field_owner
from reqlint.knowledge.profile import documented_words
from reqlint.knowledge.rule import Evidence

Located = Mapping[tuple[Place, Part], Region]


class Describer:
    """Tells the findings of one source, and counts what it has told so that equal findings stay apart."""

    def __init__(self, name: str | None, show_values: bool) -> None:
        self.name = name
        self.show_values = show_values
        self.several = False  #: whether the source is known to hold more than one request
        self.seen: dict[str, int] = {}  #: how often each mark was told, by its hash
        self.repeats: dict[int, str] = {}  #: the hash of those that were told before, by their number
        self.told = 0
        self._of_source = ""

    def finding(
        self,
        judge: Judge,
        hit: Hit,
        root: object = None,
        located: Located | None = None,
        document: int = 0,
        custom_id: str | None = None,
        base: Place = (),
        fix: Fix | None = None,
    ) -> Finding:
        """
        Make the finding of a hit that counts under *judge*.

        *root* is the value of the document that the hit's place leads into, *located* says where its places stand in
        the text, *document* is its number in the source, and *base* leads to the request.
        """
        located = located or {}
        said = _said(judge, hit, len(base), self.show_values)
        mark: tuple[str, ...] = (hit.rule, said.shape, _field(hit, root), _hashed(_about(hit, root, base)))
        if custom_id is not None:
            mark = (*mark, "id", custom_id)
        elif self.several or any(isinstance(step, int) for step in base):
            mark = (*mark, "in", _request_mark(root, base))
        return Finding(
            hit.rule,
            said.severity,
            said.message,
            said.pointer,
            said.path,
            judge.profile.name,
            self.name,
            hit.region or located.get((hit.place, hit.part)),
            tuple(_related(link, located) for link in hit.related) if hit.related else (),
            fix,
            hit.part,
            document,
            custom_id,
            said.help,
            said.note,
            self._fingerprint(mark),
        )

    def _fingerprint(self, mark: tuple[str, ...]) -> str:
        """Make the fingerprint: of the mark, numbered where a source has the same twice, and then of the source."""
        first = _node(mark)
        count = self.seen[first] = self.seen.get(first, 0) + 1
        if count > 1:
            self.repeats[self.told] = first
        self.told += 1
        return self._numbered(first, count)

    def _numbered(self, first: str, count: int) -> str:
        if not self._of_source:
            self._of_source = _hashed((self.name or "").replace("\\", "/"))[: 24 - FINGERPRINT_NODE]
        node = first if count == 1 else _node((first, str(count)))
        return node + self._of_source

    def renumbered(
        self, findings: Sequence[Finding], seen: Mapping[str, int], repeats: Mapping[int, str]
    ) -> Sequence[Finding]:
        """
        Take over *findings* of the same source that were told elsewhere, and number those that were told here as well.

        *seen* and *repeats* are those of who told them.
        """
        if self.seen.keys().isdisjoint(seen):
            self.seen.update(seen)
            return findings
        numbered = []
        for position, finding in enumerate(findings):
            first = repeats.get(position) or finding.fingerprint[:FINGERPRINT_NODE]
            count = self.seen[first] = self.seen.get(first, 0) + 1
            numbered.append(replace(finding, fingerprint=self._numbered(first, count)))
        return numbered


class _Said(NamedTuple):
    """What a finding says that is the same wherever the same mistake is made."""

    severity: Severity
    message: str
    help: str | None
    note: str | None
    pointer: str
    path: str
    shape: str  #: the pointer without indices


class _Memory:
    """What was said for one judge."""

    __slots__ = ("kept", "same")

    def __init__(self) -> None:
        self.kept: dict[tuple[object, ...], _Said] = {}
        self.same: dict[
            int, tuple[Hit, tuple[int, bool], _Said]
        ] = {}  # by the very hit, for those that judges remember


_memories: WeakKeyDictionary[Judge, _Memory] = WeakKeyDictionary()
"""By judge, and gone with it: a program may make a linter for each of its users."""
_MOST_KEPT = 4096
_LONGEST_KEPT = 1000  # characters of facts
_PLAIN = frozenset({str, int, float, bool, type(None)})


def _said(judge: Judge, hit: Hit, base: int, show: bool) -> _Said:
    """
    Say what a hit means; *base* is how many steps of its place lead to the request.

    What was said is kept, as a mistake that is made in one line of a file is often made in all of them.
    """
    memory = _memories.get(judge)
    if memory is None:
        memory = _memories[judge] = _Memory()
    same = memory.same.get(id(hit))
    if same is not None and same[0] is hit and same[1] == (base, show):
        return same[2]
    facts = _kept_by(hit.facts)
    if facts is None:
        return _say(judge, hit, base, show)
    key = (hit.rule, hit.place, hit.severity, base, show, facts)
    said = memory.kept.get(key)
    if said is None:
        if len(memory.kept) >= _MOST_KEPT:
            memory.kept.clear()
        said = memory.kept[key] = _say(judge, hit, base, show)
    if len(memory.same) >= _MOST_KEPT:
        memory.same.clear()
    memory.same[id(hit)] = (hit, (base, show), said)
    return said


def _kept_by(facts: Mapping[str, object]) -> str | None:
    """Write down all that words can depend on; None when that is too long to be kept, or not known."""
    value = facts.get("value")
    kind = value.__class__
    if kind is list or kind is dict:  # of which only the kind and the length are said
        facts = {**facts, "value": (kind.__name__, len(value))}  # type: ignore[arg-type]  # as the line above says
    elif kind not in _PLAIN or (kind is str and len(value) > _LONGEST_KEPT):  # type: ignore[arg-type]  # likewise
        return None
    written = repr(facts)
    return written if len(written) <= _LONGEST_KEPT else None


def _say(judge: Judge, hit: Hit, base: int, show: bool) -> _Said:
    rule = judge.rules[hit.rule]
    facts, known = _spoken(hit, judge.profile.name, hit.place[base:-1])
    evidence = judge.evidence_of(hit)
    secret = is_under_credential_key(hit.place)
    return _Said(
        judge.severity(hit) or Severity.NOTE,
        render_message(rule.message, facts, known, show, secret=secret),
        render_message(rule.help, facts, known, show, secret=secret) or None if rule.help else None,
        _consequence(judge, hit, evidence) if evidence else None,
        to_pointer(hit.place),
        to_path(hit.place),
        "/".join("*" if isinstance(step, int) else step for step in hit.place),
    )


def _spoken(hit: Hit, profile: str, inside: Place) -> tuple[Mapping[str, object], Collection[str]]:
    """Give the facts a message may use, and the payload words it may show because some API documents them."""
    key = next((step for step in reversed(hit.place) if isinstance(step, str)), "")
    documented = documented_words().get(key, {})
    value = hit.facts.get("value")
    takers = documented.get(value, ()) if isinstance(value, str) else ()
    facts = {**hit.facts, "profile": profile, "elsewhere": [name for name in takers if name != profile]}
    if hit.rule == "unknown-field":
        neighbour = field_owner(str(facts["field"]), profile, inside)
        if neighbour:
            facts |= {"suggestion": None, "neighbour": neighbour.owner, "equivalent": neighbour.equivalent}
    return facts, documented


def _related(link: Link, located: Located) -> Related:
    region = link.region or (located.get((link.place, link.part)) if link.document is None else None)
    return Related(link.label, to_pointer(link.place), to_path(link.place), region, link.document)


_EFFECTS = {
    "refused": "refuses this",
    "ignored": "ignores this",
    "altered": "accepts this, but not as it reads",
    "discouraged": "advises against this",
    "accepted": "accepts this",
}


_HOW_SURE = {"inferred": "probably ", "disputed": "by some accounts "}


def _consequence(judge: Judge, hit: Hit, evidence: Evidence) -> str:
    """Say what the API does, and how that is known."""
    if hit.severity and hit.severity is not evidence.severity:
        # The profile's schema is milder here than the rule: servers were seen to take it.
        return f"{judge.profile.name} documents it otherwise, and is not known to refuse it (read {judge.profile.read})"
    if evidence.profile == "*" and evidence.url != "profile":
        return f"{evidence.says or _EFFECTS[evidence.effect]} ({evidence.status})"
    read = judge.profile.read if evidence.url == "profile" else evidence.read
    says = f": {evidence.says}" if evidence.says else ""
    verb = _HOW_SURE.get(evidence.status, "") + _EFFECTS[evidence.effect]
    return f"{judge.profile.name} {verb} ({evidence.status}, read {read}){says}"


FINGERPRINT_NODE = 16
"""The digits of a fingerprint that say what is wrong, in which request; the others say in which file."""

_MOVING = frozenset({"offset", "line", "lines", "count"})
"""Facts that change when something else in the text does."""


def _about(hit: Hit, root: object, base: Place) -> object:
    """
    Give the value that a finding is about, which with the rule and the shape of the place tells it from others.

    Indices are left out of that shape, so that neither moved lines nor an inserted message make a known finding a new
    one. Of a request and the lists and objects directly in it only the name counts, since they change with each of
    their parts.
    """
    if len(hit.place) <= len(base):
        return None
    try:
        about = value_at(root, hit.place)
    except LookupError:
        return sorted((k, mask(str(v))) for k, v in hit.facts.items() if k not in _MOVING)
    if len(hit.place) == len(base) + 1 and isinstance(about, dict | list):
        return None
    return _unguessable(about, hit.place)


_HINTS = ("ey", "oken", "ecret", "ass", "pwd", "uth", "ookie", "sess", "sig", "onnection", "dsn", "jwt", "redential")
_LONGEST_GUESSED = 500  # characters


def _unguessable(about: object, place: Place) -> object:
    """
    Give what a finding is about without credentials: whoever has a hash and can guess what is hashed knows it.

    Of a long text nobody guesses all, and what has no name like those of credentials in it is as it was.
    """
    if is_under_credential_key(place):
        return masked_as("")
    if isinstance(about, str):
        return mask(about) if len(about) <= _LONGEST_GUESSED else about
    if isinstance(about, dict | list):
        written = _written(about).lower()
        return mask_values(about) if any(hint in written for hint in _HINTS) else about
    return about


def _field(hit: Hit, root: object) -> str:
    return str(hit.facts.get("field", "") or (hit.facts.get("name", "") if root is None else ""))


def _request_mark(root: object, base: Place) -> str:
    """
    Tell a request from others in its source by what is least likely to be edited: what its user said first.

    NOTE: with the whole request in its place, repairing one thing would make everything else in it new; with nothing,
    a mistake repaired in one line and made in another would be the same finding.
    """
    try:
        value = value_at(root, base)
    except LookupError:
        value = root
    if isinstance(value, Mapping) and isinstance(value.get("body"), Mapping):
        value = value["body"]
    messages = value.get("messages") if isinstance(value, Mapping) else None
    if not isinstance(messages, list):
        return _hashed(value)
    spoken = [each for each in messages if isinstance(each, Mapping) and each.get("role") == "user"]
    return _hashed([each.get("content") for each in spoken[:1]] or messages[:1])


def _node(mark: tuple[str, ...]) -> str:
    return str(_sha256()(f"[[{', '.join(map(quoted, mark))}], 1]".encode()).hexdigest()[:FINGERPRINT_NODE])


def _hashed(value: object) -> str:
    """Hash a value by what it is as JSON, whatever the order of members."""
    written = quoted(value) if isinstance(value, str) else _written(value)
    return _digest(written) if len(written) <= _SHORT else _digest.__wrapped__(written)


_written = JSONEncoder(sort_keys=True, default=str).encode
_SHORT = 200


@lru_cache(maxsize=1024)
def _digest(text: str) -> str:
    return _sha256()(text.encode()).hexdigest()  # type: ignore[no-any-return]  # the next says why


@cache
def _sha256() -> Any:
    from hashlib import sha256  # loads OpenSSL, which a clean run has no use for

    return sha256
