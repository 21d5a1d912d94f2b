"""The file of accepted findings: what was wrong on the day it was made, by fingerprint and not by line."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from reqlint.core.errors import BadData
from reqlint.core.findings import Finding, Hit, Suppression
from reqlint.display.credentials import mask_pointer
from reqlint.judge.fingerprint import FINGERPRINT_NODE
from reqlint.text.atomic_write import Replacement, Stamp, stamp_of
from reqlint.text.trusted_files import MEGABYTE, display_path, load_json_value

DEFAULT_NAME = "reqlint-baseline.json"
_VERSION = 1
_LARGEST = 64 * MEGABYTE  # some 400,000 findings


class AcceptedFinding(NamedTuple):
    """One accepted finding. The place has no indices; it is there for people and is not compared."""

    file: str  #: from the folder of the baseline, with slashes
    rule: str
    at: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """The accepted findings of a project."""

    path: Path
    entries: tuple[AcceptedFinding, ...] = ()
    read: Stamp | None = field(default=None, compare=False)  #: what the file was when it was read

    def entry(self, finding: Finding) -> AcceptedFinding:
        """Give the entry that accepts *finding*."""
        shape = "/".join("*" if step.isdecimal() else step for step in finding.pointer.split("/"))
        return AcceptedFinding(
            self.file_of(finding.source or ""),
            finding.rule,
            mask_pointer(shape),
            finding.fingerprint[:FINGERPRINT_NODE],
        )

    def file_of(self, source: str) -> str:
        """Give the name by which the baseline knows a source."""
        try:
            return Path(os.path.relpath(source, self.path.parent)).as_posix()
        except ValueError:  # on another drive
            return source

    def path_of(self, entry: AcceptedFinding) -> Path:
        """Give the file that an entry speaks of."""
        return Path(os.path.normpath(self.path.parent.absolute() / entry.file))

    def written(self) -> str:
        """Give the content of the file: sorted, an entry a line, so that a diff shows what was accepted."""
        lines = [json.dumps(entry._asdict(), ensure_ascii=False) for entry in sorted(set(self.entries))]
        inside = "\n" + ",\n".join(lines) + "\n" if lines else ""
        return f'{{"version": {_VERSION}, "tool": "reqlint",\n"findings": [{inside}]}}\n'

    def write(self, *, new: bool = False) -> None:
        """
        Write the file at once, so that nobody meets half of it.

        Raises:
            NotWritten: it cannot be written, was changed since it was read, or is there though it is to be *new*.
        """
        with Replacement(self.path, expecting=self.read, new=new) as file:
            # A name that is not UTF-8 is read as it is written here, escaped.
            file.file.write(self.written().encode("utf-8", "backslashreplace"))
            file.commit()


class BaselineMatcher:
    """A baseline in use: which of its entries were met."""

    def __init__(self, baseline: Baseline) -> None:
        self.baseline = baseline
        self._left = {(entry.file, entry.fingerprint): entry for entry in baseline.entries}
        self._known = dict(self._left)

    def marked(self, finding: Finding) -> Finding:
        """Give *finding* as it is, or marked when the baseline has it."""
        entry = self.baseline.entry(finding)
        key = (entry.file, entry.fingerprint)
        if key not in self._known:
            return finding
        self._left.pop(key, None)
        reason = f"accepted in {self.baseline.path.name}"
        return replace(finding, suppressed=True, suppression=Suppression("baseline", reason))

    def stale(self, looked_at: Callable[[Path, str], bool]) -> list[AcceptedFinding]:
        """Give the entries that met nothing, of files and rules that were looked at."""
        return [entry for entry in self._left.values() if looked_at(self.baseline.path_of(entry), entry.rule)]


def stale_hits(baseline: Baseline, entries: Sequence[AcceptedFinding]) -> list[Hit]:
    """Say of entries that they are stale, with their lines in the baseline."""
    from reqlint.core.findings import Part
    from reqlint.text.documents import Form, Source, read_documents

    if not entries:
        return []
    numbers = {entry: number for number, entry in enumerate(baseline.entries)}
    document = next(iter(read_documents(Source(baseline.path.name, baseline.path), Form.JSON)))
    places = {entry: ("findings", numbers[entry]) for entry in entries}
    regions = document.locate([(place, Part.VALUE) for place in places.values()])
    return [
        Hit(
            rule="stale-baseline-entry",
            facts={"rule": entry.rule, "file": entry.file, "at": entry.at or "the request"},
            region=regions.get((places[entry], Part.VALUE)),
        )
        for entry in entries
    ]


def read_baseline(path: Path) -> Baseline:
    """
    Read a baseline.

    Raises:
        BadData: there is none, or it is not one.
    """
    as_it_was = stamp_of(path)
    try:
        loaded = load_json_value(path, _LARGEST)
    except BadData as unreadable:
        if not isinstance(unreadable.__cause__, FileNotFoundError):
            raise
        raise BadData(display_path(path), "", f"{unreadable.what}; reqlint baseline create makes it") from None
    if not isinstance(loaded, Mapping) or loaded.get("tool") != "reqlint" or loaded.get("version") != _VERSION:
        raise BadData(display_path(path), "", "is not a baseline of reqlint")
    return Baseline(path, tuple(_entries(loaded.get("findings"), display_path(path))), as_it_was)


def _entries(loaded: object, file: str) -> Iterable[AcceptedFinding]:
    if not isinstance(loaded, list):
        raise BadData(file, "findings", "is no list of entries")
    for number, entry in enumerate(loaded):
        if not isinstance(entry, Mapping) or not all(
            isinstance(entry.get(key), str) for key in AcceptedFinding._fields
        ):
            raise BadData(file, f"findings[{number}]", "has not the four strings of an entry")
        yield AcceptedFinding(*(entry[key] for key in AcceptedFinding._fields))
