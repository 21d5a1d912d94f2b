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
from reqlint.text.documents import Form, Source

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
    pieces = in_pieces(Task(linter, source, kind), size)
    hold(pieces == report, "a file in stretches is the file", told(pieces), told(report))


def in_pieces(task: Task, size: int) -> Report:
    """Judge a source in stretches, each of them as if elsewhere."""
    opening = read_first_line(task.source)
    if opening is None:
        return task.run()
    pieces = ChunkMerger(task, opening)
    parts = list(split_chunks(task.source, size))
    again = []
    for number, stretch in enumerate(parts):
        try:
            before = pieces.add(pickle.loads(pickle.dumps(judge_chunk(task, stretch, opening))))  # noqa: S301 - ours
        except NotSeparable:
            return task.run()
        if before is not None:
            again.append((number, before))
    for number, before in again:
        pieces.mend(number, judge_chunk(task, parts[number], opening, before))
    return pieces.report()


def seeds() -> Iterable[bytes]:
    """Give files to begin with, and how they are judged."""
    for i, text in enumerate([*known.files(".jsonl"), *known.lines()]):
        yield bytes([i % 3, i % 4, 200, 0]) + text
