"""The command that writes a first configuration and prints a pre-commit hook."""

import os
from pathlib import Path

import click

from reqlint.cli.commands import StrictCommand
from reqlint.cli.options import profile_option
from reqlint.cli.terminal import end_orderly, write_page, write_stderr
from reqlint.text.atomic_write import Replacement, stamp_of

_SETTINGS = """\
# Settings of reqlint. A setting behind "# " is an example; remove the "# " to use it.
# File patterns are relative to the folder of this file.

# The API to judge by (reqlint profiles lists them); auto chooses it for each request, by host and model.
profile = "{profile}"

# Rules or groups of rules: only these are on, or these are off (reqlint rules lists them). One that is to be off for
# some findings only is a table with a reason, and with files, a pointer or a custom_id.
# select = ["shape", "messages", "tools"]
# ignore = [
#   "blank-line",
#   {{ rules = ["missing-field"], files = ["drafts/*.json"], reason = "the model is set when they are sent" }},
# ]

# Files and folders that are not looked at when a folder is searched.
# exclude = ["vendor/**", "*.generated.json"]

# The severity from which on a finding makes the exit code 1: error, warning or note.
# fail-on = "warning"

# Whether errors in recorded requests that were refused count. By default they explain the refusal.
# fail-on-refusals = true

# How firmly findings must be known: measured, documented, observed, inferred or disputed. Others are left out.
# evidence = "observed"

# The address of your own page about a rule, for reports to link to.
# docs-url = "https://docs.example/lint/{{rule}}"

# A file of findings that are accepted for now, so that only new ones count: reqlint baseline create
# baseline = "reqlint-baseline.json"

# Another severity for a rule in this project, or off.
# [{table}severity]
# blank-line = "warning"

# Other settings for some files.
# [[{table}per-file]]
# files = ["batches/**"]
# profile = "{other}"
# as = "batch"

# The models that names of your own stand for, such as those of deployments.
# [{table}models]
# "prod-assistant" = "gpt-5-mini"

# Files that are wrong on purpose: it is a finding when they become right.
# [[{table}expect]]
# files = ["tests/bad/*.json"]
# rules = ["missing-field"]
# reason = "what our own error messages are tested with"
"""

_HOOK = r"""
repos:
  - repo: local
    hooks:
      - id: reqlint
        name: reqlint
        entry: reqlint check --requests-only
        language: system
        files: (?i)\.(json|jsonl|ndjson|ya?ml|har|httprr)$
        types: [text]
        require_serial: true
""".lstrip()


_HELP = """\
Create a commented reqlint.toml in this folder, and print a pre-commit hook.

Existing files are never overwritten; the exit code is then 2."""


@click.command(cls=StrictCommand, help=_HELP)
@profile_option
@click.option("--pyproject", is_flag=True, help="Append [tool.reqlint] to pyproject.toml instead.")
@click.option("-q", "--quiet", is_flag=True, help="Do not print the pre-commit hook.")
@click.pass_context
def init(ctx: click.Context, /, profile: str, pyproject: bool, quiet: bool) -> None:
    """Run ``reqlint init``."""
    from reqlint.knowledge.catalog import shipped
    from reqlint.knowledge.profile_choice import AUTO

    end_orderly(ctx.call_on_close)
    if profile != AUTO:
        shipped().profile(profile)  # raises for an unknown name
    path = Path("pyproject.toml" if pyproject else "reqlint.toml")
    try:
        written = (_append if pyproject else _create)(path, profile)
    except OSError as failed:
        raise click.ClickException(
            f"cannot read {failed.filename or 'the folder'}: {(failed.strerror or '').lower()}"
        ) from failed
    write_stderr(f"wrote {written}")
    if not quiet:
        write_stderr("for pre-commit, this belongs in .pre-commit-config.yaml:\n")
        write_page(_HOOK)


def settings(profile: str, *, table: str = "") -> str:
    """Return the commented settings; *table* is the prefix of their table names."""
    return _SETTINGS.format(profile=profile, table=table, other="openai" if profile != "openai" else "dashscope")


def _create(path: Path, profile: str) -> str:
    if _has_settings(Path("pyproject.toml")):
        raise click.ClickException("pyproject.toml has [tool.reqlint] already; nothing was written")
    if os.path.lexists(path):  # a dangling link exists too
        raise click.ClickException(f"{path} already exists; nothing was written")
    with Replacement(path, new=True) as out:
        out.file.write(settings(profile).encode())
        out.commit()
    return str(path)


def _append(path: Path, profile: str) -> str:
    import tomllib

    if Path("reqlint.toml").exists():
        raise click.ClickException("reqlint.toml already exists; nothing was written")
    read = stamp_of(path)
    try:
        old = path.read_bytes()
    except FileNotFoundError:
        raise click.ClickException(f"there is no {path} here; without --pyproject, reqlint.toml is written") from None
    if _has_settings(path):
        raise click.ClickException(f"{path} has [tool.reqlint] already; nothing was written")
    end = "\r\n" if b"\r\n" in old else "\n"
    added = "[tool.reqlint]\n" + settings(profile, table="tool.reqlint.")
    gap = ("" if old.endswith(b"\n") or not old else "\n") + ("\n" if old else "")
    block = (gap + added).replace("\n", end).encode()
    try:
        tomllib.loads((old + block).decode("utf-8"))
    except ValueError:
        raise click.ClickException(
            f"{path}: no [tool.reqlint] table can be added, because tool is an inline table or not a table"
        ) from None
    with Replacement(path, expecting=read) as out:
        out.file.write(old + block)
        out.commit()
    return f"[tool.reqlint] into {path}"


def _has_settings(path: Path) -> bool:
    import tomllib

    try:
        tool = tomllib.loads(path.read_text("utf-8")).get("tool", {})
    except FileNotFoundError:
        return False
    except ValueError as unreadable:
        raise click.ClickException(f"{path} is not TOML: {unreadable}") from unreadable
    return isinstance(tool, dict) and "reqlint" in tool
