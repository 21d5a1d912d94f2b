"""The result of `reqlint why`, as text and as JSON. Of an answer only its status, code and parameter are shown."""

from collections.abc import Mapping
from typing import Any

from reqlint.core.findings import Finding, Report
from reqlint.core.records import replace
from reqlint.display.cached import sanitize
from reqlint.display.credentials import mask, mask_path, mask_pointer
from reqlint.display.escaping import counted
from reqlint.display.messages import join_words
from reqlint.display.shown import fill, literal
from reqlint.reporters.formats import human
from reqlint.reporters.formats.json_report import as_dict
from reqlint.reporters.rendering import Rendering, Write
from reqlint.run.explanations import By
from reqlint.run.why import AnsweredRequest, Outcome, Why

_BY: Mapping[By, str] = {
    "words": "has the words of this rule",
    "place": "names the place",
    "name": "names the parameter",
    "status": "says no more than that it was refused",
}
_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.ACCEPTED: "the request was answered, so there is nothing to explain",
    Outcome.OTHER: "the answer is about the account, the model or the load, and not about the request",
    Outcome.PAGE: "the answer is a page of a gateway, which says nothing of the request",
}
_MOST_LISTED = 3  # of the answers that are no refusal; more are counted
_MOST_APIS = 3  # whose words are named


def render_text(why: Why, rendering: Rendering, write: Write) -> None:
    """Write each refusal with the findings that explain it, for people."""
    judged = [case for case in why.cases if case.outcome in (Outcome.EXPLAINED, Outcome.UNEXPLAINED)]
    rest = [case for case in why.cases if case not in judged]
    listed = [*judged, *(rest if len(rest) <= _MOST_LISTED else [])]
    for number, case in enumerate(listed):
        if number:
            write(literal("\n"))
        _write_case(case, rendering, write)
    if len(rest) > _MOST_LISTED:
        if listed:
            write(literal("\n"))
        write(fill("{} that say nothing against the request\n", counted(len(rest), "answer")))


def _write_case(case: AnsweredRequest, rendering: Rendering, write: Write) -> None:
    def line(text: str = "") -> None:
        write(fill("{}\n", sanitize(text, rendering.unicode)))

    line(f"{_head(case)}: {_verdict(case)}")
    for number, explanation in enumerate(case.explanations):
        line()
        words = f': "{explanation.words}"' if explanation.words else ""
        line(f"the answer {'' if number == 0 else 'also '}{join_words([_BY[by] for by in explanation.by])}{words}")
        report = Report((alone(explanation.finding),), 1)
        human.render(report, replace(rendering, quiet=True, verbose=0), write)
    if case.outcome is Outcome.UNEXPLAINED:
        line()
    for match in case.spoken_of:
        apis = join_words(match.profiles[:_MOST_APIS])
        line(f'it has words of {match.rule} ("{match.text}", {apis}), which finds nothing here')
    if case.found:
        found = ", ".join(dict.fromkeys(finding.rule for finding in case.found))
        first = "also found, which the answer" if case.explanations else "found, but the answer"
        line(f"{first} does not speak of: {found}")
    line(f"profile {case.profile}" + (f" ({case.chosen})" if case.chosen else ""))


def _head(case: AnsweredRequest) -> str:
    file = mask_path(case.source)
    where = f"{file} {mask_pointer(case.pointer)}" if case.pointer else file
    if case.outcome in (Outcome.ACCEPTED, Outcome.PAGE) and case.status is None:
        return where
    answer = "refused" if case.status is None else f"answered with {case.status}"
    named = ", ".join(f"{name} {mask(word)}" for name, word in (("code", case.code), ("parameter", case.param)) if word)
    return f"{where} was {answer}" + (f" ({named})" if named else "")


def _verdict(case: AnsweredRequest) -> str:
    if case.outcome is Outcome.EXPLAINED:
        number = len(case.explanations)
        return "this explains it" if number == 1 else f"one of these {number} findings explains it, likely the first"
    if case.outcome is Outcome.UNEXPLAINED:
        return "no finding explains it"
    return _OUTCOMES[case.outcome]


def alone(finding: Finding) -> Finding:
    """Return a finding as it is without its recording, which does not keep it from being shown."""
    return replace(finding, suppressed=False, suppression=None, explains=None)


def as_values(why: Why, version: str) -> dict[str, Any]:
    """Return the same for programs, as ``schemas/meta/why.json`` describes it."""
    return {
        "version": 1,
        "tool": {"name": "reqlint", "version": version},
        "explained": why.is_explained,
        "cases": [_case_as_json(case) for case in why.cases],
        "nothing": why.nothing or None,
    }


def _case_as_json(case: AnsweredRequest) -> dict[str, Any]:
    return {
        "file": mask_path(case.source),
        "pointer": mask_pointer(case.pointer),
        "profile": case.profile,
        "chosen": mask(case.chosen) or None,
        "outcome": str(case.outcome),
        "status": case.status,
        "code": case.code and mask(case.code),
        "param": case.param and mask(case.param),
        "explained_by": [
            {**_finding(each.finding), "by": list(each.by), "words": each.words} for each in case.explanations
        ],
        "found": [_finding(finding) for finding in case.found],
        "spoken_of": [
            {"rule": match.rule, "words": match.text, "profiles": list(match.profiles)} for match in case.spoken_of
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return dict(as_dict(alone(finding)))
