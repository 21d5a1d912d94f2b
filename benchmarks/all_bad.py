"""
How long does it take when every line has the same two mistakes.

This is the most common real failure: one mistake in the code that wrote 34,000 lines.
"""

from benchmarks.answers import Answer, Options, comparison_table
from benchmarks.commands import contender, proof, scratch
from benchmarks.making import LINES, MISTAKES, batch_file, bodies
from benchmarks.peers import reqlint
from benchmarks.rounds import run_interleaved

CLEAN = "clean"
NOTES = (
    f"The two mistakes are a misspelt parameter (`{MISTAKES[0]}`) and a tool's wrong type (`{MISTAKES[1]}`); every run "
    "on the bad file ended with 1. The report is what the command prints.",
)


def ask(options: Options) -> Answer:
    """Measure the clean file, and the bad file with two report formats."""
    lines = 340 if options.quick else LINES
    with scratch(2 * lines * 6000) as folder:
        clean = batch_file(folder / "clean", bodies(lines))
        bad = batch_file(folder / "bad", bodies(lines, bad=True))
        made = proof(folder, batch_file)
        contenders = [contender(CLEAN, reqlint(), clean, made)]
        for form in ("human", "sarif"):
            command = reqlint("--output-format", form)
            contenders.append(contender(f"all bad, {form} report", command, bad, made, ends_with=1))
        rows = run_interleaved(contenders, options.rounds)
        caption = f"{lines:,} lines, {bad.stat().st_size / 1e6:,.0f} MB; the profile is `openai`."
        return Answer(
            [comparison_table(caption, rows, {"÷ clean": CLEAN}, speed=True, memory=True, written=True)], NOTES
        )
