"""
How long does one small file take, from the start of the process to its end.

A hook or an editor waits this long.
"""

from benchmarks.answers import Answer, Options, comparison_table
from benchmarks.commands import PYTHON, Proof, contender, proof, scratch
from benchmarks.files import json_file
from benchmarks.making import request
from benchmarks.peers import SCHEMA, check_jsonschema, reqlint, sourcemeta
from benchmarks.rounds import Contender, run_interleaved

BARE, CHECK = "python -c pass", "check-jsonschema, the schema alone"
NOTES = (
    "reqlint is laid out as its wheel installs it and judges by all rules of the `openai` profile; the others hold the "
    "file against the schema of that profile alone. The Sourcemeta CLI is a C++ binary, run without its Python script.",
)


def ask(options: Options) -> Answer:
    """Measure the commands."""
    with scratch(10**6) as folder:
        file = json_file(folder / "request", [request(0, model="gpt-4o-mini")])
        made = proof(folder, json_file)
        contenders: list[Contender] = [
            contender(BARE, lambda _: [PYTHON, "-c", "pass"], file, Proof(file, [])),
            contender("reqlint", reqlint(), file, made),
            contender(CHECK, check_jsonschema(SCHEMA), file, made),
            contender("Sourcemeta CLI, the schema alone", sourcemeta(SCHEMA), file, made),
        ]
        rows = run_interleaved(contenders, options.many)
        caption = f"One file of {file.stat().st_size:,} bytes."
        return Answer(
            [comparison_table(caption, rows, {"÷ bare Python": BARE, "÷ check-jsonschema": CHECK}, memory=True)], NOTES
        )
