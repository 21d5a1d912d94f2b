"""The answer in a file that lies beside the file of its request: ``response.json`` beside ``request.json``."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path

from reqlint.containers.answers import answer_in_file
from reqlint.containers.envelope import Answer, Envelope, Kind
from reqlint.text.documents import Document, read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.sources import Source

MAX_BYTES = 10_000_000
"""Bytes of an answer that is read; one with a long picture is not worth reading."""

_WORD = re.compile(r"(?<![a-z])request(?![a-z])", re.IGNORECASE)
_BODY = re.compile(r"^[._-]body(?=[._-]|$)", re.IGNORECASE)
_ANSWERS = (("response", "Response", "RESPONSE"), ("error", "Error", "ERROR"))
_SUFFIXES = (".json", ".yaml", ".yml")
_TEXTS = (".txt", ".sse")  # the events of a stream


def with_answer_beside(envelopes: tuple[Envelope, ...], path: Path) -> tuple[Envelope, ...]:
    """
    Return the request of a file as a recorded one if its answer lies beside the file; anything else as it is.

    Only a file with ``request`` in its name that holds one bare request is such a recording.
    """
    if len(envelopes) != 1 or envelopes[0].kind is not Kind.REQUEST or envelopes[0].place:
        return envelopes
    answer = answer_beside(path)
    return (envelopes[0]._replace(kind=Kind.EXCHANGE, answer=answer),) if answer else envelopes


def answer_beside(path: Path) -> Answer | None:
    """
    Return what the file with the answer to the request at *path* says; None if there is none, or it says nothing.

    Only regular files in the same folder are opened, and no links. A response and an error together contradict each
    other, so neither counts.
    """
    if _WORD.search(path.name) is None:
        return None
    found: list[Answer] = []
    for is_error in (False, True):
        answers = (_read(path.with_name(name), is_error=is_error) for name in _names(path.name, is_error=is_error))
        answer = next(filter(None, answers), None)
        if answer is not None:
            found.append(answer)
    return found[0] if len(found) == 1 else None


def _names(name: str, *, is_error: bool) -> Iterator[str]:
    """Yield the names that the file with the answer may have, the likeliest first."""
    word = list(_WORD.finditer(name))[-1]
    lower, title, upper = _ANSWERS[is_error]
    other = upper if word[0].isupper() else title if word[0][0].isupper() else lower
    before, after = name[: word.start()] + other, name[word.end() :]
    rests = dict.fromkeys((after, _BODY.sub("", after)))
    for rest in rests:
        yield before + rest
    for rest in rests:
        stem, _, suffix = rest.rpartition(".")
        if f".{suffix.lower()}" in _SUFFIXES:
            yield from (before + stem + other for other in (*_SUFFIXES, *_TEXTS) if other != f".{suffix}")


def _read(path: Path, *, is_error: bool) -> Answer | None:
    """Read the answer in a file; None if it cannot be read, for whatever reason: it is not what the user asked for."""
    try:
        facts = path.lstat()
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > MAX_BYTES:
            return None
        source = Source(path.name, path)
        if path.suffix.lower() in _TEXTS:
            text = source.read().decode("utf-8", "replace")
            return answer_in_file(text, is_error=is_error)
        first: Document | None = next(iter(read_documents(source)), None)
    except (OSError, ValueError):
        return None
    return None if first is None or first.value is UNREADABLE else answer_in_file(first.value, is_error=is_error)
