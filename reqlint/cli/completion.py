"""The command that prints what makes a shell complete commands, options, rules and profiles."""

import sys

import click
from click.shell_completion import ShellComplete, get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """
    Print the script that makes a shell complete reqlint's commands, options, rules, profiles and formats.

    bash: put  eval "$(reqlint completion bash)"  into ~/.bashrc; zsh: the same with zsh into ~/.zshrc, below compinit;
    fish: reqlint completion fish > ~/.config/fish/completions/reqlint.fish
    """
    from reqlint.cli import cli

    made = get_completion_class(shell)
    if made is None:
        raise click.ClickException(f"this click has no completion for {shell}")
    # NOTE: for bash, click's own `source` first runs whatever bash is on the path to ask for its version.
    sys.stdout.write(ShellComplete.source(made(cli, {}, "reqlint", "_REQLINT_COMPLETE")))
