"""Judging side by side: the same to the byte as one after the other, and never clean when a worker was lost."""

import gzip
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.targets.lines import in_chunks
from reqlint import Linter, Report
from reqlint.checks.first_places import FirstPlaces
from reqlint.containers.envelope import Kind
from reqlint.core.errors import CheckFailed, WorkerLost
from reqlint.reporters import FORMATS
from reqlint.run.chunked import Task
from reqlint.run.parallel import WorkerPool
from reqlint.run.scope import Scope
from reqlint.text.chunks import split_chunks
from reqlint.text.sources import Source

OPENAI = Linter("openai")


def line(number: object, *, model: str = "gpt-4o-mini", url: str = "/v1/chat/completions", **more: object) -> str:
    """Write a batch line."""
    body = {"model": model, "messages": [{"role": "user", "content": f"Trains to Bergen, {number}"}], **more}
    return json.dumps({"custom_id": f"trip-{number}", "method": "POST", "url": url, "body": body})


LINES = [
    line(1),
    line(2),
    line(3, temprature=0.5),
    line(4, model="gpt-4o"),
    line(5, url="/v1/embeddings"),
    line(6, stream=True),
    line(7, tools=[]),
    json.dumps({"custom_id": "bare", "messages": []}),
    json.dumps({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}),
    json.dumps({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "", "weight": 0}]}),
    '{"model": "gpt-4o", "messages": []}',
    '{"model": "gpt-4o", "model": "o3", "messages": []}',
    '["nothing", 1]',
    f"[{line(8)}, {line(1)}]",
    '{"custom_id": "cut',
    "",
    "  ",
    "null",
    "\ufeff" + line(9),
]


@settings(max_examples=250, deadline=None)
@given(
    st.lists(st.sampled_from(LINES), max_size=14),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.integers(1, 2000),
    st.sampled_from(["openai", "dashscope", "auto"]),
    st.sampled_from([None, Kind.BATCH, Kind.REQUEST, Kind.FINETUNE]),
    st.sampled_from(list(Scope)),
)
def test_a_file_in_stretches_is_the_file(
    lines: list[str], end: str, ended: bool, size: int, profile: str, kind: Kind | None, scope: Scope
) -> None:
    """Wherever a file is cut, its report is that of one walk: findings, order, fingerprints, relations, counts."""
    text = (end.join(lines) + end * ended).encode()
    task = Task(Linter(profile), Source("lines.jsonl", None, text), kind, scope)
    assert in_chunks(task, size) == task.run()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([b"a\n", b"\n", b"bc\r\n", b"d"])), st.integers(1, 9))
def test_stretches_are_the_text(lines: list[bytes], size: int) -> None:
    """Put together, stretches are the text; each ends at a line end, and knows the number of its first line."""
    text = b"".join(lines)
    cut = list(split_chunks(Source("a.jsonl", None, text), size))
    assert b"".join(each.data or b"" for each in cut) == text
    for each, after in pairwise(cut):
        assert (each.data or b"").endswith(b"\n")
        assert after.first == each.first + each.lines
        assert after.start == each.start + each.size


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.text("abc", max_size=2), st.booleans()), max_size=60), st.integers(1, 9))
def test_names_are_remembered_however_many(names: list[tuple[str, bool]], most: int) -> None:
    """Where a name was met first is known, whether names are kept as they are or by digests."""
    firsts, expected = FirstPlaces(most), dict[str, tuple[int, tuple[int, ...]]]()
    for document, (name, inside) in enumerate(names):
        place = (document,) if inside else ()
        assert firsts.find_or_add(name, document, place) == expected.get(name)
        expected.setdefault(name, (document, place))


def test_a_limit_on_lines_is_met_wherever_it_falls(tmp_path: Path) -> None:
    """The line beyond a batch's limit is found, and shown, with blank lines before it and cuts anywhere."""
    many = tmp_path / "many.jsonl"
    short = [line(number) if number % 9_000 else line(number) + "\n" for number in range(50_003)]
    many.write_text("\n".join(short))
    task = Task(OPENAI, Source(str(many), many))
    report = task.run()
    assert [finding.rule for finding in report] == ["blank-line", "too-many-batch-lines"]
    assert in_chunks(task, 1 << 20) == report


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder of many small files and a few long ones, some of them wrong."""
    for number in range(30):
        (tmp_path / f"r{number:02}.json").write_text(json.loads(json.dumps(line(number, n=number % 4))))
    (tmp_path / "a.jsonl").write_text("\n".join(LINES * 8))
    (tmp_path / "b.jsonl").write_text("\n".join(line(number % 150, temprature=1) for number in range(300)))
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress("\n".join(line(number % 90) for number in range(200)).encode()))
    (tmp_path / "cut.jsonl.gz").write_bytes((tmp_path / "c.jsonl.gz").read_bytes()[:-200])
    (tmp_path / "d.jsonl").write_text('{"messages": [], \n"model": "x"}' * 50)
    (tmp_path / "e.yaml").write_text("model: gpt-4o\nmessages: []\n" * 9)
    (tmp_path / "f.jsonl").write_bytes(b'{"model": 1}\n' * 90 + b"\xff\xfe")
    return tmp_path


@pytest.mark.parametrize("jobs", [2, 3])
def test_workers_say_what_one_process_says(folder: Path, jobs: int) -> None:
    """Every report of a crew, in the order of the files, is the one that judging the file alone gives."""
    tasks = [Task(OPENAI, Source(str(path), path)) for path in sorted(folder.iterdir())]
    tasks.append(Task(OPENAI, Source("gone.jsonl", folder / "gone.jsonl")))
    tasks.append(Task(Linter("dashscope"), Source("<stdin>", None, (folder / "b.jsonl").read_bytes())))
    lines = files = size = 0

    def done(more: int, bytes_: int, completed: int, text: int) -> None:
        nonlocal lines, files, size
        lines, size, files = lines + more, size + max(bytes_, text), files + completed

    with WorkerPool(tasks, jobs, chunk_bytes=3000, threshold=1) as crew:
        assert crew.is_parallel
        assert list(crew.outcomes(done=done)) == [task.run() for task in tasks]
    assert files == len(tasks)
    assert lines > 500
    assert size > 50_000
    assert not multiprocessing.active_children()


def test_workers_need_not_be_forked(folder: Path) -> None:
    """Where a fork is not safe, as beside another thread, workers that begin from nothing say the same."""
    tasks = [Task(OPENAI, Source(str(path), path)) for path in sorted(folder.iterdir())[:8]]
    ended = Event()
    thread = Thread(target=ended.wait)
    thread.start()
    try:
        with WorkerPool(tasks, 2, chunk_bytes=3000, threshold=1) as crew:
            assert crew.is_parallel
            assert {type(worker).__name__ for worker in multiprocessing.active_children()} == {"SpawnProcess"}
            assert list(crew.outcomes()) == [task.run() for task in tasks]
    finally:
        ended.set()
        thread.join()


def test_little_work_starts_no_worker(folder: Path) -> None:
    """A few small files are judged here: starting a process takes longer."""
    tasks = [Task(OPENAI, Source(str(path), path)) for path in sorted(folder.iterdir())]
    with WorkerPool(tasks, 4) as crew:
        assert not crew.is_parallel
        assert sum(isinstance(outcome, Report) for outcome in crew.outcomes()) == len(tasks)


def test_a_bug_in_a_worker_is_told_as_one(folder: Path) -> None:
    """A check that raises over there is a failed check here, and the other files are judged."""
    judge = Linter("openai", ignore=["tools"])._judge
    judge._shortcut = None
    always = judge._unguarded
    tasks = [Task(Linter("openai", ignore=["tools"]), Source(str(path), path)) for path in sorted(folder.iterdir())]

    def broken(*_: object) -> object:
        raise ZeroDivisionError

    judge._unguarded = tuple(woken._replace(check=broken) for woken in always)
    judge.compile_now = lambda: None  # type: ignore[method-assign]  # workers inherit the judge as it is
    try:
        with WorkerPool(tasks, 2, chunk_bytes=3000, threshold=1) as crew:
            outcomes = list(crew.outcomes())
    finally:
        judge._unguarded = always
        del judge.compile_now
    assert any(isinstance(outcome, CheckFailed) for outcome in outcomes)
    assert {str(outcome)[-17:] for outcome in outcomes if isinstance(outcome, CheckFailed)} == {"ZeroDivisionError"}
    assert any(isinstance(outcome, Report) for outcome in outcomes)


def test_a_killed_worker_is_no_clean_run(folder: Path) -> None:
    """When a worker is killed, whoever waits hears of it."""
    tasks = [Task(OPENAI, Source(str(folder / "b.jsonl"), folder / "b.jsonl"))] * 40
    with WorkerPool(tasks, 2, chunk_bytes=3000, threshold=1) as crew:
        outcomes = crew.outcomes()
        next(outcomes)
        os.kill(multiprocessing.active_children()[0].pid or 0, signal.SIGKILL)
        with pytest.raises(WorkerLost, match="--jobs 1"):
            list(outcomes)


# ------------------------------------------------------------------------------------------------- the command line


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file that is long enough for workers, with a mistake here and there and a custom_id that comes again."""
    path = tmp_path_factory.mktemp("long") / "batch.jsonl"
    filling = "The trains leave at 07:25, 11:59 and 15:43. " * 120
    with path.open("w") as out:
        for number in range(2_400):
            extra = {"temprature": 1} if number % 300 == 7 else {}
            out.write(line(number if number % 500 else 0, user=filling, **extra) + "\n")
    assert path.stat().st_size > 12_000_000
    return path


def run(*arguments: object) -> subprocess.Popen[str]:
    """Start the command."""
    command = [sys.executable, "-m", "reqlint", "check", "-p", "openai", "--isolated", *map(str, arguments)]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


def test_every_format_is_the_same_to_the_byte(long: Path, tmp_path: Path) -> None:
    """Reports of one job and of two differ in nothing but the seconds they took."""
    said = []
    for jobs in (1, 2):
        into = [f"--output-format={name}:{tmp_path / name}-{jobs}" for name in FORMATS]
        process = run(long, "--jobs", jobs, *into)
        assert process.communicate()[1] == ""
        assert process.returncode == 1
        texts = [(tmp_path / f"{name}-{jobs}").read_text() for name in FORMATS]
        said.append([re.sub(r"[0-9.]+ s\b|time=\"[0-9.]+\"", "a moment", text) for text in texts])
    for name, one, two in zip(FORMATS, *said, strict=True):
        assert one == two, name
        assert "duplicate-custom-id" in one


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """Wait for the workers of a process, and give their numbers."""
    for _ in range(400):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        try:
            found = [int(pid) for pid in children.read_text().split()]
        except OSError:
            break
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError("no worker was started")


linux = pytest.mark.skipif(sys.platform != "linux", reason="looks for the workers in /proc")


@pytest.fixture(scope="module")
def longer(long: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file that takes a while."""
    path = tmp_path_factory.mktemp("longer") / "batch.jsonl"
    path.write_bytes(long.read_bytes() * 10)
    return path


@linux
def test_a_killed_worker_ends_the_run_with_2(longer: Path) -> None:
    """The command says so in a sentence and exits 2, with no report that looks clean."""
    process = run(longer, "--jobs", 2)
    os.kill(workers_of(process)[0], signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert err.startswith("error: a worker process ended before it was done")
    assert err.count("\n") == 1


@linux
def test_an_interrupt_ends_everything_quietly(longer: Path) -> None:
    """Ctrl-C, which every process of the terminal hears, ends the run with 2 and one word, and no worker is left."""
    process = run(longer, "--jobs", 2)
    workers = workers_of(process)
    time.sleep(0.2)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.strip()) == (2, "", "interrupted")
    assert gone(workers)


@linux
def test_workers_go_with_the_one_they_work_for(longer: Path) -> None:
    """When the command itself is killed, its workers end too."""
    process = run(longer, "--jobs", 2)
    workers = workers_of(process)
    process.kill()
    process.communicate(timeout=60)
    assert gone(workers)


def gone(workers: list[int]) -> bool:
    """Wait until none of the processes runs any more."""
    for _ in range(500):
        states = [Path(f"/proc/{pid}/stat") for pid in workers]
        if not any(path.exists() and path.read_text().split()[2] != "Z" for path in states):
            return True
        time.sleep(0.01)
    return False


def test_jobs_is_a_number_of_processes(long: Path) -> None:
    """None at all is not enough."""
    process = run(long, "--jobs", 0)
    assert "0 is not in the range x>=1" in process.communicate()[1]
    assert process.returncode == 2
