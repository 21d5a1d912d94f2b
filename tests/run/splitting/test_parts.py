"""`split` with a cut, with fixes and with several processes: files that can be submitted, and nothing lost."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reqlint import Linter, Severity
from reqlint.run.splitting.parts import Cut, NotSplit
from reqlint.run.splitting.split import Split, split
from reqlint.text.json.batch_label import label_reader
from reqlint.text.sources import Source

ASKED = [{"role": "user", "content": "Which platform does the night train leave from?"}]
OPENAI = Linter("openai")
ROOT = Path(__file__).parents[3]


def line(custom_id: str, model: str = "gpt-4o-mini", url: str = "/v1/chat/completions", **changes: object) -> bytes:
    """Return a batch line as bytes, with its line feed."""
    body = {"model": model, "messages": ASKED, **changes}
    return json.dumps({"custom_id": custom_id, "method": "POST", "url": url, "body": body}).encode() + b"\n"


def cut_up(folder: Path, data: bytes, linter: Linter = OPENAI, **options: object) -> tuple[Split, dict[str, bytes]]:
    """Split *data* with a cut; return the result and the files by name."""
    for path in folder.iterdir():
        path.unlink()
    options = {"cut": Cut(), **options}
    done = split(linter, Source("in.jsonl", None, data), folder / "good.jsonl", folder / "bad.jsonl", **options)  # type: ignore[arg-type]
    return done, {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


PIECES = [
    *(line(name) for name in "abc"),
    *(line(name, model="gpt-4o") for name in "de"),
    line("f", n="x"),
    line("g", max_token=100),
    line("a", seed=7),
    line("h").replace(b"\n", b"\r\n"),
    line("i").replace(b'"gpt-4o-mini"', b'"gpt\\u002d4o-mini"'),
    b"\n",
    b"{oops\n",
    b"[]\n",
]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=9), most=st.sampled_from([None, 1, 2]), ends=st.booleans())
def test_nothing_is_lost_and_each_file_can_be_submitted(
    tmp_path: Path, pieces: list[bytes], most: int | None, ends: bool
) -> None:
    """All files together hold each line once, and each good one has one model and URL, few enough lines, no error."""
    data = b"".join(pieces)
    data = data if ends else data.removesuffix(b"\n")
    try:
        done, files = cut_up(tmp_path, data, cut=Cut(lines=most))
    except NotSplit:
        assert not list(tmp_path.iterdir())
        return
    written = Counter(text for each in files.values() for text in each.splitlines())
    assert written == (Counter(data.splitlines()) if done.written else Counter())
    labels = Counter()
    for part in done.parts:
        lines = files[part.path.name].splitlines()
        assert (part.lines, part.size) == (len(lines), len(files[part.path.name]))
        assert part.lines <= (most or part.lines)
        bodies = [json.loads(text)["body"] for text in lines if text != b"[]"]  # good where it decides what the file is
        assert {body["model"] for body in bodies} <= {part.label[0]}
        assert not [each for each in OPENAI.check_file(part.path) if each.severity is Severity.ERROR]
        labels[part.label] += part.lines
    assert done.good == labels.total() == sum(part.lines for part in done.parts)


@pytest.mark.parametrize("fix", [False, True])
def test_several_processes_write_the_same(tmp_path: Path, fix: bool) -> None:
    """Lines that are judged in chunks by several processes go where they go when one judges all of them."""
    pieces = [line(str(number), model=f"gpt-4o{'-mini' * (number % 2)}") for number in range(60)]
    pieces += [line("3", seed=1), b"{oops\n", b"\n", line("odd", max_token=1), line("last", n=[])]
    data = b"".join(pieces)
    source = Source("in.jsonl", None, data)
    results = []
    for jobs in (1, 2):
        folder = tmp_path / str(jobs)
        folder.mkdir()
        done = split(
            OPENAI,
            source,
            folder / "good.jsonl",
            folder / "bad.jsonl",
            cut=Cut(lines=20),
            fix=fix,
            jobs=jobs,
            threshold=0,
        )
        files = {path.name: path.read_bytes() for path in folder.iterdir()}
        results.append((done.good, done.bad, done.requests, done.rules, done.examples, done.fixed, files))
    assert results[0] == results[1]


def test_one_value_over_lines_is_refused_by_several_processes_too(tmp_path: Path) -> None:
    """A file that is no JSON Lines is refused whichever way it is judged, and with fixes."""
    for text in ('{\n"model": "m",\n"messages": []\n}\n', line("a").decode()):
        data = text.encode("utf-16") if text.startswith('{"') else text.encode()
        for options in ({"jobs": 2, "threshold": 0}, {"fix": True}):
            with pytest.raises(NotSplit, match="not JSON Lines"):
                cut_up(tmp_path, data, **options)
    assert list(tmp_path.iterdir()) == []


def test_the_limits_of_the_api_are_kept(tmp_path: Path) -> None:
    """A file ends where the API's limit of lines or bytes is reached; the limits are those of the line's profile."""
    data = b"".join(line(str(number)) for number in range(7))
    done, files = cut_up(tmp_path, data, cut=Cut(size=3 * len(line("0"))))
    assert [part.lines for part in done.parts] == [3, 3, 1]
    assert b"".join(files[part.path.name] for part in done.parts) == data
    trial = b"".join(line(str(number), "qwen-plus", "/v1/chat/ds-test") for number in range(103))
    done, _ = cut_up(tmp_path, trial, Linter("dashscope"))
    assert [part.lines for part in done.parts] == [100, 3]  # of a dry run


def test_a_line_that_no_file_can_hold_is_bad(tmp_path: Path) -> None:
    """A line that is larger than a whole file may be goes to the bad file, and the result says why."""
    long = line("b", user="u" * 2_000)
    done, files = cut_up(tmp_path, line("a") + long + line("c"), cut=Cut(size=1_000))
    assert files["bad.jsonl"] == long
    assert (done.rules, done.examples) == ({"oversized-batch-file": 1}, {"oversized-batch-file": (2,)})


def test_requests_of_a_message_batch_stay_together(tmp_path: Path) -> None:
    """Where an API takes several models in one batch, they are not parted."""
    lines = [
        json.dumps({"custom_id": name, "params": {"model": model, "max_tokens": 9, "messages": ASKED}}).encode() + b"\n"
        for name, model in (("a", "claude-sonnet-4-5"), ("b", "claude-opus-4-5"))
    ]
    done, files = cut_up(tmp_path, b"".join(lines), Linter("anthropic"))
    assert [part.lines for part in done.parts] == [2]
    assert files["good-001.jsonl"] == b"".join(lines)


def test_lines_of_no_batch_need_a_number(tmp_path: Path) -> None:
    """Bare requests have no limits, so the user has to say how many go in a file."""
    data = (json.dumps({"model": "gpt-4o-mini", "messages": ASKED}).encode() + b"\n") * 3
    with pytest.raises(NotSplit, match="--chunk-lines"):
        cut_up(tmp_path, data)
    done, _ = cut_up(tmp_path, data, cut=Cut(lines=2))
    assert [part.lines for part in done.parts] == [2, 1]


def test_bad_lines_stay_as_they_were_and_good_ones_have_fixes(tmp_path: Path) -> None:
    """With fixes a misspelt key is no reason to leave a line out; a line with another error keeps even that key."""
    lines = [line("a", max_token=5), line("b", max_token=5, messages=[]), line("c")]
    done, files = cut_up(tmp_path, b"".join(lines), fix=True)
    assert files["bad.jsonl"] == lines[1]
    assert files["good-001.jsonl"] == line("a", max_tokens=5) + lines[2]
    assert done.fixed == 1


def test_an_older_part_would_be_submitted_by_mistake(tmp_path: Path) -> None:
    """A part of an earlier run that this one does not replace stops it before anything is written."""
    (tmp_path / "good-002.jsonl").write_bytes(b"old")
    source = Source("in.jsonl", None, line("a"))
    with pytest.raises(NotSplit, match=r"good-002\.jsonl is there from an earlier run"):
        split(OPENAI, source, tmp_path / "good.jsonl", tmp_path / "bad.jsonl", cut=Cut())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"good-002.jsonl": b"old"}


def test_neither_the_input_nor_the_bad_file_is_written_over(tmp_path: Path) -> None:
    """A part that would have the name of the input, or of the bad file, stops the run."""
    path = tmp_path / "good-001.jsonl"
    path.write_bytes(line("a"))
    for bad in ("bad.jsonl", "good-001.jsonl"):
        source = Source("in", path) if bad == "bad.jsonl" else Source("in.jsonl", None, line("a"))
        with pytest.raises(NotSplit, match="is the input file or --bad"):
            split(OPENAI, source, tmp_path / "good.jsonl", tmp_path / bad, cut=Cut())
        assert [each.name for each in tmp_path.iterdir()] == ["good-001.jsonl"]
    assert path.read_bytes() == line("a")


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    """Neither a model in each line nor a cut after each line can fill a folder with files."""
    models = b"".join(line(str(number), model=f"m-{number}") for number in range(101))
    with pytest.raises(NotSplit, match="more than 100 models and URLs"):
        cut_up(tmp_path, models)
    with pytest.raises(NotSplit, match="more than 999 files"):
        cut_up(tmp_path, b"".join(line(str(number)) for number in range(1_000)), cut=Cut(lines=1))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (line("a"), ("gpt-4o-mini", "/v1/chat/completions")),
        (b"\xef\xbb\xbf" + line("a"), ("gpt-4o-mini", "/v1/chat/completions")),
        (b'{"body": {"model": 3}, "url": null}', (None, None)),
        (b'{"body": "text", "url": "/v1/\\u0078"}', (None, "/v1/x")),
        (b'{"url": "a", "url": "b", "body": {"model": "x", "model": "y"}}', ("y", "b")),
        (b"[1]", (None, None)),
    ],
)
@pytest.mark.parametrize("has_wheel", [True, False])
def test_a_label_is_read_with_and_without_the_fast_reader(
    text: bytes, label: tuple[str | None, str | None], has_wheel: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Model and URL are those that reading the whole line gives."""
    if not has_wheel:
        monkeypatch.setattr("reqlint.text.json.batch_label._fast_reader", lambda: None)
    read = label_reader()
    assert read(text) == label
    assert read(text) == label


def test_the_summary_tells_files_rules_and_lines(tmp_path: Path) -> None:
    """What a person reads: where lines went, for which model, and which lines are bad and why."""
    data = line("a") + line("b", model="gpt-4o") + b"{oops\n" * 7 + line("c", max_token=1) + b"\n"
    (tmp_path / "in.jsonl").write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-m", "reqlint", "split", "in.jsonl", "--good", "good.jsonl", "--bad", "bad.jsonl",
         "-p", "openai", "--chunk", "--fix", "--isolated"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "3 lines to 2 files; 8 lines to bad.jsonl",
        "  good-001.jsonl: 2 lines, 0.0 MB, gpt-4o-mini /v1/chat/completions",
        "  good-002.jsonl: 1 line, 0.0 MB, gpt-4o /v1/chat/completions",
        "  invalid-json: lines 3, 4, 5, 6, 7 and 2 more",
        "  1 blank line to bad.jsonl",
        "  fixed 1 finding in the good lines",
    ]
