"""How true a profile is: what recordings say was accepted or refused, compared with what the profile says."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Literal

from reqlint.containers.envelope import RECORDINGS, Envelope, Kind
from reqlint.containers.finder import find_requests
from reqlint.containers.recordings import count_skipped
from reqlint.containers.siblings import with_answer_beside
from reqlint.core.errors import CheckFailed
from reqlint.core.findings import Part, Severity
from reqlint.core.pointer import to_pointer
from reqlint.core.records import dataclass, field
from reqlint.judge.recorded import judge_recorded, locate_flawed_texts
from reqlint.run.linter import Linter
from reqlint.run.scope import has_request_sign
from reqlint.text.documents import Document, read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.sources import Source, why_unreadable

Recorded = Literal["accepted", "refused", "other"]
"""The recorded answer; *other* says nothing about the request, such as 401, 429 or 500."""
Judged = Literal["clean", "error"]


@dataclass(frozen=True, slots=True)
class Case:
    """A recorded request on which the recording and the profile disagree."""

    profile: str
    source: str
    line: int | None
    pointer: str  #: of the request
    status: int | None
    recorded: Recorded
    assumed: bool  #: no answer was recorded: counted as accepted, since people keep what worked
    rules: tuple[str, ...]  #: that call it an error; none if it was judged clean
    code: str | None  #: of the server's error
    param: str | None  #: of the server's error


@dataclass(slots=True)
class Audit:
    """The agreement of recordings and profiles."""

    counts: Counter[tuple[str, Recorded, Judged]] = field(default_factory=Counter)  #: by profile first
    cases: list[Case] = field(default_factory=list)
    assumed: int = 0  #: requests without a recorded answer, counted as accepted
    other_endpoints: int = 0  #: recorded requests to endpoints of no profile
    opaque: int = 0  #: recorded requests whose body is not JSON
    unrecorded: int = 0  #: requests outside of recordings
    stood_in: int = 0  #: recorded requests to APIs that no profile is for
    unread: list[tuple[str, str]] = field(default_factory=list)  #: names of sources, and why they were not read

    @property
    def profiles(self) -> tuple[str, ...]:
        """Names of the profiles that judged, each once."""
        return tuple(dict.fromkeys(profile for profile, _, _ in self.counts))

    def agreement(self, profile: str) -> tuple[int, int]:
        """Return how often the profile agrees with an answer, and how many answers speak of the request at all."""
        right = self.counts[profile, "accepted", "clean"] + self.counts[profile, "refused", "error"]
        wrong = self.counts[profile, "accepted", "error"] + self.counts[profile, "refused", "clean"]
        return right, right + wrong


def audit(
    linter: Linter, sources: Iterable[Source], kind: Kind | None = None, walked: Collection[str] = frozenset()
) -> Audit:
    """
    Judge every recorded request in *sources* and compare the verdict with the recorded answer.

    Args:
        linter: judges the requests.
        sources: are read one by one.
        kind: what the sources hold; by default each is recognised.
        walked: names of the sources that nobody named, as they were found in a folder: what cannot be read there and
            has no sign of a request is passed over, as in a check.

    Raises:
        CheckFailed: a check of ours raised, which is a bug.
    """
    result = Audit()
    for source in sources:
        if odd := why_unreadable(source):
            result.unread.append((source.name, odd))
            continue
        try:
            for document in read_documents(source):
                if document.value is UNREADABLE:
                    if source.name in walked and not has_request_sign(source):
                        break
                    at = document.flaws[0].region if document.flaws else None
                    where = f"line {at.line}: " if at else ""
                    result.unread.append((source.name, f"{where}{document.flaws[0].rule}"))
                    continue
                _add(result, linter, source, document, kind)
        except OSError as unreadable:
            result.unread.append((source.name, (unreadable.strerror or str(unreadable)).lower()))
        except CheckFailed as bug:
            raise CheckFailed(bug.rule, source.name, bug.cause) from bug
    return result


def _add(result: Audit, linter: Linter, source: Source, document: Document, kind: Kind | None) -> None:
    other_endpoints, opaque = count_skipped(document.value, kind)
    result.other_endpoints += other_endpoints
    result.opaque += opaque
    envelopes = find_requests(document.value, kind)
    if kind is None and source.path is not None and not document.index:
        envelopes = with_answer_beside(envelopes, source.path)
    flawed = locate_flawed_texts(document, envelopes)
    disagreed: list[tuple[str, Envelope, Recorded, tuple[str, ...]]] = []
    for envelope in envelopes:
        if envelope.kind not in RECORDINGS:
            result.unrecorded += envelope.tools is None
            continue
        judge, choice = linter.judges.choose(envelope)
        if choice.stands_in:
            result.stood_in += 1
            continue
        hits = judge_recorded(judge, document, envelope, flawed)
        rules = tuple(dict.fromkeys(hit.rule for hit in hits if judge.severity(hit) is Severity.ERROR))
        recorded = _recorded(envelope)
        result.assumed += envelope.answer is None
        result.counts[judge.profile.name, recorded, "error" if rules else "clean"] += 1
        if (recorded == "accepted" and rules) or (recorded == "refused" and not rules):
            disagreed.append((judge.profile.name, envelope, recorded, rules))
    located = document.locate([(envelope.place, Part.VALUE) for _, envelope, _, _ in disagreed])
    for profile, envelope, recorded, rules in disagreed:
        region = located.get((envelope.place, Part.VALUE))
        result.cases.append(_case(profile, source, envelope, recorded, rules, region.line if region else None))


def _recorded(envelope: Envelope) -> Recorded:
    if envelope.answer is None or envelope.answer.accepted:
        return "accepted"
    return "other" if envelope.answer.accepted is None else "refused"


def _case(
    profile: str, source: Source, envelope: Envelope, recorded: Recorded, rules: tuple[str, ...], line: int | None
) -> Case:
    answer = envelope.answer
    return Case(
        profile=profile,
        source=source.name,
        line=line,
        pointer=to_pointer(envelope.place),
        status=envelope.status,
        recorded=recorded,
        assumed=answer is None,
        rules=rules,
        code=answer.code if answer else None,
        param=answer.param if answer else None,
    )
