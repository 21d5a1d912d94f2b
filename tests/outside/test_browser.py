"""What a real browser makes of our pages: the HTML report, the site's search, and the playground."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reqlint.knowledge.catalog import shipped
from tests.support.browser import CHROMIUM, Browser, Tab, browser, served
from tests.support.generated import ROOT
from tests.support.scratch import Scratch

pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; Debian's package chromium brings one"),
]

HOSTILE = "</script></pre><img src=x onerror=document.title='acted'><script>document.title='acted'</script>"
NARROW = 390  # the width of a telephone


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Start one browser for all tests."""
    with browser(tmp_path_factory.mktemp("profile")) as started:
        yield started


def fits(tab: Tab) -> bool:
    """Whether nothing is wider than the screen."""
    return bool(tab.value("document.documentElement.scrollWidth <= innerWidth"))


def test_a_report_filters_and_lets_no_payload_act(chromium: Browser, scratch: Scratch) -> None:
    """Our script runs, in spite of the policy; nothing of a hostile batch file does; counts follow the filters."""
    bodies = [
        {"model": "gpt-4o", "messages": [{"role": HOSTILE, "content": None}], HOSTILE: number, "n": 0}
        for number in range(30)
    ]
    lines = [{"custom_id": f"{HOSTILE}{n}", "method": "POST", "url": "/v1/chat/completions", "body": body}
             for n, body in enumerate(bodies)]  # fmt: skip
    scratch.write("batch.jsonl", lines)
    scratch.write("one.json", bodies[0])
    scratch.run("check", "-p", "openai", ".", "--show-values", "--output-format", "html:out.html")
    tab = chromium.open((scratch.folder / "out.html").as_uri(), NARROW)
    tab.until("!document.getElementById('bar').hidden")
    shown = "document.querySelectorAll('#list article:not([hidden])').length"
    total = tab.value(shown)
    assert total > 60
    assert tab.value("document.querySelectorAll('figure svg').length") >= 3
    assert tab.value("document.images.length") == 0
    assert "findings in 2 files" in tab.value("document.title")
    assert fits(tab)
    tab.value("document.getElementById('rule').selectedIndex = 1")
    tab.value("document.getElementById('bar').dispatchEvent(new Event('input'))")
    assert 0 < tab.value(shown) < total
    tab.value("document.querySelectorAll('#files a')[1].click()")
    assert tab.value("document.getElementById('group').value") == "file"
    assert tab.value("document.querySelectorAll('#list section').length") == 2
    assert tab.value(shown) == total
    assert tab.complaints() == []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "properdocs", "build", "--strict", "--site-dir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


def test_the_search_works_on_pages_from_the_disk(chromium: Browser, site: Path) -> None:
    """The words of a server's error lead to the rule, and a parameter to the rules about it, from any page."""
    tab = chromium.open((site / "profiles" / "openai.html").as_uri(), NARROW)
    assert fits(tab)

    def first(words: str) -> str:
        tab.value(f"query.value = {json.dumps(words)}")
        tab.value("query.dispatchEvent(new Event('input'))")
        tab.until("document.querySelector('#results a')")
        return str(tab.value("document.querySelector('#results a').href"))

    tab.value("query.focus()")
    tab.until("window.searchIndex")
    assert first("array schema missing items").startswith((site / "rules" / "array-without-items.html").as_uri())
    whole = "Error code: 400 - {'error': {'message': \"Invalid schema for function 'find_trains': In context=(), "
    whole += "array schema missing items.\", 'param': 'tools[0].function.parameters', 'code': None}}"
    assert first(whole).endswith("rules/array-without-items.html#what-servers-answer")
    assert "max-tokens" in first("max_tokens")
    tab.value("document.querySelector('#results a').click()")
    tab.until("location.pathname.includes('max-tokens') && document.readyState === 'complete'")
    assert tab.complaints() == []


def test_no_page_of_the_site_is_wider_than_a_telephone(chromium: Browser, site: Path) -> None:
    """Those with tables and long lines fit too; every twentieth of the pages of rules."""
    pages = [*site.glob("*.html"), *sorted((site / "rules").glob("*.html"))[::20], *(site / "profiles").glob("o*.html")]
    tab = chromium.open(pages[0].as_uri(), NARROW)
    wide = []
    for page in pages:
        tab.go(page.as_uri())
        wide += [] if fits(tab) else [page.name]
    assert wide == []


@pytest.fixture(scope="module")
def playground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Build the playground with the command of CONTRIBUTING.md, and serve it beside another server's folder."""
    if shutil.which("npm") is None:
        pytest.skip("no npm here, which brings Pyodide and the editor")
    folder = tmp_path_factory.mktemp("playground")
    built = subprocess.run(
        [sys.executable, str(ROOT / "playground" / "build.py"), str(folder / "playground")], cwd=folder,
        capture_output=True, text=True, env={**os.environ, "npm_config_fetch_retries": "0"}, check=False,
    )  # fmt: skip
    if "ENOTFOUND" in built.stderr or "No matching distribution" in built.stderr:
        pytest.skip("npm's registry or PyPI cannot be reached")
    assert built.returncode == 0, built.stderr
    with served(folder) as address:
        yield f"{address}playground/index.html"


def answered(tab: Tab, before: int = 0) -> None:
    """Wait for an answer after that of the number *before*, or for what went wrong."""
    tab.until(f"Number(document.body.dataset.answers) > {before} || document.querySelector('#status.failed')")
    assert tab.value("document.querySelector('#status').className") == "", tab.value(
        "document.querySelector('#status').innerText"
    )


IN_EDITOR = "document.getElementById('editor').shadowRoot"


def test_the_playground_judges_and_sends_nothing(chromium: Browser, playground: str, tmp_path: Path) -> None:
    """It marks, fixes, compares APIs and shares; hostile text is text; page and worker reach no other server."""
    tab = chromium.open(playground)
    answered(tab)
    status = tab.value("document.querySelector('#status').textContent")
    assert status == "5 findings in 1 request, by openai (model gpt-4o-mini)"
    assert tab.value(f"{IN_EDITOR}.querySelectorAll('.cm-lintRange-error').length") == 4
    assert tab.value("document.querySelectorAll('#profile option').length") == 1 + len(shipped().profile_names)
    loaded = tab.requested()

    before = tab.value("Number(document.body.dataset.answers)")
    tab.value("document.getElementById('fix').click()")
    answered(tab, before)
    assert '"max_tokens": 300' in tab.value(f"{IN_EDITOR}.querySelector('.cm-content').textContent")

    before = tab.value("Number(document.body.dataset.answers)")
    tab.value(f"{IN_EDITOR}.querySelector('.cm-content').focus()")
    tab.ask("Input.dispatchKeyEvent", type="rawKeyDown", key="a", code="KeyA", windowsVirtualKeyCode=65, modifiers=2)
    tab.type(json.dumps({"model": "gpt-4o", "messages": [{"role": HOSTILE, "content": "Hi"}], HOSTILE: 1}))
    answered(tab, before)
    assert "onerror" in tab.value("document.querySelector('#findings').textContent")
    assert tab.value("document.images.length") == 0

    before = tab.value("Number(document.body.dataset.answers)")
    tab.value(f"{IN_EDITOR}.querySelector('.cm-content').focus()")
    tab.ask("Input.dispatchKeyEvent", type="rawKeyDown", key="End", code="End", windowsVirtualKeyCode=35, modifiers=2)
    tab.type(', "half')
    answered(tab, before)
    tab.until("document.querySelector('#findings').textContent.includes('onerror')")  # though it is no JSON any more

    tab.value("document.getElementById('share').click()")
    tab.until("location.hash.length > 20")
    shared = tab.value("location.href")

    before = tab.value("Number(document.body.dataset.answers)")
    tab.value("example.value = 'tools of an MCP server'; example.dispatchEvent(new Event('change'))")
    answered(tab, before)
    tab.until("document.querySelectorAll('#compat tr').length > 20")
    cells = "[...document.querySelectorAll('#compat td[class]')].map((cell) => cell.className)"
    assert {"taken", "refused"} <= {*tab.value(cells)}

    with served(tmp_path) as other:
        wanted = f"fetch({json.dumps(other)}, {{method: 'POST', mode: 'no-cors', body: 'x'}})"
        sending = f"{wanted}.then(() => 'sent', () => 'refused')"
        assert tab.value(sending) == "refused"
        [worker] = tab.workers()
        assert tab.value(sending, worker) == "refused"
    home = playground.removesuffix("index.html")
    assert {url for url in tab.requested() - loaded if not url.startswith(("data:", "blob:", other))} == set()
    assert {url for url in loaded if not url.startswith((home, "blob:http://127.0.0.1:", "data:"))} == set()

    again = chromium.open(shared, NARROW)
    answered(again)
    assert "onerror" in again.value(f"{IN_EDITOR}.querySelector('.cm-content').textContent")
    assert fits(again)
    assert again.value("document.title").startswith("Playground · reqlint")


FRAGMENTS = """
import { packed, unpacked } from "./playground/src/sharing.js";
const state = { t: '{"a": "\\u00e9\\ud83d\\ude00"}', f: "a.json", p: "auto", c: true };
const there = await packed(state);
const bomb = await packed({ ...state, t: " ".repeat(30_000_000) });
const odd = await packed({ t: 1, f: [], p: null });
const cut = there.slice(0, -4);
const given = [there, "", "?", "AAAA", cut, odd, await packed([]), bomb, "A".repeat(300_000)];
const read = [];
for (const fragment of given) read.push(await unpacked(fragment));
const letters = /^[A-Za-z0-9_-]+$/.test(there);
console.log(JSON.stringify({ letters, bomb: bomb.length, same: read[0], others: read.slice(1), state }));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="no node here, which runs a script without a page")
def test_an_address_comes_from_anybody() -> None:
    """What was shared is read back; a fragment that is cut, odd, too long or unpacks to megabytes is no state."""
    run = ["node", "--input-type=module", "--eval", FRAGMENTS]
    told = json.loads(subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    assert told["letters"]
    assert told["same"] == told["state"]
    assert told["bomb"] < 200_000  # short enough to be read, so it is the unpacking that stops
    assert told["others"] == [None] * 8
