"""The rule book: all rules on one Markdown page."""

from collections.abc import Callable

from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.rule import Rule
from reqlint.pages.layout import write_table


def rule_book() -> str:
    """Return the rules by subject, without what differs between profiles: a new profile leaves the page as it is."""
    rules = shipped().rules.values()
    intro = (
        "# The rule book\n\n"
        "Each rule is one YAML file in this folder. `reqlint explain RULE` shows its page, with what each API does\n"
        "and how that is known; `reqlint rules -p PROFILE` lists how grave each rule is under a profile, and the site\n"
        "says so on the page of each rule. An error is a refusal that is documented or was observed, a warning\n"
        "is accepted but not as it reads (or refused on thinner evidence), a note is about portability or\n"
        "deprecation.\n\n"
        f"{len(rules)} rules, {sum(len(rule.examples) for rule in rules)} examples.\n\n"
    )
    return intro + _by_subject(lambda rule: f"{rule.subject}/{rule.id}.yaml")


def _by_subject(link: Callable[[Rule], str]) -> str:
    catalog = shipped()
    parts = []
    for subject in catalog.subjects:
        rows = [
            [f"[`{rule.id}`]({link(rule)})", rule.summary] for rule in catalog.rules.values() if rule.subject == subject
        ]
        parts.append(f"## {subject}\n\n" + write_table(["rule", "what it finds"], rows, markdown=True))
    return "\n".join(parts)
