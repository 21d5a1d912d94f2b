"""
Whether a model is on one of a profile's dated lists: names in which * stands for anything, with exceptions.

A list names families. A request names one model in one of many ways: behind the name of a vendor or a gateway, with
the day of its snapshot, or as the base of a fine-tuned one. All of these are looked up; an exception holds for any.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from reqlint.checks import Facts
from reqlint.core.findings import Severity

LISTS_OF_CHECKS: Mapping[str, Sequence[str]] = {
    "audio-model-without-audio": ["wants-audio"],
    "file-for-model-without-it": ["image-refused-by", "document-refused-by", "video-refused-by", "audio-refused-by"],
    "image-for-text-only-model": ["text-only", "text-only-by-family"],
    "limit-eaten-by-thinking": ["room-for-thoughts"],
    "list-content-for-text-model": ["string-content"],
    "max-tokens-on-reasoning-model": ["max-tokens-refused-by"],
    "model-of-other-endpoint": ["models-of-other-endpoints"],
    "number-above-that-of-model": ["most-by-model"],
    "parameter-refused-by-model": ["parameters-refused-by"],
    "responses-only-model": ["responses-only-models"],
    "retired-model": ["retired-models"],
    "sampling-for-model-without-it": ["sampling-refused-by"],
    "sampling-on-reasoning-model": ["thinking"],
    "sampling-while-reasoning": ["thinking"],
    "stream-only-model-without-stream": ["stream-only"],
    "temperature-on-reasoning-model": ["thinking"],
    "text-beside-tool-use": ["text-beside-tool-use-refused-by"],
    "thinking-by-default-without-stream": ["thinks-by-default-only-streamed"],
    "token-limit-above-that-of-model": ["output-limits"],
    "tools-while-thinking": ["tools-without-effort-refused-by"],
    "translation-without-target": ["translation-models"],
    "unusual-translation-message": ["translation-models"],
    "value-of-other-models": ["values-of-models"],
}
"""By rule: the lists without which its check finds nothing. It is not asked of a model that is on none of them."""

LONGEST_NAME = 200  # a longer string is no name of a model, and is only looked up as it is written
_MOST_PREFIXES = 4
_DAY = re.compile(r"(?<=.)[-@](?:20\d\d-?[01]\d-?[0-3]\d|[01]\d[0-3]\d|2[3-9][01]\d|latest)\Z")
"""The ending of a snapshot: ``-2025-08-07``, ``-20250805``, ``@20250805``, ``-0613`` and ``-2411``, or ``-latest``."""
_MOST_LISTS = 256  # those of a catalog, and of tests
_MOST_MODELS = 512  # a file of requests names few, and what it holds may be anything
_kept: dict[int, tuple[object, dict[str, Any]]] = {}
"""By the id of a list: the list, so that no other has that id meanwhile, and what was found in it for each model."""


def is_any(model: object, facts: Facts, fact: str) -> bool:
    """Return whether *model* is on the list *fact*; False when the profile has no such list."""
    return fact in facts and isinstance(model, str) and bool(_found(model, facts[fact]["value"], fits))


def rows_for(model: object, facts: Facts, fact: str) -> Sequence[Mapping[str, Any]]:
    """Return the rows of *fact* whose models *model* is one of; none when the profile has no such fact."""
    rows: Sequence[Mapping[str, Any]] = ()
    if fact in facts and isinstance(model, str):
        rows = _found(model, facts[fact]["value"], _fitting)
    return rows


def first_row(model: str, facts: Facts, fact: str) -> Mapping[str, Any] | None:
    """Return the first row of *fact* whose models *model* is one of; None if there is none, or no such fact."""
    rows = rows_for(model, facts, fact)
    return rows[0] if rows else None


def _fitting(model: str, rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    return tuple(row for row in rows if fits(model, row))


def _found(model: str, listed: Any, find: Callable[[str, Any], Any]) -> Any:
    """Return what *find* finds for a model in a list; kept, since every clean request asks."""
    try:
        owner, by_model = _kept[id(listed)]
        if owner is listed:
            return by_model[model]
    except KeyError:  # the first time
        pass
    return _keep(model, listed, find(model, listed))


def _keep(model: str, listed: Any, found: Any) -> Any:
    """Return what was found, after it was written down."""
    kept = _kept.get(id(listed))
    if kept is None or kept[0] is not listed:
        if len(_kept) >= _MOST_LISTS:
            _kept.clear()
        kept = _kept[id(listed)] = (listed, {})
    if len(kept[1]) >= _MOST_MODELS:
        kept[1].clear()
    if len(model) <= LONGEST_NAME:
        kept[1][model] = found
    return found


def is_listed_for(rule: str, model: str, facts: Facts) -> bool:
    """Return whether the check of *rule* can have a hit with *model*; False where its lists do not have the model."""
    if rule not in LISTS_OF_CHECKS:
        return True
    for fact in LISTS_OF_CHECKS[rule]:
        listed = facts[fact]["value"] if fact in facts else ()
        if is_any(model, facts, fact) if isinstance(listed, dict) else rows_for(model, facts, fact):
            return True
    return False


def fits(model: object, listed: Mapping[str, Any]) -> bool:
    """Return whether *model* fits the ``models`` of a list and none of its ``except``."""
    if not isinstance(model, str) or not is_among(model, listed.get("models", ())):
        return False
    return not ("except" in listed and is_among(model, listed["except"]))


def is_among(model: str, names: Sequence[str]) -> bool:
    """Return whether *model*, in one of the readings of its name, fits one of *names*."""
    if not names:
        return False
    return any(_stands_for(name, reading) for reading in readings(model) for name in names)


def _stands_for(name: str, reading: str) -> bool:
    """
    Return whether *reading* is *name*, in which ``*`` stands for anything.

    NOTE: a regular expression for each list takes as long to compile as the rest of the start, and what is found in a
    list is kept.
    """
    if "*" not in name:
        return name == reading
    first, *middle, last = name.split("*")
    if len(reading) < len(first) + len(last) or not reading.startswith(first) or not reading.endswith(last):
        return False
    at, end = len(first), len(reading) - len(last)
    for piece in middle:  # each as early as it can be, which leaves most for the next
        at = reading.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True


def severity_of(listed: Mapping[str, Any]) -> Severity | None:
    """Return a warning for what is inferred or disputed; None, which leaves it to the rule, for all else."""
    return Severity.WARNING if listed.get("status") in ("inferred", "disputed") else None


def readings(model: str) -> Sequence[str]:
    """
    Return the names that *model* may be listed under, itself first.

    ``openai/ft:gpt-4o-2024-08-06:org::id`` is also ``gpt-4o-2024-08-06`` and ``gpt-4o``.
    """
    return _kept_readings(model) if len(model) <= LONGEST_NAME else (model,)


def _readings(model: str) -> Sequence[str]:
    found = [model]
    for _ in range(_MOST_PREFIXES):
        _, slash, rest = found[-1].partition("/")
        if not slash or not rest:
            break
        found.append(rest)
    found += [base for each in found if (base := _base(each))]
    found += [_DAY.sub("", each) for each in found if _DAY.search(each)]
    return tuple(dict.fromkeys(found))


_kept_readings = lru_cache(maxsize=512)(
    _readings
)  # requests name few models; what a file of them names may be anything


def _base(model: str) -> str | None:
    """Return the model that a fine-tuned one was made of: of ``ft:gpt-4o:org::id`` it is ``gpt-4o``."""
    parts = model.split(":")
    return parts[1] if parts[0] == "ft" and len(parts) > 1 else None
