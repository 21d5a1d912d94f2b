"""The documentation holds together: it builds, its links lead somewhere, its commands and pictures are real."""

import html
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.evidence import Effect, Evidence, Status
from reqlint.pages.evidence import EFFECT_WORDS, source_of, under_each_profile
from tests.repository.test_readme import README
from tests.support.durations import untimed
from tests.support.generated import ROOT
from tests.support.screens import screens, text_runs
from tests.support.tutorial import TUTORIAL, play

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "rules" / "README.md", *sorted(DOCS.rglob("*.md"))]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site with the command from CONTRIBUTING.md and proxies that do not answer; return its folder."""
    command = re.search(r"^\.venv/bin/python (-m \w+ build .*)$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.M)
    assert command
    folder = tmp_path_factory.mktemp("site")
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    run = subprocess.run(
        [sys.executable, *command[1].split(), "--site-dir", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, **nowhere},
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return folder


def test_the_site_has_every_page(site: Path) -> None:
    """The strict build makes a page of every file in docs/ and of every rule and profile, and copies no program."""
    built = {path.relative_to(site).with_suffix(".md") for path in pages_of(site)}
    made = {Path("rules", f"{name}.md") for name in ("index", *shipped().rules)}
    made |= {Path("profiles", f"{name}.md") for name in ("index", *shipped().profile_names)}
    assert built == {path.relative_to(DOCS) for path in DOCS.rglob("*.md")} | made | {Path("results.md")}
    others = [path for path in site.rglob("*") if site / "playground" not in path.parents]
    assert not [path for path in others if path.match("*.py*") or path.match("*.txt")]


def pages_of(site: Path) -> list[Path]:
    """Return the pages of the theme; beside them the playground is there only if somebody built it."""
    others = {site / "404.html", site / "example-report.html"}
    return [path for path in site.rglob("*.html") if path not in others and site / "playground" not in path.parents]


def letters(text: str) -> str:
    """Return the letters and digits of *text*, which are the same in Markdown and in what is shown of it."""
    return re.sub(r"[\W_]+", "", text)


def test_the_page_of_a_rule_has_all_of_it(site: Path) -> None:
    """Each rule's page has its heading, its reason, what each API does and how that is known, and its examples."""
    for rule in shipped().rules.values():
        page = (site / "rules" / f"{rule.id}.html").read_text("utf-8")
        assert re.search(rf'<h1 id="{rule.id}">{rule.id}</h1>', page), rule.id
        assert letters(rule.why) in letters(html.unescape(re.sub(r"<[^>]+>", "", page))), rule.id
        rows = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.S) for row in re.findall(r"<tr>(.*?)</tr>", page, re.S)]
        for texts in (shipped().answers(profile).get(rule.id, ()) for profile in shipped().profile_names):
            assert all(f"<li><code>{html.escape(text, quote=False)}</code> (" in page for text in texts), rule.id
        found = {row[0]: (row[1:3], html.unescape(row[3])) for row in rows if len(row) == 4}
        known = [under for under in under_each_profile(rule, shipped()) if under.evidence]
        assert found.keys() == {under.profile.name for under in known}, rule.id
        for profile, severity, evidence in known:
            cells, citation = found[profile.name]
            source, read = source_of(evidence, profile)
            assert cells == [severity or "off", EFFECT_WORDS[evidence.effect]], rule.id
            assert evidence.status in citation, rule.id
            assert source in citation, rule.id
            assert read in citation, rule.id
        blocks = [html.unescape(block) for block in re.findall(r"<pre><code[^>]*>(.*?)</code></pre>", page, re.S)]
        examples = [text for example in rule.examples for text in (example.bad, example.good)]
        assert [block.rstrip("\n") for block in blocks] == [text.rstrip("\n") for text in examples], rule.id


def test_links_on_the_site_lead_to_its_pages(site: Path) -> None:
    """Links lead to files of the site; what leads to a rule's YAML file in the repository leads to its page."""
    linked = set()
    for path in pages_of(site):  # but for 404.html, whose links start at the root of a server
        for link in re.findall(r'<a\b[^>]*? href="([^"#]+)', path.read_text("utf-8")):
            if not re.match(r"[a-z]+:", link) and "playground/index.html" not in link:
                target = (path.parent / link).resolve()
                assert target.is_file(), f"{path.relative_to(site)}: {link}"
                assert target.is_relative_to(site), f"{path.relative_to(site)}: {link}"
                linked.add((path.relative_to(site).as_posix(), target.relative_to(site).as_posix()))
    assert ("html-report.html", "example-report.html") in linked
    assert ("index.html", "rules/index.html") in linked
    assert ("index.html", "profiles/openai.html") in linked
    assert ("profiles/index.html", "profiles/openai.html") in linked
    assert ("tutorial.html", "rules/out-of-range.html") in linked
    for rule in shipped().rules.values():
        assert ("rules/index.html", f"rules/{rule.id}.html") in linked
        for profile, severity, evidence in under_each_profile(rule, shipped()):
            if severity and evidence:
                assert (f"profiles/{profile.name}.html", f"rules/{rule.id}.html") in linked


def test_the_search_finds_a_rule_by_the_words_of_an_error(site: Path) -> None:
    """The index is a script, which a page from the disk may load; its addresses lead to parts of pages."""
    script = (site / "search_index.js").read_text("utf-8")
    assert script.startswith("window.searchIndex = [")
    rows = json.loads(script.partition("=")[2].rstrip().removesuffix(";"))
    assert {address.partition("#")[0] for _, _, address, _, _ in rows} == {
        path.relative_to(site).as_posix() for path in pages_of(site)
    }
    for _, title, address, heading, _ in rows:
        name, _, anchor = address.partition("#")
        assert bool(anchor) == bool(heading), address
        assert title, address
    page = (site / name).read_text("utf-8")
    assert f'id="{anchor}"' in page
    [address] = [row[2] for row in rows if "array schema missing items (openai" in row[4]]
    assert address == "rules/array-without-items.html#what-servers-answer"


def test_every_page_leads_on(site: Path) -> None:
    """The pages between the first and the last lead to the next; those of rules stay among their subject."""

    def beside(name: str) -> tuple[str, ...]:
        pager = re.search(r'<nav class="pager".*?</nav>', (site / name).read_text("utf-8"), re.S)
        assert pager, name
        return tuple(re.findall(r'href="([^"]*)"', pager[0]))

    assert beside("index.html") == ("tutorial.html",)
    assert beside("tutorial.html") == ("index.html", "playground.html")
    of_files = [rule.id for rule in shipped().rules.values() if rule.subject == "files"]
    assert beside(f"rules/{of_files[1]}.html") == (f"{of_files[0]}.html", f"{of_files[2]}.html")
    assert beside(f"rules/{of_files[-1]}.html") == (f"{of_files[-2]}.html",)


def test_every_cell_of_a_table_names_its_column(site: Path) -> None:
    """On a narrow screen a row is a list of cells, each with the heading of its column before it."""
    page = (site / "rules" / "index.html").read_text("utf-8")
    row = re.search(r"<tr>\s*<td.*?</tr>", page, re.S)
    assert row
    assert re.findall(r'data-head="([^"]*)"', row[0]) == ["rule", "what it finds", "errors", "warnings", "notes"]


def test_the_site_fetches_nothing_from_elsewhere(site: Path) -> None:
    """A reader's browser loads scripts, styles and pictures from the site alone."""
    for path in [*site.rglob("*.html"), *site.rglob("*.svg")]:
        text = path.read_text("utf-8")
        loaded = re.findall(r"<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=\"((?:https?:)?//[^\"]*)", text)
        if path.suffix == ".svg":
            loaded += re.findall(r"url\(.?(?:https?:)?//[^)]*", text)
        assert not loaded, path


@cache
def anchors(path: Path) -> frozenset[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.M | re.S)
    found: list[str] = []
    for heading in re.findall(r"^#{1,6} +(.*?) *$", text, re.M):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        kept = "".join(c for c in plain if c in "-_ " or unicodedata.category(c)[0] in "LNM")
        slug = kept.replace(" ", "-")
        found.append(f"{slug}-{found.count(slug)}" if slug in found else slug)
    return frozenset(found)


def test_every_link_leads_somewhere() -> None:
    """Each relative link in the Markdown pages leads to a file of the project, and its anchor to a heading there."""
    for page in PAGES:
        text = re.sub(r"^```.*?^```|`[^`\n]+`(?!\])", "", page.read_text("utf-8"), flags=re.M | re.S)
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", link):
                continue
            name, _, anchor = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            assert target.exists(), f"{page.relative_to(ROOT)}: {link}"
            assert target.is_relative_to(ROOT), f"{page.relative_to(ROOT)}: {link}"
            assert not anchor or anchor in anchors(target), f"{page.relative_to(ROOT)}: {link}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_name_a_page_imports_from_reqlint_exists(page: Path) -> None:
    """A snippet that needs Spark or Ray runs only where they are; its imports are seen everywhere."""
    for module, names in re.findall(r"^\s*from (reqlint[\w.]*) import \(?([\w, ]+)", page.read_text("utf-8"), re.M):
        found = importlib.util.find_spec(module)
        assert found, module
        assert found.origin, module
        source = Path(found.origin).read_text("utf-8")
        for name in re.findall(r"\w+", names):
            assert re.search(rf"\b{name}\b", source) or importlib.util.find_spec(f"{module}.{name}"), (module, name)


def test_the_tutorial_can_be_followed(tmp_path: Path) -> None:
    """Following the tutorial from the first file to the last command gives the output that it shows."""
    folder = tmp_path / "tutorial"
    folder.mkdir()
    text = TUTORIAL.read_text("utf-8")
    assert untimed(play(text, folder)) == untimed(text), "run python tests/fill_readme.py"


def test_pictures_show_what_runs_print() -> None:
    """Text, rows and colours of every picture are those of a run now; each picture is used on a page."""
    current = screens()
    assert set((DOCS / "screens").iterdir()) == set(current)
    pages = "".join(page.read_text("utf-8") for page in PAGES)
    assert all(f"](screens/{path.name})" in pages for path in current)
    for path, svg in current.items():
        shown = text_runs(path.read_text("utf-8"))
        assert shown, path
        assert shown == text_runs(svg), f"{path.name} is stale: run python tests/regenerate.py"


def test_severities_follow_as_the_explanation_says() -> None:
    """The table in the explanation is what the code computes for every effect and status."""
    _, _, rest = (DOCS / "explanation.md").read_text("utf-8").partition("## How severity follows\n\n")
    table = rest.partition("\n\n")[0].splitlines()
    head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    assert tuple(head[1:]) == get_args(Status)
    assert tuple(row[0] for row in rows) == get_args(Effect)
    for effect, *cells in rows:
        computed = [Evidence("*", effect, status, "2026-08-21").severity or "off" for status in head[1:]]
        assert cells == computed


def test_the_start_page_sets_up_as_the_readme_does() -> None:
    """The commands of the start page are commands of the README, which CI runs."""
    for block in re.findall(r"^```sh\n(.*?)^```$", (DOCS / "index.md").read_text("utf-8"), re.M | re.S):
        assert block in README


_INSTALLS = re.compile(r"(?:(?:pip3?|pipx|uv tool|uv pip) install|uvx --from|pipx run --spec) (?:-\S+ )*([^\s`]+)")
_OURS = re.compile(r"\.(\[[a-z,]+\])?|git\+<this|(benchmarks|docs)/requirements\.txt")
_WARNING = re.compile(r"Not `pip install reqlint`(\*\*)?: on PyPI that is an unrelated")


def named_by(line: str) -> list[str]:
    """Return what a line of a page, a program or a workflow tells to install."""
    return [found.rstrip(")").strip("\"'") for found in _INSTALLS.findall(line)]


def test_only_ours_is_installed() -> None:
    """Each line that installs something takes it from the checkout or the repository, because the names are others'."""
    assert named_by("pip install -q -e '.[test]' && pipx run --spec reqlint check") == [".[test]", "reqlint"]
    files = [*PAGES, ROOT / "action.yml", ROOT / "fuzz" / "README.md", *sorted((ROOT / "reqlint").rglob("*.py"))]
    seen = 0
    for page in files:
        for line in page.read_text("utf-8").splitlines():
            if _WARNING.search(line) or '"$ACTION_PATH"' in line:
                continue
            names = named_by(line)
            seen += len(names)
            assert all(_OURS.fullmatch(name) for name in names), (page.name, line)
    assert seen > 10


def test_the_site_is_built_of_the_same_everywhere() -> None:
    """docs/requirements.txt asks for reqlint, and besides for a part of the test extra, with the same versions."""
    asked = {line for line in (DOCS / "requirements.txt").read_text("utf-8").splitlines() if not line.startswith("#")}
    assert "-e ." in asked
    asked.remove("-e .")
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]["test"]
    assert asked
    assert asked <= set(extra)
