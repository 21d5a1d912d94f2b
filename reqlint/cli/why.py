"""The command that says why a server refused a request."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reqlint.cli import streams
from reqlint.cli.commands import StrictCommand
from reqlint.cli.options import color_option, human_or_json, profile_option
from reqlint.cli.terminal import CLEAN, FOUND, NOTHING, echo_json, write_stderr

if TYPE_CHECKING:
    from reqlint.containers.envelope import Answer
    from reqlint.project.project import Project
    from reqlint.run.why import Why
    from reqlint.text.sources import Source

_HELP = """\
Say which finding explains a server's answer, or that none does.

REQUEST is a file with one request, in any form that check reads, and --answer the error that came back: its JSON body,
with its headers or without, or what a client logged of it. Without --answer, REQUEST is a recording: a cassette, HAR
file or {"request": ..., "response": ...} pair, or a request with its answer in a file beside it. - reads standard
input. Of the answer nothing is shown but its status, code and parameter.

Exit codes: 0 every refusal is explained, 1 one is not, 2 usage or internal error, or a file that cannot be read,
3 nothing to judge: no request, no answer, or no answer that refuses one."""

_MOST_READ = 10_000_000  # bytes of an answer; a longer one is cut off


_SECOND_ARGUMENT = """\
one argument is expected, the file with the request. The server's answer is a file, too: --answer FILE. \
As text it comes from standard input: echo 'the answer' | reqlint why REQUEST --answer -"""


@click.command(cls=StrictCommand, help=_HELP, context_settings={"allow_extra_args": True})
@click.argument("request_file", metavar="REQUEST", type=click.Path())
@click.option("--answer", metavar="FILE", type=click.Path(), help="File with the server's answer; - is standard input.")
@profile_option
@human_or_json
@click.option("--show-values", is_flag=True, help="Show payload values in messages. Credentials stay hidden.")
@click.option(
    "--config", metavar="FILE", type=click.Path(), help="Configuration file to use instead of the nearest one."
)
@click.option("--isolated", is_flag=True, help="Ignore all configuration files.")
@color_option
def why(
    request_file: str,
    answer: str | None,
    profile: str,  # noqa: ARG001 - read by given_settings
    form: str,
    show_values: bool,
    config: str | None,
    isolated: bool,
    color: str,
) -> None:
    """Run ``reqlint why``."""
    from reqlint import __version__
    from reqlint.cli.piped import named, standard_input
    from reqlint.cli.settings import given_settings
    from reqlint.display.escaping import sanitize
    from reqlint.project.project import Project
    from reqlint.reporters.why import as_values
    from reqlint.run.why import explain_answer

    if click.get_current_context().args:
        raise click.UsageError(_SECOND_ARGUMENT)
    if request_file == answer == "-":
        raise click.UsageError("standard input cannot be both the request and its answer.")
    project = Project(
        given_settings(click.get_current_context()),
        config=Path(config) if config else None,
        isolated=isolated,
        show_values=show_values,
    )
    source = standard_input("<stdin>") if request_file == "-" else named(request_file)
    linter = project.linter_of(project.settings_of(source.name))
    result = explain_answer(linter, source, _read_answer(answer) if answer else None)
    if form == "json":
        echo_json(as_values(result, __version__))
    elif result.cases:
        _print(result, source, project, show_values, color)
    if result.nothing:
        write_stderr(f"error: {sanitize(source.name)}: {result.nothing}")
    sys.exit({True: CLEAN, False: FOUND, None: NOTHING}[result.is_explained])


def _read_answer(name: str) -> "Answer":
    """Return the answer in a file or in standard input."""
    from reqlint.run.why import answer_of

    if name == "-":
        data = streams.read_stdin().read(_MOST_READ)
    else:
        with Path(name).open("rb") as file:
            data = file.read(_MOST_READ)
    if not data.strip():
        raise click.UsageError("the answer is empty.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # as a shell of Windows writes it
        return answer_of(data.decode("utf-16", "replace"))
    return answer_of(data.decode("utf-8-sig", "replace"))


def _print(result: "Why", source: "Source", project: "Project", show_values: bool, color: str) -> None:
    from functools import partial

    from reqlint.cli.output import make_rendering, write_with
    from reqlint.cli.result import RunResult
    from reqlint.core.findings import Report
    from reqlint.reporters.why import render_text

    findings = tuple(each.finding for case in result.cases for each in case.explanations)
    run = RunResult(Report(findings, 1), {source.name: source}, [source.name], [], [])
    rendering = make_rendering(run, project, click.get_current_context().call_on_close, show_values=show_values)
    write_with(partial(render_text, result), None, rendering, color)
