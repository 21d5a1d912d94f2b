"""
How long does a full batch file take, 200 MB, in which no two lines say the same.

Four files are measured: lines of 7 KB with tools of forty sets; the same with new tools in every line, so that nothing
remembered of one line helps with the next; lines of 1.3 KB, as many as a batch may have; and a file of bare requests of
six APIs in turn.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.answers import Answer, Options, Table, comparison_table
from benchmarks.commands import contender, proof, reading_proof, scratch
from benchmarks.files import bare_file, batch_file
from benchmarks.making import LARGE, SMALL, Json, Size, bodies
from benchmarks.peers import SCHEMA, loop, reqlints, sourcemeta
from benchmarks.rounds import Contender, run_interleaved
from benchmarks.shapes import shaped

FLOOR, SOURCEMETA = "orjson, a loop over the lines", "Sourcemeta CLI, the schema alone"
ONE = "reqlint --jobs 1"
BASES = {"÷ orjson": FLOOR, "÷ Sourcemeta --fast": f"{SOURCEMETA}, --fast", "÷ one process": ONE}
MIXED = ("openai", "anthropic", "gptproto-qwen", "openai-responses", "gemini", "bedrock-converse")
NOTES = (
    "Whole processes, from start to exit. reqlint reads the batch file with all rules of the `openai` profile on, also "
    "those across lines. The Sourcemeta CLI, which knows no envelopes, reads the bare requests of the same lines and "
    "holds them against the profile's schema alone, on one core; MB/s are of what each has read. By default it looks "
    "for all mistakes of a line, as reqlint does; `--fast` stops at the first, as the loop with jsonschema-rs does.",
    "In the file of six APIs, reqlint chooses the profile of each line; no schema of a peer is for such a file.",
    "Peak memory is that of the largest process, as the system reports it. Each checker has refused a file with a "
    "wrong role and one with a wrong type before, each reader one that is cut off.",
)


def ask(options: Options) -> Answer:
    """Measure all files."""
    tables = [
        table(options, LARGE, own_tools=False),
        table(options, LARGE, own_tools=True),
        table(options, SMALL, own_tools=False),
        mixed_table(options),
    ]
    return Answer(tables, NOTES)


def table(options: Options, size: Size, *, own_tools: bool) -> Table:
    """Measure one file, whose lines all have different tools if *own_tools* is true."""
    lines = options.lines(size)
    with scratch(2 * lines * size.bytes) as folder:
        batch = batch_file(folder / "batch", bodies(lines, size, own_tools=own_tools))
        bare = bare_file(folder / "bare", bodies(lines, size, own_tools=own_tools))
        of_batch, of_bare = proof(folder, batch_file), proof(folder, bare_file)
        contenders = [
            *floors(batch, folder),
            *reqlints(batch, of_batch),
            contender("orjson and jsonschema-rs, a loop", loop("jsonschema-rs", SCHEMA), batch, of_batch),
            contender(f"{SOURCEMETA}, --fast", sourcemeta(SCHEMA, "--fast"), bare, of_bare),
        ]
        if own_tools:  # once is enough: it takes as long as all others together
            contenders.append(contender(SOURCEMETA, sourcemeta(SCHEMA), bare, of_bare))
        return measured(
            options, batch, lines, "new tools in every line" if own_tools else "tools of 40 sets", contenders
        )


def mixed_table(options: Options) -> Table:
    """Measure the file of several APIs."""
    lines = options.lines(LARGE)
    with scratch(lines * LARGE.bytes) as folder:
        mixed = bare_file(folder / "mixed", mixed_bodies(lines))
        contenders = [*floors(mixed, folder), *reqlints(mixed, proof(folder, bare_file), profile="auto")]
        return measured(options, mixed, lines, f"bare requests of {len(MIXED)} APIs", contenders)


def mixed_bodies(lines: int) -> Iterator[Json]:
    """Yield requests of several APIs in turn."""
    return (shaped(MIXED[number % len(MIXED)], number) for number in range(lines))


def floors(path: Path, folder: Path) -> list[Contender]:
    """Return the contenders that only read."""
    proven = reading_proof(folder)
    return [
        contender(FLOOR, loop("orjson", SCHEMA), path, proven),
        contender("json.loads, a loop over the lines", loop("json", SCHEMA), path, proven),
    ]


def measured(options: Options, path: Path, lines: int, what: str, contenders: Sequence[Contender]) -> Table:
    """Run the contenders, and return their table."""
    size = path.stat().st_size
    caption = f"{lines:,} lines of {size / lines / 1e3:.1f} KB, {size / 1e6:,.0f} MB, {what}."
    return comparison_table(caption, run_interleaved(contenders, options.rounds), BASES, speed=True, memory=True)
