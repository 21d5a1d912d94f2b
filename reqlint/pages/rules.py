"""The page of a rule and the list of rules, as `reqlint explain` and `reqlint rules` print them."""

from collections.abc import Sequence
from textwrap import indent
from typing import Any

from reqlint.knowledge.catalog import Catalog
from reqlint.knowledge.profile import DEFAULT_DIALECT, Profile
from reqlint.knowledge.rule import Example, Rule
from reqlint.pages.evidence import EFFECT_WORDS, cite, source_of, under_each_profile, under_profile
from reqlint.pages.layout import wrap, write_table


def rule_page(rule: Rule, catalog: Catalog, width: int = 100, profiles: Sequence[str] = ()) -> str:
    """Return a rule's page as text of *width* columns, with what is known under some *profiles*; all if empty."""
    parts = [f"{rule.id} ({rule.subject})", f"{rule.summary}.", wrap(rule.why, width), "What each API does"]
    known = [each for each in under_each_profile(rule, catalog, profiles) if each.evidence or each.severity]
    unknown = sorted({*(profiles or catalog.profile_names)} - {each.profile.name for each in known})
    widest = max([14, *(len(each.profile.name) for each in known)])
    margin = widest + 12
    for profile, severity, evidence in known:
        parts[-1] += f"\n  {profile.name:{widest}} {severity or 'off':8} "
        if evidence is None:
            parts[-1] += "set so by the profile"
            continue
        source, read = source_of(evidence, profile)
        parts[-1] += f"{EFFECT_WORDS[evidence.effect]} ({evidence.status}, read {read})"
        if evidence.says:
            parts[-1] += "\n" + wrap(evidence.says, width, margin)
        parts[-1] += f"\n{' ' * margin}{source}"
    if unknown:
        parts[-1] += "\n" + wrap(f"off, as nothing is known: {', '.join(unknown)}", width, 2)
    for example in rule.examples:
        parts.append(
            f"Wrong{_in_shape(example)}, with the place between « »\n" + indent(example.bad.rstrip("\n"), "  ")
        )
        parts.append("Right\n" + indent(example.good.rstrip("\n"), "  "))
    if rule.help:
        parts.append("What to do\n" + wrap(show_template(rule.help), width, 2))
    if rule.related:
        parts.append("See also " + ", ".join(rule.related))
    return "\n\n".join(parts) + "\n"


def rule_markdown(rule: Rule, catalog: Catalog, profiles: Sequence[str] = ()) -> str:
    """Return a rule's reason, evidence and examples as Markdown, for SARIF and the documentation."""
    lines = [rule.why, "", "| API | severity | what it does | how it is known |", "|---|---|---|---|"]
    for profile, severity, evidence in under_each_profile(rule, catalog, profiles):
        if evidence is None:
            continue
        effect = EFFECT_WORDS[evidence.effect]
        lines.append(f"| {profile.name} | {severity or 'off'} | {effect} | {cite(evidence, profile)} |")
    for example in rule.examples:
        lines += [
            "",
            f"Wrong{_in_shape(example)}:",
            "",
            f"```{example.form}",
            example.bad.rstrip("\n"),
            "```",
            "",
            "Right:",
            "",
        ]
        lines += [f"```{example.form}", example.good.rstrip("\n"), "```"]
    return "\n".join(lines) + "\n"


def _in_shape(example: Example) -> str:
    """Return the words that name the wire shape of an example, if it is none of chat."""
    return "" if example.dialect == DEFAULT_DIALECT else f" ({example.dialect})"


def rule_as_json(rule: Rule, catalog: Catalog, profiles: Sequence[str] = ()) -> dict[str, Any]:
    """Return everything known of a rule as JSON values, for `--output-format json`."""
    return {
        "id": rule.id,
        "subject": rule.subject,
        "summary": rule.summary,
        "why": rule.why,
        "message": rule.message,
        "help": rule.help,
        "related": list(rule.related),
        "profiles": {
            profile.name: {
                "severity": severity or "off",
                "effect": evidence.effect,
                "status": evidence.status,
                "source": source_of(evidence, profile)[0],
                "read": source_of(evidence, profile)[1],
                "says": evidence.says,
            }
            for profile, severity, evidence in under_each_profile(rule, catalog, profiles)
            if evidence
        },
        "examples": [
            {"bad": example.bad, "good": example.good, "form": example.form, "dialect": example.dialect}
            for example in rule.examples
        ],
    }


def rules_table(rules: Sequence[Rule], profile: Profile, *, markdown: bool = False, columns: int | None = None) -> str:
    """Return a table of *rules*: severity under *profile*, id, group, summary."""
    rows = [[under_profile(rule, profile).severity or "off", rule.id, rule.subject, rule.summary] for rule in rules]
    return write_table(["severity", "rule", "group", "what it finds"], rows, markdown=markdown, columns=columns)


def show_template(template: str) -> str:
    """Return a message or help template as text, its placeholders as ‹names›."""
    return template.replace("[", "").replace("]", "").replace("{", "‹").replace("}", "›")
