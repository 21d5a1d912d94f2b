"""Shell completion, tested with the real shells where they are installed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reqlint.cli.group import COMMANDS
from reqlint.knowledge.catalog import shipped
from reqlint.reporters import FORMATS

Shell = Callable[..., str]


def present(name: str) -> pytest.MarkDecorator:
    """Return the mark that skips a test where a shell is missing."""
    return pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed here")


@pytest.fixture
def environment(tmp_path: Path, root: Path) -> dict[str, str]:
    """Return an environment in which `reqlint` is a command."""
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "reqlint"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reqlint "$@"\n')
    command.chmod(0o755)
    (tmp_path / "home").mkdir()
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(root), "HOME": str(tmp_path / "home"), "LC_ALL": "C.UTF-8"}


def said_by(words: list[str], environment: dict[str, str]) -> list[str]:
    """Return what reqlint answers to the bash script; the last of *words* is the one being typed."""
    run = subprocess.run(
        ["reqlint"],
        env={
            **environment,
            "_REQLINT_COMPLETE": "bash_complete",
            "COMP_WORDS": "\n".join(words),
            "COMP_CWORD": str(len(words) - 1),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout.split()


def plain(*names: str) -> list[str]:
    """Return names as the bash script receives them."""
    return [f"plain,{name}" for name in names]


def test_everything_with_a_name_is_completed(environment: dict[str, str]) -> None:
    """Commands, options, rules and groups (also behind a comma), profiles, formats, levels and files are completed."""
    assert said_by(["reqlint", ""], environment) == plain(*COMMANDS)
    assert said_by(["reqlint", "ch"], environment) == plain("check")
    assert said_by(["reqlint", "check", "--sta"], environment) == plain("--statistics")
    assert said_by(["reqlint", "split", "--g"], environment) == plain("--good")
    duplicates = [rule for rule in shipped().rules if rule.startswith("duplicate-")]
    assert len(duplicates) > 1
    assert said_by(["reqlint", "explain", "duplicate-"], environment) == plain(*duplicates)
    assert said_by(["reqlint", "check", "--ignore", ""], environment) == plain(*shipped().subjects, *shipped().rules)
    for option in ("--select", "--ignore"):
        begun = "tools,duplicate-"
        assert said_by(["reqlint", "check", option, begun], environment) == plain(*(f"tools,{d}" for d in duplicates))
    for command in ("check", "rules", "audit", "split", "init"):
        assert said_by(["reqlint", command, "-p", ""], environment) == plain(*shipped().profile_names, "auto")
    for command in ("profiles", "schema"):
        assert said_by(["reqlint", command, ""], environment) == plain(*shipped().profile_names)
    assert said_by(["reqlint", "check", "--output-format", ""], environment) == plain(*FORMATS)
    assert said_by(["reqlint", "check", "--fail-on", ""], environment) == plain("error", "warning", "note")
    assert said_by(["reqlint", "completion", ""], environment) == plain("bash", "zsh", "fish")
    assert said_by(["reqlint", "check", "a.j"], environment) == ["file,a.j"]
    assert said_by(["reqlint", "split", "a.j"], environment) == ["file,a.j"]


def test_a_mistake_on_the_line_is_no_noise(environment: dict[str, str]) -> None:
    """An unknown command or option on the line prints no error while somebody is typing."""
    assert said_by(["reqlint", "chekc", ""], environment) == plain(*COMMANDS)
    assert said_by(["reqlint", "check", "--no-such", "x", "--sta"], environment) == plain("--statistics")


def test_the_version_is_answered_before_anything_is_loaded(environment: dict[str, str]) -> None:
    """`reqlint --version` does not import click."""
    code = "import sys; from reqlint.__main__ import main; main(); assert 'click' not in sys.modules"
    run = subprocess.run(
        [sys.executable, "-c", code, "--version"], env=environment, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("reqlint ")


@present("bash")
def test_bash_completes(environment: dict[str, str]) -> None:
    """The function that the script registers in bash fills COMPREPLY."""
    script = """
        eval "$(reqlint completion bash)"
        complete -p reqlint
        COMP_WORDS=(reqlint explain duplicate-c) COMP_CWORD=2
        _reqlint_completion reqlint
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    run = subprocess.run(["bash", "--norc", "-c", script], env=environment, capture_output=True, text=True, check=False)
    registered, *found = run.stdout.splitlines()
    assert registered == "complete -o nosort -F _reqlint_completion reqlint"
    assert found == [rule for rule in shipped().rules if rule.startswith("duplicate-c")]
    assert run.stderr == ""


@present("zsh")
def test_zsh_completes(environment: dict[str, str]) -> None:
    """The function that the script registers in zsh passes names and their help to the completion system."""
    script = """
        compdef() { print "$@" }
        compadd() { print -l ${(P)argv[-1]} }
        _describe() { print -l ${(P)argv[-2]} }
        eval "$(reqlint completion zsh)"
        words=(reqlint explain duplicate-c) CURRENT=3
        _reqlint_completion
        words=(reqlint sp) CURRENT=2
        _reqlint_completion
    """
    run = subprocess.run(["zsh", "-f", "-c", script], env=environment, capture_output=True, text=True, check=False)
    registered, *found = run.stdout.splitlines()
    assert registered == "_reqlint_completion reqlint"
    assert found[:-1] == [rule for rule in shipped().rules if rule.startswith("duplicate-c")]
    assert found[-1].startswith("split:Write the lines")


@present("fish")
def test_fish_completes(environment: dict[str, str]) -> None:
    """Fish completes the names of rules."""
    script = 'reqlint completion fish | source; complete -C "reqlint explain duplicate-c"'
    run = subprocess.run(
        ["fish", "--no-config", "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert run.stdout.split() == [rule for rule in shipped().rules if rule.startswith("duplicate-c")]
