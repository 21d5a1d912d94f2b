"""Which rules are about a parameter or a place in a request, by what they read and what their examples mark."""

import re
from collections.abc import Iterator

from reqlint.core.findings import Part
from reqlint.core.pointer import Place
from reqlint.knowledge.rule import Example, Rule
from reqlint.text.documents import Document, read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.sources import Source

Keys = tuple[str, ...]
"""The steps of a place without its numbers: no rule is about one message of many."""

_PATH = re.compile(r"[A-Za-z_$][\w$-]*(?:\.?\[(?:\d*|\*)\]|\.[\w$*-]+)*")
_STEP = re.compile(r"[\w$*-]+")
_NUMBER = re.compile(r"\d+|\*")
_MARK = re.compile("«(.*?)»", re.S)
_AROUND = ("body", "request", "params")
"""Keys around a request, of a batch line or a recording; a place may begin with one."""

_LONGEST = 300  # characters of a place that is asked for

EXACTLY = 4.0
"""The weight of a rule that marks just the place; lower weights are for rules that mark one around it or inside."""
_ENDS_THERE, _ITS_PARAMETER, _AROUND_IT, _INSIDE, _NAMES_IT, _PASSES = 3.5, 3.0, 2.5, 2.0, 1.8, 1.5


def keys_asked_for(text: str) -> Keys | None:
    """
    Return the keys of a pointer, a path or the name of a parameter, without numbers; None if *text* is none.

    ``/messages/2/content``, ``messages[2].content``, ``generationConfig.maxOutputTokens`` and ``tool_choice`` are.
    """
    text = text.removeprefix("#").strip()
    if not text or len(text) > _LONGEST:
        return None
    if text.startswith("/") and not any(letter.isspace() for letter in text):
        steps = [step.replace("~1", "/").replace("~0", "~") for step in text.split("/")[1:]]
    elif _PATH.fullmatch(text):
        steps = _STEP.findall(text)
    else:
        return None
    keys = tuple(step for step in steps if step and not _NUMBER.fullmatch(step))
    return keys[1:] if len(keys) > 1 and keys[0] in _AROUND else keys or None


def weight_at(rule: Rule, keys: Keys) -> float:
    """Return how near a rule is to the place with these *keys*; 0 if it is about something else."""
    weight = max((_nearness(marked, keys) for marked in _marked_keys(rule, keys)), default=0.0)
    if len(keys) == 1:
        read = {name.removeprefix("/") for name in (*rule.reads, *rule.wakes)}
        if rule.at and rule.at.removeprefix("/") == keys[0]:
            weight = max(weight, _ITS_PARAMETER)
        if keys[0] in read:
            weight = max(weight, _PASSES)
    if len(keys[-1]) > 3 and _names(rule, keys[-1]):
        weight = max(weight, _NAMES_IT) + 0.2
    return weight


def _nearness(marked: Keys, keys: Keys) -> float:
    if marked == keys:
        return EXACTLY
    if marked[-len(keys) :] == keys:
        return _ENDS_THERE
    if keys[: len(marked)] == marked and marked:
        return _AROUND_IT
    if marked[: len(keys)] == keys:
        return _INSIDE
    return _PASSES if len(keys) == 1 and keys[0] in marked else 0.0


def _names(rule: Rule, name: str) -> bool:
    """Return whether the id, the summary or the message of a rule has the name of a parameter as a word."""
    word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.IGNORECASE)
    return any(word.search(text) for text in (rule.summary, rule.message, rule.id.replace("-", "_")))


def _marked_keys(rule: Rule, keys: Keys) -> Iterator[Keys]:
    """Yield the keys of the places that the bad examples of a rule mark; only those whose text has a wanted key."""
    for example in rule.examples:
        if example.encoding == "utf-8" and any(f'"{key}"' in example.bad or f"{key}:" in example.bad for key in keys):
            yield from _places_of(example)


def _places_of(example: Example) -> Iterator[Keys]:
    texts = example.bad.split("\n") if example.form == "jsonl" else [example.bad]
    for text in texts:
        marks = _spans(text)
        if marks:
            clean = text.replace("«", "").replace("»", "")
            form = "json" if example.form == "jsonl" else example.form
            for document in read_documents(Source(f"example.{form}", None, clean.encode())):
                if document.value is not UNREADABLE:
                    yield from _keys_at(document, marks)


def _spans(text: str) -> set[tuple[int, int]]:
    """Return the offsets of what is marked, in the text without marks."""
    return {
        (match.start() - 2 * number, match.end() - 2 * number - 2) for number, match in enumerate(_MARK.finditer(text))
    }


def _keys_at(document: Document, marks: set[tuple[int, int]]) -> Iterator[Keys]:
    places = [*_walk(document.value, ())]
    located = document.locate([(place, part) for place in places for part in Part])
    for (place, _), region in located.items():
        if (region.start, region.end) in marks:
            keys = tuple(step for step in place if isinstance(step, str))
            yield keys[1:] if len(keys) > 1 and keys[0] in _AROUND else keys


def _walk(value: object, place: Place) -> Iterator[Place]:
    yield place
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _walk(member, (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, (*place, index))
