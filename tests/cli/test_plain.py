"""Command lines that are read without click mean what they mean to click."""

from contextlib import suppress
from typing import Any

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint.cli import check as module
from reqlint.cli import plain
from reqlint.cli.checking import CheckOptions
from reqlint.cli.group import cli
from reqlint.cli.plain import read_plain

PARAMETERS: dict[str, Any] = {name: each for each in module.check.params for name in each.opts}
WORDS = [
    *PARAMETERS, *plain.CHOICES["--color"], *plain.CHOICES["--fail-on"], "a.json", "b c.json", "-", "--", "", "3",
    "openai", "json", "json:out.json", "--profile=xai", "--fail-on=note", "--fail-on=x", "--color=", "--quiet=1", "-qv",
    "-popenai", "-p=x", "--qui", "--unknown", "*.json", "~/x", "$HOME", "-x", "-h", "--help", "check", "é.json",
    "a=b.json", "--config=x=y",
]  # fmt: skip


def read_with_click(arguments: list[str]) -> CheckOptions | None:
    """Return what click makes of a command line; None if it is a mistake, or asks for something else."""
    asked: list[CheckOptions] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "run", lambda options: asked.append(options) or 0)
        with suppress(click.ClickException, SystemExit):
            cli.main(arguments, prog_name="reqlint", standalone_mode=False)
    return asked[0] if asked else None


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=6))
def test_what_is_read_means_the_same_to_click(words: list[str]) -> None:
    """Whatever is read without click is read alike by click, and is no mistake."""
    read = read_plain(["check", *words])
    assert read is None or read == read_with_click(["check", *words])


@pytest.mark.parametrize("name", sorted({*plain.FLAGS, *plain.SETTINGS, *plain.FIELDS, plain.FORMAT}))
def test_every_option_is_read_alone(name: str) -> None:
    """Each option that is known is read without click, before the paths and after them, and alike."""
    values = [] if name in plain.FLAGS else [*plain.CHOICES.get(name, ("x", "json:x"))]
    for words in [[name, value] for value in values] or [[name]]:
        for line in (["check", *words, "a.json"], ["check", "a.json", "b.json", *words]):
            assert read_plain(line) is not None
            assert read_plain(line) == read_with_click(line)


def test_the_choices_are_those_that_click_knows() -> None:
    """An option with choices is read with all of them, and one without has none for click either."""
    for name in (*plain.SETTINGS, *plain.FIELDS, plain.FORMAT):
        kind = PARAMETERS[name].type
        assert tuple(getattr(kind, "choices", ())) == plain.CHOICES.get(name, ())


def test_no_option_is_read_twice_but_those_that_may_be() -> None:
    """An option with one value that is given again is left to click, which refuses it; a format and a flag are not."""
    for words in (["-p", "a", "--profile", "b"], ["--color", "auto", "--color", "auto"]):
        assert read_plain(["check", "x", *words]) is None
    for words in (["-q", "--quiet"], ["--output-format", "json", "--output-format=sarif:x"]):
        assert read_plain(["check", "x", *words]) == read_with_click(["check", "x", *words]) is not None


@pytest.mark.parametrize("variable", plain.VARIABLES)
def test_variables_are_left_to_click(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where click would read the environment, click is asked; the variables are all that it reads."""
    assert {each.envvar for each in PARAMETERS.values() if each.envvar} <= {*plain.VARIABLES}
    assert read_plain(["check", "x"]) is not None
    monkeypatch.setenv(variable, "1")
    assert read_plain(["check", "x"]) is None


def test_the_defaults_are_those_of_click() -> None:
    """A command line without options asks for the same either way, and every field comes from one of click's."""
    assert read_with_click(["check", "x"]) == read_plain(["check", "x"]) == CheckOptions(paths=("x",), given={})
    assert {*CheckOptions.__match_args__} - {each.name for each in module.check.params} == {"given"}
