"""The commands that show what is known: rules, profiles and schemas."""

import click

from reqlint.cli.terminal import echo_json, profile_option, width

_FORM_OPTION = click.option(
    "--output-format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True
)


@click.command()
@click.argument("rule_ids", nargs=-1, metavar="RULE...")
@click.option("--all", "every", is_flag=True, help="Every rule there is.")
@_FORM_OPTION
def explain(rule_ids: tuple[str, ...], every: bool, form: str) -> None:
    """Say what a rule finds, why it matters, what each API does, and how that is known."""
    from reqlint.pages import rule_as_json, rule_by_id, rule_markdown, rule_page
    from reqlint.rules import all_rules

    if not rule_ids and not every:
        raise click.UsageError("name a rule, or pass --all; reqlint rules lists them")
    rules = list(all_rules().values()) if every else [rule_by_id(rule_id) for rule_id in rule_ids]
    if form == "json":
        echo_json([rule_as_json(rule) for rule in rules])
    elif form == "markdown":
        click.echo("\n".join(f"# {rule.id}\n\n{rule_markdown(rule)}" for rule in rules), nl=False)
    else:
        click.echo("\n\n".join(rule_page(rule, width()) for rule in rules), nl=False)


@click.command()
@profile_option
@_FORM_OPTION
def rules(profile: str, form: str) -> None:
    """List the rules, with the severity each has under a profile."""
    from reqlint.pages import rule_as_json, rules_table
    from reqlint.profiles import load_profile
    from reqlint.rules import all_rules

    everyone = list(all_rules().values())
    if form == "json":
        echo_json([rule_as_json(rule) for rule in everyone])
    else:
        click.echo(rules_table(everyone, load_profile(profile), markdown=form == "markdown"), nl=False)


@click.command()
@click.argument("name", required=False)
@_FORM_OPTION
def profiles(name: str | None, form: str) -> None:
    """List the profiles, or show the parameter table and the error table of one."""
    from reqlint.pages import profile_as_json, profile_markdown, profile_page, profiles_table
    from reqlint.profiles import load_profile, profile_names

    if name is None:
        if form == "json":
            echo_json([profile_as_json(load_profile(each)) for each in profile_names()])
        else:
            click.echo(profiles_table(markdown=form == "markdown"), nl=False)
        return
    profile = load_profile(name)
    if form == "json":
        echo_json(profile_as_json(profile))
    else:
        click.echo(profile_markdown(profile) if form == "markdown" else profile_page(profile, width()), nl=False)


@click.command()
@click.argument("profile")
def schema(profile: str) -> None:
    """Print a profile's JSON Schema, self-contained, for editors and other tools."""
    from reqlint.profiles import load_profile

    echo_json(load_profile(profile).schema)
