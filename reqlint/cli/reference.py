"""The commands that show rules, profiles and schemas."""

import sys

import click

from reqlint.cli.terminal import CANNOT, CLEAN, FOUND, echo_json, profiles_from, width, write_page, write_stderr
from reqlint.core.errors import UnknownRule
from reqlint.knowledge.catalog import Catalog, shipped
from reqlint.knowledge.profile import DEFAULT_PROFILE
from reqlint.knowledge.rule import Rule

_FORM_OPTION = click.option(
    "--output-format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Output format.",
)


def _catalog() -> Catalog:
    """Return the rules and profiles that are known in this folder, with those that its configuration names."""
    from reqlint.project.project import Project

    config = Project().config_of("here")
    return config.catalog if config else shipped()


def _rule_ids_from(_: click.Context, __: click.Parameter, typed: str) -> list[str]:
    return [rule for rule in shipped().rules if rule.startswith(typed)]


def _names_from(_: click.Context, __: click.Parameter, typed: str) -> list[str]:
    return [name for name in shipped().profile_names if name.startswith(typed)]


@click.command(help="Explain rules: what they find, why it matters, what each API does, and the evidence.")
@click.argument("rule_ids", nargs=-1, metavar="RULE...", shell_complete=_rule_ids_from)
@click.option("--all", "every", is_flag=True, help="Explain all rules.")
@click.option(
    "-p",
    "--profile",
    "names",
    multiple=True,
    metavar="PROFILE",
    shell_complete=_names_from,
    help="Show what this API does, not what all do. Repeatable.",
)
@_FORM_OPTION
def explain(rule_ids: tuple[str, ...], every: bool, names: tuple[str, ...], form: str) -> None:
    """Run ``reqlint explain``."""
    from reqlint.pages.rules import rule_as_json, rule_markdown, rule_page

    if not rule_ids and not every:
        raise click.UsageError("name a rule, or pass --all; reqlint rules lists them")
    catalog = _catalog()
    rules = list(catalog.rules.values()) if every else [_rule(rule_id, catalog) for rule_id in rule_ids]
    if form == "json":
        echo_json([rule_as_json(rule, catalog, names) for rule in rules])
    elif form == "markdown":
        write_page("\n".join(f"# {rule.id}\n\n{rule_markdown(rule, catalog, names)}" for rule in rules))
    else:
        write_page("\n\n".join(rule_page(rule, catalog, width(), names) for rule in rules))


def _rule(named: str, catalog: Catalog) -> Rule:
    """Return the rule of this name; if there is none, say which rules are about these words."""
    try:
        return catalog.rule(named)
    except UnknownRule as unknown:
        from reqlint.pages.search import rules_about

        is_misspelled = unknown.suggestion is not None and " " not in named and "_" not in named
        about = [] if is_misspelled else rules_about(named, catalog)
        if not about:
            raise
        width_of_ids = max(len(rule.id) for rule in about)
        listed = "\n".join(f"  {rule.id:{width_of_ids}}  {rule.summary}" for rule in about)
        said, _, _ = str(unknown).partition(";")
        write_stderr(f"error: {said.removesuffix(', and none like it')}; rules about it:")
        write_stderr(listed)
        sys.exit(CANNOT)


@click.command(help="List all rules, custom ones included, with their severity under a profile.")
@click.option(
    "-p",
    "--profile",
    default=DEFAULT_PROFILE,
    show_default=True,
    shell_complete=profiles_from,
    help="Profile whose severities are shown.",
)
@click.option("--test", is_flag=True, help="Run the examples of custom rules. Exit with code 1 if one fails.")
@_FORM_OPTION
def rules(profile: str, test: bool, form: str) -> None:
    """Run ``reqlint rules``."""
    from reqlint.pages.rules import rule_as_json, rules_table

    catalog = _catalog()
    if test:
        _test(catalog)
    everyone = list(catalog.rules.values())
    if form == "json":
        echo_json([rule_as_json(rule, catalog) for rule in everyone])
    else:
        table = rules_table(everyone, catalog.profile(profile), markdown=form == "markdown")
        write_page(table)


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


@click.command(help="List the profiles, or show the parameters and errors of one.")
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
            write_page(profiles_table(catalog, markdown=form == "markdown"))
        return
    profile = catalog.profile(name)
    if form == "json":
        echo_json(profile_as_json(profile))
    else:
        write_page(profile_markdown(profile, catalog) if form == "markdown" else profile_page(profile, width()))


@click.command(help="Print the JSON Schema of a profile, self-contained, for editors and other tools.")
@click.argument("profile", shell_complete=_names_from)
def schema(profile: str) -> None:
    """Run ``reqlint schema``."""
    echo_json(_catalog().profile(profile).schema)
