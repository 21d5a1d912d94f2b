"""Whether a finding explains what a server answered: by the words of the answer, and the place that it names."""

import re
from collections.abc import Iterable
from typing import Literal

from reqlint.containers.envelope import Answer
from reqlint.containers.error_places import place_in_error
from reqlint.core.findings import Finding, Severity
from reqlint.core.pointer import Place
from reqlint.core.records import dataclass
from reqlint.knowledge.answers import AnswerMatch

By = Literal["words", "place", "name", "status"]
"""What leads from an answer to a finding: words of the rule, the place that is named, a name at it, or nothing else."""

_PARAM = re.compile(r"""['"]param['"]\s*:\s*['"]([\w.\[\]-]{1,80})['"]""")
_QUOTED = re.compile(r"""['"`]([A-Za-z_]\w*(?:\.?\[\d+\]|\.\w+)+)['"`]""")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_STEP = re.compile(r"[\w$-]+")
_AROUND = ("body", "request", "params")
_FAR = 20_000  # characters of an answer that are searched for a name

_WORDS, _PLACE, _INSIDE, _NAME, _STATUS = 4.0, 3.0, 2.0, 1.0, 0.5
"""What each way from an answer to a finding weighs; that of words times the share of them that the answer has."""


@dataclass(frozen=True, slots=True)
class AnswerExplanation:
    """A finding that explains an answer."""

    finding: Finding
    by: tuple[By, ...]
    words: str | None = None  #: distinctive words that the answer has, as our own data writes them
    weight: float = 0.0


def explanation_of(
    answer: Answer, place: Place, finding: Finding, match: AnswerMatch | None, *, is_of_shape: bool
) -> AnswerExplanation | None:
    """
    Return why *finding*, at a *place* in the request, explains the *answer*; None if it does not.

    The words of a rule about the shape of any value, such as "too long", say little if another place is named.
    """
    by: list[By] = []
    weight = 0.0
    param = answer.param or _place_in_text(answer.said)
    named = _steps(param)
    nearness = _nearness(named, place)
    is_elsewhere = bool(named) and _keys(named) != _keys(map(_fold, place))
    if match and not (is_of_shape and is_elsewhere and not nearness):
        by.append("words")
        weight += _WORDS * match.share
    if nearness:
        by.append("place")
        weight += nearness
    elif _is_named(place, param or "", answer.said):
        by.append("name")
        weight += _NAME
    if not answer.said and not answer.param and finding.severity is Severity.ERROR:
        by.append("status")
        weight += _STATUS
    words = match.text if match and "words" in by else None
    return AnswerExplanation(finding, tuple(by), words, weight) if by else None


def _place_in_text(said: str) -> str | None:
    """Return the place in a sentence: in what a client logged of the error object, in quotes, or as AWS writes it."""
    found = _PARAM.search(said, 0, _FAR) or _QUOTED.search(said, 0, _FAR)
    return found[1] if found else place_in_error({"message": said})


def _steps(param: str | None) -> tuple[str, ...]:
    """Return the steps of a place as servers write it: ``messages.[4].role``, ``tools[0].function_declarations``."""
    steps = tuple(_fold(step) for step in _STEP.findall(param or ""))
    return steps[1:] if len(steps) > 1 and steps[0] in _AROUND else steps


def _keys(steps: Iterable[str]) -> list[str]:
    return [step for step in steps if not step.isdecimal()]


def _fold(step: str | int) -> str:
    """Return a step as it is compared: Google writes the keys of a request in snake case."""
    return str(step).replace("_", "").lower()


def _nearness(named: tuple[str, ...], place: Place) -> float:
    """Return what it weighs that the answer names a place: more at the very place than around it or inside."""
    steps = tuple(map(_fold, place))
    if not named or not steps:
        return 0.0
    if named == steps:
        return _PLACE
    shorter = min(len(named), len(steps))
    return _INSIDE if named[:shorter] == steps[:shorter] else 0.0


def _is_named(place: Place, param: str, said: str) -> bool:
    """Return whether an answer has the last key of a place as a name: in quotes, with its owner, or in snake case."""
    keys = [step for step in place if isinstance(step, str)]
    if not keys or len(keys[-1]) < 2:
        return False
    if param:
        return _STEP.findall(param)[-1:] == keys[-1:] and len(_STEP.findall(param)) < len(keys)
    word = re.escape(keys[-1])
    is_name = "_" in word or word != word.lower()
    pattern = rf"(?<![\w-]){word}(?![\w-])" if is_name else rf"(['\"`]){word}\1"
    said = said[:_FAR]
    if re.search(pattern, said):
        return True
    return any(dotted[0].split(".") == keys[-dotted[0].count(".") - 1 :] for dotted in _DOTTED.finditer(said))
