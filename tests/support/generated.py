"""The generated Markdown pages and their content."""

import re
from pathlib import Path

from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.rule import Rule
from reqlint.pages.book import rule_book
from reqlint.pages.evidence import under_each_profile
from reqlint.pages.profiles import profile_markdown
from reqlint.pages.rules import rule_markdown, show_template

ROOT = Path(__file__).parents[2]
NOTICE = "<!-- Written by `python tests/regenerate.py`; edit the YAML it is made of. -->\n"


def pages() -> dict[Path, str]:
    """Return the content of every generated page, by path."""
    files = {
        ROOT / "rules" / "README.md": NOTICE + rule_book(),
        ROOT / "docs" / "rules" / "index.md": rule_index() + "\n" + NOTICE,
    }
    for name in shipped().profile_names:
        page = profile_markdown(shipped().profile(name), shipped())
        linked = re.sub(r"^(\| \w+ \| )`([a-z0-9-]+)` \|", r"\1[`\2`](../rules/\2.md) |", page, flags=re.M)
        files[ROOT / "docs" / "profiles" / f"{name}.md"] = NOTICE + linked
    for rule in shipped().rules.values():
        files[ROOT / "docs" / "rules" / f"{rule.id}.md"] = rule_reference(rule) + "\n" + NOTICE
    return files


def rule_index() -> str:
    """Return the rule book with links to the pages of rules instead of their YAML files."""
    _, _, rest = rule_book().partition("\n\n## ")
    count = len(shipped().rules)
    intro = (
        "# Rules\n\n"
        f"{count} rules, by what they look at. The columns say how grave a rule is under each profile; –\n"
        "is off. [Evidence and severities](../explanation.md) says how that is decided. The same pages are in the\n"
        "terminal: `reqlint explain RULE`."
    )
    return f"{intro}\n\n## " + re.sub(r"\]\([a-z]+/([a-z0-9-]+)\.yaml\)", r"](\1.md)", rest)


def rule_reference(rule: Rule) -> str:
    """Return the page of one rule."""
    parts = [
        f"# {rule.id}\n\n{rule.summary}. One of the rules on [{rule.subject}](index.md#{rule.subject}).",
        rule_markdown(rule, shipped()).rstrip(),
    ]
    claims = [(profile.name, evidence.says) for profile, _, evidence in under_each_profile(rule, shipped()) if evidence]
    quotes = [f"- {name}: {says}" for name, says in claims if says]
    if quotes:
        parts.append("## What was read\n\n" + "\n".join(quotes))
    if rule.help or rule.fix:
        parts.append("## What to do\n\n" + " ".join(_advice(rule)))
    if rule.related:
        parts.append("## See also\n\n" + "\n".join(f"- [{other}]({other}.md)" for other in rule.related))
    return "\n\n".join(parts) + "\n"


def _advice(rule: Rule) -> list[str]:
    advice = [f"{(text := show_template(rule.help))[:1].upper()}{text[1:]}."] if rule.help else []
    if rule.fix:
        advice.append(f"`{'--fix' if rule.fix.safe else '--fix --unsafe-fixes'}` does it where the text shows how.")
    return advice
