"""
Run the benchmarks, each of which answers one question, and write their results.

    python benchmarks/run.py                    everything; writes RESULTS.md and growth.svg beside this file
    python benchmarks/run.py one_request        one question, printed
    python benchmarks/run.py --quick            small sizes, printed
"""

import argparse
import datetime
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent
sys.path[0:0] = [str(HERE.parent)]  # measure the checkout that this file is in

from benchmarks.answers import Answer, Options, markdown  # noqa: E402 - needs the line above
from benchmarks.commands import Unexpected  # noqa: E402 - likewise
from benchmarks.machine import machine, versions  # noqa: E402 - likewise

QUESTIONS = ("one_request", "one_file", "many_files", "batch_file", "findings", "growth")
BY_NAME = ("scale", "keystroke")
"""Questions that are answered only when they are named: some three hundred rows, and an hour; and the editor's."""
COMMAND = "python benchmarks/run.py"


def question(name: str) -> ModuleType:
    """Import the module of a question: its docstring is the question, its function `ask` returns the answer."""
    return import_module(f"benchmarks.{name}")


def question_text(name: str) -> str:
    """Return the question as a sentence."""
    first, _, _ = (question(name).__doc__ or "").strip().partition("\n")
    return first.removesuffix(".") + "?"


def section(name: str, answer: Answer) -> str:
    """Return the section of the page that answers one question."""
    pictures = [f"![{question_text(name)}]({file})" for file in answer.pictures]
    return "\n\n".join([f"## {question_text(name)}", *map(markdown, answer.tables), *pictures, *answer.notes])


def results(sections: Sequence[str], options: Options) -> str:
    """Return the page of results."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    chosen = {"--quick": options.quick, "--full": options.full, f"--size {options.megabytes}": options.megabytes != 200}
    flags = "".join(f" {name}" for name, on in chosen.items() if on)
    few = " Sizes and rounds are small, so the figures say little." if options.quick else ""
    many = f", {options.many} for one request and one file" if options.many > options.rounds else ""
    head = (
        f"From `{COMMAND}{flags}` on {today}.{few} Medians of {options.rounds} rounds{many}; "
        "in each round every contender ran in turn. A ratio is the median of the rounds' ratios, "
        "each taken within one round, with the smallest and the largest in brackets: below 1 × the row took less than "
        "what it is divided by."
    )
    facts = {**machine(), "versions": ", ".join(f"{name} {version}" for name, version in versions().items())}
    lines = "\n".join(f"- {name}: {value}" for name, value in facts.items())
    return "\n\n".join(["# Results", head, lines, *sections]) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the questions that the command line asks for, and write or print the page."""
    listed = "\n".join(f"  {name:12} {question_text(name)}" for name in (*QUESTIONS, *BY_NAME))
    parser = argparse.ArgumentParser(
        prog=COMMAND,
        description=f"How fast is reqlint, beside its peers?\n\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("questions", nargs="*", metavar="QUESTION", help="only these")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="how often everything runs [%(default)s]")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it works")
    parser.add_argument("--full", action="store_true", help="also the 2 GB file: 2.3 GB of room and minutes more")
    parser.add_argument(
        "--size", type=int, default=200, metavar="MB", help="megabytes of the large files [%(default)s]"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="where RESULTS.md and growth.svg go [beside this file for a whole run; otherwise all is printed]",
    )
    given = parser.parse_args(arguments)
    if unknown := set(given.questions) - {*QUESTIONS, *BY_NAME}:
        parser.error(f"no question {', '.join(sorted(unknown))}; there are {', '.join((*QUESTIONS, *BY_NAME))}")
    if given.rounds < 1:
        parser.error("--rounds takes a number from 1 up")
    if given.size < 1:
        parser.error("--size takes a number of megabytes from 1 up")
    options = Options(given.rounds, given.quick, given.full, given.size)
    names = [name for name in (*QUESTIONS, *BY_NAME) if name in given.questions] or list(QUESTIONS)
    out = given.out or (None if given.questions or given.quick else HERE)
    sections, pictures = [], {}
    for name in names:
        print(f"{name}: {question_text(name)}", file=sys.stderr)
        try:
            answer = question(name).ask(options)
        except Unexpected as failed:
            raise SystemExit(str(failed)) from failed
        sections.append(section(name, answer))
        pictures.update(answer.pictures)
    page = results(sections, options)
    if out is None:
        print(page)
        return
    out.mkdir(parents=True, exist_ok=True)
    (out / "RESULTS.md").write_text(page, encoding="utf-8")
    for file, picture in pictures.items():
        (out / file).write_text(picture, encoding="utf-8")
    print(f"wrote {', '.join(['RESULTS.md', *pictures])}", file=sys.stderr)


if __name__ == "__main__":
    main()
