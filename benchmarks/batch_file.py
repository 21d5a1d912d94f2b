"""
How long does a full batch file take, 200 MB in 34,000 lines.

Two files are measured. In the first, all lines have the same eight tools, as the calls of one agent do. In the second,
every line has different tools, so that nothing cached for one line helps with the next.
"""

from benchmarks.answers import Answer, Options, Table, comparison_table
from benchmarks.commands import contender, proof, reading_proof, scratch
from benchmarks.making import LINES, bare_file, batch_file, bodies
from benchmarks.peers import SCHEMA, loop, reqlints, sourcemeta
from benchmarks.rounds import run_interleaved

FLOOR = "json.loads, a loop over the lines"
SOURCEMETA = "Sourcemeta CLI, the schema alone"
BASES = {"÷ json.loads": FLOOR, "÷ Sourcemeta": SOURCEMETA, "÷ Sourcemeta --fast": f"{SOURCEMETA}, --fast"}
NOTES = (
    "Whole processes, from start to exit. reqlint reads the batch file with all rules of the `openai` profile on, also "
    "those across lines. The Sourcemeta CLI, which knows no envelopes, reads the bare requests of the same lines and "
    "holds them against the profile's schema alone, on one core; MB/s are of what each has read. By default it looks "
    "for all mistakes of a line, as reqlint does; `--fast` stops at the first, as the loop with jsonschema-rs does.",
    "Peak memory is that of the largest process, as the system reports it. Each checker has refused a file with a "
    "wrong role and one with a wrong type before, each reader one that is cut off.",
)


def ask(options: Options) -> Answer:
    """Measure both files."""
    return Answer([table(options, own_tools) for own_tools in (False, True)], NOTES)


def table(options: Options, own_tools: bool) -> Table:
    """Measure one file, whose lines all have different tools if *own_tools* is true."""
    lines = 340 if options.quick else LINES
    with scratch(2 * lines * 6000) as folder:
        batch = batch_file(folder / "batch", bodies(lines, own_tools=own_tools))
        bare = bare_file(folder / "bare", bodies(lines, own_tools=own_tools))
        of_batch, of_bare, of_reading = proof(folder, batch_file), proof(folder, bare_file), reading_proof(folder)
        contenders = [
            contender(FLOOR, loop("json", SCHEMA), batch, of_reading),
            contender("orjson, a loop over the lines", loop("orjson", SCHEMA), batch, of_reading),
            *reqlints(batch, of_batch),
            contender("orjson and jsonschema-rs, a loop", loop("jsonschema-rs", SCHEMA), batch, of_batch),
            contender(SOURCEMETA, sourcemeta(SCHEMA), bare, of_bare),
            contender(f"{SOURCEMETA}, --fast", sourcemeta(SCHEMA, "--fast"), bare, of_bare),
        ]
        tools = "tools of its own in every line" if own_tools else "the same tools in every line"
        caption = f"{lines:,} lines, {batch.stat().st_size / 1e6:,.0f} MB, {tools}."
        return comparison_table(caption, run_interleaved(contenders, options.rounds), BASES, speed=True, memory=True)
