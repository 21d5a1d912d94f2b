"""The commands that show rules, profiles and schemas."""

import sys

import click

from reqlint.cli.terminal import CLEAN, FOUND, echo_json, profile_option, width, write_page
from reqlint.knowledge.custom_folders import NO_CUSTOM, CustomFolders

_FORM_OPTION = click.option(
    "--output-format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Output format.",
)


def _custom() -> CustomFolders:
    """Return the custom rules and profiles in the configuration of this folder."""
    from reqlint.project.project import Project

    config = Project().config_of("here")
    return config.custom if config else NO_CUSTOM


def _rule_ids_from(_: click.Context, __: click.Parameter, typed: str) -> list[str]:
    from reqlint.knowledge.rule import all_rules

    return [rule for rule in all_rules() if rule.startswith(typed)]


def _names_from(_: click.Context, __: click.Parameter, typed: str) -> list[str]:
    from reqlint.knowledge.profile import profile_names

    return [name for name in profile_names() if name.startswith(typed)]


@click.command()
@click.argument("rule_ids", nargs=-1, metavar="RULE...", shell_complete=_rule_ids_from)
@click.option("--all", "every", is_flag=True, help="Explain all rules.")
@_FORM_OPTION
def explain(rule_ids: tuple[str, ...], every: bool, form: str) -> None:
    """Explain rules: what they find, why it matters, what each API does, and the evidence."""
    from reqlint.knowledge.rule import all_rules, rule_by_id
    from reqlint.pages.rules import rule_as_json, rule_markdown, rule_page

    if not rule_ids and not every:
        raise click.UsageError("name a rule, or pass --all; reqlint rules lists them")
    own = _custom()
    rules = list(all_rules(own).values()) if every else [rule_by_id(rule_id, own) for rule_id in rule_ids]
    if form == "json":
        echo_json([rule_as_json(rule, own) for rule in rules])
    elif form == "markdown":
        write_page("\n".join(f"# {rule.id}\n\n{rule_markdown(rule)}" for rule in rules))
    else:
        write_page("\n\n".join(rule_page(rule, width(), own) for rule in rules))


@click.command()
@profile_option
@click.option("--test", is_flag=True, help="Run the examples of custom rules. Exit with code 1 if one fails.")
@_FORM_OPTION
def rules(profile: str, test: bool, form: str) -> None:
    """List all rules, custom ones included, with their severity under a profile."""
    from reqlint.knowledge.profile import load_profile
    from reqlint.knowledge.rule import all_rules
    from reqlint.pages.rules import rule_as_json, rules_table

    own = _custom()
    if test:
        _test(own)
    everyone = list(all_rules(own).values())
    if form == "json":
        echo_json([rule_as_json(rule, own) for rule in everyone])
    else:
        table = rules_table(everyone, load_profile(profile, own), markdown=form == "markdown", own=own)
        write_page(table)


def _test(own: CustomFolders) -> None:
    """Run the examples of custom rules, print those that fail, and exit."""
    from reqlint.display.escaping import counted
    from reqlint.knowledge.rule import all_rules
    from reqlint.run.examples import broken_examples

    mine = [rule for rule_id, rule in all_rules(own).items() if rule_id not in all_rules()]
    if not mine:
        raise click.UsageError("this configuration has no custom rules")
    told = [said for rule in mine for said in broken_examples(rule, own)]
    for said in told:
        write_page(f"{said}\n")
    if not told:
        examples = sum(len(rule.examples) for rule in mine)
        click.echo(f"{counted(examples, 'example')} of {counted(len(mine), 'rule')} passed")
    sys.exit(FOUND if told else CLEAN)


@click.command()
@click.argument("name", required=False, shell_complete=_names_from)
@_FORM_OPTION
def profiles(name: str | None, form: str) -> None:
    """List the profiles, or show the parameters and errors of one."""
    from reqlint.knowledge.profile import load_profile, profile_names
    from reqlint.pages.profiles import profile_as_json, profile_markdown, profile_page, profiles_table

    own = _custom()
    if name is None:
        if form == "json":
            echo_json([profile_as_json(load_profile(each, own)) for each in profile_names(own)])
        else:
            write_page(profiles_table(markdown=form == "markdown", own=own))
        return
    profile = load_profile(name, own)
    if form == "json":
        echo_json(profile_as_json(profile))
    else:
        write_page(profile_markdown(profile, own) if form == "markdown" else profile_page(profile, width()))


@click.command()
@click.argument("profile", shell_complete=_names_from)
def schema(profile: str) -> None:
    """Print the JSON Schema of a profile, self-contained, for editors and other tools."""
    from reqlint.knowledge.profile import load_profile

    echo_json(load_profile(profile, _custom()).schema)
