"""What the site has beyond the files in docs/: pages of rules and profiles, made of their YAML files, with an index."""

import posixpath
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from properdocs.config.defaults import ProperDocsConfig
from properdocs.structure.files import File, Files
from properdocs.structure.pages import Page

from reqlint.core.findings import Severity
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.rule import Rule
from reqlint.pages.evidence import under_each_profile
from reqlint.pages.layout import write_table
from reqlint.pages.profiles import profile_markdown, profiles_table
from reqlint.pages.rules import rule_markdown, show_template

_LINK = re.compile(r"(?<=\]\()[^)\s#]+")
_RULE_FILE = re.compile(r"rules/[a-z]+/([a-z0-9-]+)\.yaml")
_PROFILE_FILE = re.compile(r"schemas/([a-z0-9.-]+)/profile\.yaml")


_ROOT = Path(__file__).parent.parent
_PLAYGROUND = _ROOT / "playground" / "dist"  # there if `python playground/build.py` made it


class Link(NamedTuple):
    """A page that another one leads to, by its address from the root of the site."""

    title: str
    url: str
    here: bool = False


def on_config(config: ProperDocsConfig) -> ProperDocsConfig:
    """Tell the theme whether there is a playground to link to."""
    config.extra["playground"] = _PLAYGROUND.is_dir()
    return config


def on_files(files: Files, *, config: ProperDocsConfig) -> Files:
    """Add the pages of rules and profiles, and the benchmarks' results, to *files*."""
    for path, text in (*rule_pages(), *profile_pages()):
        files.append(File.generated(config, path, content=text))
    results = (_ROOT / "benchmarks" / "RESULTS.md").read_text("utf-8")
    files.append(File.generated(config, "results.md", content=results))
    files.append(File.generated(config, "growth.svg", content=(_ROOT / "benchmarks" / "growth.svg").read_text("utf-8")))
    return files


def on_page_content(html: str, *, page: Page, config: ProperDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Prepare tables for narrow screens, where each cell stands below the heading of its column."""
    return re.sub(r"<table>.*?</table>", _prepared, html, flags=re.S)


def _prepared(table: re.Match[str]) -> str:
    heads = [re.sub(r"<[^>]+>", "", head) for head in re.findall(r"<th\b[^>]*>(.*?)</th>", table[0], re.S)]

    def row(found: re.Match[str]) -> str:
        label = iter(heads)
        return re.sub(r"<td(?=[ >])", lambda _: f'<td data-head="{next(label, "")}"', found[0])

    rows = re.sub(r"<tr>.*?</tr>", row, table[0], flags=re.S)
    colored = re.sub(r"(<td [^>]*)>(error|warning|note)</td>", r'\1 class="\2">\2</td>', rows)
    without = re.sub(r"(<td [^>]*)>–</td>", r'\1 class="none">–</td>', colored)
    return f'<div class="table">{without}</div>'


def on_page_context(context: dict[str, object], *, page: Page, **_: object) -> dict[str, object]:
    """Tell the theme which pages come before and after, and which stand beside one of a rule or a profile."""
    folder, _, name = page.url.partition("/")
    if name and name != "index.html" and folder in ("rules", "profiles"):
        names = _neighbours(folder, name.removesuffix(".html"))
        links = [Link(each, f"{folder}/{each}.html", f"{each}.html" == name) for each in names]
        at = next(number for number, link in enumerate(links) if link.here)
        context["beside"] = {"index": f"{folder}/index.html", "pages": links}
        context["earlier"] = links[at - 1] if at else None
        context["later"] = links[at + 1] if at + 1 < len(links) else None
    else:
        context["earlier"], context["later"] = page.previous_page, page.next_page
    return context


def on_post_build(*, config: ProperDocsConfig) -> None:
    """Put the playground beside the pages, if it was built."""
    if _PLAYGROUND.is_dir():
        shutil.copytree(_PLAYGROUND, Path(config.site_dir, "playground"), dirs_exist_ok=True)


def _neighbours(folder: str, name: str) -> Sequence[str]:
    """Return the names of the pages that stand in one list: the rules of a subject, or all profiles."""
    if folder == "profiles":
        return shipped().profile_names
    subject = shipped().rules[name].subject
    return [rule.id for rule in shipped().rules.values() if rule.subject == subject]


def on_page_markdown(markdown: str, *, page: Page, config: ProperDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Turn links to the rule book and to the YAML files of rules and profiles, which the site lacks, into pages."""
    folder = posixpath.dirname(page.file.src_uri)
    markdown = markdown.replace("<!-- figures -->", figures())

    def on_site(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join("docs", folder, link[0]))
        if target == "rules/README.md":
            target = "rules/index.md"
        elif target == "benchmarks/RESULTS.md":
            target = "results.md"
        elif rule := _RULE_FILE.fullmatch(target):
            target = f"rules/{rule[1]}.md"
        elif profile := _PROFILE_FILE.fullmatch(target):
            target = f"profiles/{profile[1]}.md"
        else:
            return link[0]
        return posixpath.relpath(target, folder or ".")

    return _LINK.sub(on_site, markdown)


def figures() -> str:
    """Return the first table of each question in the benchmarks' results, with the medians of the tools one knows."""
    known = (
        "Linter.check(dict) ",
        "reqlint ",
        "check-jsonschema",
        "jsonschema-rs, the",
        "jsonschema, the",
        "Sourcemeta",
    )
    parts = []
    results = (_ROOT / "benchmarks" / "RESULTS.md").read_text("utf-8")
    for question in re.split(r"^## ", results, flags=re.M)[1:]:
        title, _, rest = question.partition("\n")
        table = re.search(r"(?:`openai`: .*?)?^\|  \| median \|.*?\n\n", rest, re.M | re.S)
        rows = [row.split("|")[1:3] for row in table[0].splitlines() if row.startswith("| ")] if table else []
        found = [(tool, median) for tool, median in rows if f"{tool.strip()} ".startswith(known)]
        if found:
            lines = "".join(f"|{tool}|{median}|\n" for tool, median in found)
            parts.append(f"{title}\n\n| tool | median |\n|---|---:|\n{lines}")
    return "\n".join(parts)


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
    """Return the list of rules by subject, with links to their pages."""
    parts = [
        "# Rules\n\n"
        f"{len(shipped().rules)} rules, by what they look at. The numbers say under how many of the "
        f"{len(shipped().profile_names)} [profiles](../profiles/index.md) a rule is an error, a warning or a note; "
        "its page says under which. [Evidence and severities](../explanation.md) says how that is decided. "
        "The same pages are in the terminal: `reqlint explain RULE`."
    ]
    for subject in shipped().subjects:
        rows = [_row(rule) for rule in shipped().rules.values() if rule.subject == subject]
        head = ["rule", "what it finds", "errors", "warnings", "notes"]
        parts.append(f"## {subject}\n\n" + write_table(head, rows, markdown=True))
    return "\n\n".join(parts)


def _row(rule: Rule) -> list[str]:
    counts = Counter(severity for _, severity, _ in under_each_profile(rule, shipped()))
    numbers = [str(counts[severity] or "–") for severity in Severity]
    return [f"[`{rule.id}`]({rule.id}.md)", rule.summary, *numbers]


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
    if words := _words_of_servers(rule):
        parts.append("## What servers answer\n\nWords of the errors by which this mistake is known:\n\n" + words)
    if rule.help or rule.fix:
        parts.append("## What to do\n\n" + " ".join(_advice(rule)))
    if rule.related:
        parts.append("## See also\n\n" + "\n".join(f"- [{other}]({other}.md)" for other in rule.related))
    return "\n\n".join(parts) + "\n"


def _words_of_servers(rule: Rule) -> str:
    """Return the distinctive words of the errors that speak of a rule, each with the profiles that have it."""
    found: dict[str, list[str]] = {}
    for profile in shipped().profile_names:
        for text in shipped().answers(profile).get(rule.id, ()):
            found.setdefault(text, []).append(profile)
    return "\n".join(f"- `{text}` ({', '.join(profiles)})" for text, profiles in found.items())


def _advice(rule: Rule) -> list[str]:
    advice = [f"{(text := show_template(rule.help))[:1].upper()}{text[1:]}."] if rule.help else []
    if rule.fix:
        advice.append(f"`{'--fix' if rule.fix.safe else '--fix --unsafe-fixes'}` does it where the text shows how.")
    return advice
