"""The good lines of a batch, written into files that an API takes: one model and URL each, and not too large."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from math import inf
from pathlib import Path

from reqlint.containers.envelope import Kind
from reqlint.core.errors import ReqlintError
from reqlint.core.records import dataclass, field
from reqlint.run.linter import Linter
from reqlint.run.source_run import SourceRun
from reqlint.text.atomic_write import Replacement, is_same_file
from reqlint.text.documents import read_json_lines
from reqlint.text.forms import Form
from reqlint.text.json.batch_label import Label, label_reader
from reqlint.text.sources import Source

MOST_PARTS = 999
"""Files that one run writes at most; their numbers have three digits."""
_MOST_OPEN = 100  # labels, each of which has a file open

GROUPED = frozenset({"mixed-batch-models", "mixed-batch-urls", "oversized-batch-file", "too-many-batch-lines"})
"""The rules that no longer apply to lines in files of their own."""

_NUMBERED = re.compile(r"-(\d+)\Z")


class NotSplit(ReqlintError, ValueError):
    """A file cannot be split as it was asked for; nothing was written."""


@dataclass(frozen=True, slots=True)
class Cut:
    """
    How the good lines are cut into files.

    Args:
        lines: most lines of a file; None for what the API takes.
        size: most bytes of a file; None for what the API takes.
    """

    lines: int | None = None
    size: int | None = None


@dataclass(slots=True)
class PartFile:
    """One of the files."""

    path: Path
    label: Label
    lines: int = 0
    size: int = 0  #: in bytes


@dataclass(slots=True)
class _LabelGroup:
    """The lines of one label, the last of whose files is being written."""

    label: Label
    most_lines: float
    most_bytes: float
    part: PartFile | None = None
    out: Replacement | None = field(default=None)


class PartWriter:
    """
    The files that good lines are written to, named after *good*: ``good-001.jsonl`` and so on, in the order of lines.

    To be used in a ``with`` block, whose end leaves no trace of files that were not committed.

    Args:
        good: the name they are made from.
        cut: how the lines are cut.
        linter: says for which API a line is, and what that takes.
        kind: what each line holds; None if each decides.
        source: what they come from; new files get its mode.
        bad: the file of the bad lines.
    """

    def __init__(self, good: Path, cut: Cut, linter: Linter, kind: Kind | None, source: Source, bad: Path) -> None:
        self.parts: list[PartFile] = []
        self._good, self._cut, self._source = good, cut, source
        self._linter, self._kind = linter, kind
        self._others = [path for path in (source.path, bad) if path]
        self._groups: dict[Label, _LabelGroup] = {}
        self._by_label: dict[Label, _LabelGroup] = {}
        self._outputs: list[Replacement] = []
        self._stack = ExitStack()
        self._label_of = label_reader()

    def __enter__(self) -> "PartWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def takes(self, line: bytes) -> bool:
        """
        Write a line to the file it belongs to; return False if it is too large for any, and not written.

        Raises:
            NotSplit: there would be too many files.
            NotWritten: a file cannot be written.
        """
        label = self._label_of(line)
        group = self._by_label.get(label)
        if group is None:
            group = self._by_label[label] = self._group(label, line)
        size = len(line)
        if size > group.most_bytes:
            return False
        part = group.part
        if part is None or part.lines >= group.most_lines or part.size + size > group.most_bytes:
            part = self._next_part(group)
        if group.out is not None:
            group.out.file.write(line)
        part.lines += 1
        part.size += size
        return True

    def commit(self) -> None:
        """Put all files in their places; those that can fail for lack of space were finished before."""
        for output in self._outputs:
            output.commit()

    def finish(self) -> None:
        """
        Do everything that can fail for lack of space.

        Raises:
            NotSplit: a file of an earlier run would be taken for one of these.
            NotWritten: a file cannot be written.
        """
        written = {part.path.name for part in self.parts}
        for path in _numbered_like(self._good):
            if path.name not in written:
                raise NotSplit(
                    f"{path} is there from an earlier run, and would be taken for one of the files of this one; "
                    "delete it, or give --good another name"
                )
        for output in self._outputs:
            output.finish()

    def _group(self, label: Label, line: bytes) -> _LabelGroup:
        """Return the group of a label, by what the API that the line is for takes in one file."""
        cut = self._cut
        run = SourceRun(self._linter.judges, self._source.name, Form.JSONL, kind=self._kind)
        for document in read_json_lines([line]):
            run.file_lines.check(document)
        lines = run.file_lines
        limits = lines.batch_limits()
        if limits is None and cut.lines is None and cut.size is None:
            raise NotSplit(
                f"{self._source.name} has lines of no batch, for which no limits are known; "
                "say how many lines or bytes a file may have with --chunk-lines or --chunk-megabytes"
            )
        model, url = label
        kept = (
            model if lines.reports("mixed-batch-models") else None,
            url if lines.reports("mixed-batch-urls") else None,
        )
        group = self._groups.get(kept)
        if group is None:
            if len(self._groups) == _MOST_OPEN:
                raise NotSplit(
                    f"{self._source.name} has lines for more than {_MOST_OPEN} models and URLs, "
                    "each of which would need a file of its own"
                )
            most_lines, most_bytes = limits or (inf, inf)
            own = cut.lines or inf, cut.size or inf
            group = self._groups[kept] = _LabelGroup(kept, min(most_lines, own[0]), min(most_bytes, own[1]))
        return group

    def _next_part(self, group: _LabelGroup) -> PartFile:
        if group.out is not None:
            group.out.finish()  # closes it, so that only one file of each label is open
        if len(self.parts) == MOST_PARTS:
            raise NotSplit(f"{self._source.name} would make more than {MOST_PARTS} files; allow more lines in each")
        path = self._good.with_name(f"{self._good.stem}-{len(self.parts) + 1:03}{self._good.suffix}")
        if any(is_same_file(path, other) for other in self._others):
            raise NotSplit(f"{path} would be written, and is the input file or --bad; give --good another name")
        group.out = self._stack.enter_context(Replacement(path, like=self._source.path))
        self._outputs.append(group.out)
        group.part = PartFile(path, group.label)
        self.parts.append(group.part)
        return group.part


def _numbered_like(good: Path) -> Iterator[Path]:
    """Yield the files beside *good* that are named as its parts are."""
    folder: Sequence[Path] = sorted(good.parent.iterdir()) if good.parent.is_dir() else ()
    for path in folder:
        number = _NUMBERED.search(path.stem)
        if path.suffix == good.suffix and number and path.stem == f"{good.stem}{number[0]}":
            yield path
