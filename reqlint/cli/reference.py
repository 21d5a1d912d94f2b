"""The commands that show rules, profiles and schemas."""

import re
import sys

import click

from reqlint.cli import streams
from reqlint.cli.commands import OneOf, StrictCommand
from reqlint.cli.options import profiles_from
from reqlint.cli.terminal import CANNOT, CLEAN, FOUND, echo_json, width, write_page, write_stderr
from reqlint.core.errors import UnknownRule
from reqlint.knowledge.catalog import Catalog, shipped
from reqlint.knowledge.profile import DEFAULT_PROFILE
from reqlint.knowledge.rule import Rule

_FORM_OPTION = click.option(
    "--output-format",
    "form",
    type=OneOf(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Output format.",
)


def _catalog() -> Catalog:
    """Return the rules and profiles that are known in this folder, with those that its configuration names."""
    from reqlint.project.project import Project

    config = Project().config_of("here")
    return config.catalog if config else shipped()


def _columns() -> int | None:
    """Return how wide a table may be; None in a file or a pipe, where nothing wraps it."""
    return width() if streams.is_terminal(streams.stdout()) else None


def _rule_ids_from(_: click.Context, __: click.Parameter, typed: str) -> list[str]:
    return [rule for rule in shipped().rules if rule.startswith(typed)]


def _names_from(_: click.Context, __: click.Parameter, typed: str) -> list[str]:
    return [name for name in shipped().profile_names if name.startswith(typed)]


_EXPLAIN_HELP = """\
Explain rules: what they find, why it matters, what each API does, and the evidence.

In place of a rule's name, give what you have: what the server said, pasted whole or in words, its JSON error (- reads
it from standard input), a parameter such as tool_choice, or a pointer such as /messages/2/content. The rules behind it
are listed, the closest first; if only one can be meant, it is explained.

Exit codes: 0 found, 2 nothing known about it, or a usage or internal error."""


@click.command(cls=StrictCommand, help=_EXPLAIN_HELP)
@click.argument("rule_ids", nargs=-1, metavar="RULE|WORDS...", shell_complete=_rule_ids_from)
@click.option("--all", "every", is_flag=True, help="Explain all rules.")
@click.option(
    "-p",
    "--profile",
    "names",
    multiple=True,
    metavar="PROFILE",
    shell_complete=_names_from,
    help="Show what this API does, not what all do. Repeatable. reqlint profiles lists them.",
)
@_FORM_OPTION
def explain(rule_ids: tuple[str, ...], every: bool, names: tuple[str, ...], form: str) -> None:
    """Run ``reqlint explain``."""
    from reqlint.pages.rules import rule_as_json, rule_markdown, rule_page

    if not rule_ids and not every:
        raise click.UsageError("name a rule, a parameter or what the server said, or pass --all")
    catalog = _catalog()
    for name in names:
        catalog.profile(name)  # raises for an unknown name before any work is done
    if every:
        rules = list(catalog.rules.values())
    elif any(rule_id in catalog.rules for rule_id in rule_ids):
        rules = [catalog.rule(rule_id) for rule_id in rule_ids]
    else:
        found = _look_up(_question(rule_ids), catalog, names, form)
        if found is None:
            return
        rules = [found]
    if form == "json":
        echo_json([rule_as_json(rule, catalog, names) for rule in rules])
    elif form == "markdown":
        write_page("\n".join(f"# {rule.id}\n\n{rule_markdown(rule, catalog, names)}" for rule in rules))
    else:
        write_page("\n\n".join(rule_page(rule, catalog, width(), names) for rule in rules))


_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")  # of a rule, and nothing that servers or parameters are written like
_FILE = re.compile(r"\S*\.(jsonl?|ndjson|ya?ml|har|txt|log)")  # no key of a request is written like that
_MOST_READ = 1 << 20  # bytes of an error answer; a longer one is cut off


def _question(given: tuple[str, ...]) -> str:
    """Return what is asked for: the arguments as one text, or standard input."""
    if given != ("-",):
        if len(given) == 1 and _FILE.fullmatch(given[0]):
            raise click.UsageError(f"{given[0]} is the name of a file; reqlint explain - reads standard input")
        return " ".join(given)
    return streams.read_stdin().read(_MOST_READ).decode("utf-8-sig", "replace")


def _look_up(question: str, catalog: Catalog, names: tuple[str, ...], form: str) -> Rule | None:
    """Return the one rule that is meant; None if several are, which are printed. Exit if nothing is known."""
    from reqlint.pages.lookup import look_up, lookup_as_json, lookup_page

    unknown = UnknownRule(question, catalog.rules)
    if _ID.fullmatch(question):
        raise unknown
    lookup = look_up(question, catalog, names)
    if not lookup.found:
        if " " not in question.strip():
            raise unknown
        write_stderr("error: no rule is known for these words; reqlint rules WORD searches the texts of all rules")
        sys.exit(CANNOT)
    if lookup.is_clear:
        return lookup.found[0].rule
    if form == "json":
        echo_json(lookup_as_json(lookup, catalog, names))
    else:
        write_page(lookup_page(lookup, width()))
    return None


_RULES_HELP = """\
List rules, custom ones included, with their severity under a profile: all, or those that have every WORD in their name,
summary, message, reason or parameters, in any case.

Exit codes: 0 rules were listed, 1 no rule has the words or an example failed, 2 usage or internal error."""


@click.command(cls=StrictCommand, help=_RULES_HELP, short_help="List rules, or those whose texts have some words.")
@click.argument("words", nargs=-1, metavar="[WORD]...", shell_complete=_rule_ids_from)
@click.option(
    "-p",
    "--profile",
    metavar="PROFILE",
    shell_complete=profiles_from,
    help=f"Profile whose severities are shown. With WORD all APIs are by default, else {DEFAULT_PROFILE}.",
)
@click.option("--test", is_flag=True, help="Run the examples of custom rules. Exit with code 1 if one fails.")
@_FORM_OPTION
def rules(words: tuple[str, ...], profile: str | None, test: bool, form: str) -> None:
    """Run ``reqlint rules``."""
    from reqlint.pages.rules import rule_as_json, rules_table
    from reqlint.pages.search import rules_with

    catalog = _catalog()
    if test:
        if words:
            raise click.UsageError("--test runs the examples of all custom rules, so it cannot be combined with WORD.")
        _test(catalog)
    listed = rules_with(words, catalog)
    if form == "json":
        echo_json([rule_as_json(rule, catalog) for rule in listed])
    elif listed and words and profile is None and form == "text":
        from reqlint.pages.lookup import rules_page

        write_page(rules_page(listed, catalog, width()))
    elif listed:
        shown = catalog.profile(profile or DEFAULT_PROFILE)
        write_page(rules_table(listed, shown, markdown=form == "markdown", columns=_columns()))
    if not listed:
        write_stderr("error: no rule has all of these words; reqlint explain takes what a server said")
        sys.exit(FOUND)


def _test(catalog: Catalog) -> None:
    """Run the examples of custom rules, print those that fail, and exit."""
    from reqlint.display.escaping import counted
    from reqlint.run.examples import broken_examples

    mine = [rule for rule_id, rule in catalog.rules.items() if rule_id not in shipped().rules]
    if not mine:
        raise click.UsageError("this configuration has no custom rules")
    faults = [fault for rule in mine for fault in broken_examples(rule, catalog)]
    for fault in faults:
        write_page(f"{fault}\n")
    if not faults:
        examples = sum(len(rule.examples) for rule in mine)
        write_page(f"{counted(examples, 'example')} of {counted(len(mine), 'rule')} passed\n")
    sys.exit(FOUND if faults else CLEAN)


@click.command(cls=StrictCommand, help="List the profiles, or show the parameters and errors of one.")
@click.argument("name", required=False, shell_complete=_names_from)
@_FORM_OPTION
def profiles(name: str | None, form: str) -> None:
    """Run ``reqlint profiles``."""
    from reqlint.pages.profiles import profile_as_json, profile_markdown, profile_page, profiles_table

    catalog = _catalog()
    if name is None:
        if form == "json":
            echo_json([profile_as_json(catalog.profile(each)) for each in catalog.profile_names])
        else:
            write_page(profiles_table(catalog, markdown=form == "markdown", columns=_columns()))
        return
    profile = catalog.profile(name)
    if form == "json":
        echo_json(profile_as_json(profile))
    else:
        write_page(profile_markdown(profile, catalog) if form == "markdown" else profile_page(profile, width()))


@click.command(
    cls=StrictCommand, help="Print the self-contained JSON Schema of a profile, for editors and other tools."
)
@click.argument("profile", shell_complete=_names_from)
def schema(profile: str) -> None:
    """Run ``reqlint schema``."""
    echo_json(_catalog().profile(profile).schema)
