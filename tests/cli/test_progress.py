"""The progress bar of a long run: what it counts, what it shows, and that nothing of it stays."""

import gzip
import io
import os
import re
import signal
import subprocess
import sys
from contextlib import AbstractContextManager, nullcontext
from hashlib import sha512
from importlib import import_module
from itertools import accumulate
from math import inf
from pathlib import Path
from threading import Event
from time import perf_counter, process_time

import pyte
import pytest
from click.testing import CliRunner

from reqlint.cli import bar, progress
from reqlint.cli.counting import Counts
from reqlint.cli.group import cli
from reqlint.cli.piped import standard_input
from reqlint.text.sources import Source
from tests.support.pseudo_terminal import ROOT, Process, on_terminal, screen

GOOD = '{"model": "qwen-3.5", "messages": [{"role": "user", "content": "Hello"}]}'

HOLDING = """
import atexit, os, sys, time
from reqlint.text.json import reader
read, lines = reader.read_json, 0
def read_held(text):
    global lines
    lines += 1
    until = time.monotonic() + float(os.environ["HOLD"])
    while lines == 5 and not os.path.exists(os.environ["GO"]) and time.monotonic() < until:
        time.sleep(0.01)
    return read(text)
reader.read_json = read_held
if os.environ.get("BEGINS"):
    from reqlint.cli import progress
    progress._BEGINS = float(os.environ["BEGINS"])
atexit.register(lambda: open(os.environ["LOADED"], "w").write("\\n".join(sys.modules)))
"""


def held_lines(folder: Path, seconds: float) -> dict[str, str]:
    """
    Write a file of ten lines; return the environment in which reading the fifth waits for a file named `go`.

    It waits for *seconds* at most. The imported modules are written to a file named `loaded` at the end.
    """
    (folder / "held.jsonl").write_text((GOOD + "\n") * 10)
    (folder / "holding").mkdir()
    (folder / "holding" / "sitecustomize.py").write_text(HOLDING)
    path = os.pathsep.join([str(folder / "holding"), str(ROOT)])
    return {"PYTHONPATH": path, "HOLD": str(seconds), "GO": str(folder / "go"), "LOADED": str(folder / "loaded")}


LONGER_THAN_A_SECOND = 1.3
UNTIL_IT_HAPPENS = 120.0


def loaded(folder: Path) -> set[str]:
    """Return which modules of the bar, or of rich, the last run had imported."""
    names = (folder / "loaded").read_text().split("\n")
    return {name for name in names if name in ("rich", "reqlint.cli.bar", "reqlint.cli.counting")}


# --------------------------------------------------------------------------------------------------- on a terminal


def test_a_long_run_draws_a_bar_and_erases_it(tmp_path: Path) -> None:
    """After a second the counts appear on standard error and vanish at the end; standard output is unchanged."""
    go, variables = tmp_path / "go", held_lines(tmp_path, UNTIL_IT_HAPPENS)
    out, err, code = on_terminal(tmp_path, "check", "held.jsonl", go=go, **variables)
    assert code == 0
    assert out.startswith("No findings in 10 requests (1 file)\n")
    assert "\x1b" not in out
    drawn = [lines for text in accumulate(err.split("\r\x1b[2K"), "{}\r\x1b[2K{}".format) if (lines := screen(text))]
    assert len(drawn) >= 2
    for lines in drawn[1:]:
        [line] = lines
        assert re.fullmatch(r"[━╸╺]{15,24} +\d+% +\d+ lines?  \d+ lines/s (--:--|00:\d\d) left", line), line
    assert screen(err) == []
    assert "\x1b[?25l" not in err  # a hidden cursor would stay hidden if the run were killed


@pytest.mark.parametrize("arguments", [["--no-progress"], ["-q"]])
def test_a_bar_can_be_refused(tmp_path: Path, arguments: list[str]) -> None:
    """With --no-progress or -q, a run of any length writes nothing to the terminal."""
    variables = held_lines(tmp_path, LONGER_THAN_A_SECOND)
    _, err, code = on_terminal(tmp_path, "check", "held.jsonl", *arguments, **variables)
    assert (err, code) == ("", 0)
    assert loaded(tmp_path) == set()


def test_a_short_run_draws_none(tmp_path: Path) -> None:
    """A run that ends before the bar begins writes nothing to standard error and does not import rich."""
    assert progress._BEGINS == 1
    variables = held_lines(tmp_path, 0)
    assert on_terminal(tmp_path, "check", "held.jsonl", BEGINS="3600", **variables)[1:] == ("", 0)
    assert loaded(tmp_path) == {"reqlint.cli.counting"}


def test_a_dumb_terminal_gets_none(tmp_path: Path) -> None:
    """Nothing is written to a terminal that cannot erase."""
    variables = held_lines(tmp_path, LONGER_THAN_A_SECOND)
    assert on_terminal(tmp_path, "check", "held.jsonl", TERM="dumb", **variables)[1:] == ("", 0)
    assert loaded(tmp_path) == set()


def test_a_run_without_a_terminal_loads_no_bar(tmp_path: Path) -> None:
    """A clean run imports neither the bar's modules nor rich nor yaml."""
    (tmp_path / "good.json").write_text(GOOD)
    unwanted = {"reqlint.cli.counting", "reqlint.cli.progress", "reqlint.cli.bar", "rich", "yaml"}
    code = (
        "import sys, atexit; from reqlint.__main__ import main\n"
        f"atexit.register(lambda: print(sorted({unwanted} & set(sys.modules))))\n"
        "main()"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, "check", "-q", "good.json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == "[]\n", run.stderr


def test_an_interrupted_run_leaves_no_bar(tmp_path: Path) -> None:
    """After Ctrl-C only the word about it stands on the terminal."""

    def interrupt(process: Process) -> None:
        process.send_signal(signal.SIGINT)

    variables = held_lines(tmp_path, UNTIL_IT_HAPPENS)
    _, err, code = on_terminal(tmp_path, "check", "held.jsonl", once_drawn=interrupt, **variables)
    assert "lines/s" in err
    assert code == 2
    assert screen(err) == ["interrupted"]


def test_a_run_outlives_its_terminal(tmp_path: Path) -> None:
    """A terminal that is closed during the run costs the bar and nothing else."""
    go, variables = tmp_path / "go", held_lines(tmp_path, UNTIL_IT_HAPPENS)
    out, err, code = on_terminal(tmp_path, "check", "held.jsonl", closes=True, go=go, **variables)
    assert "lines/s" in err
    assert code == 0
    assert out.startswith("No findings in 10 requests (1 file)\n")


class EndsAfter(Event):
    """An event that is set once it was waited for some times, however long each wait would have taken."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self._left = times

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002 - no time passes
        """Return at once whether it is set."""
        self._left -= 1
        return self._left < 0


@pytest.mark.parametrize("columns", [1, 5, 10, 20, 30, 40, 60, 79, 80, 100, 104, 130])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_bar_stays_on_one_line(monkeypatch: pytest.MonkeyPatch, columns: int, encoding: str) -> None:
    """It is never wider than the terminal, which first loses the counts, then the bar; ASCII is drawn in ASCII."""
    monkeypatch.setenv("COLUMNS", str(columns))
    counts = Counts()
    counts.total, counts._expected_bytes = 2, 2_000_000_000
    counts.advance(123_456, 1_500_000_000, 1)
    stream = io.TextIOWrapper(io.BytesIO(), encoding, "backslashreplace")  # as standard error is
    bar.draw(counts, stream, EndsAfter(5), perf_counter() - 20, color=True)
    stream.flush()
    text = stream.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]  # the buffer above
    before_the_end = text[: text.rindex("\n")]
    shown = pyte.Screen(columns, 5)
    pyte.Stream(shown).feed(before_the_end)
    assert [line for line in shown.display[1:] if line.strip()] == []
    line = shown.display[0].rstrip()
    if columns >= 30:
        assert " 75%" in line
        assert line.endswith("left")
    counted = re.search(r"1/2 files  123,456 lines  [56],\d{3} lines/s  \d\d MB/s", line)
    assert (counted is not None) is (columns >= 80), line
    if columns >= 100:
        assert line.startswith("━" * 18 if encoding == "utf-8" else "-" * 18)


@pytest.mark.parametrize("columns", [79, 80])
def test_a_run_that_forks_draws_its_bar_itself(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Nothing is drawn before the time; then whenever the run says how far it is, and nothing is left at the end."""
    monkeypatch.setenv("COLUMNS", str(columns))
    stream = io.StringIO()
    with progress.ShareBar(stream, "verdicts", color=False) as share:
        share.tell(1, 8)
        assert stream.getvalue() == ""
        share._next = 0
        share.tell(2, 8)
        [line] = screen(stream.getvalue(), columns)
        assert re.fullmatch(r"\S+ +25% (2/8 verdicts)? +--:-- left", line), line
        assert ("verdicts" in line) is (columns >= 80)
        drawn = stream.getvalue()
        share.tell(3, 8)
        assert stream.getvalue() == drawn  # it is too early for another one
        assert share.measure() == (3, 8)
    assert screen(stream.getvalue(), columns) == []


def test_a_run_that_forks_outlives_its_terminal() -> None:
    """A terminal that is gone costs the bar and nothing else."""
    stream = io.StringIO()
    stream.close()
    with progress.ShareBar(stream, "verdicts", color=False) as share:
        share._next = 0
        share.tell(1, 2)
        share.tell(2, 2)
    assert share.measure() == (2, 2)


@pytest.mark.parametrize(
    ("command", "module"),
    [
        ("audit", "audit"),
        ("baseline create", "baseline"),
        ("baseline prune", "baseline"),
        ("baseline audit", "baseline"),
    ],
)
def test_other_commands_count_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, module: str) -> None:
    """`audit` and `baseline` count files and lines as they read them, unless --no-progress is given."""
    monkeypatch.chdir(tmp_path)
    pair = f'{{"request": {{"url": "https://api.openai.com/v1/chat/completions", "body": {GOOD}}}}}\n'
    (tmp_path / "pairs.jsonl").write_text(pair * 3)
    (tmp_path / "more.jsonl").write_text(pair * 2)
    (tmp_path / "accepted.json").write_text('{"version": 1, "tool": "reqlint", "findings": []}')
    made: list[tuple[bool, Counts]] = []

    def bar_of(off: bool, _color: str) -> AbstractContextManager[Counts]:
        made.append((off, Counts()))
        return nullcontext(made[-1][1])

    monkeypatch.setattr(import_module(f"reqlint.cli.{module}"), "progress_bar", bar_of)
    options = ["--baseline", "accepted.json"] if module == "baseline" else []
    if command == "baseline create":
        options.append("--force")
    for more in ([], ["--no-progress"]):
        ran = CliRunner().invoke(cli, [*command.split(), *options, *more, "pairs.jsonl", "more.jsonl"])
        assert ran.exit_code == 0, ran.output
    [(shown, counts), (hidden, _)] = made
    assert (shown, hidden) == (False, True)
    assert counts.summary(1.0) == "1/2 files  5 lines  5 lines/s"
    assert percent(counts) == 100


# ------------------------------------------------------------------------------------------------------- the counts


def percent(counts: Counts) -> float:
    """Return how much is done, in percent."""
    done, total = counts.measure()
    return 100 * done / total


def test_files_and_lines_are_counted(tmp_path: Path) -> None:
    """The lines of a file are counted once however often it is read; the share is that of the bytes of all files."""
    (tmp_path / "one.jsonl").write_text("1\n22\n333\n")
    (tmp_path / "two.jsonl").write_text("1\n22\n333\n")
    counts = Counts()
    counts.expect(Source(name, tmp_path / name) for name in ("one.jsonl", "two.jsonl", "missing.json"))
    assert counts.measure() == (0, 18)
    assert counts.summary(0.0) == "0/3 files"
    one = counts.watch(Source("one.jsonl", tmp_path / "one.jsonl"))
    with one.open() as lines:
        assert list(lines) == [b"1\n", b"22\n", b"333\n"]
    assert one.read() == b"1\n22\n333\n"
    assert one.lines([2]) == {2: "22"}
    assert counts.lines == 3
    with counts.watch(Source("two.jsonl", tmp_path / "two.jsonl")).open() as lines:
        next(iter(lines))
    assert counts.measure() == (11, 18)
    assert counts.summary(2.0) == "1/3 files  4 lines  2 lines/s"
    assert list(counts.watch(Source("<stdin>", None, b"1\n2\n")).open()) == [b"1\n", b"2\n"]


def test_an_input_that_cannot_be_read_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting a standard input that cannot be read does not make an empty one of it."""
    with open(os.devnull, "w") as wrong_way_round:  # noqa: PTH123 - as it is when a shell has closed it
        monkeypatch.setattr("sys.stdin", wrong_way_round)
        unread = standard_input("<stdin>")
    with pytest.raises(OSError, match="read"):
        Counts().watch(unread).open()


def test_files_count_where_bytes_are_unknown() -> None:
    """If no input has a size before it is read, each of them is an equal share."""
    counts = Counts()
    counts.total = 2
    with counts.watch(Source("<stdin>", None, b"1\n2\n")).open() as lines:
        next(iter(lines))
        assert counts.measure() == (0.5, 2)
        assert counts.summary(0.0) == "0/2 files  1 line"


def test_standard_input_has_a_size_too() -> None:
    """Standard input that was read counts by its length."""
    counts = Counts()
    sources = [Source("<stdin>", None, b"1\n2\n"), Source("", None, b"3\n" * 6)]
    counts.expect(sources)
    with counts.watch(sources[0]).open() as lines:
        list(lines)
    assert counts.measure() == (4, 16)


@pytest.mark.parametrize(("text", "speed"), [(None, 100), (60_000_000, 1_000)])
def test_work_of_other_processes_is_added(text: int | None, speed: int) -> None:
    """What workers report counts as if it were read here; of a compressed file there is more text than bytes."""
    counts = Counts()
    counts.total, counts._expected_bytes = 3, 400_000_000
    for _ in range(50):
        counts.advance(1_000, 6_000_000, 0, text)
    counts.advance(0, 0, 2)
    assert percent(counts) == 75
    assert counts.summary(3.0) == f"2/3 files  50,000 lines  16,667 lines/s  {speed:,} MB/s"


def test_compressed_files_count_by_their_stored_bytes(tmp_path: Path) -> None:
    """The share of a compressed file follows the bytes read from disk, since the length of its text is unknown."""
    path = tmp_path / "many.jsonl.gz"
    noise = b"".join(b"%s\n" % sha512(b"%d" % number).hexdigest().encode() for number in range(30_000))
    path.write_bytes(gzip.compress(noise))
    counts = Counts()
    counts.expect([Source(str(path), path)])
    shares = []
    with counts.watch(Source(str(path), path)).open() as lines:
        for number, _ in enumerate(lines):
            if number % 3_000 == 0:
                shares.append(percent(counts))
    assert counts.lines == 30_000
    assert shares == sorted(shares)
    assert all(abs(share - 10 * number) < 20 for number, share in enumerate(shares)), shares
    assert percent(counts) == 100


def test_counting_lines_costs_next_to_nothing(tmp_path: Path) -> None:
    """Counting adds less than two microseconds to a line; judging one takes about twenty."""
    path = tmp_path / "many.jsonl"
    path.write_bytes(b"{}\n" * 50_000)
    counts = Counts()

    def seconds(source: Source) -> float:
        began = process_time()
        with source.open() as lines:
            for _ in lines:
                pass
        return process_time() - began

    uncounted = watched = inf
    for _ in range(30):  # the fastest counts: what else the machine does only adds
        uncounted = min(uncounted, seconds(Source("many.jsonl", path)))
        watched = min(watched, seconds(counts.watch(Source("many.jsonl", path))))
        if (watched - uncounted) / 50_000 < 2e-6:
            return
    pytest.fail(f"{(watched - uncounted) / 50_000:.2e} seconds")
