"""A finding whose texts may be written, and its fix if that may be shown."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from reqlint.core.findings import Finding, Region, Related
from reqlint.display.cached import escape, is_secret, mask, sanitize, show_path, show_together
from reqlint.display.shown import Masked, Shown, fill, literal, verbatim


class ShownFinding:
    """The texts of a finding, masked and escaped; each is computed when it is read."""

    __slots__ = ("_finding", "_texts", "_unicode")

    def __init__(self, finding: Finding, unicode: bool = True) -> None:
        self._finding = finding
        self._unicode = unicode
        self._texts: tuple[Shown, Shown] | None = None  # message and pointer

    @property
    def rule(self) -> Shown:
        """The rule's id."""
        return escape(verbatim(self._finding.rule), self._unicode)

    @property
    def message(self) -> Shown:
        """What is wrong."""
        return self._message_and_pointer()[0]

    @property
    def pointer(self) -> Shown:
        """The JSON Pointer of the value; empty for the document."""
        return self._message_and_pointer()[1]

    def _message_and_pointer(self) -> tuple[Shown, Shown]:
        if self._texts is None:
            self._texts = show_together(self._finding.message, self._finding.pointer, self._unicode)
        return self._texts

    @property
    def custom_id(self) -> Shown | None:
        """The ``custom_id`` of a batch line."""
        return None if self._finding.custom_id is None else sanitize(self._finding.custom_id, self._unicode)

    @property
    def position(self) -> Shown:
        """``file:line:column``, the file as it was given; without a region only the file."""
        return self.position_in(show_path(self._finding.source or "request", self._unicode))

    def position_in(self, file: Shown) -> Shown:
        """Return ``file:line:column`` for a *file* that is named differently, as relative to the repository."""
        region = self._finding.region
        return fill("{}:{}:{}", file, region.line, region.column) if region else file

    def remarks(self) -> Sequence[tuple[Shown, Shown]]:
        """Return what follows the message: a label (``see line 3``, ``help``, ``note``) and its text."""
        finding = self._finding
        others = _help_and_note(finding.help, finding.note, self._unicode)
        if not finding.related:
            return others
        return (*(self._see(related) for related in finding.related), *others)

    def _see(self, related: Related) -> tuple[Shown, Shown]:
        label = fill("see line {}", related.region.line) if related.region else literal("see")
        return label, sanitize(related.message, self._unicode)


@lru_cache(maxsize=1024)
def _help_and_note(help_text: str | None, note: str | None, unicode: bool) -> tuple[tuple[Shown, Shown], ...]:
    both = (literal("help"), help_text), (literal("note"), note)
    return tuple((label, sanitize(text, unicode)) for label, text in both if text)


class ShownEdit(NamedTuple):
    """A stretch of a document's text, and what replaces it."""

    region: Region
    replacement: Masked


class ShownFix(NamedTuple):
    """A fix that contains no credentials."""

    description: Masked
    safe: bool
    edits: tuple[ShownEdit, ...]


def shown_fix(finding: Finding) -> ShownFix | None:
    """Return the fix of *finding*, or None if there is none or if it contains something that must be masked."""
    fix = finding.fix
    if fix is None or is_secret(finding.pointer):
        return None
    edits = []
    for edit in fix.edits:
        replacement = mask(edit.replacement)
        if replacement != edit.replacement:
            return None
        edits.append(ShownEdit(edit.region, replacement))
    return ShownFix(mask(fix.description), fix.safe, tuple(edits))
