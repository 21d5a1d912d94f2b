"""Find the rules behind what a person has: a server's sentence or error, a parameter, a pointer, or a few words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from textwrap import fill
from typing import Any, Literal, NamedTuple

from reqlint.containers.error_texts import words_in_error
from reqlint.display.escaping import counted
from reqlint.display.messages import join_words
from reqlint.knowledge.answers import find_answers, is_clear
from reqlint.knowledge.catalog import Catalog
from reqlint.knowledge.rule import Rule
from reqlint.pages.evidence import under_each_profile
from reqlint.pages.places import EXACTLY, Keys, keys_asked_for, weight_at
from reqlint.pages.rules import rule_as_json
from reqlint.pages.search import rules_about

_MOST_RULES = 12
_QUOTED = re.compile(r"'[^'\n]{1,200}'|\"[^\"\n]{1,200}\"|`[^`\n]{1,200}`")
_MOST_NAMES = 3  # of APIs in a line
_NEAR = 0.6  # of the score of the best answer
_FAR = 1.6  # less than the weight of the nearest place

By = Literal["answer", "place", "words"]


class FoundRule(NamedTuple):
    """A rule, and the APIs for which it was found: whose words they are, or that have it on."""

    rule: Rule
    profiles: tuple[str, ...]


class Lookup(NamedTuple):
    """The rules that were found, the best first."""

    by: By
    found: tuple[FoundRule, ...] = ()
    left_out: int = 0  #: further rules
    is_clear: bool = False  #: whether the first is meant, beyond doubt


def look_up(question: str, catalog: Catalog, profiles: Sequence[str] = ()) -> Lookup:
    """
    Return the rules behind a *question*, of those that are on under some *profiles*; under any if empty.

    What looks like a pointer or a parameter is looked up as one. Anything else is compared with the words of servers'
    answers, then with the texts of the rules.
    """
    question = question.strip()
    keys = keys_asked_for(question)
    if keys and (at := _at(keys, catalog, profiles)).found:
        return at
    said = words_in_error(question)
    matches = find_answers(said, catalog, profiles)
    if matches:
        matches = [match for match in matches if match.score >= matches[0].score * _NEAR]
        found = [FoundRule(catalog.rules[match.rule], match.profiles) for match in matches]
        return _lookup("answer", found, clear=is_clear(matches))
    about = rules_about(_QUOTED.sub(" ", said), catalog) or rules_about(said, catalog)
    found = [each for rule in about if (each := _on(rule, catalog, profiles)).profiles]
    return _lookup("words", found, clear=False)


def _lookup(by: By, found: Sequence[FoundRule], *, clear: bool) -> Lookup:
    return Lookup(by, tuple(found[:_MOST_RULES]), max(0, len(found) - _MOST_RULES), clear)


def _at(keys: Keys, catalog: Catalog, profiles: Sequence[str]) -> Lookup:
    weights = [(weight, rule) for rule in catalog.rules.values() if (weight := weight_at(rule, keys))]
    nearest = max((weight for weight, _ in weights), default=0.0)
    found = [
        (weight, each)
        for weight, rule in weights
        if weight > nearest - _FAR and (each := _on(rule, catalog, profiles)).profiles
    ]
    found.sort(key=lambda each: (-each[0], -len(each[1].profiles), each[1].rule.id))
    best = [each for weight, each in found if weight >= EXACTLY]
    return _lookup("place", [each for _, each in found], clear=len(found) == 1 or (len(best) == 1 and len(found) < 3))


def _on(rule: Rule, catalog: Catalog, profiles: Iterable[str]) -> FoundRule:
    on = (profile.name for profile, severity, _ in under_each_profile(rule, catalog, profiles) if severity)
    return FoundRule(rule, tuple(on))


_HEADS: dict[By, str] = {
    "answer": "a server's answer with these words speaks of {}, the likeliest first:",
    "place": "{} about this place, the closest first:",
    "words": "no answer and no place like this is known; {} about these words, the closest first:",
}


def lookup_page(lookup: Lookup, width: int) -> str:
    """Return the list of the rules that were found, as text of *width* columns."""
    number = len(lookup.found) + lookup.left_out
    rules = counted(number, "rule")
    verb = "" if lookup.by == "answer" else " is" if number == 1 else " are"
    lines = [_HEADS[lookup.by].format(rules + verb), ""]
    lines += _lines(lookup.found, width)
    if lookup.left_out:
        lines.append(f"  … and {lookup.left_out:,} more; a longer pointer or sentence finds fewer")
    return "\n".join([*lines, "", f"reqlint explain {lookup.found[0].rule.id} says more about the first"]) + "\n"


def rules_page(rules: Iterable[Rule], catalog: Catalog, width: int) -> str:
    """Return a list of *rules*, each with the APIs that have it on, as text of *width* columns."""
    return "\n".join(_lines([_on(rule, catalog, ()) for rule in rules], width)) + "\n"


def _lines(found: Sequence[FoundRule], width: int) -> Iterator[str]:
    widest = min(40, max(len(each.rule.id) for each in found))
    for each in found:
        head = f"  {each.rule.id:{widest}}  "
        text = f"{each.rule.summary} ({_names(each.profiles) or 'off'})"
        yield fill(text, width, initial_indent=head, subsequent_indent=" " * (widest + 4), break_on_hyphens=False)


def _names(profiles: Sequence[str]) -> str:
    if len(profiles) <= _MOST_NAMES:
        return join_words(profiles)
    return f"{', '.join(profiles[: _MOST_NAMES - 1])} and {len(profiles) - _MOST_NAMES + 1} more"


def lookup_as_json(lookup: Lookup, catalog: Catalog, profiles: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return the rules that were found as JSON values, each with how it was found and for which APIs."""
    return [
        {**rule_as_json(each.rule, catalog, profiles), "found": {"by": lookup.by, "profiles": list(each.profiles)}}
        for each in lookup.found
    ]
