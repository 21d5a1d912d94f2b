"""How reqlint behaves on a terminal: colour, the bar of a long run, and the counts of `--statistics`."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from hashlib import sha512
from pathlib import Path
from threading import Thread
from time import perf_counter

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from reqlint.cli import cli
from reqlint.cli.progress import Progress, _duration
from reqlint.text.documents import Source

pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")

BAD = '{"model": "qwen-3.5", "messages": [{"role": "user", "content": "Hello"}], "n": 11}'
GOOD = '{"model": "qwen-3.5", "messages": [{"role": "user", "content": "Hello"}]}'
ROOT = Path(__file__).parents[2]


def on_terminal(folder: Path, *arguments: str, out: bool = False, **variables: str) -> tuple[str, str, int]:
    """Run reqlint with its standard error on a terminal, and its output *out* too: output, error and exit code."""
    ours, theirs = pty.openpty()
    seen: list[bytes] = []

    def read() -> None:
        while True:
            try:
                piece = os.read(ours, 1 << 16)
            except OSError:  # Linux says so when the last writer is gone
                return
            if not piece:
                return
            seen.append(piece)

    plain = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    reader = Thread(target=read)
    reader.start()
    with subprocess.Popen(
        [sys.executable, "-m", "reqlint", *arguments],
        cwd=folder,
        env={**plain, "PYTHONPATH": str(ROOT), "TERM": "xterm", "PYTHONIOENCODING": "utf-8", **variables},
        stdin=subprocess.DEVNULL,
        stdout=theirs if out else subprocess.PIPE,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        output = b"" if out or process.stdout is None else process.stdout.read()
        code = process.wait(60)
    reader.join()
    os.close(ours)
    terminal = b"".join(seen).decode()
    return (terminal, terminal, code) if out else (output.decode(), terminal, code)


@pytest.mark.parametrize(
    ("terminal", "variables", "option", "colored"),
    [
        (True, {}, "auto", True),
        (False, {}, "auto", False),
        (True, {"NO_COLOR": "1"}, "auto", False),
        (True, {"NO_COLOR": "0"}, "auto", False),
        (True, {"NO_COLOR": ""}, "auto", True),
        (False, {"FORCE_COLOR": "1"}, "auto", True),
        (False, {"FORCE_COLOR": ""}, "auto", False),
        (True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, "auto", False),
        (False, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, "auto", False),
        (True, {"TERM": "dumb"}, "auto", False),
        (False, {"TERM": "dumb", "FORCE_COLOR": "1"}, "auto", True),
        (False, {"NO_COLOR": "1"}, "always", True),
        (True, {"FORCE_COLOR": "1"}, "never", False),
    ],
)
def test_colour(tmp_path: Path, terminal: bool, variables: dict[str, str], option: str, colored: bool) -> None:
    """An option says it; else NO_COLOR forbids, FORCE_COLOR asks for it anywhere, and a terminal has it."""
    (tmp_path / "bad.json").write_text(BAD)
    shown, _, code = on_terminal(tmp_path, "check", "bad.json", "--color", option, out=terminal, **variables)
    assert code == 1
    assert "out-of-range" in shown
    assert ("\x1b[" in shown) is colored


SLOW = """
import time
from reqlint import _json
read = _json.read
def slowly(text):
    time.sleep(0.14)
    return read(text)
_json.read = slowly
"""


def slow_lines(folder: Path) -> dict[str, str]:
    """Write a file of ten lines; gives the environment in which each takes its time to be read."""
    (folder / "slow.jsonl").write_text((GOOD + "\n") * 10)
    (folder / "slow").mkdir()
    (folder / "slow" / "sitecustomize.py").write_text(SLOW)
    return {"PYTHONPATH": os.pathsep.join([str(folder / "slow"), str(Path(__file__).parents[2])])}


def test_a_long_run_draws_a_bar_and_takes_it_away(tmp_path: Path) -> None:
    """After a second the counts are shown on standard error, at last erased; standard output is as ever."""
    out, err, code = on_terminal(tmp_path, "check", "slow.jsonl", **slow_lines(tmp_path))
    assert code == 0
    assert out.startswith("No findings in 10 requests (1 file)\n")
    assert "\x1b" not in out
    drawn = err.split("\r\x1b[2K")
    assert drawn[0] == ""
    assert drawn[-1] == ""
    assert len(drawn) > 2
    assert all(" lines/s" in line for line in drawn[1:-1])


@pytest.mark.parametrize("arguments", [["--no-progress"], ["-q"]])
def test_a_bar_can_be_refused(tmp_path: Path, arguments: list[str]) -> None:
    """With --no-progress or -q, a run of any length leaves the terminal alone."""
    _, err, code = on_terminal(tmp_path, "check", "slow.jsonl", *arguments, **slow_lines(tmp_path))
    assert (err, code) == ("", 0)


def test_a_short_run_draws_none(tmp_path: Path) -> None:
    """Below a second nothing is written to standard error, and neither is it to a terminal that can erase nothing."""
    (tmp_path / "good.json").write_text(GOOD)
    assert on_terminal(tmp_path, "check", "good.json")[1:] == ("", 0)
    assert on_terminal(tmp_path, "check", "slow.jsonl", TERM="dumb", **slow_lines(tmp_path))[1:] == ("", 0)


def test_a_run_without_a_terminal_loads_no_bar(tmp_path: Path) -> None:
    """The bar's module, and rich, are not even imported by a clean run."""
    (tmp_path / "good.json").write_text(GOOD)
    code = (
        "import sys, atexit; from reqlint.__main__ import main\n"
        "atexit.register(lambda: print(sorted({'reqlint.cli.progress', 'rich', 'yaml'} & set(sys.modules))))\n"
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


def test_the_bar_says_how_far_it_is(tmp_path: Path) -> None:
    """Files are counted, and the lines of each once; the share is that of the bytes of all files."""
    (tmp_path / "one.jsonl").write_text("1\n22\n333\n")
    (tmp_path / "two.jsonl").write_text("1\n22\n333\n")
    bar = Progress(sys.stderr)
    bar.expect(Source(name, tmp_path / name) for name in ("one.jsonl", "two.jsonl", "missing.json"))
    assert bar.line(80, 0.0) == "0/3 files"
    one = bar.watch(Source("one.jsonl", tmp_path / "one.jsonl"))
    with one.open() as lines:
        assert list(lines) == [b"1\n", b"22\n", b"333\n"]
    assert one.read() == b"1\n22\n333\n"
    assert one.lines([2]) == {2: "22"}
    assert bar.lines == 3
    with bar.watch(Source("two.jsonl", tmp_path / "two.jsonl")).open() as lines:
        next(iter(lines))
    bar_and_rest = "━" * 14 + "─" * 10 + "   61%  1/3 files  4 lines  2 lines/s  ~2 s left"
    assert bar.line(80, 2.0) == bar_and_rest
    assert bar.line(80, 2.0, unicode=False) == bar_and_rest.replace("━", "#").replace("─", "-")
    assert list(bar.watch(Source("<stdin>", None, b"1\n2\n")).open()) == [b"1\n", b"2\n"]


def test_the_bar_goes_by_files_where_bytes_are_not_known() -> None:
    """Of inputs that have no size before they are read, each counts for as much."""
    bar = Progress(sys.stderr)
    bar.total = 2
    with bar.watch(Source("<stdin>", None, b"1\n2\n")).open() as lines:
        next(iter(lines))
        assert bar.line(80, 0.0) == "━" * 6 + "─" * 18 + "   25%  0/2 files  1 line"


def test_given_bytes_have_a_size_too() -> None:
    """Standard input that was read counts among the files by its length."""
    bar = Progress(sys.stderr)
    sources = [Source("<stdin>", None, b"1\n2\n"), Source("", None, b"3\n" * 6)]
    bar.expect(sources)
    with bar.watch(sources[0]).open() as lines:
        list(lines)
    assert bar.line(80, 0.0).split()[1] == "25%"


def test_lines_judged_elsewhere_are_added() -> None:
    """What other processes report counts as what is read here does."""
    bar = Progress(sys.stderr)
    for text, speed in ((None, 100), (60_000_000, 1_000)):  # of a compressed file there is more text than bytes
        bar = Progress(sys.stderr)
        bar.total, bar._whole = 3, 400_000_000
        for _ in range(50):
            bar.advance(1_000, 6_000_000, 0, text)
        bar.advance(0, 0, 2)
        assert bar.line(100, 3.0).split("  ", 2)[1:] == [
            " 75%",
            f"2/3 files  50,000 lines  16,667 lines/s  {speed:,} MB/s  ~1 s left",
        ]


def test_the_bar_goes_by_the_compressed_bytes(tmp_path: Path) -> None:
    """Of a compressed file it is known how much of it was taken in, not how much there is in it."""
    path = tmp_path / "many.jsonl.gz"
    noise = b"".join(b"%s\n" % sha512(b"%d" % number).hexdigest().encode() for number in range(30_000))
    path.write_bytes(gzip.compress(noise))
    bar = Progress(sys.stderr)
    bar.expect([Source(str(path), path)])
    shares = []
    with bar.watch(Source(str(path), path)).open() as lines:
        for number, _ in enumerate(lines):
            if number % 3_000 == 0:
                shares.append(float(bar.line(100, 0.0).split()[1].rstrip("%")))
    assert bar.lines == 30_000
    assert shares == sorted(shares)
    assert all(abs(share - 10 * number) < 20 for number, share in enumerate(shares)), shares
    assert bar.line(100, 0.0) == "━" * 24 + "  100%  30,000 lines"


@pytest.mark.parametrize("columns", range(130))
def test_the_bar_is_never_wider_than_the_terminal(columns: int) -> None:
    """Where there is no room, the speed goes first and the share last; the bar takes what is left."""
    bar = Progress(sys.stderr)
    bar.total, bar._whole = 2, 2_000_000_000
    bar.advance(123_456, 1_500_000_000, 1)
    line = bar.line(columns, 20.0)
    assert len(line) < max(columns, 1)
    assert not line.endswith(" ")
    if columns >= 6:
        assert " 75%" in line
    if columns >= 20:
        assert line.endswith("~7 s left")
    if columns >= 104:
        assert line.startswith("━" * 18 + "─" * 6 + "  ")


def remaining(shares: Iterable[float], every: float = 0.1) -> list[str]:
    """Give what the bar says of the time that is left, drawn every so many seconds as *shares* of 1 GB are done."""
    bar = Progress(sys.stderr)
    bar.total, bar._whole = 1, 1_000_000_000
    told = []
    for number, share in enumerate(shares, 1):
        bar.done = int(share * 1_000_000_000)
        told.append(bar.line(120, number * every).rpartition("  ")[2])
    return told


def test_the_remaining_time_counts_down() -> None:
    """At an even pace it is right from the start and falls by a second a second, to one; nothing is left at the end."""
    told = remaining([number / 600 for number in range(1, 601)])
    assert told[:4] == ["0 lines"] * 4  # nothing can be told yet
    seconds = [int(text.removeprefix("~").removesuffix(" s left")) for text in told[4:-1]]
    assert all(0 <= told - (60 - number / 10) <= 1.01 for number, told in enumerate(seconds, 5)), seconds
    assert told[-1] == "0 lines"


def test_the_remaining_time_is_steady() -> None:
    """Stretches that are reported at once, three seconds apart, do not make it jump, nor does a pause end it."""
    told = remaining([(number // 30) * 0.05 for number in range(1, 590)])
    seconds = [int(text.split()[0][1:]) for text in told[29:]]
    assert all(0 <= told - (60 - number / 10) <= 1.01 for number, told in enumerate(seconds, 30)), seconds
    assert remaining([0.5] * 300)[-1] == "~1 s left"


def test_the_remaining_time_follows_the_pace() -> None:
    """Half a minute after the pace has changed, it is told by the new one alone."""
    fast = [number / 1_000 for number in range(1, 301)]
    slow = [0.3 + number / 10_000 for number in range(1, 402)]
    assert remaining(fast)[-1] == "~70 s left"
    assert remaining(fast + slow)[-1] == "~11 min left"


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0.0, "1 s"), (0.2, "1 s"), (89.5, "90 s"), (90.1, "2 min"), (3_600, "60 min"), (7_205, "2 h 1 min")],
)
def test_durations_are_as_fine_as_one_can_believe(seconds: float, written: str) -> None:
    """Seconds at first, then minutes, then hours with them; never nothing."""
    assert _duration(seconds) == written


def test_counting_lines_costs_next_to_nothing(tmp_path: Path) -> None:
    """What a terminal adds to each line is less than a microsecond or two, next to the twenty that judging takes."""
    path = tmp_path / "many.jsonl"
    path.write_bytes(b"{}\n" * 50_000)
    bar = Progress(sys.stderr)

    def seconds(source: Source) -> float:
        began = perf_counter()
        with source.open() as lines:
            for _ in lines:
                pass
        return perf_counter() - began

    plain = min(seconds(Source("many.jsonl", path)) for _ in range(5))
    watched = min(seconds(bar.watch(Source("many.jsonl", path))) for _ in range(5))
    assert (watched - plain) / 50_000 < 2e-6


def counts(folder: Path, form: str, *more: str) -> str:
    """Give the output of a run with --statistics over one file of lines and one request."""
    (folder / "lines.jsonl").write_text(f"{BAD}\n{GOOD}\n{BAD.replace('}]', '}, {}, {}]')}\n" + "{oops\n")
    names = [str(folder / name) for name in ("lines.jsonl", *more)]
    ran = CliRunner().invoke(cli, ["check", *names, "--statistics", "--output-format", form])
    assert ran.exit_code == 1
    return ran.stdout


@pytest.mark.parametrize("form", ["human", "concise"])
def test_statistics_are_a_table(tmp_path: Path, form: str) -> None:
    """In place of findings: for each rule the lines it was met on, how often, how grave, and where."""
    shown = counts(tmp_path, form).splitlines()
    assert shown[:4] == [
        "lines  count  severity  rule           where",
        "    1      4  error     missing-field  /messages/*",
        "    2      2  error     out-of-range   /n",
        "    1      1  error     invalid-json",
    ]
    assert shown[4].startswith("7 findings")
    (tmp_path / "one.json").write_text(BAD)
    assert counts(tmp_path, form, "one.json").startswith("documents  count  severity  rule")


def test_a_clean_run_has_no_table(tmp_path: Path) -> None:
    """Without findings only the closing line is there."""
    (tmp_path / "good.json").write_text(GOOD)
    ran = CliRunner().invoke(cli, ["check", str(tmp_path / "good.json"), "--statistics"])
    assert ran.stdout.startswith("No findings in 1 request")


def test_statistics_in_json(tmp_path: Path) -> None:
    """The JSON report has the counts beside the findings, as its schema says; without the option it has none."""
    schema = json.loads((ROOT / "schemas" / "meta" / "report.json").read_text("utf-8"))
    report = json.loads(counts(tmp_path, "json"))
    Draft202012Validator(schema).validate(report)
    assert report["statistics"][0] == {
        "rule": "missing-field",
        "severity": "error",
        "count": 4,
        "documents": 1,
        "fixable": 0,
        "pointers": {"/messages/*": 4},
    }
    assert sum(each["count"] for each in report["statistics"]) == len(report["findings"])
    plain = CliRunner().invoke(cli, ["check", str(tmp_path / "lines.jsonl"), "--output-format", "json"])
    assert "statistics" not in json.loads(plain.stdout)
