"""
How long does it take when every line has the same two mistakes.

It is the commonest real failure: one slip in the code that wrote 34,000 lines.
"""

from benchmarks.answers import Answer, How, compared
from benchmarks.commands import contender, proof, scratch
from benchmarks.making import LINES, MISTAKES, batch_file, bodies
from benchmarks.peers import reqlint
from benchmarks.rounds import interleaved

CLEAN = "clean"
NOTES = (
    f"The two mistakes are a misspelt parameter (`{MISTAKES[0]}`) and a tool's wrong type (`{MISTAKES[1]}`); every run "
    "on the bad file ended with 1. The report is what the command prints.",
)


def ask(how: How) -> Answer:
    """Measure the clean file once, and the bad one in several formats."""
    lines = 340 if how.quick else LINES
    with scratch(2 * lines * 6000) as folder:
        clean = batch_file(folder / "clean", bodies(lines))
        bad = batch_file(folder / "bad", bodies(lines, bad=True))
        made = proof(folder, batch_file)
        contenders = [contender(CLEAN, reqlint(), clean, made)]
        for form in ("human", "sarif"):
            command = reqlint("--output-format", form)
            contenders.append(contender(f"all bad, {form} report", command, bad, made, ends_with=1))
        rows = interleaved(contenders, how.rounds)
        caption = f"{lines:,} lines, {bad.stat().st_size / 1e6:,.0f} MB; the profile is `openai`."
        return Answer([compared(caption, rows, {"÷ clean": CLEAN}, speed=True, memory=True, written=True)], NOTES)
