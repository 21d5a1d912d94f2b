"""Which change of a document settles a finding, and how it is written into the text."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from json import dumps, loads
from marshal import dumps as dumped
from typing import NamedTuple

from reqlint.containers.envelope import RECORDINGS, Envelope
from reqlint.core.findings import Edit, Fix, Hit, Part, Region, Severity
from reqlint.core.pointer import Place, value_at
from reqlint.display.credentials import mask
from reqlint.display.escaping import sanitize
from reqlint.fixes.nearby import stays_fixed
from reqlint.fixes.tool_names import allowed_name, places_of_name
from reqlint.judge.judge import Judge, rebase
from reqlint.knowledge.field_owners import field_owner
from reqlint.knowledge.rule import Remedy
from reqlint.text.changes import Add, Change, Quote, Remove, Rename, Replace, Unwrap, Wrap, apply_changes
from reqlint.text.documents import Document, Form, Lines, Source, YamlDocument, read_documents
from reqlint.text.json.edits import Splice, Unwritable, write_json

MOST_PROVEN = 200
"""Findings of one document that are offered a fix; each fix is judged before, and `--fix` comes back for the others."""

_MOST_JUDGED = 10_000_000  # characters of one document that are judged again to see that its fixes settle something
_TO_TELL = 500  # as many characters take as long to judge as a finding takes to be made
_MOST_READ_BACK = 2_000_000  # characters of one document that are read again to see that its fixes say what was meant
_UNSURE = frozenset(("duplicate-key", "invalid-json", "invalid-yaml", "too-deep", "not-utf8"))  # a place is not certain

Located = Mapping[tuple[Place, Part], Region]
Found = tuple[Envelope, Judge, Hit]
Plan = tuple[str, list[Change]]
"""What to do in the imperative, and the changes that do it."""


class Case(NamedTuple):
    """A hit that may be settled by a change, and what it is part of."""

    hit: Hit
    remedy: Remedy
    root: object  #: the value of the document
    base: Place  #: leads to the request
    profile: str

    @property
    def key(self) -> str:
        """The key that the hit is at."""
        return str(self.hit.place[-1]) if self.hit.place else ""

    @property
    def value(self) -> object:
        """The value that the hit is at."""
        return value_at(self.root, self.hit.place)

    @property
    def around(self) -> object:
        """The object or array that the hit is in."""
        return value_at(self.root, self.hit.place[:-1])

    @property
    def request(self) -> object:
        """The request."""
        return value_at(self.root, self.base)


def find_fixes(
    document: Document, found: Sequence[Found], lines: Iterable[Envelope] = (), located: Located | None = None
) -> list[Fix | None]:
    """
    Give the fix of each of *found*, whose places are the document's, where there is one.

    A fix is offered only when the value that it leads to has the finding no more, and no error that was not there. What
    a recording says was sent stays as it is. *lines* are the envelopes that are judged as lines of a file, and
    *located* the regions that are known already.
    """
    fixes: list[Fix | None] = [None] * len(found)
    if any(flaw.rule in _UNSURE for flaw in document.flaws):
        return fixes
    proof = _Proof(document, found, lines)
    plans: dict[int, Plan] = {}
    for index, plan in _plans(document, found):
        if proof.left < 0:
            break
        if proof.settles(index, plan[1]):
            plans[index] = plan
    if not plans:
        return fixes
    in_place = {} if isinstance(document, YamlDocument) else located or {}
    swapped = {index: _swapped(changes, in_place) for index, (_, changes) in plans.items()}
    others = [change for index, (_, changes) in plans.items() if swapped[index] is None for change in changes]
    write = document.writer(others) if others else None
    read_back = _ReadBack(document)
    regions: Lines | None = None
    known = {(region.start, region.end): region for region in located.values()} if located else {}
    taken: set[tuple[Place, str]] = set()
    for index, (description, changes) in plans.items():
        added = {(change.place[:-1], change.key) for change in changes if isinstance(change, Rename)}
        if not taken.isdisjoint(added):
            continue  # two misspellings of one key: after the first there is no room for the second
        try:
            splices = swapped[index] or (write(changes) if write else [])
        except Unwritable:
            continue
        if read_back.says(splices, changes):
            taken |= added
            remedy = found[index][1].rules[found[index][2].rule].fix
            edits = []
            for start, end, text in splices:
                region = known.get((start, end))
                if region is None:
                    regions = regions or document.lines()
                    region = regions.region((start, end))
                edits.append(Edit(region, text))
            fixes[index] = Fix(_described(description), bool(remedy and remedy.safe), tuple(edits))
    return fixes


_described = lru_cache(maxsize=256)(sanitize)


def _swapped(changes: Sequence[Change], located: Located) -> list[Splice] | None:
    """Give the splice of a change that puts one JSON scalar in the place of another whose region is known."""
    if len(changes) != 1:
        return None
    change, new = changes[0], _scalar(changes[0])
    part = Part.KEY if isinstance(change, Rename) else Part.VALUE
    region = located.get((change.place, part)) if new is not None else None
    return [(region.start, region.end, write_json(new[0]))] if region is not None and new is not None else None


def _scalar(change: Change) -> tuple[object] | None:
    """Give the scalar that a change puts in the place of what is there; None if it does another thing."""
    if isinstance(change, Rename):
        return (change.key,)
    if isinstance(change, Replace) and not isinstance(change.value, dict | list):
        return (change.value,)
    return None


def _plans(document: Document, found: Sequence[Found]) -> Iterator[tuple[int, Plan]]:
    planned = 0
    for index, (envelope, judge, hit) in enumerate(found):
        remedy = judge.rules[hit.rule].fix if hit.rule in judge.rules else None
        if remedy is None or envelope.inner is not None or envelope.kind in RECORDINGS or planned >= MOST_PROVEN:
            continue
        try:
            plan = _KINDS[remedy.kind](Case(hit, remedy, document.value, envelope.place, judge.profile.name))
        except LookupError:
            continue  # the hit is at a place that the value does not have, such as a key in a YAML merge
        if plan is not None:
            planned += 1
            yield index, plan


# -------------------------------------------------------------------------------------------------------------- proof


class _Proof:
    """Judges what a change leads to before it is offered."""

    def __init__(self, document: Document, found: Sequence[Found], lines: Iterable[Envelope]) -> None:
        self.document = document
        self.found = found
        self.lines = {id(envelope) for envelope in lines}
        self.left = _MOST_JUDGED  #: characters; below zero where it was enough
        self._each: int | None = None  # what a judgement takes of it
        self._errors: dict[int, set[tuple[str, Place]]] | None = None
        self._counts: dict[tuple[int, str], int] = {}

    def settles(self, index: int, changes: Sequence[Change]) -> bool:
        """Tell whether the finding is gone once *changes* are made, and no error is new."""
        envelope, judge, hit = self.found[index]
        if all(isinstance(change, Quote) for change in changes):
            return True  # the value stays what it is
        if self._each is None:
            whole = self.document.locate([((), Part.VALUE)]).get(((), Part.VALUE))
            self._each = (whole.end - whole.start if whole else 0) + _TO_TELL * len(self.found)
        self.left -= self._each
        if not self.document.flaws and id(envelope) not in self.lines:
            settled = stays_fixed(judge, envelope.value, hit.rule, changes, len(envelope.place))
            if settled is not None:
                return settled
        try:
            value = value_at(apply_changes(self.document.value, changes), envelope.place)
        except LookupError:
            return False  # the request itself would be gone
        verdict = judge.judge_line(envelope.kind, value) if id(envelope) in self.lines else judge.judge(value)
        hits = [rebase(left, envelope.place) for left in verdict.hits] if verdict else []
        known = self._known().get(id(envelope), set())
        if any(judge.severity(left) is Severity.ERROR and (left.rule, left.place) not in known for left in hits):
            return False
        return sum(left.rule == hit.rule for left in hits) < self._counts[id(envelope), hit.rule]

    def _known(self) -> dict[int, set[tuple[str, Place]]]:
        if self._errors is None:
            self._errors = {}
            for envelope, judge, hit in self.found:
                rule = (id(envelope), hit.rule)
                self._counts[rule] = self._counts.get(rule, 0) + 1
                if judge.severity(hit) is Severity.ERROR:
                    self._errors.setdefault(id(envelope), set()).add((hit.rule, hit.place))
        return self._errors


class _ReadBack:
    """Reads a changed text again, to be sure that it says what was meant."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.form = Form.YAML if isinstance(document, YamlDocument) else Form.JSON
        self.left = _MOST_READ_BACK
        self.others: dict[int, object] | None = None

    def says(self, splices: Sequence[Splice], changes: Sequence[Change]) -> bool:
        """
        Tell whether the text with *splices* holds what *changes* make, and other documents of a stream what they did.

        Of a text too long to be read so often, JSON is believed and YAML, which can be written in many ways, is not.
        """
        if self.form is Form.JSON and len(splices) == len(changes) == 1 and self._swaps(splices[0], changes[0]):
            return True
        self.left -= len(self.text)
        if self.left < 0:
            return self.form is Form.JSON
        value = apply_changes(self.document.value, changes)
        read = self._values(apply_splices(self.text, splices))
        if self.form is Form.JSON:
            return is_same_json(read, {0: value})
        if self.others is None:
            self.others = self._values(self.text)
        return is_same_json(read, {**self.others, self.document.index: value})

    def _swaps(self, splice: Splice, change: Change) -> bool:
        """Tell whether one JSON scalar takes the place of another, which cannot change the rest of the text."""
        start, end, text = splice
        new = _scalar(change)
        if new is None:
            return False
        old = change.place[-1] if isinstance(change, Rename) else value_at(self.document.value, change.place)
        try:
            return (
                not isinstance(old, dict | list)
                and is_same_json(loads(self.text[start:end]), old)
                and is_same_json(loads(text), new[0])
            )
        except ValueError:
            return False

    def _values(self, text: str) -> dict[int, object]:
        """Give the values in a text by the number of their documents; one that is empty has none."""
        source = Source("", None, text.encode("utf-8", "surrogatepass"))
        return {document.index: document.value for document in read_documents(source, self.form)}


def apply_splices(text: str, splices: Iterable[Splice]) -> str:
    """Give *text* with *splices* made, which are in its order and none over another."""
    parts, at = [], 0
    for start, end, replacement in splices:
        parts += [text[at:start], replacement]
        at = end
    return "".join([*parts, text[at:]])


def is_same_json(one: object, other: object) -> bool:
    """Tell whether two JSON values are the same, 1 and 1.0 and true being three, whatever the order of members."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict | list) and isinstance(other, dict | list):
        if len(one) != len(other) or (isinstance(one, dict) and isinstance(other, dict) and one.keys() != other.keys()):
            return False
        if _as_bytes(one) == _as_bytes(other):
            return True  # nearly all of a text is what it was
    if isinstance(one, dict) and isinstance(other, dict):
        return all(is_same_json(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return all(map(is_same_json, one, other))
    return one == other or (one != one and other != other)


def _as_bytes(value: object) -> bytes | object:
    try:
        return dumped(value, 2)  # type: ignore[arg-type]  # raises where it cannot; before version 3, equal parts are not written as references to one another
    except ValueError:
        return object()


# -------------------------------------------------------------------------------------------------------------- kinds


def _rename_key(case: Case) -> Plan | None:
    key = case.remedy.key
    if key is None and case.hit.facts.get("close") == 1:
        inside = case.hit.place[len(case.base) : -1]
        if field_owner(case.key, case.profile, inside) is None:  # as in the message: it is no misspelling there
            key = str(case.hit.facts["suggestion"])
    if key is None or not isinstance(case.around, Mapping) or key in case.around:
        return None
    return f"rename the key to {key}", [Rename(case.hit.place, key)]


def _convert_value(case: Case) -> Plan | None:
    value, expected = case.value, str(case.hit.facts.get("expected", ""))
    if not isinstance(value, str):
        return None
    if value in ("true", "false") and "true or false" in expected:
        return f"write {value} without quotes", [Replace(case.hit.place, value == "true")]
    wanted = _INTEGER if "an integer" in expected else _NUMBER if "a number" in expected else None
    if wanted and wanted.match(value):
        return "write the number without quotes", [Replace(case.hit.place, loads(value))]
    return None


# Digits that a double holds exactly, so that no reader gets another number than the one that is spelled.
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\Z")
_NUMBER = re.compile(r"(?=.{1,16}\Z)-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\Z")


def _lower_case(case: Case) -> Plan | None:
    value, allowed = case.value, case.hit.facts.get("allowed")
    if isinstance(value, str) and isinstance(allowed, list) and value.lower() in allowed:
        return f'write it as "{value.lower()}"', [Replace(case.hit.place, value.lower())]
    return None


def _replace_value(case: Case) -> Plan | None:
    return f"write {dumps(case.remedy.value)}", [Replace(case.hit.place, case.remedy.value)]


def _remove_member(case: Case) -> Plan | None:
    if isinstance(case.around, Mapping):
        return f"leave {case.key} out", [Remove(case.hit.place)]
    return None


def _set_member(case: Case) -> Plan | None:
    """Set a member of the object at the hit, or the very member that the hit is at, where it says the opposite."""
    key, value, place = str(case.remedy.key), case.remedy.value, case.hit.place
    if case.key == key and isinstance(case.value, bool):
        return f"set {key} to {dumps(value)}", [Replace(place, value)]
    if case.key != key and isinstance(case.value, Mapping) and key not in case.value:
        return f"add {key}, {dumps(value)}", [Add(place, key, value)]
    return None


def _insert_type(case: Case) -> Plan | None:
    """Name the type of a tool, of a call or of a choice that has a function."""
    owner = case.value
    if case.hit.facts.get("field") != "type" or not isinstance(owner, Mapping) or "type" in owner:
        return None
    if isinstance(owner.get("function"), Mapping):
        return "add type, function", [Add(case.hit.place, "type", "function", first=True)]
    return None


def _wrap_value(case: Case) -> Plan | None:
    return f"wrap it in an object under {case.remedy.key}", [Wrap(case.hit.place, str(case.remedy.key))]


def _unwrap_member(case: Case) -> Plan | None:
    value, around = case.value, case.around
    if case.remedy.key not in (None, case.key) or not isinstance(value, Mapping) or not isinstance(around, Mapping):
        return None
    if any(key in around and key != case.key for key in value) or case.key in value:
        return None
    return f"lift the members of {case.key}" if value else f"leave {case.key} out", [Unwrap(case.hit.place)]


def _move_member(case: Case) -> Plan | None:
    into = (*case.hit.place[:-1], str(case.remedy.key))
    target, value = value_at(case.root, into), case.value
    if not isinstance(target, Mapping) or case.key in target or isinstance(value, Mapping | list | str):
        return None
    return f"move {case.key} into {case.remedy.key}", [Remove(case.hit.place), Add(into, case.key, value)]


def _quote_scalar(case: Case) -> Plan | None:
    is_key = case.hit.part is Part.KEY
    if not is_key and not isinstance(case.value, str):
        return None  # here it is a number or the like; which of the two the author meant is not known
    return "put it in quotes", [Quote(case.hit.place, is_key)]


def _rename_function(case: Case) -> Plan | None:
    name = case.value
    new = allowed_name(name, case.request) if isinstance(name, str) else None
    if not isinstance(name, str) or new is None or mask(name) != name:  # of a credential hardly less would be shown
        return None
    places = places_of_name(name, case.request)
    changes: list[Change] = [Replace((*case.base, *place), new) for place in places]
    return f"call it {new} wherever it is named", changes


def _complete_required(case: Case) -> Plan | None:
    at = case.hit.place[:-1] if case.key == "required" and isinstance(case.value, list) else case.hit.place
    schema = value_at(case.root, at)
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    if not isinstance(schema, Mapping) or not isinstance(properties, Mapping):
        return None
    required = schema.get("required")
    named = {name for name in required if isinstance(name, str)} if isinstance(required, list) else ()
    missing = [name for name in properties if name not in named]
    changes: list[Change] = []
    for name in missing:
        nullable = _nullable((*at, "properties", name), properties[name])
        if nullable is None:
            return None
        changes += nullable
    if not isinstance(required, list):
        change = Add(at, "required", missing) if "required" not in schema else Replace((*at, "required"), missing)
        return _COMPLETED, [*changes, change]
    if len(missing) > 1 or not required:
        return _COMPLETED, [*changes, Replace((*at, "required"), [*required, *missing])]
    return _COMPLETED, [*changes, Add((*at, "required"), None, missing[0])]


_COMPLETED = "name every property in required, and let those be null that were not"


def _nullable(place: Place, schema: object) -> list[Change] | None:
    """Give the changes that let the value of a property be null; None when its schema is of another kind."""
    if not isinstance(schema, Mapping):
        return None
    kind, union, listed = schema.get("type"), schema.get("anyOf"), schema.get("enum")
    changes: list[Change] = []
    if isinstance(kind, str) and kind != "null":
        changes.append(Replace((*place, "type"), [kind, "null"]))
    elif isinstance(kind, list) and kind and "null" not in kind:
        changes.append(Add((*place, "type"), None, "null"))
    elif isinstance(union, list) and union and kind is None:
        if {"type": "null"} not in union:
            changes.append(Add((*place, "anyOf"), None, {"type": "null"}))
    elif kind is None:
        return None
    if isinstance(listed, list) and listed and None not in listed:
        changes.append(Add((*place, "enum"), None, None))
    return None if "const" in schema else changes


def _functions_to_tools(case: Case) -> Plan | None:
    request = case.request
    if not isinstance(request, Mapping) or "tools" in request or "tool_choice" in request:
        return None
    functions, choice = request.get("functions"), request.get("function_call")
    if not isinstance(functions, list) or not all(isinstance(each, Mapping) and each for each in functions):
        return None
    messages = request.get("messages")
    if not isinstance(messages, list) or any(
        isinstance(message, Mapping) and ("function_call" in message or message.get("role") == "function")
        for message in messages
    ):
        return None  # the conversation speaks of them in the old form as well
    function = (("type", "function"),)
    changes: list[Change] = [Rename((*case.base, "functions"), "tools")]
    changes += [Wrap((*case.base, "functions", index), "function", function) for index in range(len(functions))]
    if "function_call" in request:
        if not isinstance(choice, Mapping) and choice not in ("auto", "none"):
            return None
        changes.append(Rename((*case.base, "function_call"), "tool_choice"))
        if isinstance(choice, Mapping):
            changes.append(Wrap((*case.base, "function_call"), "function", function))
    return "write the functions as tools", changes


_KINDS: Mapping[str, Callable[[Case], Plan | None]] = {
    "rename-key": _rename_key,
    "convert-value": _convert_value,
    "lower-case": _lower_case,
    "replace-value": _replace_value,
    "remove-member": _remove_member,
    "set-member": _set_member,
    "insert-type": _insert_type,
    "wrap-value": _wrap_value,
    "unwrap-member": _unwrap_member,
    "move-member": _move_member,
    "quote-scalar": _quote_scalar,
    "rename-function": _rename_function,
    "complete-required": _complete_required,
    "functions-to-tools": _functions_to_tools,
}
