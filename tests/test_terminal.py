"""How reqlint behaves on a terminal: colour, the bar of a long run, and the counts of `--statistics`."""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Thread
from time import perf_counter, sleep

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from reqlint.cli import cli
from reqlint.cli.progress import Progress
from reqlint.documents import Source

pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")

BAD = '{"model": "qwen-3.5", "messages": [{"role": "user", "content": "Hello"}], "n": 11}'
GOOD = '{"model": "qwen-3.5", "messages": [{"role": "user", "content": "Hello"}]}'
ROOT = Path(__file__).parent.parent


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


def slowly(path: Path, lines: int = 10, pause: float = 0.14) -> Thread:
    """Write lines into a pipe, one after the other."""

    def write() -> None:
        with path.open("w") as pipe:
            for _ in range(lines):
                pipe.write(GOOD + "\n")
                pipe.flush()
                sleep(pause)

    os.mkfifo(path)
    thread = Thread(target=write)
    thread.start()
    return thread


def test_a_long_run_draws_a_bar_and_takes_it_away(tmp_path: Path) -> None:
    """After a second the counts are shown on standard error, at last erased; standard output is as ever."""
    writer = slowly(tmp_path / "slow.jsonl")
    out, err, code = on_terminal(tmp_path, "check", "slow.jsonl")
    writer.join()
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
    writer = slowly(tmp_path / "slow.jsonl")
    _, err, code = on_terminal(tmp_path, "check", "slow.jsonl", *arguments)
    writer.join()
    assert (err, code) == ("", 0)


def test_a_short_run_draws_none(tmp_path: Path) -> None:
    """Below a second nothing is written to standard error, and neither is it to a terminal that can erase nothing."""
    (tmp_path / "good.json").write_text(GOOD)
    assert on_terminal(tmp_path, "check", "good.json")[1:] == ("", 0)
    writer = slowly(tmp_path / "slow.jsonl")
    assert on_terminal(tmp_path, "check", "slow.jsonl", TERM="dumb")[1:] == ("", 0)
    writer.join()


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
    """Files are counted, and the lines of each once; the share takes in how much of the file at hand was read."""
    (tmp_path / "one.jsonl").write_text("1\n22\n333\n")
    (tmp_path / "two.jsonl").write_text("1\n22\n333\n")
    bar = Progress(sys.stderr)
    bar.total = 2
    assert bar.line(80, 2.0) == "0/2 files"
    one = bar.watch(Source("one.jsonl", tmp_path / "one.jsonl"))
    with one.open() as lines:
        assert list(lines) == [b"1\n", b"22\n", b"333\n"]
    assert one.read() == b"1\n22\n333\n"
    assert one.lines([2]) == {2: "22"}
    assert bar.lines == 3
    with bar.watch(Source("two.jsonl", tmp_path / "two.jsonl")).open() as lines:
        next(iter(lines))
    assert bar.line(80, 2.0) == "━" * 14 + "─" * 10 + "   61%  1/2 files  4 lines  2 lines/s"
    assert bar.line(80, 2.0, unicode=False) == "#" * 14 + "-" * 10 + "   61%  1/2 files  4 lines  2 lines/s"
    assert bar.line(20, 2.0) == "━" * 14 + "─" * 5  # one less than there are columns, so that no line wraps
    assert list(bar.watch(Source("<stdin>", None, b"1\n2\n")).open()) == [b"1\n", b"2\n"]


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
