"""Printing tools in the form of one API, and on standard error what that form cannot hold."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reqlint.cli import streams
from reqlint.cli.terminal import CANNOT, CLEAN, FOUND, NOTHING, write_stderr

if TYPE_CHECKING:
    from reqlint.project.compat import ProjectCompat
    from reqlint.run.compat.writing import ToldChange

_MOST_TOOLS = 4  # that a line names


def write_tools_in(form: str, run: "ProjectCompat", named: Sequence[str], unheard: Sequence[tuple[str, str]]) -> int:
    """
    Print all tools that were found in a form; return the exit code.

    Args:
        form: whose.
        run: what was read.
        named: the sources that were named on the command line.
        unheard: those that could not be read, and why.
    """
    from reqlint.display.escaping import safe_json, sanitize
    from reqlint.run.compat.writing import TARGETS, write_in

    found = run.found()
    failed = [*unheard, *run.unwritable()]
    for name, why in dict.fromkeys(failed):
        write_stderr(f"error: cannot write the tools of {sanitize(name)}: {sanitize(why)}")
    if failed:
        return FOUND if unheard else CANNOT
    for name, why in run.passed_over():
        if name in named:
            write_stderr(f"error: {sanitize(name)} {sanitize(why)}")
    if not any(each.listed.tools for each in found):
        write_stderr("error: no tools to write")
        return NOTHING
    target = TARGETS[form]
    text, changes = write_in(target, found, run.prefix_of)
    streams.print_text(safe_json(text) + "\n")
    for change in changes:
        write_stderr(f"note: {_told(change, target.owner)}")
    return CLEAN


def _told(told: "ToldChange", owner: str) -> str:
    from reqlint.display.credentials import shorten
    from reqlint.display.escaping import sanitize

    names = [sanitize(shorten(name, 64, 48)) for name in told.tools[:_MOST_TOOLS]]
    more = len(told.tools) - len(names)
    listed = ", ".join(names) + (f" and {more:,} more" if more else "")
    return f"{_sentence(told, owner)}: {listed}"


def _sentence(told: "ToldChange", owner: str) -> str:
    from reqlint.display.credentials import shorten
    from reqlint.display.escaping import sanitize
    from reqlint.run.compat.writing import Change

    return {
        Change.MEMBER: f"{sanitize(shorten(told.member, 64, 48))} is left out, which tools of {owner} do not have",
        Change.STRICT: f"strict is left out, which means something else to {owner}",
        Change.LENIENT: f"strict is set to false, since {owner} makes optional properties required without it",
        Change.TOOL: f"left out, since only functions can be written as tools of {owner}",
        Change.SCHEMA: "a schema without properties is written where there was none",
        Change.TYPES: "types that Gemini writes in capitals are written as JSON Schema's",
        Change.NAME: "several tools have this name",
    }[told.change]
