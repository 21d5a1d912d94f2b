"""`reqlint split` divides a file into good and bad lines: in order, byte for byte, and both files or none."""

import json
import os
import stat
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reqlint import Linter, Severity
from reqlint.cli.group import cli
from reqlint.core.errors import NotWritten
from reqlint.run.splitting import line_states as split_module
from reqlint.run.splitting.split import NotSplit, Split, split
from reqlint.text.documents import Document
from reqlint.text.forms import Form
from reqlint.text.sources import Source

HI = [{"role": "user", "content": "Hi"}]


def line(custom_id: str = "a", model: str = "gpt-4o-mini", **changes: object) -> bytes:
    """Return a batch line as bytes, with its line feed."""
    body = {"model": model, "messages": HI, **changes}
    whole = {"custom_id": custom_id, "method": "POST", "url": "/v1/chat/completions", "body": body}
    return json.dumps(whole).encode() + b"\n"


REQUEST = json.dumps({"model": "gpt-4o-mini", "messages": HI}).encode() + b"\n"
PIECES = [
    *(line(name) for name in "abc"),
    line("d", model="gpt-4o"),
    line("e", n="3"),
    line("f", tempratur=1),
    line("g", stream=True),
    line("a", n="3"),
    line("b").replace(b"\n", b"\r\n"),
    line("é").replace(b'"a"', b'"\xc3\xa9"'),
    line("h").replace(b"/v1/chat/completions", b"/v1/embeddings"),
    b"\xef\xbb\xbf" + line("i"),
    b'{"custom_id": "j", "method": "POST"}\n',
    REQUEST,
    REQUEST.replace(b"}\n", b', "n": 0}\n'),
    b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n',
    b"\n",
    b" \t\r\n",
    b"{oops\n",
    b"\xff\xfe\xfd\n",
    b"[]\n",
    b"3\n",
    b'{"a": 1, "a": 2}\n',
]


def halves(folder: Path, data: bytes, linter: Linter | None = None, **options: object) -> tuple[Split, bytes, bytes]:
    """Split *data*; return the result and the contents of both files."""
    good, bad = folder / "good.jsonl", folder / "bad.jsonl"
    for path in (good, bad):
        path.unlink(missing_ok=True)
    done = split(linter or OPENAI, Source("in.jsonl", None, data), good, bad, **options)  # type: ignore[arg-type]
    return done, *(path.read_bytes() if path.exists() else b"" for path in (good, bad))


OPENAI = Linter("openai")


def is_interleaving(whole: list[bytes], one: list[bytes], other: list[bytes]) -> bool:
    """Return whether *whole* consists of the lines of *one* and *other*, each in its order."""
    reachable = {0}  # how many lines of *one* may have been taken so far
    for index, text in enumerate(whole):
        reachable = {
            after
            for taken in reachable
            for after in ([taken + 1] if one[taken : taken + 1] == [text] else [])
            + ([taken] if other[index - taken : index - taken + 1] == [text] else [])
        }
    return len(whole) == len(one) + len(other) and len(one) in reachable


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=9), ends=st.booleans(), fail_on=st.sampled_from(Severity))
def test_nothing_is_lost_and_the_good_file_is_good(
    tmp_path: Path, pieces: list[bytes], ends: bool, fail_on: Severity
) -> None:
    """Both files together are the input, in order, and the good file has no finding at or above the level."""
    data = b"".join(pieces)
    data = data if ends else data.removesuffix(b"\n")
    try:
        done, good, bad = halves(tmp_path, data, fail_on=fail_on)
    except NotSplit:
        assert not list(tmp_path.iterdir())
        return
    if not done.written:
        assert (good, bad) == (b"", b"")
        return
    assert is_interleaving(*(text.splitlines(keepends=True) for text in (data, good, bad)))
    assert done.good == len(good.splitlines())
    assert done.bad == len(bad.splitlines())
    if good:
        again = OPENAI.check_file(tmp_path / "good.jsonl")
        blamed = {finding.rule for finding in again if finding.severity.rank <= fail_on.rank}
        assert blamed <= {finding.rule for finding in done.whole}


def test_a_line_is_bad_when_check_says_so(tmp_path: Path) -> None:
    """When lines do not depend on each other, the bad lines are those with errors in `check`."""
    data = b"".join(line(str(number), **({"n": "3"} if number % 3 == 0 else {})) for number in range(30))
    _, good, bad = halves(tmp_path, data)
    lines = data.splitlines(keepends=True)
    wrong = {f.document for f in OPENAI.check_text(data, "in.jsonl") if f.severity is Severity.ERROR}
    assert bad == b"".join(lines[number] for number in sorted(wrong))
    assert good == b"".join(text for number, text in enumerate(lines) if number not in wrong)


def test_of_two_lines_with_one_id_the_second_is_bad(tmp_path: Path) -> None:
    """Of two lines that contradict each other the later one is bad."""
    first, second = line("a"), line("a", seed=1)
    done, good, bad = halves(tmp_path, first + second)
    assert (good, bad) == (first, second)
    assert done.rules == {"duplicate-custom-id": 1}


def test_the_good_lines_stand_without_the_bad_ones(tmp_path: Path) -> None:
    """When the line that decided the kind of file is bad, the good lines are judged as what they are without it."""
    odd, batch = REQUEST.replace(b"}\n", b', "n": 0}\n'), line("a")
    _, good, bad = halves(tmp_path, odd + batch + REQUEST)
    assert (good, bad) == (batch, odd + REQUEST)


def test_blank_lines_stay_with_the_good_ones(tmp_path: Path) -> None:
    """A blank line is a note, so it is bad only with `--fail-on note`."""
    data = line("a") + b"\n" + line("b")
    assert halves(tmp_path, data)[1:] == (data, b"")
    assert halves(tmp_path, data, fail_on=Severity.NOTE)[1:] == (line("a") + line("b"), b"\n")


def test_what_no_line_is_to_blame_for_is_said(tmp_path: Path) -> None:
    """A training set with too few examples has no bad line, and the result names the rule."""
    example = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
    done, good, bad = halves(tmp_path, example * 2)
    assert (good, bad) == (example * 2, b"")
    assert [finding.rule for finding in done.whole] == ["too-few-examples"]


@pytest.mark.parametrize("text", ['{\n"model": "m",\n"messages": []\n}\n', "[\n{},\n{}\n]\n"])
def test_one_value_over_lines_is_no_file_of_lines(tmp_path: Path, text: str) -> None:
    """A file that is not JSON Lines is refused, and nothing is written."""
    with pytest.raises(NotSplit, match="not JSON Lines"):
        halves(tmp_path, text.encode())
    with pytest.raises(NotSplit, match="not JSON Lines"):
        halves(tmp_path, line().decode().encode("utf-16"))
    assert list(tmp_path.iterdir()) == []


def run(folder: Path, *arguments: str, stdin: bytes | None = None) -> Result:
    """Run `reqlint split` inside a folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        return CliRunner().invoke(cli, ["split", "-p", "openai", *arguments], input=stdin)
    finally:
        os.chdir(before)


TO = ("--good", "good", "--bad", "bad")


def test_exit_codes_and_the_closing_line(tmp_path: Path) -> None:
    """The exit code is 0 without bad lines, 1 with some, 2 for usage, 3 without lines; standard output stays empty."""
    for name, data in {"fine": line(), "mixed": line() + b"{oops\n" + line("b"), "none": b"", "blank": b"\n"}.items():
        (tmp_path / name).write_bytes(data)
    fine = run(tmp_path, "fine", *TO)
    assert (fine.exit_code, fine.stdout, fine.stderr) == (0, "", "1 line to good; 0 lines to bad\n")
    mixed = run(tmp_path, "mixed", *TO)
    assert (mixed.exit_code, mixed.stderr) == (1, "2 lines to good; 1 line to bad\n  invalid-json: line 2\n")
    assert run(tmp_path, "mixed", *TO, "-q").stderr == ""
    assert run(tmp_path, "none", "--good", "g", "--bad", "b").exit_code == 3
    assert run(tmp_path, "blank", "--good", "g", "--bad", "b").exit_code == 3
    assert not (tmp_path / "g").exists()
    missing = run(tmp_path, "missing", *TO)
    assert (missing.exit_code, missing.stderr) == (1, "error: cannot read missing: no such file or directory\n")
    assert run(tmp_path, "fine", "--good", "g").exit_code == 2
    assert run(tmp_path, "fine", "--good", "-", "--bad", "b").exit_code == 2


def test_options_reach_the_judgement(tmp_path: Path) -> None:
    """A rule that is off makes no line bad; a line that is not JSON always is."""
    (tmp_path / "in").write_bytes(line(n="3") + b"{oops\n")
    assert "1 line to bad" in run(tmp_path, "in", *TO, "--ignore", "wrong-type,invalid-json").stderr
    assert "2 lines to bad" in run(tmp_path, "in", *TO).stderr
    assert "1 line to bad" in run(tmp_path, "in", *TO, "--select", "duplicate-custom-id").stderr


def test_a_configuration_applies_but_silences_nothing(tmp_path: Path) -> None:
    """Profile and rules come from the nearest configuration; a suppressed finding still makes a line bad."""
    (tmp_path / "in").write_bytes(line("a", n="3") + line("b"))
    quiet = 'profile = "openai"\nignore = [{ rules = ["wrong-type"], reason = "known" }]\n'
    for text, arguments, bad in [
        ('profile = "openai"\n', [], 1),
        ('profile = "openai"\nignore = ["wrong-type"]\n', [], 0),
        ('profile = "openai"\nignore = ["wrong-type"]\n', ["--isolated", "-p", "openai"], 1),
        ('profile = "openai"\nignore = ["wrong-type"]\n', ["--ignore", "tools"], 1),
        (quiet, [], 1),
    ]:
        (tmp_path / "reqlint.toml").write_text(text)
        before = Path.cwd()
        os.chdir(tmp_path)
        try:
            clear()
            CliRunner().invoke(cli, ["split", "in", *TO, *arguments])
        finally:
            os.chdir(before)
        assert len((tmp_path / "bad").read_bytes().splitlines()) == bad, (text, arguments)


def clear() -> None:
    """Clear the cache of configurations."""
    from reqlint.project import config

    for each in vars(config).values():
        getattr(each, "cache_clear", lambda: None)()


def test_standard_input_and_pipes(tmp_path: Path) -> None:
    """Standard input and pipes, which can be read only once, are split like a file."""
    data = line("a") + b"{oops\n"
    assert run(tmp_path, "-", *TO, stdin=data).exit_code == 1
    assert ((tmp_path / "good").read_bytes(), (tmp_path / "bad").read_bytes()) == (line("a"), b"{oops\n")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with subprocess.Popen(
            [sys.executable, "-m", "reqlint", "split", "-p", "openai", "pipe", "--good", "g", "--bad", "b"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
            stderr=subprocess.PIPE,
        ) as process:
            (tmp_path / "pipe").write_bytes(data)
            assert process.wait(30) == 1
        assert ((tmp_path / "g").read_bytes(), (tmp_path / "b").read_bytes()) == (line("a"), b"{oops\n")


def test_the_input_is_never_written(tmp_path: Path) -> None:
    """An output that is the input or the other output, also through links, is refused before anything is written."""
    source = tmp_path / "in"
    source.write_bytes(line())
    (tmp_path / "soft").symlink_to("in")
    os.link(source, tmp_path / "hard")
    (tmp_path / "ahead").symlink_to("good")  # the link is there before its target
    (tmp_path / "sub").mkdir()
    before = sorted(path.name for path in tmp_path.iterdir())
    for good, bad in [
        ("in", "bad"),
        ("good", "in"),
        ("sub/../in", "bad"),
        ("soft", "bad"),
        ("good", "hard"),
        ("good", "./good"),
        ("good", "ahead"),
        ("sub", "bad"),
        ("nowhere/good", "bad"),
        ("good", "nowhere/bad"),
    ]:
        ended = run(tmp_path, "in", "--good", good, "--bad", bad)
        assert isinstance(ended.exception, NotSplit | NotWritten), (good, bad)
        assert sorted(path.name for path in tmp_path.iterdir()) == before
        assert source.read_bytes() == line()


def test_links_and_modes_are_kept(tmp_path: Path) -> None:
    """A new file gets the input's mode, an old one keeps its mode; a link stays a link; /dev/null can be an output."""
    source = tmp_path / "in"
    source.write_bytes(line() + b"{oops\n")
    source.chmod(0o600)
    (tmp_path / "real").write_text("old")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")
    assert run(tmp_path, "in", "--good", "link", "--bad", "bad").exit_code == 1
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == line()
    modes = {name: stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("in", "real", "bad")}
    assert modes == {"in": 0o600, "real": 0o640, "bad": 0o600}
    assert run(tmp_path, "in", "--good", "link", "--bad", os.devnull).exit_code == 1
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_a_failure_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full at the end, both outputs are unchanged and no temporary file is left."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "in").write_bytes(line() + b"{oops\n")
    (tmp_path / "good").write_text("old")
    monkeypatch.setattr("os.fsync", full)
    ended = run(tmp_path, "in", *TO)
    assert "no space left on device" in str(ended.exception)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["good", "in"]
    assert (tmp_path / "good").read_text() == "old"


def test_a_file_that_changes_meanwhile_is_not_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a line is added during the run nothing is written, because it would not be judged."""
    source = tmp_path / "in.jsonl"
    source.write_bytes(line("a"))
    read_documents = split_module.read_documents

    def growing(given: Source, form: Form) -> Iterator[Document]:
        yield from read_documents(given, form)
        with source.open("ab") as more:
            more.write(line("b"))

    monkeypatch.setattr(split_module, "read_documents", growing)
    with pytest.raises(NotSplit, match=r"changed while it was read|not JSON Lines"):
        split(OPENAI, Source("in.jsonl", source), tmp_path / "good", tmp_path / "bad")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_memory_does_not_grow_with_the_lines(tmp_path: Path) -> None:
    """Memory stays low with many bad lines of several megabytes."""
    text = line("x" * 10, n="3", user="u" * 20_000).replace(b'"custom_id": "xxxxxxxxxx", ', b"")
    source = tmp_path / "in.jsonl"
    source.write_bytes(text * 600)
    OPENAI.check_text(text, "warm.jsonl")
    tracemalloc.start()
    done = split(OPENAI, Source("in.jsonl", source), tmp_path / "good", tmp_path / "bad")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert done.bad == 600
    assert peak < 3_000_000 < source.stat().st_size
