"""The rule book: all rules on one Markdown page."""

from collections.abc import Callable

from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.rule import Rule
from reqlint.pages.evidence import under_each_profile
from reqlint.pages.layout import write_table


def rule_book() -> str:
    """Return the rules by subject, without what differs between profiles: a new profile leaves the page as it is."""
    rules = shipped().rules.values()
    intro = (
        "# The rule book\n\n"
        "Each rule is one YAML file in this folder. `reqlint explain RULE` shows its page, with what each API does\n"
        "and how that is known; `reqlint rules -p PROFILE` lists how grave each rule is under a profile, and the site\n"
        "has that of all profiles in one table. An error is a refusal that is documented or was observed, a warning\n"
        "is accepted but not as it reads (or refused on thinner evidence), a note is about portability or\n"
        "deprecation.\n\n"
        f"{len(rules)} rules, {sum(len(rule.examples) for rule in rules)} examples.\n\n"
    )
    return intro + _by_subject(lambda rule: f"{rule.subject}/{rule.id}.yaml", severities=False)


def rules_under_profiles(link: Callable[[Rule], str]) -> str:
    """Return the rules by subject, with the severity of each under every profile; *link* says where its page is."""
    return _by_subject(link, severities=True)


def _by_subject(link: Callable[[Rule], str], *, severities: bool) -> str:
    catalog = shipped()
    parts = []
    for subject in catalog.subjects:
        rows = [
            [
                f"[`{rule.id}`]({link(rule)})",
                *(known.severity or "–" for known in under_each_profile(rule, catalog) if severities),
                rule.summary,
            ]
            for rule in catalog.rules.values()
            if rule.subject == subject
        ]
        head = ["rule", *(catalog.profile_names if severities else ()), "what it finds"]
        parts.append(f"## {subject}\n\n" + write_table(head, rows, markdown=True))
    return "\n".join(parts)
