"""The command that shows which APIs take which tools."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reqlint.cli import streams
from reqlint.cli.commands import Listing, OneOf, StrictCommand, WholeNumber
from reqlint.cli.options import color_option, ignore_option, jobs_option, listed, no_progress_option, select_option
from reqlint.cli.terminal import CANNOT, CLEAN, FOUND, NOTHING, end_orderly, share_bar, target_of, write_stderr
from reqlint.core.errors import NotWritten
from reqlint.core.findings import SEVERITIES
from reqlint.core.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reqlint.project.compat import ProjectCompat
    from reqlint.run.compat.table import CompatReport

_HELP = """\
Show which APIs take these tools, change them or refuse them.

Reads lists of tools in the form of MCP, OpenAI, Anthropic, Gemini or Bedrock, single tools, schemas of parameters, and
requests; - reads standard input. Each tool is judged as each API would be sent it, a request by the APIs of its wire
shape.

Exit codes: 0 every API of --require takes the tools, 1 one refuses them or an input could not be read, 2 usage or
internal error, 3 no tools."""


def _columns_from(_: click.Context | None, __: click.Parameter | None, typed: str) -> list[str]:
    from reqlint.knowledge.catalog import shipped
    from reqlint.run.compat.columns import column_names

    before, comma, last = typed.rpartition(",")
    return [before + comma + name for name in column_names(shipped()) if name.startswith(last)]


@click.command(cls=StrictCommand, help=_HELP)
@click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path())
@click.option(
    "-p",
    "--profile",
    "profiles",
    cls=Listing,
    names=lambda: _columns_from(None, None, ""),
    multiple=True,
    callback=listed,
    metavar="API",
    shell_complete=_columns_from,
    help="Only these APIs. Repeatable, or separated by commas. Shipped:",
)
@click.option(
    "--require",
    multiple=True,
    callback=listed,
    metavar="API",
    shell_complete=_columns_from,
    help="Exit with code 1 unless these APIs take all tools. Repeatable, or separated by commas.",
)
@click.option(
    "--fail-on",
    type=OneOf(SEVERITIES),
    default="error",
    show_default=True,
    help="Lowest severity that counts against --require.",
)
@select_option
@ignore_option
@click.option(
    "--output-format",
    "formats",
    multiple=True,
    metavar="FORMAT[:FILE]",
    help="Output format: human (default), markdown, json or sarif. Can be repeated, with a file for each.",
)
@click.option(
    "--as",
    "kind",
    type=OneOf(("auto", "tools", "schema", "request")),
    default="auto",
    show_default=True,
    help="What the input files hold.",
)
@click.option(
    "--prefix",
    default="",
    metavar="TEXT",
    help="Put this before the names of tools, as clients do. {file} stands for the name of the file without suffix.",
)
@click.option(
    "--mcp-stdio",
    "servers",
    multiple=True,
    metavar="COMMAND",
    help="Start this MCP server, judge the tools that it lists, and stop it. Repeatable.",
)
@click.option(
    "--mcp-timeout",
    type=click.FloatRange(min=0, min_open=True, max=3600),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="Time that each server of --mcp-stdio has to list its tools.",
)
@click.option(
    "--write",
    "form",
    type=OneOf(("openai", "responses", "anthropic", "gemini", "bedrock", "mcp")),
    help="Print the tools as this API's instead of the table, and on standard error what its form cannot hold.",
)
@click.option("--together", is_flag=True, help="Judge the tools of all files as those of one request.")
@click.option("--fix", is_flag=True, help="Edit the tools so that the APIs of --require take them, losing nothing.")
@click.option(
    "--unsafe-fixes",
    is_flag=True,
    help="With --fix or --diff, include edits that lose a constraint, and list what each loses.",
)
@click.option(
    "--diff",
    is_flag=True,
    help="Show the changes of --fix as a diff without writing them. Exit with code 1 if there are any.",
)
@click.option("--stdin-filename", metavar="NAME", help="File name for standard input. Its suffix sets the format.")
@click.option("--show-values", is_flag=True, help="Show payload values in messages. Credentials stay hidden.")
@click.option(
    "--config", metavar="FILE", type=click.Path(), help="Configuration file to use instead of the nearest one."
)
@click.option("--isolated", is_flag=True, help="Ignore all configuration files and .gitignore files.")
@click.option("--tools-only", is_flag=True, help="Skip named files that hold no tools, for commit hooks.")
@click.option("--allow-empty", is_flag=True, help="Exit with code 0 if there are no tools.")
@click.option(
    "--max-per-rule",
    type=WholeNumber(min=0),
    default=3,
    show_default=True,
    help="Number of findings shown in full per rule and file. 0 shows all.",
)
@color_option
@jobs_option(" for long lists of tools")
@no_progress_option
@click.option("-q", "--quiet", is_flag=True, help="Show only the table, without the findings.")
@click.option("-v", "--verbose", count=True, help="Show every API in the table, and list skipped files.")
def compat(
    paths: tuple[str, ...],
    profiles: tuple[str, ...],
    require: tuple[str, ...],  # noqa: ARG001 - like others with this code, read by given_settings
    fail_on: str,  # noqa: ARG001
    select: tuple[str, ...],  # noqa: ARG001
    ignore: tuple[str, ...],  # noqa: ARG001
    formats: tuple[str, ...],
    kind: str,
    prefix: str,  # noqa: ARG001
    servers: tuple[str, ...],
    mcp_timeout: float,
    form: str | None,
    together: bool,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    stdin_filename: str | None,
    show_values: bool,
    config: str | None,
    isolated: bool,
    tools_only: bool,
    allow_empty: bool,
    max_per_rule: int,
    color: str,
    jobs: int | None,
    no_progress: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Run ``reqlint compat``."""
    from reqlint.cli.fixing import fixing_for
    from reqlint.cli.judging import open_inputs
    from reqlint.cli.mcp_server import need_mcp, words_of
    from reqlint.cli.output import make_rendering, write_with
    from reqlint.cli.result import RunResult
    from reqlint.cli.settings import given_settings
    from reqlint.cli.tool_fixing import ToolFixing
    from reqlint.cli.writing_tools import write_tools_in
    from reqlint.core.findings import Report
    from reqlint.display.escaping import sanitize
    from reqlint.project.compat import ProjectCompat
    from reqlint.project.project import Project
    from reqlint.reporters.compat import compat_reporter
    from reqlint.reporters.compat.wording import alone
    from reqlint.run.task import pause_gc

    if form is not None and (formats or fix or diff):
        other = "--output-format" if formats else "--fix" if fix else "--diff"
        raise click.UsageError(f"--write prints tools and no report, so it cannot be combined with {other}.")
    targets = [target_of(text) for text in formats] or [("human", None)]
    for name, _ in targets:
        compat_reporter(name)  # raises for an unknown name before any work is done
    if not paths and not servers:
        raise click.UsageError("Missing argument 'PATH...'.")
    commands = [words_of(command) for command in servers]
    if commands:
        need_mcp()
    fixing = fixing_for(fix=fix, diff=diff, unsafe=unsafe_fixes, paths=paths)
    end_orderly(click.get_current_context().call_on_close)
    project = Project(
        given_settings(click.get_current_context()),
        config=Path(config) if config else None,
        isolated=isolated,
        show_values=show_values,
        force_exclude=tools_only,
    )
    run = ProjectCompat(project, profiles, together=together, kind=kind, show_values=show_values, jobs=jobs)
    pause_gc()
    inputs = open_inputs(project, paths, tools_only, stdin_filename, fixes=fixing is not None)
    tool_fixing = ToolFixing(run, fixing) if fixing else None
    for source, scope in tool_fixing.fix(inputs) if tool_fixing else inputs:
        run.read(source, scope)
    unheard = [failed for failed in _ask_servers(run, commands, mcp_timeout) if failed]
    if form is not None:
        sys.exit(write_tools_in(form, run, (*paths, *_server_names(commands)), unheard))
    with share_bar(no_progress or quiet or diff, color, "verdicts") as bar:
        report = run.finish(bar.tell if bar else None)
    report = replace(report, unread=(*report.unread, *unheard))
    code = _exit_code(report, fails=any(report.required.values()), allow_empty=allow_empty or tools_only)
    findings = tuple(alone(each) for each in report.findings)
    judged = Report(findings, report.files, tools=sum(not row.is_request for row in report.rows))
    if fixing:
        code = fixing.exit_code(code, judged, exit_zero=False, tells_fixed=False)
    result = RunResult(judged, run.sources, [*run.sources], [], [])
    rendering = make_rendering(
        result,
        project,
        click.get_current_context().call_on_close,
        exit_code=code,
        max_per_rule=max_per_rule,
        show_values=show_values,
        verbose=verbose,
        quiet=quiet,
    )
    for name, file in targets:
        if fixing and fixing.diff and not file:
            continue
        try:
            err = bool(fixing and fixing.takes_stdout)
            write_with(partial(compat_reporter(name), report), file, rendering, color, err=err)
        except (NotWritten, streams.OutputLost) as lost:
            code = CANNOT
            if str(lost):
                write_stderr(f"error: {lost}")
    for name, why in report.unread:
        write_stderr(f"error: cannot read {sanitize(name)}: {sanitize(why)}")
    if tool_fixing:
        tool_fixing.close()
        code = FOUND if tool_fixing.failures and code == CLEAN else code
    if code == NOTHING:
        _say_nothing_found((*paths, *_server_names(commands)), report)
    sys.exit(code)


def _server_names(commands: "Sequence[list[str]]") -> list[str]:
    """Return what the lists of servers are called in place of a file name."""
    return ["<mcp>"] if len(commands) == 1 else [f"<mcp {number}>" for number in range(1, len(commands) + 1)]


def _ask_servers(
    run: "ProjectCompat", commands: "Sequence[list[str]]", seconds: float
) -> "Iterator[tuple[str, str] | None]":
    """Read the tools of each server; yield its name and what is wrong with it, or None."""
    from reqlint.cli.mcp_server import ServerFailed, listed_tools
    from reqlint.text.sources import Source

    for name, words in zip(_server_names(commands), commands, strict=True):
        try:
            listed = listed_tools(words, seconds)
        except ServerFailed as failed:
            yield name, str(failed)
        else:
            run.read_listed(Source(name, None, listed.text), listed.server)
            yield None


def _exit_code(report: "CompatReport", *, fails: bool, allow_empty: bool) -> int:
    if fails or report.unread:
        return FOUND
    return CLEAN if report.rows or allow_empty else NOTHING


def _say_nothing_found(paths: "Sequence[str]", report: "CompatReport") -> None:
    from reqlint.display.escaping import sanitize

    named = [(name, why) for name, why in report.skipped if name in set(paths)]
    for name, why in named:
        write_stderr(f"error: {sanitize(name)} {sanitize(why)}")
    if not named:
        write_stderr(f"error: no tools found in {sanitize(', '.join(paths))}")
    write_stderr("hint: pass --as tools or --as schema to judge it as one, or --allow-empty if that is expected")
