"""What is wrong with the arguments of a call, in one sentence that names what would be right."""

from collections.abc import Iterable, Sequence

import click
from click.core import ParameterSource

from reqlint.core.errors import UnknownName
from reqlint.display.escaping import sanitize
from reqlint.display.messages import join_words


def sentence(mistake: click.UsageError) -> str:
    """Return what *mistake* says, with names and values of the user's made safe to print."""
    if isinstance(mistake, click.NoSuchOption):
        options = mistake.ctx.command.get_params(mistake.ctx) if mistake.ctx else ()
        names = [name for each in options for name in (*each.opts, *each.secondary_opts) if name.startswith("--")]
        return unknown_name("option", mistake.option_name, names)
    if isinstance(mistake, click.BadParameter) and not isinstance(mistake, click.MissingParameter):
        return f"{_source(mistake)}: {sanitize(mistake.message)}"
    if isinstance(mistake, click.MissingParameter | click.exceptions.NoArgsIsHelpError):
        # It quotes no argument; values that it could be stand on lines of their own, behind tabs.
        return mistake.format_message().replace("\n\t", " ")
    return sanitize(mistake.format_message())


def _source(mistake: click.BadParameter) -> str:
    """Return the option, argument or environment variable that a wrong value came from."""
    param, ctx = mistake.param, mistake.ctx
    if param is None:
        return "the value"
    if param.envvar and ctx and ctx.get_parameter_source(param.name or "") is ParameterSource.ENVIRONMENT:
        return str(param.envvar)
    return longest(param)


def unknown_name(kind: str, name: str, known: Iterable[str]) -> str:
    """Return that there is nothing of this *name*, and what was probably meant."""
    unknown = UnknownName(name, known)
    unknown.kind = kind
    return str(unknown)


def not_one_of(value: str, known: Sequence[str]) -> str:
    """Return that *value* is none of the *known* ones, and which of them was probably meant."""
    meant = UnknownName(value, known).suggestion if len(value) <= _LONGEST else None
    hint = f'; did you mean "{meant}"? It takes' if meant else "; it takes"
    return f'there is no "{sanitize(value[:_LONGEST])}"{hint} {join_words(known, "or")}'


_LONGEST = 200  # characters of a wrong value that are repeated


def longest(option: click.Parameter) -> str:
    """Return the long name of an option, or what stands for an argument in the usage."""
    return max(option.opts, key=len) if isinstance(option, click.Option) else option.human_readable_name
