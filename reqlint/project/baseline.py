"""The file of accepted findings, which are recognised by their fingerprints and not by their lines."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from reqlint.core.errors import BadData
from reqlint.core.findings import Finding, Hit, Suppression
from reqlint.core.paths import absolute, relative
from reqlint.core.records import dataclass, field, replace
from reqlint.display.cached import mask_path, mask_pointer
from reqlint.judge.fingerprint import FINGERPRINT_NODE
from reqlint.text.atomic_write import Replacement, Stamp, stamp_of
from reqlint.text.trusted_files import MEGABYTE, display_path
from reqlint.text.trusted_json import load_json_value

_VERSION = 1
_LARGEST = 64 * MEGABYTE  # some 400,000 findings


class AcceptedFinding(NamedTuple):
    """One accepted finding. Its place has no indices; it is for people and is not compared."""

    file: str  #: relative to the folder of the baseline, with slashes; credentials in it are masked
    rule: str
    at: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """The accepted findings of a project."""

    path: Path
    entries: tuple[AcceptedFinding, ...] = ()
    stamp: Stamp | None = field(default=None, compare=False)  #: of the file when it was read

    def entry(self, finding: Finding) -> AcceptedFinding:
        """Return the entry that accepts *finding*."""
        shape = "/".join("*" if step.isdecimal() else step for step in finding.pointer.split("/"))
        return AcceptedFinding(
            self.file_of(finding.source or ""),
            finding.rule,
            mask_pointer(shape),
            finding.fingerprint[:FINGERPRINT_NODE],
        )

    def file_of(self, source: str) -> str:
        """Return the name of a source in the baseline."""
        return mask_path(relative(source, self.path.parent))

    def path_of(self, entry: AcceptedFinding) -> Path:
        """Return the file of an entry."""
        return Path(absolute(self.path.parent / entry.file))

    def to_json(self) -> str:
        """Return the content of the file: sorted and with an entry on each line, so that diffs are readable."""
        lines = [json.dumps(entry._asdict(), ensure_ascii=False) for entry in sorted(set(self.entries))]
        inside = "\n" + ",\n".join(lines) + "\n" if lines else ""
        return f'{{"version": {_VERSION}, "tool": "reqlint",\n"findings": [{inside}]}}\n'

    def write(self, *, new: bool = False) -> None:
        """
        Replace the file in one step; with *new*, create it.

        Raises:
            NotWritten: it cannot be written, was changed since it was read, or exists although it should be *new*.
        """
        with Replacement(self.path, expecting=self.stamp, new=new) as file:
            # File names that are not UTF-8 are escaped, and compared in that form.
            file.file.write(self.to_json().encode("utf-8", "backslashreplace"))
            file.commit()


class BaselineMatcher:
    """A baseline in use, and which of its entries matched a finding."""

    def __init__(self, baseline: Baseline) -> None:
        self.baseline = baseline
        # An older baseline names files in full.
        self._unmatched = {(mask_path(entry.file), entry.fingerprint): entry for entry in baseline.entries}
        self._by_key = dict(self._unmatched)

    def mark(self, finding: Finding) -> Finding:
        """Return *finding*, marked as suppressed if the baseline accepts it."""
        entry = self.baseline.entry(finding)
        key = (entry.file, entry.fingerprint)
        if key not in self._by_key:
            return finding
        self._unmatched.pop(key, None)
        reason = f"accepted in {self.baseline.path.name}"
        return replace(finding, suppressed=True, suppression=Suppression("baseline", reason))

    def stale(self, was_judged: Callable[[Path, str], bool]) -> list[AcceptedFinding]:
        """Return the entries that matched nothing although their file *was_judged* by their rule."""
        return [entry for entry in self._unmatched.values() if was_judged(self.baseline.path_of(entry), entry.rule)]


def stale_hits(baseline: Baseline, entries: Sequence[AcceptedFinding]) -> list[Hit]:
    """Return a hit for each stale entry, with its region in the baseline."""
    from reqlint.core.findings import Part
    from reqlint.text.documents import read_documents
    from reqlint.text.forms import Form
    from reqlint.text.sources import Source

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
        BadData: the file is missing or is not a baseline.
    """
    stamp = stamp_of(path)
    try:
        loaded = load_json_value(path, _LARGEST)
    except BadData as unreadable:
        if not isinstance(unreadable.__cause__, FileNotFoundError):
            raise
        raise BadData(display_path(path), "", f"{unreadable.what}; reqlint baseline create makes it") from None
    if not isinstance(loaded, Mapping) or loaded.get("tool") != "reqlint" or loaded.get("version") != _VERSION:
        raise BadData(display_path(path), "", "is not a baseline of reqlint")
    return Baseline(path, tuple(_entries(loaded.get("findings"), display_path(path))), stamp)


def _entries(loaded: object, file: str) -> Iterable[AcceptedFinding]:
    if not isinstance(loaded, list):
        raise BadData(file, "findings", "is not a list")
    for number, entry in enumerate(loaded):
        if not isinstance(entry, Mapping) or not all(
            isinstance(entry.get(key), str) for key in AcceptedFinding._fields
        ):
            raise BadData(
                file, f"findings[{number}]", "is not an entry: file, rule, at and fingerprint must be strings"
            )
        yield AcceptedFinding(*(entry[key] for key in AcceptedFinding._fields))
