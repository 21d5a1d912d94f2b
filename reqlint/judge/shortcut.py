"""The quick way to judge a request of the right shape: one walk instead of one check after the other."""

from collections.abc import Sequence
from marshal import dumps
from math import isfinite
from typing import Any, NamedTuple

from reqlint.core.findings import Hit
from reqlint.core.json_values import KINDS, json_writer, may_have_non_finite
from reqlint.judge.credential_words import CredentialWords
from reqlint.judge.member_gate import MemberGate, Settled, Unproven
from reqlint.judge.questions import Questions
from reqlint.knowledge.proofs import ordinary_members
from reqlint.schema.combine import combine_schemas, separate_members
from reqlint.text.json.line_reader import is_shared
from reqlint.text.json.plain_text import is_from_plain_text, searchable

_MOST_PROVEN = 256  # sets of repeated members: more than a program has, and with the next a bound on memory
_LONGEST_PROVEN = 1 << 18  # bytes of one set
_ENDING = 48  # bytes of a set by which it is found; sets of one length and ending take turns


class Shortcut:
    """
    Proves in one walk that a request is clean, or finds what checks find in it; if it cannot, the long way decides.

    The dialect's repeated members are judged once and then recognised by their text, because programs send the same
    tools with every request.

    Args:
        questions: what the profile asks.
    """

    def __init__(self, questions: Questions) -> None:
        dialect = questions.dialect
        # The form of the answer is often another one in each request, with the same tools.
        #: Those of the members that are judged by themselves.
        self.keys_apart = keys = tuple(key for key in dialect.repeated if key != dialect.keys.get("answer"))
        self._alone = tuple(key for key in dialect.repeated if key not in keys)
        self._words = CredentialWords(questions.schemas)
        rest, repeated = separate_members(combine_schemas(self._words.other_schemas), keys)
        ordinary = ordinary_members(dialect.name)
        self._rest = MemberGate(rest, questions, lambda check: not check.needs.issubset(keys), ordinary, keys)
        self._repeated = MemberGate(repeated, questions, lambda check: check.needs.issubset(keys), {})
        self._proven: dict[tuple[int, bytes], Proven] = {}
        self._tools, self._model = dialect.keys.get("tools", ""), dialect.keys.get("model", "")
        self._of_shared: dict[int, tuple[object, dict[str, Any], Proven]] = {}  # by the id of the tools
        self._write = json_writer()

    def proves_clean(self, request: Any) -> bool:
        """Return whether a request that was parsed is proven clean; False means only that this way cannot tell."""
        hits = self.hits(request)
        return hits is not None and not hits

    def hits(self, request: Any, *, from_text: bool = True) -> Sequence[Hit] | None:
        """
        Return all hits of *request*, in no particular order; None if this way cannot tell, as of a wrong shape.

        A request *from_text* was parsed, so it holds only what a text can hold.
        """
        if type(request) is not dict:
            return None
        try:
            others = request.copy()
            repeated = {key: others.pop(key) for key in self.keys_apart if key in others}
            if from_text:
                for value in others.values():
                    if value.__class__ is float and not isfinite(value):
                        return None
            elif not KINDS.issuperset(map(type, request.values())):
                return None
            proven = self._proven_before(repeated) if from_text else None
            if proven is None:
                written = self._write(repeated)
                proven = self._proven.get((len(written), written[-_ENDING:]))
                if proven is None or proven[0] != written:
                    proven = self._prove_repeated(repeated, written)
                    if proven is None:
                        return None
                elif proven[1] and not from_text and may_have_non_finite(repeated):
                    return None
                if from_text:
                    self._keep(repeated, proven)
            if not (from_text and is_from_plain_text(request, self.keys_apart)):
                for key in self._alone:
                    if key in others:
                        dumps(others[key], 4)  # as in `_prove_repeated`
                # The text, as long as the request, is not kept.
                if not self._words.are_absent(searchable(self._write(others)), others, has_null_checked=from_text):
                    return None
            hits = [*proven[4]]
            return None if self._rest.proofs(request, hits, proven[2], proven[3]) is None else hits
        except MemoryError:
            raise
        except Exception:  # a value that JSON cannot hold, or a bug; the long way reports which
            return None

    def judged_apart(self, request: dict[str, Any], *, only_shared: bool) -> "Proven | None":
        """
        Return what is known of the members `keys_apart` of a request that was parsed; None if their shape is wrong.

        With *only_shared*, only tools that lines of a file share are known. May raise on values that JSON cannot hold.
        """
        repeated = {key: request[key] for key in self.keys_apart if key in request}
        proven = self._proven_before(repeated)
        if proven is None and not only_shared:
            written = self._write(repeated)
            proven = self._proven.get((len(written), written[-_ENDING:]))
            if proven is None or proven.written != written:
                proven = self._prove_repeated(repeated, written)
            if proven is not None:
                self._keep(repeated, proven)
        return proven

    def _proven_before(self, repeated: dict[str, Any]) -> "Proven | None":
        """Return what is known of a model and the very tools that lines of a file share; None if nothing is."""
        tools = repeated.get(self._tools)
        known = self._of_shared.get(id(tools))
        if known is None or known[0] is not tools or len(repeated) != len(known[1]):
            return None
        model = known[1].get(self._model)
        is_same = model.__class__ is str and repeated.get(self._model) == model
        return known[2] if is_same or len(repeated) == 1 else None

    def _keep(self, repeated: dict[str, Any], proven: "Proven") -> None:
        """Remember what is known of a model and tools that lines of a file share."""
        tools = repeated.get(self._tools)
        if is_shared(tools) and repeated.keys() <= {self._tools, self._model}:
            if len(self._of_shared) >= _MOST_PROVEN:
                self._of_shared.clear()
            self._of_shared[id(tools)] = tools, repeated, proven

    def _prove_repeated(self, repeated: dict[str, Any], written: bytes) -> "Proven | None":
        """Return what is known of the repeated members, and remember it, if their shape is right."""
        has_null = b"null" in written
        if has_null and may_have_non_finite(repeated):
            return None
        dumps(repeated, 4)  # raises for enumerations, UUIDs and the like, which are written as texts
        if not self._words.are_absent(searchable(written), repeated, has_null_checked=True):
            return None
        hits: list[Hit] = []
        proofs = self._repeated.proofs(repeated, hits)
        if proofs is None:
            return None
        proven = Proven(written, has_null, self._rest.unproven_by(repeated, proofs), set(), hits)
        if len(self._proven) >= _MOST_PROVEN:
            self._proven.clear()
        if len(written) <= _LONGEST_PROVEN:
            self._proven[len(written), written[-_ENDING:]] = proven
        return proven


class Proven(NamedTuple):
    """What is known of repeated members of the right shape."""

    written: bytes
    has_null: bool  #: then a number that is not finite may be written alike
    unproven: Unproven  #: of which checks they do not prove that these have nothing to find
    settled: Settled  #: with which other members there is nothing to find in these
    hits: Sequence[Hit]  #: what checks find in them that look at no other members
