"""
How much longer does a file take when every line has findings.

A mistake in the code that wrote a file is in all of its lines, though never in the same bytes. One note a line is what
nearly everybody has: ``max_tokens``, which OpenAI has deprecated. Three findings a line are of eight kinds, at places
and with words that differ from line to line.
"""

from benchmarks.answers import Answer, Options, Table, comparison_table
from benchmarks.commands import contender, proof, scratch
from benchmarks.files import batch_file
from benchmarks.making import LARGE, SMALL, Size, bodies
from benchmarks.peers import reqlint
from benchmarks.rounds import Contender, run_interleaved
from benchmarks.spoiling import with_note, with_three_mistakes

CLEAN, CLEAN_ONE = "clean", "clean, --jobs 1"
NOTES = (
    "Every run on the file with mistakes ended with 1, the others with 0. The report is what the command prints: by "
    "default three findings of each rule in full, and how many more there are.",
)


def ask(options: Options) -> Answer:
    """Measure files of large and of small lines."""
    return Answer([table(options, LARGE), table(options, SMALL)], NOTES)


def table(options: Options, size: Size) -> Table:
    """Measure clean lines, lines with a note, and lines with three mistakes, in one process and in several."""
    lines = options.lines(size)
    with scratch(3 * lines * size.bytes) as folder:
        made = proof(folder, batch_file)
        clean = batch_file(folder / "clean", bodies(lines, size))
        note = batch_file(folder / "note", (with_note(body, n) for n, body in enumerate(bodies(lines, size))))
        bad = batch_file(folder / "bad", (with_three_mistakes(body, n) for n, body in enumerate(bodies(lines, size))))
        contenders: list[Contender] = []
        for jobs in ((), ("--jobs", "1")):
            shown = "".join(f", {' '.join(jobs)}" if jobs else "")
            contenders += [
                contender(f"clean{shown}", reqlint(*jobs), clean, made),
                contender(f"one note a line{shown}", reqlint(*jobs), note, made),
                contender(f"three findings a line{shown}", reqlint(*jobs), bad, made, ends_with=1),
            ]
        sarif = reqlint("--output-format", "sarif")
        contenders.append(contender("three findings a line, sarif report", sarif, bad, made, ends_with=1))
        rows = run_interleaved(contenders, options.rounds)
        caption = f"{lines:,} lines of {size.name}, {bad.stat().st_size / 1e6:,.0f} MB; the profile is `openai`."
        bases = {"÷ clean": CLEAN, "÷ clean, --jobs 1": CLEAN_ONE}
        return comparison_table(caption, rows, bases, speed=True, memory=True, written=True)
