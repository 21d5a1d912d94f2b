"""Why a server refused a request: which findings explain its answer, by its words and the place that it names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from reqlint.containers.answers import answer_in_file, is_completion
from reqlint.containers.envelope import Answer, Envelope, Kind
from reqlint.containers.error_texts import is_page
from reqlint.containers.finder import find_requests
from reqlint.containers.pasted import find_pasted
from reqlint.containers.siblings import with_answer_beside
from reqlint.core.findings import Finding, Hit, Severity
from reqlint.core.pointer import Place, to_pointer
from reqlint.core.records import dataclass, replace
from reqlint.judge.describe import Describer
from reqlint.judge.judge import Judge
from reqlint.judge.origin import Located
from reqlint.judge.recorded import judge_recorded, locate_flawed_texts
from reqlint.knowledge.answers import AnswerMatch, find_answers
from reqlint.run.describe import add_flaws, describe_document
from reqlint.run.explanations import AnswerExplanation, explanation_of
from reqlint.run.linter import Linter
from reqlint.run.pasted import PastedSource
from reqlint.text.documents import Document, read_documents
from reqlint.text.embedded import read_embedded
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import detect_form, form_by_name
from reqlint.text.pasted.documents import PastedDocument
from reqlint.text.sources import Source


class Outcome(StrEnum):
    """What became of one answer."""

    EXPLAINED = "explained"  #: a finding explains it
    UNEXPLAINED = "unexplained"  #: none does
    ACCEPTED = "accepted"  #: the request was answered
    OTHER = "other"  #: it is about the account, the model or the load: 401, 404, 429, 500
    PAGE = "page"  #: it is a page of a gateway, and says nothing of the request


@dataclass(frozen=True, slots=True)
class AnsweredRequest:
    """One request, its answer, and what explains it."""

    source: str
    pointer: str  #: of the request in its document
    profile: str
    chosen: str  #: why this profile; empty if it was named
    status: int | None
    code: str | None
    param: str | None
    outcome: Outcome
    explanations: tuple[AnswerExplanation, ...] = ()  #: the likeliest first
    found: tuple[Finding, ...] = ()  #: what else would be refused, but the answer does not speak of
    spoken_of: tuple[AnswerMatch, ...] = ()  #: rules whose words the answer has, and that find nothing here


@dataclass(frozen=True, slots=True)
class Why:
    """The cases of a request or a recording, and why there are none."""

    cases: tuple[AnsweredRequest, ...] = ()
    nothing: str = ""  #: why there is nothing to judge, in words

    @property
    def is_explained(self) -> bool | None:
        """Whether every refusal is explained; None if there is none."""
        judged = [case.outcome for case in self.cases if case.outcome in (Outcome.EXPLAINED, Outcome.UNEXPLAINED)]
        return all(outcome is Outcome.EXPLAINED for outcome in judged) if judged else None


_HEADERS = re.compile(r"HTTP/[\d.]+ (\d{3})\b[^\n]*\n(?:[^\n]+\n)*\r?\n")
_UNCERTAIN = (404, 409, 499)
"""Statuses that may be about the request after all, if the words of the answer say so."""


def answer_of(text: str) -> Answer:
    """
    Return the answer in the text of a file: a JSON error, what a client logs of one, or an answer with its headers.

    An answer whose status is nowhere was a refusal.
    """
    status: int | None = None
    headers = _HEADERS.match(text.replace("\r\n", "\n"))
    if headers:
        status, text = int(headers[1]), text.replace("\r\n", "\n")[headers.end() :]
    stripped = text.strip()
    value = read_embedded(stripped, ()).value if stripped[:1] in ("{", "[") else UNREADABLE
    if is_completion(value):
        return Answer((), status, accepted=True)
    answer = answer_in_file(text if value is UNREADABLE else value, is_error=True)
    if answer is None or (value is UNREADABLE and not answer.said):
        found = answer_in_file({"error": text or "-"}, is_error=True)
        answer = replace(found, said=text) if found else Answer((), None, False, said=text)
    if status is not None:
        accepted = True if 200 <= status < 300 else False if status in (400, 413, 422) else None
        answer = replace(answer, status=status, accepted=accepted)
    return answer


def explain_answer(linter: Linter, source: Source, answer: Answer | None = None) -> Why:
    """
    Return which findings explain the *answer* to the request in *source*, or the answers that it records.

    Raises:
        OSError: the source cannot be read.
        CheckFailed: a check of ours raised, which is a bug.
    """
    cases: list[AnsweredRequest] = []
    requests = 0
    for document in _documents(linter, source):
        envelopes = _requests(linter, document, source)
        if document.value is UNREADABLE and answer is not None:
            cases.append(_unreadable(linter, document, source.name, answer))
            continue
        requests += len(envelopes)
        if answer is not None:
            envelopes = tuple(envelope._replace(answer=answer) for envelope in envelopes)
        if requests > 1 and answer is not None:
            return Why(nothing="it holds several requests, and the answer is that to one")
        flawed = locate_flawed_texts(document, envelopes)
        cases += [
            _case(linter, document, envelope, envelope.answer, flawed, source.name)
            for envelope in envelopes
            if envelope.answer is not None
        ]
    if cases:
        return Why(tuple(cases))
    if not requests:
        return Why(nothing="it holds no request")
    return Why(nothing="no answer is recorded in it; name the file of the answer with --answer")


def _documents(linter: Linter, source: Source) -> Iterator[Document]:
    form = form_by_name(source.name)
    documents = read_documents(source, form or detect_form(source))
    return PastedSource(source, None, linter.judges.dialect).documents(documents) if form is None else documents


def _requests(linter: Linter, document: Document, source: Source) -> tuple[Envelope, ...]:
    dialect = linter.judges.dialect
    if document.value is UNREADABLE:
        return ()
    if isinstance(document, PastedDocument):
        return find_pasted(document, None, named=True, dialect=dialect)
    found = find_requests(document.value, None, named=True, foreign=not linter.judges.is_auto, dialect=dialect)
    found = tuple(envelope for envelope in found if envelope.tools is None)
    if source.path is not None and not document.index:
        found = with_answer_beside(found, source.path)
    return found


def _unreadable(linter: Linter, document: Document, name: str, answer: Answer) -> AnsweredRequest:
    """Return the case of a request that is no JSON, whose flaws may be what the server says."""
    judge, describer = linter.judges.default, Describer(name, linter.show_values)
    case = _new_case(name, Envelope(Kind.REQUEST, (), None), judge, "", answer)
    matches = _matches(linter, answer)
    if (outcome := _outcome(answer, matches)) is not None:
        return replace(case, outcome=outcome)
    found = [(flaw, describer.finding(judge, flaw)) for flaw in document.flaws if judge.severity(flaw)]
    return _explained(case, judge, (), answer, matches, found)


def _case(
    linter: Linter, document: Document, envelope: Envelope, answer: Answer, flawed: Located, name: str
) -> AnsweredRequest:
    judge, choice = linter.judges.choose(envelope)
    case = _new_case(name, envelope, judge, choice.why, answer)
    matches = _matches(linter, answer)
    if (outcome := _outcome(answer, matches)) is not None:
        return replace(case, outcome=outcome)
    bare = envelope._replace(answer=None)
    found = [(bare, judge, hit) for hit in judge_recorded(judge, document, bare, flawed)]
    if document.flaws:
        found = add_flaws(linter.judges, document, found, [bare])
    findings = describe_document(Describer(name, linter.show_values), document, found, [])
    with_hits = [(hit, finding) for (_, _, hit), finding in zip(found, findings, strict=True)]
    return _explained(case, judge, envelope.place, answer, matches, with_hits)


def _new_case(name: str, envelope: Envelope, judge: Judge, chosen: str, answer: Answer) -> AnsweredRequest:
    return AnsweredRequest(
        source=name,
        pointer=to_pointer(envelope.place),
        profile=judge.profile.name,
        chosen=chosen,
        status=answer.status,
        code=answer.code,
        param=answer.param,
        outcome=Outcome.UNEXPLAINED,
    )


def _matches(linter: Linter, answer: Answer) -> Mapping[str, AnswerMatch]:
    """Return the rules that an answer speaks of, by id, the best first; whoever answers may repeat another's words."""
    return {match.rule: match for match in find_answers(answer.said, linter.catalog)}


def _outcome(answer: Answer, matches: Mapping[str, AnswerMatch]) -> Outcome | None:
    """Return what became of an answer that is not about the request; None if it has to be explained."""
    if answer.accepted:
        return Outcome.ACCEPTED
    if is_page(answer.said):
        return Outcome.PAGE
    is_about_it = bool(matches) and (answer.status is None or answer.status in _UNCERTAIN)
    return Outcome.OTHER if answer.accepted is None and not is_about_it else None


def _explained(
    case: AnsweredRequest,
    judge: Judge,
    base: Place,
    answer: Answer,
    matches: Mapping[str, AnswerMatch],
    found: Sequence[tuple[Hit, Finding]],
) -> AnsweredRequest:
    refused = [(hit, finding) for hit, finding in found if _would_be_refused(judge, hit, finding)]
    explained = [
        explanation
        for hit, finding in refused
        if (
            explanation := explanation_of(
                answer,
                hit.place[len(base) :],
                finding,
                matches.get(finding.rule),
                is_of_shape=judge.catalog.rules[finding.rule].subject == _SHAPE,
            )
        )
    ]
    explained.sort(key=lambda each: (-each.weight, each.finding.severity.rank))
    explained = [each for each in explained if each.weight >= explained[0].weight * _NEAR]
    spoken = {id(each.finding) for each in explained}
    return replace(
        case,
        outcome=Outcome.EXPLAINED if explained else Outcome.UNEXPLAINED,
        explanations=tuple(explained),
        found=tuple(finding for _, finding in refused if id(finding) not in spoken),
        spoken_of=() if explained else tuple(matches.values())[:_MOST_SPOKEN_OF],
    )


_SHAPE = "shape"  # the subject of rules about any value: its type, its length, its words
_NEAR = 0.5  # of the weight of the best explanation
_MOST_SPOKEN_OF = 3


def _would_be_refused(judge: Judge, hit: Hit, finding: Finding) -> bool:
    if finding.severity is Severity.ERROR:
        return True
    evidence = judge.evidence_of(hit)
    return finding.severity is Severity.WARNING and evidence is not None and evidence.effect == "refused"
