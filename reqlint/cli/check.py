"""The command that checks requests, and its options."""

import sys
from typing import Any

import click

from reqlint.cli.checking import CheckOptions, run
from reqlint.cli.commands import OneOf, StrictCommand, WholeNumber
from reqlint.cli.options import (
    address,
    color_option,
    formats_from,
    ignore_option,
    jobs_option,
    list_formats,
    no_progress_option,
    profile_option,
    select_option,
)
from reqlint.cli.settings import given_settings
from reqlint.core.findings import SEVERITIES
from reqlint.knowledge.evidence import STATUSES

_KINDS = ("auto", "request", "batch", "finetune", "cassette", "har", "nock", "exchange", "tools", "schema")


_HELP = """\
Check requests in files and folders; - reads standard input.

Standard input and named files may also hold curl commands, Python literals or lines of a log. These are not edited.

Exit codes: 0 no findings at or above --fail-on, 1 findings or an unreadable input, 2 usage or internal error,
3 nothing to check."""


@click.command(cls=StrictCommand, help=_HELP)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@profile_option
@select_option
@ignore_option
@click.option(
    "--output-format",
    "formats",
    multiple=True,
    envvar="REQLINT_OUTPUT_FORMAT",
    metavar="FORMAT[:FILE]",
    shell_complete=formats_from,
    help=f"Output format: {list_formats()}. Can be repeated, with a file for each.",
)
@click.option(
    "--fail-on",
    type=OneOf(SEVERITIES),
    default="error",
    show_default=True,
    help="Lowest severity that makes the exit code 1.",
)
@click.option(
    "--fail-on-refusals",
    is_flag=True,
    help="Count errors in recorded requests that were refused. By default they explain the refusal.",
)
@click.option(
    "--evidence",
    type=OneOf(STATUSES),
    default=STATUSES[-1],
    show_default=True,
    help="Leave out findings whose evidence is thinner than this, and count them.",
)
@click.option(
    "--docs-url",
    metavar="URL",
    callback=address,
    help="Address of your own page about a rule, with {rule} for its name, for reports to link to.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with code 0 even if there are findings.")
@click.option("--allow-empty", is_flag=True, help="Exit with code 0 if there is nothing to check.")
@click.option(
    "--as",
    "kind",
    type=OneOf(_KINDS),
    default="auto",
    show_default=True,
    help="What the input files hold.",
)
@click.option(
    "--requests-only",
    is_flag=True,
    help="Skip named files that hold no request, for commit hooks. Implies --allow-empty and --force-exclude.",
)
@click.option("--fix", is_flag=True, help="Apply safe fixes and report the remaining findings.")
@click.option(
    "--unsafe-fixes",
    is_flag=True,
    help="With --fix, --diff or --show-fixes, include fixes that may change the meaning of a request.",
)
@click.option(
    "--diff",
    is_flag=True,
    help="Show the changes of --fix as a diff without writing them. Exit with code 1 if there are any.",
)
@click.option(
    "--show-fixes", is_flag=True, help="Show each safe fix below its finding, as a diff. For human output; see --diff."
)
@click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit with code 1 if anything was fixed.")
@click.option("--stdin-filename", metavar="NAME", help="File name for standard input. Its suffix sets the format.")
@click.option(
    "--max-per-rule",
    type=WholeNumber(min=0),
    default=3,
    show_default=True,
    help="Number of findings shown in full per rule and file. 0 shows all.",
)
@click.option(
    "--statistics",
    is_flag=True,
    help="Show the number of findings per rule instead of the findings. JSON output has both.",
)
@click.option("--show-values", is_flag=True, help="Show payload values in messages. Credentials stay hidden.")
@click.option(
    "--config", metavar="FILE", type=click.Path(), help="Configuration file to use instead of the nearest one."
)
@click.option("--isolated", is_flag=True, help="Ignore all configuration files and .gitignore files.")
@click.option("--baseline", metavar="FILE", type=click.Path(), help="Baseline file. Only findings not in it count.")
@click.option("--force-exclude", is_flag=True, help="Apply excludes to files named on the command line too.")
@click.option(
    "--show-settings", is_flag=True, help="Show the settings of each file and where they come from. Check nothing."
)
@color_option
@jobs_option(". Long JSONL files are split too")
@no_progress_option
@click.option("-q", "--quiet", is_flag=True, help="Show only findings, without the summary.")
@click.option("-v", "--verbose", count=True, help="Show more help and notes, and list skipped files.")
@click.option("--traceback", is_flag=True, hidden=True)
def check(baseline: str | None, **options: Any) -> None:
    """Run ``reqlint check``."""
    given = given_settings(click.get_current_context(), baseline)
    others = {name: value for name, value in options.items() if name in CheckOptions.__match_args__}
    sys.exit(run(CheckOptions(given=given, **others)))
