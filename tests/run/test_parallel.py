"""Judging in several processes: the same bytes as in one process, and never clean when a worker was lost."""

import gzip
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.targets.lines import in_chunks
from reqlint import Linter, Report
from reqlint.checks.first_places import FirstPlaces
from reqlint.containers.envelope import Kind
from reqlint.core.errors import CheckFailed, WorkerLost
from reqlint.reporters import FORMATS
from reqlint.run.parallel import WorkerPool
from reqlint.run.scope import Scope
from reqlint.run.task import Task
from reqlint.text.chunks import split_chunks
from reqlint.text.sources import Source

ROOT = Path(__file__).parents[2]
OPENAI = Linter("openai")


def line(number: object, *, model: str = "gpt-4o-mini", url: str = "/v1/chat/completions", **more: object) -> str:
    """Return a batch line."""
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
def test_a_file_in_chunks_is_the_file(
    lines: list[str], end: str, ended: bool, size: int, profile: str, kind: Kind | None, scope: Scope
) -> None:
    """Wherever a file is cut, its report is the same: findings, order, fingerprints, relations and counts."""
    text = (end.join(lines) + end * ended).encode()
    task = Task(Linter(profile), Source("lines.jsonl", None, text), kind, scope)
    assert in_chunks(task, size) == task.run()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([b"a\n", b"\n", b"bc\r\n", b"d"])), st.integers(1, 9))
def test_chunks_are_the_text(lines: list[bytes], size: int) -> None:
    """Joined chunks are the text; each ends at a line end and has the number of its first line."""
    text = b"".join(lines)
    cut = list(split_chunks(Source("a.jsonl", None, text), size))
    assert b"".join(each.data or b"" for each in cut) == text
    for each, after in pairwise(cut):
        assert (each.data or b"").endswith(b"\n")
        assert after.first == each.first + each.lines
        assert after.start == each.start + each.size


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([b"a\n", b"\n", b"bc" * 400 + b"\r\n", b"d" * 3000]), max_size=9), st.integers(1, 5000))
def test_a_file_is_cut_as_its_text_is(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], size: int) -> None:
    """A file, whose text is passed without being kept, is cut at the same lines as a text that is kept."""
    path = tmp_path_factory.getbasetemp() / "cut.jsonl"
    path.write_bytes(b"".join(lines))
    kept = split_chunks(Source("a.jsonl", None, b"".join(lines)), size)
    passed = split_chunks(Source("a.jsonl", path), size)
    assert [each[1:5] for each in passed] == [each[1:5] for each in kept]


def test_lines_before_a_failure_are_passed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a file has before it cannot be read is cut into whole lines; then the failure is raised."""

    class Failing(BytesIO):
        def readinto1(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]  # as `BufferedReader` has it
            if self.tell() > 900:
                raise OSError("gone")
            return self.readinto(buffer[:100])

    monkeypatch.setattr(Source, "open", lambda _: Failing(b"a" * 149 + b"\n" + b"b" * 5000))
    chunks = split_chunks(Source("a.jsonl", tmp_path / "a.jsonl"), 2000)
    first = next(chunks)
    assert (first.size, first.lines) == (150, 1)
    with pytest.raises(OSError, match="gone"):
        next(chunks)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.text("abc", max_size=2), st.booleans()), max_size=60), st.integers(1, 9))
def test_first_places_are_exact_however_many(names: list[tuple[str, bool]], most: int) -> None:
    """The place where a name occurred first is known, whether names are kept as text or as digests."""
    firsts, expected = FirstPlaces(most), dict[str, tuple[int, tuple[int, ...]]]()
    for document, (name, inside) in enumerate(names):
        place = (document,) if inside else ()
        assert firsts.find_or_add(name, document, place) == expected.get(name)
        expected.setdefault(name, (document, place))


def test_a_limit_on_lines_holds_wherever_a_file_is_cut(tmp_path: Path) -> None:
    """The first line beyond a batch's limit is found, also with blank lines before it and cuts anywhere."""
    many = tmp_path / "many.jsonl"
    short = [line(number) if number % 9_000 else line(number) + "\n" for number in range(50_003)]
    many.write_text("\n".join(short))
    task = Task(OPENAI, Source(str(many), many))
    report = task.run()
    assert [finding.rule for finding in report] == ["blank-line", "too-many-batch-lines"]
    assert in_chunks(task, 1 << 20) == report


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of many small files and a few long ones, some of them with findings."""
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
    """The reports of a pool, in the order of the files, are those of judging each file alone."""
    tasks = [Task(OPENAI, Source(str(path), path)) for path in sorted(folder.iterdir())]
    tasks.append(Task(OPENAI, Source("gone.jsonl", folder / "gone.jsonl")))
    tasks.append(Task(Linter("dashscope"), Source("<stdin>", None, (folder / "b.jsonl").read_bytes())))
    lines = files = size = 0
    here: list[Source] = []  # judged in this process

    def watch(source: Source) -> Source:
        here.append(source)
        return source

    def done(more: int, bytes_: int, completed: int, text: int) -> None:
        nonlocal lines, files, size
        lines, size, files = lines + more, size + max(bytes_, text), files + completed

    with WorkerPool(tasks, jobs, chunk_bytes=3000, threshold=1) as pool:
        assert pool.is_parallel
        assert list(pool.outcomes(watch, done)) == [task.run() for task in tasks]
    assert files + len(here) == len(tasks)
    assert [Path(source.name).name for source in here] == ["d.jsonl"]
    assert lines > 500
    assert size > 50_000
    assert not multiprocessing.active_children()


def test_workers_need_not_be_forked(folder: Path) -> None:
    """Beside another thread, where a fork is not safe, spawned workers give the same reports."""
    tasks = [Task(OPENAI, Source(str(path), path)) for path in sorted(folder.iterdir())[:8]]
    ended = Event()
    thread = Thread(target=ended.wait)
    thread.start()
    try:
        with WorkerPool(tasks, 2, chunk_bytes=3000, threshold=1) as pool:
            assert pool.is_parallel
            assert {type(worker).__name__ for worker in multiprocessing.active_children()} == {"SpawnProcess"}
            assert list(pool.outcomes()) == [task.run() for task in tasks]
    finally:
        ended.set()
        thread.join()


def test_little_work_starts_no_worker(folder: Path) -> None:
    """A few small files are judged in this process, because starting another takes longer."""
    tasks = [Task(OPENAI, Source(str(path), path)) for path in sorted(folder.iterdir())]
    with WorkerPool(tasks, 4) as pool:
        assert not pool.is_parallel
        assert sum(isinstance(outcome, Report) for outcome in pool.outcomes()) == len(tasks)


@pytest.mark.parametrize(("largest", "is_compiled"), [(1, True), (1 << 30, False)])
def test_much_work_in_one_process_is_compiled_for_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, largest: int, is_compiled: bool
) -> None:
    """What pays for many requests is compiled before the first one where the files are large."""
    monkeypatch.setattr("reqlint.run.parallel._LARGE", largest)
    linter = Linter(
        "openai", ignore=["too-deep", "too-few-examples" if is_compiled else "too-many-aliases"]
    )  # no one else's
    tasks = [Task(linter, Source(str(path), path)) for path in sorted(folder.iterdir())]
    with WorkerPool(tasks, 1) as pool:
        assert not pool.is_parallel
    assert (linter.judges.default._shortcut is not None) is is_compiled


def test_one_file_that_is_judged_in_one_go_starts_no_worker(tmp_path: Path) -> None:
    """Without a readable line soon it is not cut, and this process can say how far it is, which a worker cannot."""
    path = tmp_path / "a.jsonl"
    line = b'{"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi %d"}], "n": 0}\n'
    path.write_bytes(b"{broken\n" * 1000 + b"".join(line % number for number in range(50)))
    task = Task(OPENAI, Source(str(path), path))
    watched: list[Source] = []

    def watch(source: Source) -> Source:
        watched.append(source)
        return source

    with WorkerPool([task], 2, chunk_bytes=500, threshold=1) as pool:
        assert not pool.is_parallel
        assert list(pool.outcomes(watch)) == [task.run()]
    assert watched == [task.source]
    with WorkerPool([task, task], 2, chunk_bytes=500, threshold=1) as pool:
        assert pool.is_parallel
        assert list(pool.outcomes(watch)) == [task.run()] * 2
    assert watched == [task.source] * 3
    path.write_bytes(path.read_bytes().partition(b"\n")[2])
    with WorkerPool([task], 2, chunk_bytes=500, threshold=1) as pool:
        assert pool.is_parallel
        assert list(pool.outcomes()) == [task.run()]


def test_work_that_is_done_again_is_not_counted_twice(tmp_path: Path) -> None:
    """A file that turns out to depend on more than its first line is judged again here; its chunks are taken back."""
    path = tmp_path / "mixed.jsonl"
    requests = [
        json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": f"Hi {n}"}]}) for n in range(40)
    ]
    path.write_text("\n".join([*requests, f"[{line(1)}, {line(2)}]"]))
    task = Task(OPENAI, Source(str(path), path))
    told: list[tuple[int, ...]] = []
    watched: list[Source] = []

    def watch(source: Source) -> Source:
        watched.append(source)
        return source

    with WorkerPool([task], 2, chunk_bytes=500, threshold=1) as pool:
        assert list(pool.outcomes(watch, lambda *done: told.append(done))) == [task.run()]
    assert watched == [task.source]
    assert len(told) > 2
    assert [sum(numbers) for numbers in zip(*told, strict=True)] == [0, 0, 0, 0]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_sample_is_taken_of_what_can_be_read_twice(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What workers are to inherit is compiled for a file; a pipe before it keeps all it has for whoever judges it."""
    os.mkfifo(folder / "0.jsonl")
    tasks = [Task(OPENAI, Source(str(path), path)) for path in sorted(folder.iterdir())]
    sampled: list[str] = []
    monkeypatch.setattr("reqlint.run.parallel.judge_sample", lambda task: sampled.append(task.source.name))
    with WorkerPool(tasks, 2, threshold=1):
        pass
    assert sampled in ([str(folder / "a.jsonl")], [])  # none where processes cannot be forked


def test_a_bug_in_a_worker_is_a_failed_check(folder: Path) -> None:
    """A check that raises in a worker is a `CheckFailed` here, and the other files are judged."""
    judge = Linter("openai", ignore=["tools"]).judges.default
    judge._shortcut = judge._parts = None  # of another test, which know what is clean without asking a check
    always = judge._unguarded
    tasks = [Task(Linter("openai", ignore=["tools"]), Source(str(path), path)) for path in sorted(folder.iterdir())]

    def broken(*_: object) -> object:
        raise ZeroDivisionError

    judge._unguarded = tuple(woken._replace(check=broken) for woken in always)
    judge.compile_now = lambda: None  # type: ignore[method-assign]  # workers inherit the judge as it is
    try:
        with WorkerPool(tasks, 2, chunk_bytes=3000, threshold=1) as pool:
            outcomes = list(pool.outcomes())
    finally:
        judge._unguarded = always
        del judge.compile_now
    assert any(isinstance(outcome, CheckFailed) for outcome in outcomes)
    assert {str(outcome)[-17:] for outcome in outcomes if isinstance(outcome, CheckFailed)} == {"ZeroDivisionError"}
    assert any(isinstance(outcome, Report) for outcome in outcomes)


def test_a_killed_worker_is_no_clean_run(folder: Path) -> None:
    """When a worker is killed, whoever waits for results gets `WorkerLost`."""
    tasks = [Task(OPENAI, Source(str(folder / "b.jsonl"), folder / "b.jsonl"))] * 40
    with WorkerPool(tasks, 2, chunk_bytes=3000, threshold=1) as pool:
        outcomes = pool.outcomes()
        next(outcomes)
        os.kill(multiprocessing.active_children()[0].pid or 0, signal.SIGKILL)
        with pytest.raises(WorkerLost, match="--jobs 1"):
            list(outcomes)


# ------------------------------------------------------------------------------------------------- the command line


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file that is long enough for workers, with some findings and a repeated custom_id."""
    path = tmp_path_factory.mktemp("long") / "batch.jsonl"
    filling = "The trains leave at 07:25, 11:59 and 15:43. " * 120
    with path.open("w") as out:
        for number in range(2_400):
            extra = {"temprature": 1} if number % 300 == 7 else {}
            out.write(line(number if number % 500 else 0, user=filling, **extra) + "\n")
    assert path.stat().st_size > 12_000_000
    return path


def run(*arguments: object, first: str = "", **environment: str) -> subprocess.Popen[str]:
    """Start the command in a new session; *first* is the first folder that it imports from."""
    command = [sys.executable, "-m", "reqlint", "check", "-p", "openai", "--isolated", *map(str, arguments)]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [first, str(ROOT)])), **environment},
    )


def test_every_format_is_the_same_to_the_byte(long: Path, tmp_path: Path) -> None:
    """Reports of one job and of two differ only in the seconds they took."""
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


HOLDING = """
import os
from reqlint.run import worker
judge_chunk = worker.judge_chunk
def held(*arguments):
    with open(os.environ["GATE"], "rb") as gate:
        gate.read()
    return judge_chunk(*arguments)
worker.judge_chunk = held
"""

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks for the workers in /proc")


class Held(NamedTuple):
    """A run whose workers wait inside their first piece of work."""

    process: subprocess.Popen[str]
    workers: list[int]


@pytest.fixture
def held(long: Path, tmp_path: Path) -> Iterator[Held]:
    """
    Start a run with two workers, and hold it at a known point.

    A named pipe is the gate: workers open it for reading before they judge, and it ends when this fixture closes it.
    """
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    (tmp_path / "sitecustomize.py").write_text(HOLDING)
    process = run(long, "--jobs", 2, first=str(tmp_path), GATE=str(gate))
    writer: int | None = None

    def reached() -> bool:
        nonlocal writer
        assert process.poll() is None, process.communicate()
        try:
            writer = os.open(gate, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # nobody reads it yet
            return False
        return True

    try:
        assert happens(reached), "no worker began to judge"
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield Held(process, [int(pid) for pid in children])
    finally:
        process.kill()
        process.communicate()
        if writer is not None:
            os.close(writer)


def happens(event: Callable[[], bool], seconds: float = 120) -> bool:
    """Wait until *event* returns True; return False when it has not within *seconds*, far more than it takes."""
    deadline = time.monotonic() + seconds
    while not event():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def are_gone(workers: list[int]) -> bool:
    """Return whether none of the processes runs any more."""
    states = [Path(f"/proc/{pid}/stat") for pid in workers]
    with suppress(FileNotFoundError, ProcessLookupError):  # it ends while it is looked at
        return not any(path.exists() and path.read_text().rpartition(")")[2].split()[0] != "Z" for path in states)
    return False


@linux
def test_a_killed_worker_ends_the_run_with_2(held: Held) -> None:
    """The command reports it in one sentence and exits 2, without a report that looks clean."""
    os.kill(held.workers[0], signal.SIGKILL)
    out, err = held.process.communicate(timeout=120)
    assert (held.process.returncode, out) == (2, "")
    assert err.startswith("error: a worker process ended before it was done")
    assert err.count("\n") == 1


@linux
def test_an_interrupt_ends_everything_quietly(held: Held) -> None:
    """Ctrl-C, which reaches every process of the terminal, ends the run with 2 and one word, and no worker is left."""
    os.killpg(held.process.pid, signal.SIGINT)
    out, err = held.process.communicate(timeout=120)
    assert (held.process.returncode, out, err.strip()) == (2, "", "interrupted")
    assert happens(lambda: are_gone(held.workers))


@linux
def test_workers_end_with_their_parent(held: Held) -> None:
    """When the command itself is killed, its workers end too."""
    held.process.kill()
    held.process.wait(timeout=120)
    assert happens(lambda: are_gone(held.workers))


def test_jobs_is_at_least_one(long: Path) -> None:
    """`--jobs 0` is a usage error."""
    process = run(long, "--jobs", 0)
    assert "0 is not in the range x>=1" in process.communicate()[1]
    assert process.returncode == 2
