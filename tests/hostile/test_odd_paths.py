"""No file takes the findings of the others with it, whatever it is called, is, or becomes: odd paths × all formats."""

import json
import os
import shutil
import socket
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import jsonschema_rs
import pytest

from reqlint.core import paths
from reqlint.core.findings import Finding, Report, Severity
from reqlint.reporters import FORMATS, reporter
from reqlint.reporters.rendering import Rendering
from reqlint.reporters.source_lines import SourceLines
from reqlint.text.sources import Source
from tests.reporters.test_ci_formats import JUNIT, RDJSON
from tests.reporters.test_sarif import SCHEMA
from tests.support.scratch import Scratch

MARKS = ("mark_of_the_first", "mark_inside", "mark_of_the_last")
"""Unknown fields of the ordinary files; each is in every report."""


def wrong(mark: str) -> dict[str, object]:
    """Return a request with one finding."""
    return {"model": "m", "messages": [{"role": "user", "content": "Hi"}], mark: 1}


def linked(name: str, target: str) -> None:
    """Make a symbolic link."""
    Path(name).symlink_to(target)


def folder_made(name: str) -> None:
    """Make a folder."""
    Path(name).mkdir()


def chain(length: int) -> None:
    """Make a file and links that lead to it one after the other, more than the system follows."""
    Path("link0.json").write_text(json.dumps(wrong("x")))
    for number in range(length):
        linked(f"link{number + 1}.json", f"link{number}.json")


def written(name: bytes) -> None:
    """Write a file with a finding, under a name that need not be UTF-8."""
    try:
        Path(os.fsdecode(name)).write_text(json.dumps(wrong("x")))
    except OSError:
        pytest.skip("this file system refuses the name")


def bound(name: str) -> None:
    """Make a socket."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(name)


def made(*does: tuple[Callable[..., object], object] | tuple[Callable[..., object], object, object]) -> None:
    """Call each function with its arguments."""
    for call, *arguments in does:
        call(*arguments)


ODD: dict[str, tuple[Callable[[], object], Sequence[str]]] = {
    "link to itself": (lambda: linked("loop.json", "loop.json"), ()),
    "links to each other": (lambda: made((linked, "b.json", "c.json"), (linked, "c.json", "b.json")), ()),
    "link to itself, named": (lambda: linked("loop.json", "loop.json"), ["loop.json", "loop.json/x.json"]),
    "folder that is a link to itself": (lambda: linked("loop", "loop"), ["loop", "loop/x.json"]),
    "link to nowhere": (lambda: linked("gone.json", "nowhere.json"), ()),
    "link to nowhere, named": (lambda: linked("gone.json", "nowhere/at/all.json"), ["gone.json"]),
    "link to the folder above": (lambda: linked("up", ".."), ()),
    "link to its own folder, with a suffix": (lambda: linked("here.json", "."), ()),
    "link to the folder, many times": (lambda: linked("here", "."), ["here/here/here/here"]),
    "link through .. of a link": (lambda: made((folder_made, "d"), (linked, "up", "d")), ["up/../z.json"]),
    "50 links": (lambda: chain(50), ()),
    "1,200 links": (lambda: chain(1_200), ["link1200.json"]),
    "link to another root": (lambda: linked("away.json", os.devnull), ["away.json"]),
    "not UTF-8": (lambda: written(b"\xff\xfe.json"), ()),
    "line ends": (lambda: written(b"a\nb\r.json"), ()),
    "a command": (lambda: written(b"::error::x.json"), ()),
    "signs of the formats": (lambda: written(b"a%0A,b:c<&>\"'|`{}]]>.json"), ()),
    "255 bytes": (lambda: written(b"n" * 250 + b".json"), ()),
    "a name that is too long": (lambda: None, ["n" * 300 + ".json"]),
    "a path that is too long": (lambda: None, ["./" * 3_000 + "a.json"]),
    "dots": (lambda: folder_made("d"), ["d/../d/./../a.json", "./a.json"]),
    "nothing there": (lambda: None, ["missing.json", "missing/folder/x.json"]),
    "below a file": (lambda: None, ["a.json/x.json"]),
    "another root": (lambda: None, ["/"  "proc/self/nowhere.json"]),
    "pipe": (lambda: os.mkfifo("pipe.json"), ()),
    "socket": (lambda: bound("socket.json"), ["socket.json"]),
    "device": (lambda: linked("zero.json", "/dev/zero"), ["/dev/zero", "zero.json"]),
    "empty name": (lambda: None, [""]),
}  # fmt: skip


@cache
def sarif_schema() -> jsonschema_rs.Draft7Validator:
    """Return the schema of OASIS, compiled by the fast engine."""
    return jsonschema_rs.Draft7Validator(json.loads(SCHEMA.read_text("utf-8")))


def assert_sound(form: str, text: str) -> None:
    """A report is one whole text of its format."""
    if form == "sarif":
        log = json.loads(text)
        assert [error.message for error in sarif_schema().iter_errors(log)] == []
    elif form == "rdjson":
        RDJSON_VALIDATOR.validate(json.loads(text))
    elif form in ("json", "gitlab"):
        json.loads(text)
    elif form in ("jsonl", "rdjsonl"):
        assert all(isinstance(json.loads(line), dict) for line in text.splitlines())
    elif form == "junit":
        JUNIT.validate(text)
        assert ElementTree.fromstring(text).tag == "testsuites"  # noqa: S314 - reqlint wrote it
    elif form == "html":
        assert (text.count("<html"), text.endswith("</body>\n</html>\n")) == (1, True)
    elif form == "github":
        assert all(line.startswith("::") for line in text.splitlines())


RDJSON_VALIDATOR = jsonschema_rs.validator_for(RDJSON)


@pytest.fixture
def folder(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> Scratch:
    """Return a folder with ordinary files before, between and after the odd ones."""
    for name, mark in zip(("a.json", "m/m.json", "z.json"), MARKS, strict=True):
        scratch.write(name, wrong(mark))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(scratch.folder / "summary"))
    return scratch


def judged(scratch: Scratch, form: str, *arguments: str) -> str:
    """Run a check that has findings, and return its report; GitHub's is also in the summary."""
    done = scratch.run("check", "--isolated", "-p", "openai", "--output-format", form, *arguments)
    assert done.code == 1, (done.out, done.err)
    assert_sound(form, done.out)
    summary = scratch.folder / "summary"
    return done.out + (summary.read_text("utf-8") if summary.exists() else "")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_path_costs_no_other_finding(folder: Scratch, odd: str, form: str) -> None:
    """Every finding of the other files is in every report, and the report is whole."""
    make, named = ODD[odd]
    make()
    report = judged(folder, form, ".", *named)
    assert [mark for mark in MARKS if mark not in report] == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_path_that_may_not_be_asked_for_costs_no_other_finding(
    folder: Scratch, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """So it is if the system refuses to say what a path is."""
    for name in ("stat", "lstat", "readlink"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))
    report = judged(folder, form, ".", "closed/x.json", "closed")
    assert [mark for mark in MARKS if mark not in report] == []


def refusing(ask: Callable[..., object]) -> Callable[..., object]:
    """Return a function of the system that is not permitted below a folder."""

    def asked(path: object, *more: object, **options: object) -> object:
        if "closed" in os.fsdecode(path) if isinstance(path, str | bytes | Path) else False:
            raise PermissionError(13, "Permission denied", str(path))
        return ask(path, *more, **options)

    return asked


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("gone", ["loop", "deleted", "folder"])
def test_a_file_that_changes_during_the_run_costs_no_finding(
    folder: Scratch, monkeypatch: pytest.MonkeyPatch, form: str, gone: str
) -> None:
    """A file that became something else after it was judged has its findings in the report, as the others have."""
    from reqlint.cli import result

    decide = result.exit_code

    def change(*arguments: object, **options: object) -> int:
        Path("m/m.json").unlink()
        if gone == "loop":
            linked("m/m.json", "m.json")
        elif gone == "folder":
            Path("m/m.json").mkdir()
        return decide(*arguments, **options)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(result, "exit_code", change)
    report = judged(folder, form, ".")
    assert [mark for mark in MARKS if mark not in report] == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_run_needs_no_working_directory(folder: Scratch, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """In a folder that was deleted, files with an absolute name are judged; others are not there."""
    here = folder.folder / "deleted"
    here.mkdir()
    monkeypatch.chdir(here)
    shutil.rmtree(here)
    report = judged(folder, form, str(folder.folder / "a.json"), str(folder.folder / "m"), "x.json")
    assert [mark for mark in MARKS[:2] if mark not in report] == []
    assert "x.json" in report


NAMES = (
    "a\0b.json",
    "\ud800.json",
    "\udcff.json",
    "<",
    "<<>>",
    "",
    ".",
    "..",
    "/",
    "//",
    "~",
    "C:\\a.json",
    "a" * 9_000,
)


@pytest.mark.parametrize("form", FORMATS)
def test_no_name_of_a_source_makes_a_reporter_raise(tmp_path: Path, form: str) -> None:
    """A program may name its sources as it likes, and link its root to itself."""
    (tmp_path / "loop").symlink_to("loop")
    findings = [Finding(f"about-{mark}", Severity.ERROR, mark, "", "", source=name) for mark in MARKS for name in NAMES]
    lines = SourceLines({name: Source(name, Path(name)) for name in NAMES if "\0" not in name})
    for root in (None, tmp_path, tmp_path / "loop", Path("\udcff")):
        written: list[str] = []
        rendering = Rendering(lines=lines, root=root, read=NAMES, version="0")
        reporter(form)(Report(tuple(findings), 1, 1), rendering, written.append)
        text = "".join(written)
        text.encode()
        assert_sound(form, text)
        assert [mark for mark in MARKS if mark not in text] == []


@pytest.mark.parametrize("name", [*NAMES, "loop", "loop/x", "n" * 300, "./" * 3_000])
def test_where_a_path_leads_is_always_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Every question about a path has an answer, also in a folder that is gone, and answers agree with each other."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop").symlink_to("loop")
    for _ in range(2):
        for answer in (paths.absolute(name), paths.real(name), str(paths.rooted(name))):
            assert Path(answer).is_absolute()
        root = Path(paths.absolute(name)).anchor  # POSIX knows a second one, //
        assert paths.below(paths.absolute(name), root) is not None
        assert not paths.relative(name, tmp_path).startswith("/") or os.sep != "/"
        assert paths.is_folder(name) in (True, False)
        assert Path(paths.working_directory()).is_absolute()
        gone = tmp_path / "gone"
        gone.mkdir(exist_ok=True)
        monkeypatch.chdir(gone)
        shutil.rmtree(gone)


def test_a_file_is_found_through_its_links(tmp_path: Path) -> None:
    """Links are followed where the system follows them, and two names of one file have one place."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.json").write_text("{}")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "b.json").symlink_to("link/a.json")
    found = {paths.real(tmp_path / name) for name in ("b.json", "link/a.json", "real/../link/a.json", "real/a.json")}
    assert found == {os.path.realpath(tmp_path / "real/a.json")}
    assert paths.real(tmp_path / "link/none.json") == os.path.realpath(tmp_path / "real/none.json")
