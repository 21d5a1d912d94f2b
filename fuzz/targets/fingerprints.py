"""Fingerprints under changed secrets: a file that differs in a credential alone has the same fingerprints."""

import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from random import Random

from fuzz import examples
from fuzz.choices import Choices
from fuzz.laws import require
from reqlint import Linter
from reqlint.core.findings import Report
from tests.support.planted import FORMS, NAMES, of_form

_OPENAI = Linter("openai")
_SUFFIXES = ("json", "jsonl", "yaml", "har")
_BLANK = " "  # a credential that is joined to other letters may lose its form


def run(data: bytes) -> None:
    """Judge a text twice, each time with other credentials; the first bytes choose which, where, and the form."""
    choices = Choices(data)
    suffix = choices.one_of(_SUFFIXES)
    planted = [(choices.below(65_536), choices.below(len(_pairs()))) for _ in range(1 + choices.below(3))]
    text = choices.rest().decode("utf-8", "replace")
    reports = [_OPENAI.check_text(_plant(text, planted, turn), f"a.{suffix}") for turn in (0, 1)]
    one, two = (_by_message(report) for report in reports)
    # A rule may know some keys of a form and others not, and a message about broken text shows one letter of it.
    for message in one.keys() & two.keys():
        if one[message].total() == two[message].total():
            require(one[message] == two[message], "a fingerprint tells nothing of a credential", message, planted, text)


def _by_message(report: Report) -> dict[tuple[str, str], Counter[str]]:
    found: dict[tuple[str, str], Counter[str]] = {}
    for finding in report.findings:
        found.setdefault((finding.rule, finding.message), Counter())[finding.fingerprint] += 1
    return found


def _plant(text: str, planted: list[tuple[int, int]], turn: int) -> str:
    """Return *text* with credentials at the beginning of some of its strings, or as members of some objects."""
    inserted = []
    for at, number in planted:
        named, *pair = _pairs()[number]
        signs = [index for index, char in enumerate(text) if char == ("{" if named else '"')]
        if signs:
            inserted.append((signs[at % len(signs)] + 1, pair[turn]))
    for index, secret in sorted(inserted, key=lambda each: -each[0]):  # none into another, which may break that
        text = text[:index] + secret + text[index:]
    return text


@cache
def _pairs() -> list[tuple[str, str, str]]:
    """Return pairs of what is planted, each with a name where it is a member of an object."""
    random = Random(1)  # noqa: S311 - an input must fail again as it failed once
    pairs = []
    for kind in FORMS:
        texts = [json.dumps(_BLANK + of_form(kind, random).text + _BLANK)[1:-1] for _ in range(2)]
        pairs.append(("", texts[0], texts[1]))
    for name, (letters, size) in NAMES.items():
        values = ["".join(random.choices(letters, k=size - 2)) + end for end in ("a1", "b2")]
        pairs.append((name, *(f"{json.dumps(name)}: {json.dumps(value)}, " for value in values)))
    return pairs


def seeds() -> Iterable[bytes]:
    """Yield files to start from, with the choices before them."""
    kinds = ((".json", 0), (".jsonl", 1), (".yaml", 2), (".har", 3))
    texts = [(number, text) for suffix, number in kinds for text in examples.files(suffix)]
    for index, (number, text) in enumerate([*texts, *((0, text) for text in examples.texts())]):
        yield bytes([number, index * 7 % 256, index % 3, index * 5 % 256, 0]) + text
