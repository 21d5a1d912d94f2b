"""
How long do 1,000 small files take, as a folder of fixtures.

reqlint and the Sourcemeta CLI get the folder; check-jsonschema gets the name of each file, as from a hook runner.
"""

from benchmarks.answers import Answer, Options, comparison_table
from benchmarks.commands import contender, proof, scratch
from benchmarks.files import json_folder
from benchmarks.making import request
from benchmarks.peers import SCHEMA, check_jsonschema, reqlints, sourcemeta
from benchmarks.rounds import run_interleaved

CHECK = "check-jsonschema, the schema alone"
SOURCEMETA = "Sourcemeta CLI, the schema alone"
NOTES = (
    "Whole processes; reqlint judges by all rules of the `openai` profile, the others by its schema alone. Each has "
    "refused folders with one wrong file before.",
)


def ask(options: Options) -> Answer:
    """Measure the commands."""
    count = 20 if options.quick else 1000
    with scratch(count * 20_000) as folder:
        files = json_folder(folder / "files", (request(number, model="gpt-4o-mini") for number in range(count)))
        size = sum(file.stat().st_size for file in files.iterdir())
        made = proof(folder, json_folder)
        contenders = [
            *reqlints(files, made, size=size),
            contender(CHECK, check_jsonschema(SCHEMA), files, made, size=size),
            contender(SOURCEMETA, sourcemeta(SCHEMA), files, made, size=size),
        ]
        rows = run_interleaved(contenders, options.rounds)
        caption = f"{count:,} files of {size / count:,.0f} bytes."
        bases = {"÷ check-jsonschema": CHECK, "÷ Sourcemeta": SOURCEMETA}
        return Answer([comparison_table(caption, rows, bases, speed=True, memory=True)], NOTES)
