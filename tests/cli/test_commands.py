"""What all commands share: help that is whole, and mistakes in the arguments that are answered in one sentence."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from reqlint.cli.commands import Group, OneOf, StrictCommand, WholeNumber
from reqlint.cli.group import cli
from reqlint.cli.mistakes import sentence
from reqlint.knowledge.catalog import shipped


def commands(group: click.Group = cli, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its words, groups included."""
    yield name, group
    for each in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), each)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {each}".strip())
        else:
            yield f"{name} {each}".strip(), command


def test_every_command_is_made_of_these() -> None:
    """No command has click's own classes, whose help is cut and which take the last of several values silently."""
    for name, command in commands():
        assert isinstance(command, StrictCommand | Group), name
        for option in command.params:
            if isinstance(option, click.Option) and option.count:
                continue
            assert not isinstance(option.type, click.Choice) or isinstance(option.type, OneOf), (name, option.name)
            assert not isinstance(option.type, click.IntRange) or isinstance(option.type, WholeNumber), name


def mistake(*arguments: str) -> str:
    """Return what is said about a call, which must be refused."""
    with pytest.raises(click.UsageError) as refused:
        cli.main([*arguments], prog_name="reqlint", standalone_mode=False)
    return sentence(refused.value)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("check --profil openai x", 'no option "--profil"; did you mean "--profile"?'),
        ("completion --hlp", 'no option "--hlp"; did you mean "--help"?'),
        ("rules --zzz", 'no option "--zzz"; known: --help, --output-format, --profile, --test'),
        ("chek", 'no command "chek"; did you mean "check"?'),
        ("baseline creat", 'no command "creat"; did you mean "create"?'),
        ("check --color nevr x", '--color: there is no "nevr"; did you mean "never"? It takes auto, always or never'),
        ("completion", "Missing argument '{bash|zsh|fish}'. Choose from: bash, zsh, fish"),
        ("completion tcsh", 'SHELL: there is no "tcsh"; it takes bash, zsh or fish'),
        ("check -j x x", "--jobs: 'x' is not a valid whole number."),
        ("check -p openai --profile gemini x", "--profile was given 2 times; it takes one value"),
        ("check --color never --color never --color auto x", "--color was given 3 times; it takes one value"),
        ("compat --write mcp --write mcp x", "--write was given 2 times; it takes one value"),
        ("split --good a --bad b --good c x", "--good was given 2 times; it takes one value"),
    ],
)  # fmt: skip
def test_mistakes_name_what_would_be_right(arguments: str, said: str) -> None:
    """A name that does not exist is answered with the closest one, and an option given again with its name."""
    assert mistake(*arguments.split()) == said


def test_a_wrong_environment_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value from the environment is not blamed on the command line."""
    monkeypatch.setenv("REQLINT_JOBS", "none")
    assert mistake("check", "x").startswith("REQLINT_JOBS: ")


def test_a_mistake_is_safe_to_print() -> None:
    """Neither an unknown option nor a wrong value can act on the terminal."""
    for arguments in (["check", "--\x1b[2J", "x"], ["check", "--as", "\x1b[2Jbatch", "x"], ["\x1b[2J"]):
        assert mistake(*arguments).isprintable()


def test_options_that_may_be_repeated_are(tmp_path: Path) -> None:
    """Lists, counts and flags can be given several times."""
    (tmp_path / "x.json").write_text('{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}]}')
    arguments = ["check", "--select", "shape", "--select", "tools,files", "-v", "-v", "--isolated", "--isolated"]
    ran = CliRunner().invoke(cli, [*arguments, str(tmp_path / "x.json")])
    assert (ran.exit_code, ran.stderr) == (0, "")


@pytest.mark.parametrize("columns", [50, 80, 100])
def test_help_is_whole(columns: int) -> None:
    """Every summary and every text about an option is printed in full, broken at blanks and no wider than asked."""
    for name, command in commands():
        shown = CliRunner().invoke(cli, [*name.split(), "--help"], terminal_width=columns).output
        words = " ".join(shown.split())
        options = [each for each in command.params if isinstance(each, click.Option) and not each.hidden]
        texts = [option.help or "" for option in options]
        if isinstance(command, Group):
            listed = (
                command.get_command(click.Context(command), each)
                for each in command.list_commands(click.Context(command))
            )
            texts += [each.get_short_help_str(1000) for each in listed if each]
        for text in texts:
            assert " ".join(text.split()) in words, (name, text)
        too_wide = [line for line in shown.splitlines() if len(line) > columns and "|" not in line]
        assert too_wide == [] or name == "completion", (name, too_wide)
        assert not re.search(r"\w-\n", shown), name


def test_help_lists_the_values() -> None:
    """The names of profiles and the groups of rules stand in the help of the options that take them."""
    shown = " ".join(CliRunner().invoke(cli, ["check", "--help"]).output.split())
    assert f"Shipped: {', '.join(shipped().profile_names)}." in shown
    assert f"Groups: {', '.join(shipped().subjects)}." in shown
    assert "INTEGER RANGE" not in shown
