"""What the lines of one file must agree on: a batch or a training set is refused for what no single line shows."""

from collections.abc import Iterator, Mapping
from math import inf
from typing import Any, NamedTuple

from reqlint.checks import Facts
from reqlint.checks._first_places import FirstPlaces
from reqlint.core.findings import Hit, Link, Part
from reqlint.core.pointer import Place

_MEGABYTE = 1 << 20  # the larger reading of the word, so that nothing is called too large that may be taken


class EarlierLines(NamedTuple):
    """What lines before a stretch of a file said, as far as it concerns the stretch."""

    ids: Mapping[str, tuple[int, Place]]  #: of those that come again in the stretch
    model: tuple[str, int, Place] | None
    url: tuple[str, int, Place] | None
    met: int


class BatchLines:
    """
    The lines of one batch file, met one after the other.

    Remembers where each ``custom_id`` was met first, and nothing else that grows with the file.
    """

    def __init__(self, facts: Facts) -> None:
        self._limits: Mapping[str, Any] = facts.get("batch-limits", {}).get("value", {})
        self._dry_run: Mapping[str, Any] = self._limits.get("dry-run", {})
        self._longest = self._limits.get("line-megabytes", 0) * _MEGABYTE or inf
        self._beyond = {each["lines"] + 1 for each in (self._limits, self._dry_run) if "lines" in each}
        self._ids = FirstPlaces()
        self._model: tuple[str, int, Place] | None = None
        self._url: tuple[str, int, Place] | None = None
        self._documents: dict[int, int] = {}  # number of the first line beyond a limit → its document
        self.count = 0

    def meet(self, line: object, document: int, base: Place, size: int) -> list[Hit]:
        """
        Say what a line, the value at *base* in its document, has against the lines before it; nearly always nothing.

        *size* is the length of the line in bytes, 0 where that says nothing. Places begin at the line.
        """
        self.count += 1
        hits: list[Hit] = []
        if self.count in self._beyond:
            self._documents[self.count] = document
        if size > self._longest:
            hits.append(Hit(facts=_sizes(size, self._longest), rule="oversized-batch-line"))
        if not isinstance(line, dict):
            return hits
        here = (document, base)
        custom_id, url, body = line.get("custom_id"), line.get("url"), line.get("body")
        if isinstance(custom_id, str) and (first := self._ids.meet(custom_id, document, base)):
            hits.append(_repeats(first))
        if isinstance(url, str):
            if self._url is None:
                self._url = (url, *here)
            elif self._url[0] != url:
                hits.append(_differs("mixed-batch-urls", url, ("url",), self._url))
        if isinstance(body, dict):
            model = body.get("model")
            if isinstance(model, str):
                if self._model is None:
                    self._model = (model, *here)
                elif self._model[0] != model:
                    hits.append(_differs("mixed-batch-models", model, ("body", "model"), self._model))
            if body.get("stream") is True:
                hits.append(Hit(("body", "stream"), rule="stream-in-batch"))
        elif "body" not in line and "messages" in line:
            hits.append(Hit(rule="bare-request-in-batch"))
        return hits

    def begin(self, *, few: bool) -> None:
        """Count from here on, and keep what is known of the lines so far; *few* are to come, and all said of them."""
        self.count = 0
        self._documents.clear()
        self._ids.folds = not few

    def know(self, before: EarlierLines) -> None:
        """Take over what lines that were met elsewhere said, as if they had been met here."""
        self._ids.learn(before.ids)
        self._model, self._url, self.count = before.model, before.url, before.met

    def absorb(self, after: "BatchLines") -> EarlierLines | None:
        """
        Take over the lines that follow, which were met elsewhere.

        Gives what would have been known of the lines here, where that makes a difference to what was said of those:
        they are to be met again, by lines that know it, and `absorb_places` takes those over.
        """
        met = ((name, where, self._ids.meet(name, *where)) for name, where in after._ids.recent())
        again = {name: first for name, where, first in met if first is not None and first != where}
        differs = (self._model and after._model and self._model != after._model) or (
            self._url and after._url and self._url != after._url
        )
        crosses = self.count and any(self.count < beyond <= self.count + after.count for beyond in self._beyond)
        before = EarlierLines(again, self._model, self._url, self.count) if again or differs or crosses else None
        self._model, self._url = self._model or after._model, self._url or after._url
        self.count += after.count
        if before is None:
            self.absorb_places(after)
        return before

    def absorb_places(self, after: "BatchLines") -> None:
        """
        Take over where the lines that follow stand, once they were met knowing what was before.

        A limit that was crossed stays where it was: lines that follow, met apart, have counted only themselves.
        """
        self._documents = after._documents | self._documents

    def end(self, size: int) -> Iterator[tuple[int | None, Hit]]:
        """Say what the file has against it, and at which document if at one; *size* is its length in bytes."""
        dry = self._dry_run and self._url is not None and self._url[0] == self._dry_run.get("url")
        limits = {**self._limits, **self._dry_run} if dry else self._limits
        lines, largest = limits.get("lines"), limits.get("megabytes", 0) * _MEGABYTE
        if lines and self.count > lines:
            facts = {"count": self.count, "limit": lines}
            yield self._documents[lines + 1], Hit(facts=facts, rule="too-many-batch-lines")
        if largest and size > largest:
            yield None, Hit(facts=_sizes(size, largest), rule="oversized-batch-file")


def _sizes(size: float, limit: float) -> dict[str, object]:
    return {"size": f"{size / _MEGABYTE:,.1f} MB", "limit": f"{limit / _MEGABYTE:,g} MB"}


def _repeats(first: tuple[int, Place]) -> Hit:
    document, place = first
    link = Link((*place, "custom_id"), "first used here", document=document)
    return Hit(("custom_id",), facts={"first": document + 1}, related=(link,), rule="duplicate-custom-id")


def _differs(rule: str, own: str, place: Place, first: tuple[str, int, Place]) -> Hit:
    value, document, base = first
    link = Link((*base, *place), "the first one", document=document)
    return Hit(place, facts={"own": own, "first": value, "line": document + 1}, related=(link,), rule=rule)


_PREFERENCE_KEYS = {
    "preferred_completion": "preferred_output",
    "non_preferred_completion": "non_preferred_output",
}


class TrainingLines:
    """The examples of one fine-tuning file, met one after the other."""

    def __init__(self, facts: Facts) -> None:
        self._fewest: int | None = facts.get("fewest-examples", {}).get("value")
        self._last = 0
        self.count = 0

    def meet(self, line: object, document: int, _base: Place, _size: int) -> list[Hit]:
        """Say what an example has against it beyond its shape; places begin at the example."""
        self.count += 1
        self._last = document
        if not isinstance(line, dict):
            return []
        hits = [
            Hit((key,), Part.KEY, {"field": key, "suggestion": meant}, rule="preferred-completion")
            for key, meant in _PREFERENCE_KEYS.items()
            if key in line
        ]
        hits += _untrained(line.get("messages"))
        question = line.get("input")
        if isinstance(question, dict):
            hits += _answered(question.get("messages"))
        return hits

    def begin(self, *, few: bool) -> None:  # noqa: ARG002 - as of other lines
        """Count from here on."""
        self.count = 0

    def know(self, before: EarlierLines) -> None:
        """Take over how many examples were met elsewhere; nothing else makes a difference."""
        self.count = before.met

    def absorb(self, after: "TrainingLines") -> None:
        """Take over the examples that follow, which were met elsewhere."""
        self.count += after.count
        self._last = max(self._last, after._last)

    def end(self, _size: int) -> Iterator[tuple[int | None, Hit]]:
        """Say what the file has against it, and at which document."""
        if self._fewest and 0 < self.count < self._fewest:
            yield self._last, Hit(facts={"count": self.count, "limit": self._fewest}, rule="too-few-examples")


def _untrained(messages: object) -> Iterator[Hit]:
    if not isinstance(messages, list):
        return
    spoken = [
        (index, message)
        for index, message in enumerate(messages)
        if isinstance(message, dict) and message.get("role") == "assistant"
    ]
    if spoken and all(message.get("weight") == 0 and "weight" in message for _, message in spoken):
        yield Hit(("messages", spoken[0][0], "weight"), rule="zero-weight-example")


def _answered(messages: object) -> Iterator[Hit]:
    if isinstance(messages, list) and messages:
        last = messages[-1]
        if isinstance(last, dict) and last.get("role") == "assistant":
            yield Hit(("input", "messages", len(messages) - 1, "role"), rule="answered-preference-input")
