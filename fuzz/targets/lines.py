"""Files of JSON Lines: a file cut into stretches anywhere is the file, and line by line its findings are the same."""

import pickle
from collections.abc import Iterable

from fuzz import seeds as known
from fuzz.choices import Choices
from fuzz.laws import fixes_keep_the_rest, hold, regions_hold_values, sound, told
from reqlint import Linter, Report
from reqlint.containers.envelope import Kind
from reqlint.run.chunked import ChunkMerger, Task, judge_chunk, read_first_line
from reqlint.run.file_lines import NotSeparable
from reqlint.text.chunks import split_chunks
from reqlint.text.forms import Form
from reqlint.text.sources import Source

_LINTERS = (Linter("openai"), Linter("dashscope"), Linter("auto"))
_KINDS = (None, Kind.BATCH, Kind.FINETUNE, Kind.REQUEST)


def run(data: bytes) -> None:
    """Judge a file whose first bytes say how."""
    choices = Choices(data)
    linter, kind, size = choices.one_of(_LINTERS), choices.one_of(_KINDS), choices.below(2000) + 1
    source = Source("fuzz.jsonl", None, choices.rest())
    report = linter.check_source(source, kind=kind)
    regions_hold_values(source)
    sound(report, source)
    fixes_keep_the_rest(report, source, Form.JSONL)
    chunked = in_chunks(Task(linter, source, kind), size)
    hold(chunked == report, "a file in chunks is the file", told(chunked), told(report))


def in_chunks(task: Task, size: int) -> Report:
    """Judge a source in chunks, each as if in another process."""
    first = read_first_line(task.source)
    if first is None:
        return task.run()
    merger = ChunkMerger(task, first)
    chunks = list(split_chunks(task.source, size))
    again = []
    for number, chunk in enumerate(chunks):
        try:
            earlier = merger.add(pickle.loads(pickle.dumps(judge_chunk(task, chunk, first))))  # noqa: S301 - our own
        except NotSeparable:
            return task.run()
        if earlier is not None:
            again.append((number, earlier))
    for number, earlier in again:
        merger.replace(number, judge_chunk(task, chunks[number], first, earlier))
    return merger.report()


def seeds() -> Iterable[bytes]:
    """Give files to begin with, and how they are judged."""
    for i, text in enumerate([*known.files(".jsonl"), *known.lines()]):
        yield bytes([i % 3, i % 4, 200, 0]) + text
