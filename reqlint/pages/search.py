"""Find the rules about something that is described in words, such as the text of an error or a parameter."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import log

from reqlint.knowledge.catalog import Catalog
from reqlint.knowledge.rule import Rule
from reqlint.pages.evidence import under_each_profile

_WORD = re.compile(r"[a-z0-9_]{2,}")
_MOST_RULES = 12
_LEAST_KNOWN = 2 / 3  # of the words that are asked for, as there would be hits for any text otherwise
_LEAST_FOUND = 0.4  # of what the known words weigh together
_SAYS_LITTLE = 0.7  # the weight of a word that every third rule has
_IN_HEAD = 2  # times the weight of a word elsewhere


def rules_with(words: Sequence[str], catalog: Catalog) -> list[Rule]:
    """
    Return the rules that have every one of *words* in their texts, also as a part of a word; all rules if empty.

    The case of letters does not matter. Names of rules and groups, summaries, messages, reasons and the parameters
    that a rule reads are texts; evidence is not, which speaks of other things too.
    """
    wanted = [word.lower() for word in words]
    return [
        rule for rule in catalog.rules.values() if all(word in text for text in [_written(rule)] for word in wanted)
    ]


def _written(rule: Rule) -> str:
    texts = (rule.id, rule.subject, rule.summary, rule.message, rule.help or "", rule.why, rule.at or "", *rule.reads)
    return "\n".join(texts).lower()


def rules_about(words: str, catalog: Catalog) -> list[Rule]:
    """
    Return the rules whose texts have most of *words*, the closest first; none if the words are strange.

    Ids, summaries, messages, reasons, the parameters that are read and the evidence count, so that the text of a
    server's error finds the rule that quotes it. A word weighs more the fewer rules have it.
    """
    wanted = {*_words(words)}
    texts = [(rule, *_texts(rule, catalog)) for rule in catalog.rules.values()]
    having = Counter(word for _, head, rest in texts for word in wanted & (head | rest))
    if not having or len(having) < len(wanted) * _LEAST_KNOWN:
        return []
    weights = {word: log(1 + len(texts) / count) - log(2) for word, count in having.items()}
    if max(weights.values()) < _SAYS_LITTLE:
        return []
    least = sum(weights.values()) * _LEAST_FOUND
    ranked: list[tuple[float, int, Rule]] = []
    for rule, head, rest in texts:
        found = wanted & (head | rest)
        weight = sum(weights[word] for word in found)
        if weight and weight >= least:
            score = sum(weights[word] * (_IN_HEAD if word in head else 1) for word in found)
            ranked.append((score, -len(head), rule))  # of two with the same words, the one that is about less else
    ranked.sort(key=lambda each: each[:2], reverse=True)
    return [rule for _, _, rule in ranked[:_MOST_RULES]]


def _texts(rule: Rule, catalog: Catalog) -> tuple[set[str], set[str]]:
    """Return the words that say what a rule is about, and those of its other texts."""
    places = " ".join((rule.at or "", *rule.reads)).replace("/", " ")
    head = {*_words(rule.id.replace("-", " ")), *_words(rule.summary), *_words(places)}
    rest = {word for text in (rule.message, rule.why, rule.help or "", *_says(rule, catalog)) for word in _words(text)}
    return head, rest


def _says(rule: Rule, catalog: Catalog) -> Iterator[str]:
    for _, _, evidence in under_each_profile(rule, catalog):
        if evidence and evidence.says:
            yield evidence.says


def _words(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.lower()):
        yield word.removesuffix("s")
