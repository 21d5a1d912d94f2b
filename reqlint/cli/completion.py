"""The command that prints a shell's completion script."""

import sys

import click
from click.shell_completion import ShellComplete, get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """
    Print the completion script of a shell, for commands, options, rules, profiles and formats.

    \b
    bash: add  eval "$(reqlint completion bash)"  to ~/.bashrc
    zsh:  add  eval "$(reqlint completion zsh)"  to ~/.zshrc, below compinit
    fish: run  reqlint completion fish > ~/.config/fish/completions/reqlint.fish
    """  # noqa: D301 - click reads \b as "keep these lines"
    from reqlint.cli import cli

    kind = get_completion_class(shell)
    if kind is None:
        raise click.ClickException(f"this click has no completion for {shell}")
    # NOTE: click's `source` for bash runs the bash on the path to ask for its version; this one runs nothing.
    sys.stdout.write(ShellComplete.source(kind(cli, {}, "reqlint", "_REQLINT_COMPLETE")))
