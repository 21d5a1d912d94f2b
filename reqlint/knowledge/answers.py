"""What servers say: the distinctive words of error answers, and the rules that such an answer speaks of."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from math import log
from typing import NamedTuple

from reqlint.knowledge.catalog import Catalog

_WORD = re.compile(r"[a-z0-9_$]+|[^\W\da-z_]+")
_CALL_ID = re.compile(r"\b(?:tooluse|toolu|srvtoolu)_\S*")  # it begins like a word that answers are told by
_SILENT = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "badrequesterror", "be", "been", "but", "by", "can", "code", "error",
        "errors", "false", "for", "from", "has", "have", "httpexception", "if", "in", "into", "invalid_request_error",
        "is", "it", "its", "message", "of", "on", "or", "param", "please", "request", "so", "status", "that", "the",
        "then", "there", "this", "to", "true", "was", "were", "which", "will", "with", "you", "your",
    }
)  # fmt: skip
"""Words that no answer is told by, among them those around it in a log."""

_LONGEST = 20_000  # characters of an answer that are looked at
_LEAST_KNOWN = 0.6  # of what the words of an entry weigh together
_MISSING = 0.6  # what a missing word takes away, times its weight
_SURE = 0.75  # of what the words of an entry weigh
_CLEAR = 1.2  # times the score of the next rule
_STRANGE = 0.5  # of the weight of the rarest word: what a word weighs that no entry has
_NEARLY_ALL = 0.9  # of what the words of a short answer weigh
_PART = 0.8  # of its weight is what such an answer counts for
_FEW = 3  # words that an answer must share with an entry of which it is a part


class ServerWords(NamedTuple):
    """One entry of an ``answers.yaml``."""

    rule: str
    profile: str
    text: str
    words: frozenset[str]


class AnswerMatch(NamedTuple):
    """A rule that an answer speaks of, by the words of one API."""

    rule: str
    profiles: tuple[str, ...]  #: whose words these are, in the order of their names
    text: str  #: the entry, in our words
    share: float  #: of what its words weigh together: 1 if the answer has all of them
    score: float


def words_of(text: str) -> frozenset[str]:
    """
    Return the words of an answer by which entries are compared.

    ``tool_choice``, ``toolChoice`` and ``tools`` are the words toolchoice and tool; numbers are none.
    """
    found = _WORD.findall(_CALL_ID.sub(" ", text[:_LONGEST].lower()))
    return frozenset(word for each in found if each not in _SILENT and (word := _normal(each)))


def _normal(word: str) -> str:
    word = word.replace("_", "")
    if word.isdecimal() or (len(word) < 2 and word.isascii()):
        return ""
    return word.removesuffix("s") if len(word) > 3 and not word.endswith("ss") else word


def find_answers(text: str, catalog: Catalog, profiles: Collection[str] = ()) -> list[AnswerMatch]:
    """
    Return the rules that an answer speaks of, the best first, by the words of *profiles*; of all if empty.

    A word weighs more the fewer rules have it. An entry counts for what its words weigh that the answer has, less for
    those that are missing; of the entries of a rule the best one counts. An answer that is cut short has nearly all
    its own words in an entry.
    """
    said = words_of(text)
    entries, weights = _known(catalog)
    strange = max(weights.values()) * _STRANGE
    asked = sum(weights.get(word, strange) for word in said)
    lineages = frozenset(name for profile in profiles for name in (profile, *catalog.profile(profile).lineage))
    best: dict[str, tuple[float, float, ServerWords]] = {}
    owners: dict[tuple[str, float], dict[str, None]] = {}
    for entry in entries:
        if (lineages and entry.profile not in lineages) or said.isdisjoint(entry.words):
            continue
        whole = sum(weights[word] for word in entry.words)
        found = sum(weights[word] for word in entry.words & said)
        is_part = found > asked * _NEARLY_ALL and len(entry.words & said) >= _FEW
        if found < whole * _LEAST_KNOWN and not is_part:
            continue
        score, share = found - _MISSING * (whole - found), found / whole
        if is_part:
            score, share = max((score, share), (_PART * (found - _MISSING * (asked - found)), _PART * found / asked))
        score = round(score, 6)
        owners.setdefault((entry.rule, score), {})[entry.profile] = None
        if entry.rule not in best or score > best[entry.rule][0]:
            best[entry.rule] = (score, share, entry)
    matches = [
        AnswerMatch(rule, tuple(owners[rule, score]), entry.text, share, score)
        for rule, (score, share, entry) in best.items()
        if score > 0
    ]
    return sorted(matches, key=lambda match: (-match.score, match.rule))


def is_clear(matches: list[AnswerMatch]) -> bool:
    """Return whether the first of *matches* is meant: it has nearly all its words, and is well before the second."""
    if not matches or matches[0].share < _SURE:
        return False
    return len(matches) == 1 or matches[0].score >= matches[1].score * _CLEAR


@lru_cache(maxsize=8)
def _known(catalog: Catalog) -> tuple[tuple[ServerWords, ...], Mapping[str, float]]:
    """Return all entries, and what each of their words weighs."""
    entries = tuple(_entries(catalog))
    rules = {(word, entry.rule) for entry in entries for word in entry.words}
    having = Counter(word for word, _ in rules)
    total = len({entry.rule for entry in entries})
    return entries, {word: log(1 + total / count) for word, count in having.items()}


def _entries(catalog: Catalog) -> Iterator[ServerWords]:
    for profile in sorted(catalog.profile_names):
        for rule, texts in catalog.answers(profile).items():
            for text in texts:
                yield ServerWords(rule, profile, text, words_of(text))
