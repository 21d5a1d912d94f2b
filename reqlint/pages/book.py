"""The rule book: all rules on one Markdown page."""

from reqlint.knowledge.catalog import Catalog, shipped
from reqlint.pages.evidence import under_each_profile
from reqlint.pages.layout import write_table


def rule_book() -> str:
    """Return the rules by subject, with the severity of each under every profile."""
    catalog = shipped()
    names = catalog.profile_names
    rules = catalog.rules.values()
    parts = [
        "# The rule book\n\n"
        "Each rule is one YAML file in this folder; `reqlint explain RULE` shows its page. The columns say how\n"
        "grave a rule is under each profile: an error is a refusal that is documented or was observed, a warning is\n"
        "accepted but not as it reads (or refused on thinner evidence), a note is about portability or deprecation,\n"
        "– is off.\n\n"
        f"{len(rules)} rules, {sum(len(rule.examples) for rule in rules)} examples, "
        f"{_pieces_of_evidence(catalog)} pieces of evidence.\n"
    ]
    for subject in catalog.subjects:
        rows = [
            [
                f"[`{rule.id}`]({subject}/{rule.id}.yaml)",
                *(known.severity or "–" for known in under_each_profile(rule, catalog)),
                rule.summary,
            ]
            for rule in rules
            if rule.subject == subject
        ]
        parts.append(f"## {subject}\n\n" + write_table(["rule", *names, "what it finds"], rows, markdown=True))
    return "\n".join(parts)


def _pieces_of_evidence(catalog: Catalog) -> int:
    """Return how many claims there are; one that a profile takes from another counts once."""
    return sum(len(rule.evidence) for rule in catalog.rules.values()) + sum(
        entry.profile == name
        for name in catalog.profile_names
        for entries in (catalog.profile(name).evidence or {}).values()
        for entry in entries
    )
