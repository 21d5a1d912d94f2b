"""What all commands are made of: help that is not cut, options given once, and values that are chosen from a list."""

from collections.abc import Callable, Iterable
from typing import Any

import click

_LONGEST_SUMMARY = 200  # characters
_WHOLE_HYPHEN = "\u2011"  # one that no line is broken at


class _Formatter(click.HelpFormatter):
    """A formatter that breaks lines at blanks only, so that the options and files that a text names stay whole."""

    def write_text(self, text: str) -> None:
        super().write_text(text.replace("-", _WHOLE_HYPHEN))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        names = min(col_max, 2 * self.width // 5)  # of a narrow terminal, the texts get the larger part
        super().write_dl([(name, text.replace("-", _WHOLE_HYPHEN)) for name, text in rows], names, col_spacing)

    def write(self, string: str) -> None:
        super().write(string.replace(_WHOLE_HYPHEN, "-"))


class _Context(click.Context):
    """A call whose help is written by the formatter above."""

    formatter_class = _Formatter


class StrictCommand(click.Command):
    """A command of which each option with one value may be given once."""

    context_class = _Context

    def make_parser(self, ctx: click.Context) -> Any:
        """Return a parser that refuses an option with one value that is given again."""
        return _strict(super().make_parser(ctx), ctx)


class Group(click.Group):
    """A group of commands; its help shows their summaries whole."""

    context_class = _Context
    command_class = StrictCommand

    def make_parser(self, ctx: click.Context) -> Any:
        """Return a parser that refuses an option with one value that is given again."""
        return _strict(super().make_parser(ctx), ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the summaries of all commands."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            # NOTE: click cuts these sentences to what is left of one line.
            formatter.write_dl([(name, each.get_short_help_str(_LONGEST_SUMMARY)) for name, each in commands if each])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is named, or say which one was probably meant."""
        # A shell that asks for completions gets no error.
        is_name = bool(args) and not args[0].startswith("-") and not ctx.resilient_parsing
        if is_name and self.get_command(ctx, args[0]) is None:
            from reqlint.cli.mistakes import unknown_name

            raise click.UsageError(unknown_name("command", args[0], self.list_commands(ctx)), ctx)
        return super().resolve_command(ctx, args)


def _strict(parser: Any, ctx: click.Context) -> Any:
    """Return *parser*, changed so that it refuses an option with one value that is given again."""
    parse = parser.parse_args

    def parse_args(args: list[str]) -> Any:
        parsed = parse(args=args)
        given = [each for each in parsed[2] if isinstance(each, click.Option) and _takes_one(each)]
        if len(given) > len(set(given)) and not ctx.resilient_parsing:
            from reqlint.cli.mistakes import longest

            again = next(each for number, each in enumerate(given) if each in given[:number])
            count = given.count(again)
            raise click.UsageError(f"{longest(again)} was given {count} times; it takes one value", ctx)
        return parsed

    parser.parse_args = parse_args
    return parser


def _takes_one(option: click.Option) -> bool:
    """Return whether an option has one value; a flag that is given again says the same again."""
    return not (option.multiple or option.count or option.is_flag)


class OneOf(click.Choice[str]):
    """A value from a list; another one is answered with the list and what was probably meant."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """Return what is wrong with *value*."""
        from reqlint.cli.mistakes import not_one_of

        return not_one_of(str(value), self.choices)


class WholeNumber(click.IntRange):
    """A whole number in a range."""

    name = "whole number"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return what stands for the number in a help text."""
        return "N"


class Listing(click.Option):
    """An option whose help ends with the names it takes; they are looked up for the help only."""

    def __init__(self, *arguments: Any, names: Callable[[], Iterable[str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._names = names
        self._plain_help = self.help

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option and its help, with the names."""
        self.help = f"{self._plain_help} {', '.join(self._names())}."
        return super().get_help_record(ctx)
