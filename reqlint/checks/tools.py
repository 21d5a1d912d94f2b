"""Whether the offered tools have distinct names, and the chosen one is among them."""

from collections.abc import Iterator

from reqlint.checks import Facts, Request, check
from reqlint.core.findings import Hit, Link, Severity
from reqlint.core.pointer import Place, item_path
from reqlint.dialects.vocabulary import Dialect


@check
def duplicate_tool_name(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the name of every function that has the same name as an earlier one."""
    first: dict[str, Place] = {}
    for tool in dialect.tools(request):
        if tool.name is None:
            continue
        if tool.name in first:
            link = Link(first[tool.name], "first declared here")
            names = {"name": item_path(tool.name_place), "first": item_path(link.place)}
            yield Hit(tool.name_place, facts={**names, "value": tool.name}, related=(link,))
        else:
            first[tool.name] = tool.name_place


@check
def undeclared_tool_choice(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find the name of a chosen tool that the request does not offer.

    It is a warning in a list of the tools that are allowed, where no refusal is known of. Some servers look for it only
    if there are tools at all.
    """
    choices = [*dialect.chosen(request)]
    declared = dialect.declared(request) if choices else None
    if not declared and "choice-unread-without-tools" in facts:
        return
    if declared is not None and "type-of-tool-unread" in facts:
        declared = frozenset(("function", tool.name or "") for tool in dialect.tools(request))
    for choice in choices if declared is not None else ():
        if choice.kind == "hosted" and "hosted-choice-unread" in facts:
            continue
        if (choice.kind, choice.name) not in declared:  # type: ignore[operator]  # asked in the line above
            from difflib import get_close_matches  # slow to import, and needed only for a finding

            close = get_close_matches(choice.name, [name for _, name in declared or ()])
            shown = {"name": choice.name, **({"suggestion": close[0]} if close else {})}
            yield Hit(choice.place, facts=shown, severity=Severity.WARNING if "tools" in choice.place else None)
