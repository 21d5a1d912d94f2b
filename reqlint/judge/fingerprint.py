"""
The fingerprint of a finding: the same when lines move, and unlike that of any other finding in its source.

A hash confirms a guess: whoever has the fingerprint of a password can try passwords until one fits. Therefore
credentials are masked in whatever is hashed. `_hash` alone hashes, and takes `Masked` text; `hash_json` masks values.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from importlib import import_module
from itertools import count
from typing import Any

from reqlint.core.findings import Finding, Hit
from reqlint.core.pointer import Place, value_at
from reqlint.core.records import replace
from reqlint.dialects.vocabulary import Dialect
from reqlint.display.cached import mask_path
from reqlint.display.credentials import mask_values, masked_as, masked_json, masked_strings
from reqlint.display.shown import Masked, transform, verbatim
from reqlint.judge.origin import Origin

FINGERPRINT_NODE = 16
"""The number of digits of a fingerprint that identify the finding in its source; the others identify the source."""

_LENGTH = 24

Mark = tuple[str, ...]
"""
What identifies a finding among those of its source: rule, shape of the pointer, field, hashes of value and request.
"""
_VALUE = 3  # the number of the hash of the value in a mark


class Fingerprints:
    """Numbers the findings of one source that have the same mark, so that no two fingerprints are equal."""

    def __init__(self, name: str | None) -> None:
        self.name = name  #: of the source
        self.seen: dict[str, int] = {}  #: how many findings had a node, the hash of a mark
        self.repeats: dict[int, str] = {}  #: nodes of the findings that repeat one, by the number of the finding
        self._count = 0
        self._of_source = ""
        self.last: Mark = ()  #: of the findings
        self._last_node = ""

    def make(self, mark: Mark, *, is_harmless: bool = False) -> str:
        """Return the fingerprint of the next finding; *is_harmless* says that its mark holds no credential."""
        if mark == self.last:  # as those of a key that is written again and again
            node = self._last_node
        else:
            node = _node(mark, is_harmless=is_harmless)
            self.last, self._last_node = mark, node
        count = self.seen[node] = self.seen.get(node, 0) + 1
        if count > 1:
            self.repeats[self._count] = node
        self._count += 1
        return self._numbered(node, count)

    def _numbered(self, node: str, count: int) -> str:
        if not self._of_source:
            self._of_source = hash_json(mask_path((self.name or "").replace("\\", "/")))[: _LENGTH - FINGERPRINT_NODE]
        # NOTE: the second is what `_node` makes of the two; digits hold no credential.
        return (node if count == 1 else _cut_hash(verbatim(f'[["{node}", "{count}"], 1]'))) + self._of_source

    def renumber(
        self, findings: Sequence[Finding], seen: Mapping[str, int], repeats: Mapping[int, str]
    ) -> Sequence[Finding]:
        """
        Return later *findings* of the same source, with new fingerprints for those that repeat an earlier mark.

        They were made by other `Fingerprints`, whose *seen* and *repeats* these are.
        """
        if self.seen.keys().isdisjoint(seen):
            self.seen.update(seen)
            return findings
        renumbered = []
        for number, finding in enumerate(findings):
            node = repeats.get(number) or finding.fingerprint[:FINGERPRINT_NODE]
            count = self.seen[node] = self.seen.get(node, 0) + 1
            renumbered.append(replace(finding, fingerprint=self._numbered(node, count)))
        return renumbered


def mark_of(hit: Hit, shape: str, origin: Origin, dialect: Dialect, *, secret: bool, name_request: bool) -> Mark:
    """
    Return the mark of a hit; *shape* is its pointer without indices, and *secret* says whether its value is one.

    Indices are left out so that neither moved lines nor an inserted message make a known finding a new one. The request
    is part of the mark if it has a custom id or stands in an array, or if *name_request* says that there are several.
    """
    base = origin.base
    field = hit.facts.get("field", "") or (hit.facts.get("name", "") if origin.root is None else "")
    mark = (hit.rule, shape, str(field), _hash_of_value(hit, origin, secret))
    if origin.custom_id is not None:
        return (*mark, "id", origin.custom_id)
    if name_request or (base and any(isinstance(step, int) for step in base)):
        return (*mark, "in", _once(origin, "request", base, lambda: _hash_of_request(origin, dialect)))
    return mark


def _once(origin: Origin, what: str, place: Place, make: Callable[[], str]) -> str:
    """Return the hash that *make* makes of *what* is at *place*, which it is asked for once a document."""
    if origin.hashes is None:
        return make()
    known = origin.hashes.get((what, place))
    if known is None:
        known = origin.hashes[what, place] = make()
    return known


_MOVING = frozenset({"offset", "line", "lines", "count"})
"""Facts that change when something else in the text does."""


def _hash_of_value(hit: Hit, origin: Origin, secret: bool) -> str:
    """
    Return the hash of the value at a hit's place, as far as it identifies the finding.

    That of null stands for a request and for the arrays and objects directly in it: they change with each of their
    members.
    """
    depth, place = len(origin.base), hit.place
    if len(place) <= depth:
        return _of_null()
    try:
        value = value_at(origin.root, place)
    except LookupError:
        hidden = _MOVING | {"value"} if secret else _MOVING
        return hash_json([[k, str(mask_values(v))] for k, v in sorted(hit.facts.items()) if k not in hidden])
    return hash_of_member(value, place, origin, secret=secret)


def hash_of_member(value: object, place: Place, origin: Origin, *, secret: bool = False) -> str:
    """Return the hash of a *value* in a request, as far as it identifies a finding at its *place*."""
    if value.__class__ is int and not secret:
        return hash_json(value)
    is_container = isinstance(value, list | dict)
    if is_container and len(place) == len(origin.base) + 1:
        return _of_null()
    if secret:
        return hash_json(_SECRET)
    if is_container or (isinstance(value, str) and len(value) > _LONGEST_KEPT):
        return _once(origin, "value", place, lambda: hash_json(value))
    return hash_json(value)


_SECRET = masked_as("")


@cache
def _of_null() -> str:
    return hash_json(None)


def _hash_of_request(origin: Origin, dialect: Dialect) -> str:
    """
    Hash the part of a request that is least likely to be edited: its first user message.

    NOTE: if the whole request were hashed, repairing one thing would make every other finding in it new; if nothing
    were, a mistake repaired in one line and made in another would be the same finding.
    """
    if isinstance(origin.request, Mapping):
        return hash_json(dialect.first_words(origin.request))
    try:
        value = value_at(origin.root, origin.base)
    except LookupError:
        value = origin.root
    if isinstance(value, Mapping) and isinstance(value.get("body"), Mapping):
        value = value["body"]
    return hash_json(dialect.first_words(value) if isinstance(value, Mapping) else value)


def _node(mark: Mark, *, is_harmless: bool) -> str:
    return _cut_hash(transform(masked_strings(mark, _VALUE, is_harmless=is_harmless), _once_more))


_once_more = "[{}, 1]".format


def hash_json(value: object) -> str:
    """
    Hash a value as JSON, credentials in it masked, whatever the order of its members.

    Of a very long text, its beginning and its length are hashed, as masking takes long. What is masked last may be the
    beginning of a credential that no form fits, so it is left out.
    """
    if value.__class__ is int:
        return _digest(verbatim(repr(value)))
    if isinstance(value, str) and len(value) > _LONGEST_HASHED:
        masked = masked_json(value[: _LONGEST_HASHED // 2])
        return hash_json([masked[:-_LONGEST_CREDENTIAL], len(value)])
    written = masked_json(value)
    return _digest(written) if len(written) <= _LONGEST_KEPT else _hash(written)


_LONGEST_KEPT = 200  # characters
_LONGEST_HASHED = 1_000_000  # characters
_LONGEST_CREDENTIAL = 20_000  # characters; a private key of 16,384 bits has 12,600


def _cut_hash(text: Masked) -> str:
    return _hash(text)[:FINGERPRINT_NODE]


def _hash(text: Masked) -> str:
    sha256 = _own_sha256() if len(text) <= _LONGEST_OWN and next(_digests) < _FEW else _fast_sha256()
    return sha256(text.encode()).hexdigest()  # type: ignore[no-any-return]  # the modules of hashes have no types


_FEW = 50
_LONGEST_OWN = 1000  # characters
_digests = count()

_digest = lru_cache(maxsize=1024)(_hash)


@cache
def _fast_sha256() -> Any:
    from hashlib import sha256  # loads OpenSSL, which takes longer than hashing a few texts without it

    return sha256


@cache
def _own_sha256() -> Any:
    """Return Python's own implementation, which has another name from 3.12 on; `random` takes its hash from there."""
    for name in ("_sha2", "_sha256"):
        with suppress(ImportError):
            return import_module(name).sha256
    return _fast_sha256()
