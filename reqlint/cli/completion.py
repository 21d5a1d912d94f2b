"""The command that prints a shell's completion script."""

import click
from click.shell_completion import ShellComplete, get_completion_class

from reqlint.cli import streams
from reqlint.cli.commands import OneOf, StrictCommand

SHELLS = ("bash", "zsh", "fish")


_HELP = """\
Print the completion script of a shell, for commands, options, rules, profiles and formats.

\b
bash: add  eval "$(reqlint completion bash)"  to ~/.bashrc
zsh:  add  eval "$(reqlint completion zsh)"  to ~/.zshrc, below compinit
fish: run  reqlint completion fish > ~/.config/fish/completions/reqlint.fish"""


@click.command(cls=StrictCommand, help=_HELP)
@click.argument("shell", type=OneOf(SHELLS))
def completion(shell: str) -> None:
    """Run ``reqlint completion``."""
    from reqlint.cli.group import cli

    kind = get_completion_class(shell)
    if kind is None:
        raise click.ClickException(f"this click has no completion for {shell}")
    # NOTE: click's `source` for bash runs the bash on the path to ask for its version; this one runs nothing.
    streams.print_text(ShellComplete.source(kind(cli, {}, "reqlint", "_REQLINT_COMPLETE")))
