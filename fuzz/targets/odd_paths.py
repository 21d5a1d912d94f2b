"""Names of files, and what is there: every report has every finding, whatever its files are called and lead to."""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from fuzz.choices import Choices
from fuzz.laws import report_can_be_read, require
from reqlint import Finding, Report, Severity
from reqlint.core import paths
from reqlint.reporters import FORMATS, reporter
from reqlint.reporters.rendering import Rendering
from reqlint.reporters.source_lines import SourceLines
from reqlint.text.sources import Source

_MOST = 5  #: files of one report; more than ten findings of a kind are cut in GitHub's


def run(data: bytes) -> None:
    """Make what the bytes choose in a folder of our own, and report a finding about each of its names."""
    choices = Choices(data)
    folder = _folder()
    names: list[str] = []
    for _ in range(1 + choices.below(_MOST)):
        names.append(choices.one_of(_NAMES) if choices.below(3) == 0 else choices.text())
        _make(choices, folder, names)
    form = choices.one_of(list(FORMATS))
    root = choices.one_of([folder, None, folder / names[0], Path(names[-1])])
    try:
        _report(form, root, [*names, *(f"{folder}{os.sep}{name}" for name in names)])
    finally:
        for entry in list(os.scandir(folder)):
            shutil.rmtree(entry.path) if entry.is_dir(follow_symlinks=False) else os.unlink(entry.path)  # noqa: PTH108


@cache
def _folder() -> Path:
    return Path(os.path.realpath(mkdtemp(prefix="reqlint-fuzz-")))


def _make(choices: Choices, folder: Path, names: list[str]) -> None:
    """Make a link, a folder or a file with the last of *names*, where the system takes the name; nothing outside."""
    name = names[-1]
    if "/" in name or os.sep in name or name in ("", ".", ".."):
        return
    with suppress(OSError, ValueError):  # such as a name with a NUL
        path, kind = folder / name, choices.below(6)
        if kind == 0:
            path.write_bytes(b"{}")
        elif kind == 1:
            path.mkdir()
        elif kind <= 4:
            path.symlink_to(choices.one_of([*names, *_TARGETS]))


def _report(form: str, root: Path | None, names: list[str]) -> None:
    marks = [f"mark{number}x" for number in range(len(names))]
    findings = [
        Finding(f"rule-{mark}", Severity.ERROR, f"{mark} is wrong", "", "", source=name)
        for mark, name in zip(marks, names, strict=True)
    ]
    lines = SourceLines({name: Source(name, Path(name)) for name in names if "\0" not in name})
    pieces: list[str] = []
    reporter(form)(Report(tuple(findings), 1, 1), Rendering(lines=lines, root=root, read=tuple(names)), pieces.append)
    lines.close()
    text = "".join(pieces)
    report_can_be_read(form, text)
    missing = [mark for mark in marks if mark not in text]
    require(not missing, f"{form} has every finding", missing, names)
    for name in names:
        require(Path(paths.real(name)).is_absolute(), "where a path leads is known", name)
        require(Path(paths.absolute(name)).is_absolute(), "where a path is, is known", name)


_NAMES = (
    "a.json", "loop.json", "B.JSON", "-", "<stdin>", "<", "::error::x", "a\nb", "..", "../..", ".", "", "/", "//a",
    "a/b.json", "loop.json/x", "\u038b",
    "\udcff.json", "\ud800", "a\0b", "n" * 300, "./" * 3_000 + "a", "C:\\a", "%41 +?#", "]]>", "~", "\u202e\x1b[31m",
)  # fmt: skip
_TARGETS = ("loop.json", "a.json", ".", "..", "nowhere", "/", "/dev/null", "a.json/b", "./" * 500)


def seeds() -> Iterable[bytes]:
    """Yield names and kinds to start from."""
    for number, _ in enumerate(_NAMES):
        for kind in range(6):
            yield bytes([1, 0, number, kind, number % 3, 0, number + 1, 2, 0, number % 10, kind])
    yield from (b"\x01\x01\x06" + name.encode("utf-8", "surrogatepass")[:40] for name in _NAMES)
