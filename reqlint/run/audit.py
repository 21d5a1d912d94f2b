"""How true a profile is: what recordings say was accepted or refused, beside what the profile says of the same."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from reqlint.containers.envelope import RECORDINGS, Envelope, Kind
from reqlint.containers.finder import find_requests
from reqlint.containers.recordings import count_skipped
from reqlint.core.errors import CheckFailed
from reqlint.core.findings import Part, Severity
from reqlint.core.pointer import to_pointer
from reqlint.display.credentials import mask, mask_pointer
from reqlint.display.escaping import counted, sanitize, to_json
from reqlint.judge.recorded import judge_recorded
from reqlint.run.linter import Linter
from reqlint.text.documents import UNREADABLE, Document, Source, read_documents
from reqlint.text.sources import why_unreadable

Recorded = Literal["accepted", "refused", "other"]
"""What came back; *other* is an answer that says nothing of the request, such as 401, 429 or 500."""
Judged = Literal["clean", "error"]


@dataclass(frozen=True, slots=True)
class Case:
    """A recorded request on which recording and profile disagree."""

    profile: str
    source: str
    line: int | None
    pointer: str  #: of the request
    status: int | None
    recorded: Recorded
    assumed: bool  #: no answer was recorded; people keep what worked, so it counts as accepted
    rules: tuple[str, ...]  #: those that call it an error; none when it was judged clean
    code: str | None  #: of the server's error
    param: str | None  #: of the server's error


@dataclass(slots=True)
class Audit:
    """The agreement over all recordings."""

    counts: Counter[tuple[str, Recorded, Judged]] = field(default_factory=Counter)  #: by profile first
    cases: list[Case] = field(default_factory=list)
    assumed: int = 0  #: requests without a recorded answer, counted as accepted
    strangers: int = 0  #: recorded requests to other endpoints
    opaque: int = 0  #: recorded chat requests whose body is not JSON
    unrecorded: int = 0  #: requests that are no recording
    unread: list[tuple[str, str]] = field(default_factory=list)  #: source, and why

    @property
    def profiles(self) -> tuple[str, ...]:
        """The profiles that judged, each once."""
        return tuple(dict.fromkeys(profile for profile, _, _ in self.counts))

    def agreement(self, profile: str) -> tuple[int, int]:
        """Give how often the profile agrees, of how many answers that speak of the request."""
        right = self.counts[profile, "accepted", "clean"] + self.counts[profile, "refused", "error"]
        wrong = self.counts[profile, "accepted", "error"] + self.counts[profile, "refused", "clean"]
        return right, right + wrong


def audit(linter: Linter, sources: Iterable[Source], kind: Kind | None = None) -> Audit:
    """
    Judge every recorded request of *sources* and hold the verdict against what was answered.

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
    strangers, opaque = count_skipped(document.value, kind)
    result.strangers += strangers
    result.opaque += opaque
    for envelope in find_requests(document.value, kind):
        if envelope.kind not in RECORDINGS:
            result.unrecorded += 1
            continue
        judge = linter.judge_of(envelope)[0]
        hits = judge_recorded(judge, document, envelope)
        rules = tuple(dict.fromkeys(hit.rule for hit in hits if judge.severity(hit) is Severity.ERROR))
        recorded = _recorded(envelope)
        result.assumed += envelope.answer is None
        result.counts[judge.profile.name, recorded, "error" if rules else "clean"] += 1
        if (recorded == "accepted" and rules) or (recorded == "refused" and not rules):
            result.cases.append(_case(judge.profile.name, source, document, envelope, recorded, rules))


def _recorded(envelope: Envelope) -> Recorded:
    if envelope.answer is None or envelope.answer.accepted:
        return "accepted"
    return "other" if envelope.answer.accepted is None else "refused"


def _case(
    profile: str, source: Source, document: Document, envelope: Envelope, recorded: Recorded, rules: tuple[str, ...]
) -> Case:
    answer = envelope.answer
    region = document.locate([(envelope.place, Part.VALUE)]).get((envelope.place, Part.VALUE))
    return Case(
        profile=profile,
        source=source.name,
        line=region.line if region else None,
        pointer=to_pointer(envelope.place),
        status=envelope.status,
        recorded=recorded,
        assumed=answer is None,
        rules=rules,
        code=answer.code if answer else None,
        param=answer.param if answer else None,
    )


# ---------------------------------------------------------------------------------------------------------- as a report

_ROWS: Mapping[Recorded, str] = {
    "accepted": "recorded as accepted",
    "refused": "recorded as refused",
    "other": "other answers, such as 401 or 429",
}
_LISTS: Mapping[Recorded, str] = {
    "accepted": "Recorded as accepted, judged an error",
    "refused": "Recorded as refused, judged clean",
}


def as_text(result: Audit, unicode: bool = True) -> str:
    """Write the agreement as a table for each profile, then every case of disagreement."""
    parts = [*(_table(result, profile) for profile in result.profiles)]
    for recorded, title in _LISTS.items():
        cases = [case for case in result.cases if case.recorded == recorded]
        if cases:
            parts.append("\n".join([title, *(sanitize(line, unicode) for line in _listed(cases))]))
    if left := list(_left_out(result)):
        parts.append("\n".join(left))
    return "\n\n".join(parts) + "\n"


def _table(result: Audit, profile: str) -> str:
    agree, decided = result.agreement(profile)
    share = f": {agree:,} of {decided:,} agree ({100 * agree / decided:.1f} %)" if decided else ""
    lines = [f"{profile}{share}", f"  {'':34}{'judged clean':>14}{'judged an error':>18}"]
    for recorded, title in _ROWS.items():
        clean, error = result.counts[profile, recorded, "clean"], result.counts[profile, recorded, "error"]
        if recorded != "other" or clean or error:
            lines.append(f"  {title:34}{clean:>14,}{error:>18,}")
    return "\n".join(lines)


def _listed(cases: Iterable[Case]) -> Iterator[str]:
    for case in cases:
        where = f"{case.source}:{case.line}" if case.line else case.source
        answer = "no answer" if case.assumed else str(case.status or "error")
        server = ", ".join(f"{name} {word}" for name, word in (("code", case.code), ("parameter", case.param)) if word)
        about = ", ".join(case.rules) or server or "no more is known"
        yield f"  {where}  {mask_pointer(case.pointer) or '/'}  {answer}  {case.profile}: {about}"


def _left_out(result: Audit) -> Iterator[str]:
    if result.assumed:
        yield f"{counted(result.assumed, 'request')} without a recorded answer counted as accepted"
    rest = {
        "recorded for other endpoints": result.strangers,
        "recorded with a body that is not JSON": result.opaque,
        "not from a recording": result.unrecorded,
    }
    for what, number in rest.items():
        if number:
            yield f"left out: {counted(number, 'request')} {what}"


def as_json(result: Audit, version: str) -> str:
    """Write the same as one JSON object; keys may be added, never renamed."""
    profiles = []
    for profile in result.profiles:
        agree, decided = result.agreement(profile)
        counts: Mapping[str, object] = {
            recorded: {judged: result.counts[profile, recorded, judged] for judged in ("clean", "error")}
            for recorded in _ROWS
        }
        profiles.append({"profile": profile, "agree": agree, "decided": decided, **counts})
    cases = [
        {
            "profile": case.profile,
            "file": case.source,
            "line": case.line,
            "pointer": mask_pointer(case.pointer),
            "status": case.status,
            "recorded": case.recorded,
            "assumed": case.assumed,
            "rules": list(case.rules),
            "code": case.code and mask(case.code),
            "param": case.param and mask(case.param),
        }
        for case in result.cases
    ]
    return to_json(
        {
            "version": 1,
            "tool": {"name": "reqlint", "version": version},
            "profiles": profiles,
            "disagreements": cases,
            "assumed": result.assumed,
            "left_out": {
                "other_endpoints": result.strangers,
                "not_json": result.opaque,
                "not_recorded": result.unrecorded,
            },
            "unreadable": [{"file": name, "reason": mask(reason)} for name, reason in result.unread],
        }
    )
