"""JSON Lines: a file judged in chunks of any size has the same report as the whole file."""

import pickle
from collections.abc import Iterable

from fuzz import examples
from fuzz.choices import Choices
from fuzz.laws import comparable, fixes_keep_the_rest, regions_hold_values, report_is_sound, require
from reqlint import Linter, Report
from reqlint.containers.envelope import Kind
from reqlint.run.chunked import ChunkMerger, judge_chunk, read_first_line
from reqlint.run.file_lines import NotSeparable
from reqlint.run.task import Task
from reqlint.text.chunks import split_chunks
from reqlint.text.forms import Form
from reqlint.text.sources import Source

_LINTERS = (Linter("openai"), Linter("dashscope"), Linter("auto"))
_KINDS = (None, Kind.BATCH, Kind.FINETUNE, Kind.REQUEST)


def run(data: bytes) -> None:
    """Judge a file; the first bytes choose the profile, the kind and the size of the chunks."""
    choices = Choices(data)
    linter, kind, size = choices.one_of(_LINTERS), choices.one_of(_KINDS), choices.below(2000) + 1
    source = Source("fuzz.jsonl", None, choices.rest())
    report = linter.check_source(source, kind=kind)
    regions_hold_values(source)
    report_is_sound(report, source)
    fixes_keep_the_rest(report, source, Form.JSONL)
    chunked = in_chunks(Task(linter, source, kind), size)
    require(
        chunked == report, "a file in chunks has the report of the whole file", comparable(chunked), comparable(report)
    )


def in_chunks(task: Task, size: int) -> Report:
    """Judge a source in chunks of *size* bytes, with results pickled as between processes."""
    first = read_first_line(task.source)
    if first is None:
        return task.run()
    merger = ChunkMerger(task, first)
    chunks = list(split_chunks(task.source, size))
    again = []
    for number, chunk in enumerate(chunks):
        try:
            earlier = merger.add(pickle.loads(pickle.dumps(judge_chunk(task, chunk, first))))  # noqa: S301 - pickled in the same line
        except NotSeparable:
            return task.run()
        if earlier is not None:
            again.append((number, earlier))
    for number, earlier in again:
        merger.replace(number, judge_chunk(task, chunks[number], first, earlier))
    return merger.report()


def seeds() -> Iterable[bytes]:
    """Yield files to start from, and how they are judged."""
    for i, text in enumerate([*examples.files(".jsonl"), *examples.lines()]):
        yield bytes([i % 3, i % 4, 200, 0]) + text
