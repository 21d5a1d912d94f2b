"""What the site has beyond the files in docs/: pages of rules and profiles, made of their YAML files, with an index."""

import posixpath
import re
from collections.abc import Iterator

from properdocs.config.defaults import ProperDocsConfig
from properdocs.structure.files import File, Files
from properdocs.structure.pages import Page

from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.rule import Rule
from reqlint.pages.book import rules_under_profiles
from reqlint.pages.evidence import under_each_profile
from reqlint.pages.profiles import profile_markdown, profiles_table
from reqlint.pages.rules import rule_markdown, show_template

_LINK = re.compile(r"(?<=\]\()[^)\s#]+")
_RULE_FILE = re.compile(r"rules/[a-z]+/([a-z0-9-]+)\.yaml")
_PROFILE_FILE = re.compile(r"schemas/([a-z0-9.-]+)/profile\.yaml")


def on_files(files: Files, *, config: ProperDocsConfig) -> Files:
    """Add the pages of rules and profiles to *files*."""
    for path, text in (*rule_pages(), *profile_pages()):
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: ProperDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Turn links to the rule book and to the YAML files of rules and profiles, which the site lacks, into pages."""
    folder = posixpath.dirname(page.file.src_uri)

    def on_site(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join("docs", folder, link[0]))
        if target == "rules/README.md":
            target = "rules/index.md"
        elif rule := _RULE_FILE.fullmatch(target):
            target = f"rules/{rule[1]}.md"
        elif profile := _PROFILE_FILE.fullmatch(target):
            target = f"profiles/{profile[1]}.md"
        else:
            return link[0]
        return posixpath.relpath(target, folder or ".")

    return _LINK.sub(on_site, markdown)


def rule_pages() -> Iterator[tuple[str, str]]:
    """Yield the path below docs/ and the Markdown of each page about rules."""
    yield "rules/index.md", rule_index()
    for rule in shipped().rules.values():
        yield f"rules/{rule.id}.md", rule_reference(rule)


def profile_pages() -> Iterator[tuple[str, str]]:
    """Yield the path below docs/ and the Markdown of each page about profiles."""
    listed = re.sub(r"^\| ([^ |]+) (?=\| 2)", r"| [\1](\1.md) ", profiles_table(shipped(), markdown=True), flags=re.M)
    intro = "# Profiles\n\nEach profile is what is claimed about one API, with the page that was read and the day."
    yield "profiles/index.md", f"{intro}\n\n{listed}"
    for name in shipped().profile_names:
        page = profile_markdown(shipped().profile(name), shipped())
        linked = re.sub(r"^(\| \w+ \| )`([a-z0-9-]+)` \|", r"\1[`\2`](../rules/\2.md) |", page, flags=re.M)
        yield f"profiles/{name}.md", linked


def rule_index() -> str:
    """Return the list of rules, with the severity under each profile and links to their pages."""
    count = len(shipped().rules)
    intro = (
        "# Rules\n\n"
        f"{count} rules, by what they look at. The columns say how grave a rule is under each profile; –\n"
        "is off. [Evidence and severities](../explanation.md) says how that is decided. The same pages are in the\n"
        "terminal: `reqlint explain RULE`."
    )
    return f"{intro}\n\n" + rules_under_profiles(lambda rule: f"{rule.id}.md")


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
