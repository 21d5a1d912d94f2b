"""The options that several commands have."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reqlint.cli.commands import Listing, OneOf, WholeNumber
from reqlint.cli.terminal import COLORS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_Command = TypeVar("_Command", bound=Callable[..., Any])


def listed(_: click.Context, __: click.Parameter, given: Sequence[str]) -> tuple[str, ...]:
    """Return the names of an option that can be repeated and takes commas."""
    return tuple(name.strip() for text in given for name in text.split(",") if name.strip())


def address(_: click.Context, __: click.Parameter, given: str | None) -> str | None:
    """Return the address of --docs-url, which reports may show."""
    if given is None:
        return None
    from reqlint.project.docs_urls import fault_in_template  # few runs have one

    if fault := fault_in_template(given):
        raise click.BadParameter(f"it {fault}")
    return given


def profile_option(command: _Command) -> _Command:
    """Add the option --profile."""
    return click.option(
        "-p",
        "--profile",
        cls=Listing,
        names=lambda: profiles_from(None, None, "")[:-1],
        default="auto",
        show_default=True,
        metavar="PROFILE",
        shell_complete=profiles_from,
        help="Profile of the API to check against. auto chooses it for each request. Shipped:",
    )(command)


def human_or_json(command: _Command) -> _Command:
    """Add the option --output-format of a command that prints one result."""
    return click.option(
        "--output-format",
        "form",
        type=OneOf(["human", "json"]),
        default="human",
        show_default=True,
        help="Output format.",
    )(command)


def select_option(command: _Command) -> _Command:
    """Add the option --select."""
    return click.option(
        "--select",
        cls=Listing,
        names=_groups,
        multiple=True,
        callback=listed,
        metavar="RULE",
        shell_complete=rules_from,
        help="Check only these rules or groups. Repeatable, or separated by commas. Groups:",
    )(command)


def ignore_option(command: _Command) -> _Command:
    """Add the option --ignore."""
    return click.option(
        "--ignore",
        multiple=True,
        callback=listed,
        metavar="RULE",
        shell_complete=rules_from,
        help="Skip these rules or groups. Repeatable, or separated by commas.",
    )(command)


def _groups() -> Sequence[str]:
    """Return the groups of rules."""
    from reqlint.knowledge.catalog import shipped

    return list(shipped().subjects)


def profiles_from(_: click.Context | None, __: click.Parameter | None, typed: str) -> list[str]:
    """Return the profile names that start with what was typed."""
    from reqlint.knowledge.catalog import shipped

    return [name for name in (*shipped().profile_names, "auto") if name.startswith(typed)]


def rules_from(_: click.Context, __: click.Parameter, typed: str) -> list[str]:
    """Return the completions of a list of rule ids and group names; only the last one is incomplete."""
    from reqlint.knowledge.catalog import shipped

    before, comma, last = typed.rpartition(",")
    return [before + comma + name for name in (*shipped().subjects, *shipped().rules) if name.startswith(last)]


def formats_from(_: click.Context, __: click.Parameter, typed: str) -> "list[CompletionItem]":
    """Return the output formats that start with what was typed, with their descriptions."""
    from click.shell_completion import CompletionItem

    from reqlint.reporters import FORMATS

    return [CompletionItem(name, help=form.description) for name, form in FORMATS.items() if name.startswith(typed)]


def list_formats() -> str:
    """Return the names of the output formats for a help text."""
    from reqlint.reporters import FORMATS

    first, *others, last = FORMATS
    return f"{', '.join([f'{first} (default)', *others])} or {last}"


def color_option(command: _Command) -> _Command:
    """Add the option --color."""
    return click.option(
        "--color", type=OneOf(COLORS), default="auto", show_default=True, help="When to use color in the output."
    )(command)


def jobs_option(of_what: str = "") -> Callable[[_Command], _Command]:
    """Return what adds the option --jobs; *of_what* ends the first sentence of its help."""
    return click.option(
        "-j",
        "--jobs",
        type=WholeNumber(min=1),
        envvar="REQLINT_JOBS",
        metavar="N",
        help=f"Number of worker processes{of_what}. Default: CPU count.",
    )


def no_progress_option(command: _Command) -> _Command:
    """Add the option --no-progress."""
    return click.option("--no-progress", is_flag=True, help="Hide the progress bar.")(command)
