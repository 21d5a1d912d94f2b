"""The page of ``--output-format html``: what it shows, how long it can get, and what no payload can do to it."""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from html.parser import HTMLParser

import pytest

from reqlint.core.findings import Related, Report, Severity
from reqlint.reporters import reporter
from reqlint.reporters.html.script import SCRIPT
from reqlint.reporters.html.selection import selected
from reqlint.reporters.html.style import STYLE
from reqlint.reporters.rendering import Rendering, RuleCard
from tests.reporters.test_reporters import HOSTILE, finding, marked, region, rendered, run, several
from tests.support.scratch import Scratch

pytestmark = pytest.mark.core

VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """A page as a browser reads it: its elements with their attributes, and the text in them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []  #: with the element that each stands in
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which must be the one."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append((self._open[-1] if self._open else "", data))

    def of(self, tag: str) -> list[str]:
        """Return the texts that stand directly in elements of a kind."""
        return [text for inside, text in self.texts if inside == tag]

    def count(self, tag: str) -> int:
        """Count the elements of a kind."""
        return sum(each == tag for each, _ in self.elements)


def test_a_finding_is_shown_with_its_line_and_what_is_marked() -> None:
    """The marked characters are in a mark, and so are those of the related place, on whatever line it is."""
    lines, (first, second) = marked('{"tools": [{"name": «"<b>"»},\n 0,\n {"name": «"<b>"»}]}')
    found = finding(second, related=(Related("first here", "/tools/0/name", "tools[0].name", first),), help="rename it")
    page = Page(run([found], lines, "html"))
    assert page.of("mark") == ['"<b>"', '"<b>"']
    assert [element for element in page.elements if element[0] == "mark"] == [
        ("mark", {"class": "other"}), ("mark", {"class": "mark"}),
    ]  # fmt: skip
    assert page.of("h4") == ["unknown field temprature"]
    assert page.of("dd") == ["first here", "rename it", "openai"]
    assert "".join(page.of("pre")) == '{"tools": [{"name": },\n\n {"name": }]}'


def test_only_our_script_and_style_may_run() -> None:
    """The policy names the hashes of the one script and the one style; nothing is loaded, nothing inline acts."""
    page = Page(run(several(), form="html"))
    [policy] = [a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "script-src": f"'sha256-{digest(page.of('script'))}'",
        "style-src": f"'sha256-{digest(page.of('style'))}'",
    }
    names = {name for _, attributes in page.elements for name in attributes}
    assert not {name for name in names if name.startswith("on")} | names & {"style", "src", "srcset", "action"}
    assert {a["href"][0] for _, a in page.elements if "href" in a} == {"#"}
    assert SCRIPT.isascii()
    assert STYLE.isascii()
    assert "innerHTML" not in SCRIPT


def digest(texts: list[str]) -> str:
    """Return the hash of the one text as a policy writes it."""
    [text] = texts
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@pytest.mark.parametrize("unicode", [True, False])
def test_no_payload_is_markup(unicode: bool) -> None:
    """A hostile text in every place gives the same elements with the same attributes as a harmless one."""

    def elements(text: str) -> list[tuple[str, list[str]]]:
        link = (Related(text, f"/{text}", text),)
        found = [
            finding(message=text, pointer=f"/{text}", custom_id=text, help=text, note=text, related=link, source=text,
                    rule=text, profile=text),
            finding(source="é.json", severity=Severity.NOTE),
        ]  # fmt: skip
        cards = {text: RuleCard(text, text, text, Severity.ERROR, text, docs_url="javascript:alert(1)")}
        output = run(found, form="html", unicode=unicode, rules=cards, notifications=(text,), version=text)
        assert unicode or output.isascii()
        return [(tag, sorted(attributes)) for tag, attributes in Page(output).elements]

    assert elements(f"{HOSTILE}</script></style>-->\"'><a href=x onclick=y>") == elements("harmless")


def test_a_line_is_no_markup_either() -> None:
    """Text of the file is shown, not read."""
    lines, (mark,) = marked('{"a": "</pre><script>alert(1)</script>", «"n"»: "<img src=x onerror=alert(1)>"}')
    page = Page(run([finding(mark)], lines, "html", show_values=True))
    assert (page.count("script"), page.count("img"), page.of("mark")) == (1, 0, ['"n"'])
    assert "<script>alert(1)" in "".join(page.of("pre"))


def test_the_page_of_a_large_report_is_short() -> None:
    """Of ten thousand findings a hundred of each rule are shown, the others counted, and few lines are read."""
    asked: list[int] = []

    def lines(_source: str, wanted: Iterable[int]) -> dict[int, str]:
        asked.extend(wanted)
        return {number: f'{{"n": {number}}}' for number in wanted}

    where = [region("\n" * number + "x", number, number + 1) for number in range(10)]
    many = [
        finding(where[number % 10], rule=f"rule-{number % 3}", source=f"{number // 4_000}.json", pointer=f"/{number}")
        for number in range(10_000)
    ]
    written: list[str] = []
    reporter("html")(Report(tuple(many), 3, 10_000), Rendering(lines=lines), written.append)
    page = Page("".join(written))
    assert page.count("article") == 300
    assert [text for text in page.of("p") if text.startswith("and ")] == [
        "and 3,234 more rule-0", "and 3,233 more rule-1", "and 3,233 more rule-2",
    ]  # fmt: skip
    assert sum(map(len, written)) < 500_000
    assert len(asked) < 600


def test_a_long_file_does_not_hide_the_others() -> None:
    """The first finding of a rule in each file comes before the second of any; the order stays."""
    found = [finding(source="long")] * 50 + [finding(source="short"), finding(rule="other", source="long")]
    assert selected(found, most=6, most_of_a_rule=3) == [0, 1, 50, 51]
    assert selected(found, most=1) == [0, 51]
    assert selected([]) == []


def test_the_picture_shows_where_in_a_long_file_a_rule_stands() -> None:
    """Each strip has a hundred ranges of lines; a range with findings has a cell that says which and how many."""

    def at(line: int, rule: str) -> object:
        return finding(region("\n" * (line - 1) + "x", line - 1, line), rule=rule, source="a.jsonl", document=line - 1)

    found = [at(1, "early"), at(10, "early"), at(11, "early"), at(995, "late")]
    report = Report(tuple(found), 1, 1_000)  # type: ignore[arg-type]
    page = Page(rendered(report, {}, "html"))
    assert [(a["class"], a["viewbox"]) for tag, a in page.elements if tag == "svg"] == [("error", "0 0 100 1")] * 2
    assert page.of("title")[1:] == [
        "lines 1 to 10: 2 findings",
        "lines 11 to 20: 1 finding",
        "lines 991 to 1,000: 1 finding",
    ]
    assert [a["x"] for tag, a in page.elements if tag == "rect"] == ["0", "1", "99"]
    short = Page(rendered(Report(tuple(found[:2]), 1, 2), {}, "html"))  # type: ignore[arg-type]
    assert short.count("svg") == 0


@pytest.mark.parametrize("last", [20, 21, 99, 100, 101, 137, 250, 1_003])
def test_every_line_is_in_the_range_that_names_it(last: int) -> None:
    """Whatever the number of lines, the ranges of a strip cover each line once, and a cell counts those it names."""
    found = [
        finding(region("\n" * (line - 1) + "x", line - 1, line), source="a.jsonl", document=line - 1)
        for line in range(1, last + 1)
    ]
    page = Page(rendered(Report(tuple(found), 1, last), {}, "html"))
    covered: Counter[int] = Counter()
    for title in page.of("title")[1:]:
        numbers = [int(number.replace(",", "")) for number in re.findall(r"[\d,]+", title)]
        low, high = numbers[0], numbers[-2]
        assert high - low + 1 == numbers[-1], title
        covered.update(range(low, high + 1))
    assert covered == Counter(range(1, last + 1))


def test_a_clean_run_has_a_page_too(scratch: Scratch) -> None:
    """It says what was covered, and has no script."""
    scratch.write("a.json", {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]})
    done = scratch.run("check", "-p", "openai", "a.json", "--output-format", "html")
    page = Page(done.out)
    assert (done.code, page.count("script"), page.count("article")) == (0, 0, 0)
    assert page.of("h1") == ["0 findings in a.json"]
    assert "No findings in 1 request (1 file)" in page.of("li")


def test_a_page_of_a_run_says_what_other_formats_say(scratch: Scratch) -> None:
    """Each finding of the JSON report is on the page, with its rule, place and message."""
    wrong = {"model": "gpt-4o", "messages": [{"role": "user", "content": None}], "temprature": 1, "n": 0}
    scratch.write("a.json", wrong)
    scratch.write("b.jsonl", [{"custom_id": "x", "method": "POST", "url": "/v1/chat/completions", "body": wrong}])
    scratch.run("check", "-p", "openai", ".", "--output-format", "html:out.html", "--output-format", "json:out.json")
    page = Page((scratch.folder / "out.html").read_text("utf-8"))
    findings = json.loads((scratch.folder / "out.json").read_text("utf-8"))["findings"]
    assert sorted(page.of("h4")) == sorted(each["message"] for each in findings)
    where = [text for text in page.of("p") if " · " in text]
    assert all(any(f"{each['rule']} · {each['file']}:" in text for text in where) for each in findings)
