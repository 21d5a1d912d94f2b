"""What the lines of one batch or training file must agree on, which no single line shows."""

from collections.abc import Iterator, Mapping
from math import inf
from typing import Any, NamedTuple

from reqlint.checks import Facts
from reqlint.checks.first_places import FirstPlaces
from reqlint.core.findings import Hit, Link, Part
from reqlint.core.pointer import Place
from reqlint.core.records import replace
from reqlint.dialects.openai_chat import OPENAI_CHAT, turns
from reqlint.dialects.registry import has_conversation

_MEGABYTE = 1 << 20  # the larger meaning of the word, so that no file within the limit is reported
_SMALLER_MEGABYTE = 1_000_000  # the other one, so that a file written to the limit is within it whatever was meant


class EarlierLines(NamedTuple):
    """The state after the lines before a chunk of a file, as far as it matters for the chunk."""

    ids: Mapping[str, tuple[int, Place]]  #: first places of the ids that come again in the chunk
    model: tuple[str, int, Place] | None
    url: tuple[str, int, Place] | None
    line_count: int


class BatchLimits(NamedTuple):
    """What an API takes in one batch file."""

    lines: float  #: how many requests; infinite where nothing is known
    size: float  #: bytes of the whole file, the smaller meaning of a megabyte; infinite where nothing is known


class BatchLines:
    """
    Checks the lines of one batch file, one after the other.

    Keeps the first place of each ``custom_id``, and nothing else that grows with the file.
    """

    def __init__(self, facts: Facts) -> None:
        self._limits: Mapping[str, Any] = facts.get("batch-limits", {}).get("value", {})
        self._dry_run: Mapping[str, Any] = self._limits.get("dry-run", {})
        self._longest = self._limits.get("line-megabytes", 0) * _MEGABYTE or inf
        self._first_beyond = {each["lines"] + 1 for each in (self._limits, self._dry_run) if "lines" in each}
        self._ids = FirstPlaces()
        self._model: tuple[str, int, Place] | None = None
        self._url: tuple[str, int, Place] | None = None
        self._documents: dict[int, int] = {}  # by number of the first line beyond a limit
        self.count = 0

    def check(self, line: object, document: int, base: Place, size: int) -> list[Hit]:
        """
        Check a line, the value at *base* in its document, against the lines before it.

        *size* is the length of the line in bytes, 0 where it is not known. The places of hits begin at the line.
        """
        self.count += 1
        hits: list[Hit] = []
        if self.count in self._first_beyond:
            self._documents[self.count] = document
        if size > self._longest:
            hits.append(Hit(facts=_sizes(size, self._longest), rule="oversized-batch-line"))
        if not isinstance(line, dict):
            return hits
        here = (document, base)
        custom_id, url, body = line.get("custom_id"), line.get("url"), line.get("body")
        if isinstance(custom_id, str) and (first := self._ids.find_or_add(custom_id, document, base)):
            hits.append(_duplicate_id(first))
        if isinstance(url, str):
            if self._url is None:
                self._url = (url, *here)
            elif self._url[0] != url:
                hits.append(_mixed("mixed-batch-urls", url, ("url",), self._url))
        if isinstance(body, dict):
            model = body.get("model")
            if isinstance(model, str):
                if self._model is None:
                    self._model = (model, *here)
                elif self._model[0] != model:
                    hits.append(_mixed("mixed-batch-models", model, ("body", "model"), self._model))
            if body.get("stream") is True:
                hits.append(Hit(("body", "stream"), rule="stream-in-batch"))
        elif "body" not in line and has_conversation(line):
            hits.append(Hit(rule="bare-request-in-batch"))
        return hits

    def restart(self, *, few: bool) -> None:
        """Count lines from here on, and keep the rest of the state; *few* means that a bounded chunk follows."""
        self.count = 0
        self._documents.clear()
        self._ids.compacts = not few

    def resume(self, before: EarlierLines) -> None:
        """Take over the state after lines that were checked elsewhere."""
        self._ids.add(before.ids)
        self._model, self._url, self.count = before.model, before.url, before.line_count

    def append(self, after: "BatchLines") -> EarlierLines | None:
        """
        Take over the lines *after* these, which were checked elsewhere without knowing these.

        Returns the state they should have started from where it would have changed their hits: check them again with
        lines that `resume` from it, and pass those to `append_places`. Returns None where it changes nothing.
        """
        again = self._ids.add_later(after._ids)
        differs = (self._model and after._model and self._model != after._model) or (
            self._url and after._url and self._url != after._url
        )
        crosses = self.count and any(self.count < beyond <= self.count + after.count for beyond in self._first_beyond)
        before = EarlierLines(again, self._model, self._url, self.count) if again or differs or crosses else None
        self._model, self._url = self._model or after._model, self._url or after._url
        self.count += after.count
        if before is None:
            self.append_places(after)
        return before

    def append_places(self, after: "BatchLines") -> None:
        """
        Take over the documents at which the lines *after* these crossed a limit.

        A limit that these lines crossed keeps its document: *after* may have counted only its own lines.
        """
        self._documents = after._documents | self._documents

    def end(self, size: int) -> Iterator[tuple[int | None, Hit]]:
        """Yield the hits of the file as a whole with their document, None for no single one; *size* is in bytes."""
        limits = self._limits_here()
        lines, largest = limits.get("lines"), limits.get("megabytes", 0) * _MEGABYTE
        if lines and self.count > lines:
            facts = {"count": self.count, "limit": lines}
            yield self._documents[lines + 1], Hit(facts=facts, rule="too-many-batch-lines")
        if largest and size > largest:
            yield None, Hit(facts=_sizes(size, largest), rule="oversized-batch-file")

    def limits(self) -> BatchLimits:
        """Return what the API takes in the file that these lines begin."""
        limits = self._limits_here()
        return BatchLimits(limits.get("lines") or inf, limits.get("megabytes", 0) * _SMALLER_MEGABYTE or inf)

    def _limits_here(self) -> Mapping[str, Any]:
        dry = self._dry_run and self._url is not None and self._url[0] == self._dry_run.get("url")
        return {**self._limits, **self._dry_run} if dry else self._limits


def _sizes(size: float, limit: float) -> dict[str, object]:
    return {"size": f"{size / _MEGABYTE:,.1f} MB", "limit": f"{limit / _MEGABYTE:,g} MB"}


def _duplicate_id(first: tuple[int, Place]) -> Hit:
    document, place = first
    link = Link((*place, "custom_id"), "first used here", document=document)
    return Hit(("custom_id",), facts={"first": document + 1}, related=(link,), rule="duplicate-custom-id")


def _mixed(rule: str, value: str, place: Place, first: tuple[str, int, Place]) -> Hit:
    first_value, document, base = first
    link = Link((*base, *place), "the first one", document=document)
    return Hit(place, facts={"own": value, "first": first_value, "line": document + 1}, related=(link,), rule=rule)


_PREFERENCE_KEYS = {
    "preferred_completion": "preferred_output",
    "non_preferred_completion": "non_preferred_output",
}


class TrainingLines:
    """Checks the examples of one fine-tuning file, one after the other."""

    def __init__(self, facts: Facts) -> None:
        self._fewest: int | None = facts.get("fewest-examples", {}).get("value")
        self._last = 0
        self.count = 0

    def check(self, line: object, document: int, _base: Place, _size: int) -> list[Hit]:
        """Check an example beyond its shape; the places of hits begin at the example."""
        self.count += 1
        self._last = document
        if not isinstance(line, dict):
            return []
        hits = [
            Hit((key,), Part.KEY, {"field": key, "suggestion": meant}, rule="preferred-completion")
            for key, meant in _PREFERENCE_KEYS.items()
            if key in line
        ]
        hits += _untrained(line)
        hits += _unpaired(line, ())
        question = line.get("input")
        if isinstance(question, dict):
            hits += _answered(question)
            hits += _unpaired(question, ("input",))
        return hits

    def restart(self, *, few: bool) -> None:  # noqa: ARG002 - as of `BatchLines`
        """Count examples from here on."""
        self.count = 0

    def resume(self, before: EarlierLines) -> None:
        """Take over the number of examples that were checked elsewhere; nothing else matters."""
        self.count = before.line_count

    def append(self, after: "TrainingLines") -> None:
        """Take over the examples *after* these, which were checked elsewhere."""
        self.count += after.count
        self._last = max(self._last, after._last)

    def end(self, _size: int) -> Iterator[tuple[int | None, Hit]]:
        """Yield the hits of the file as a whole, with their document."""
        if self._fewest and 0 < self.count < self._fewest:
            yield self._last, Hit(facts={"count": self.count, "limit": self._fewest}, rule="too-few-examples")


def _untrained(example: dict[str, Any]) -> Iterator[Hit]:
    replies = [turn for turn in turns(example) if turn.role == "assistant"]
    if replies and all(reply.value.get("weight") == 0 and "weight" in reply.value for reply in replies):
        yield Hit((*replies[0].place, "weight"), rule="zero-weight-example")


def _unpaired(example: dict[str, Any], base: Place) -> Iterator[Hit]:
    """Yield the hits of calls without answers and answers without calls; the calls that are to be learnt need none."""
    from reqlint.checks.pairing import orphan_tool_result, unanswered_tool_call  # for training files only

    messages = example.get("messages")
    last = ("messages", len(messages) - 1) if isinstance(messages, list) else None
    for hit in unanswered_tool_call(example, {}, OPENAI_CHAT):
        if hit.place != last:
            yield _moved(hit, base, "unanswered-call-in-example")
    for hit in orphan_tool_result(example, {}, OPENAI_CHAT):
        yield _moved(hit, base, "orphan-result-in-example")


def _moved(hit: Hit, base: Place, rule: str) -> Hit:
    links = tuple(replace(link, place=(*base, *link.place)) for link in hit.related)
    return replace(hit, place=(*base, *hit.place), related=links, rule=rule)


def _answered(question: dict[str, Any]) -> Iterator[Hit]:
    asked = list(turns(question))
    if asked and asked[-1].role == "assistant":
        yield Hit(("input", *asked[-1].role_place), rule="answered-preference-input")
