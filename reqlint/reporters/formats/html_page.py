"""One self-contained HTML page: counts, where in long files mistakes stand, and the findings by rule or by file."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from reqlint.core.findings import Finding, Region, Report, Severity
from reqlint.display.cached import escape, mask_path, sanitize
from reqlint.display.escaping import counted
from reqlint.display.excerpt import Look
from reqlint.display.shown import Shown, fill, join, literal, verbatim
from reqlint.reporters.coverage import closing
from reqlint.reporters.fix_remarks import option_of
from reqlint.reporters.html.marked_lines import marked_lines
from reqlint.reporters.html.picture import pictures
from reqlint.reporters.html.script import SCRIPT
from reqlint.reporters.html.selection import selected
from reqlint.reporters.html.style import STYLE
from reqlint.reporters.markup import escape_markup, in_ascii
from reqlint.reporters.rendering import Rendering, Write
from reqlint.reporters.rule_counts import RuleCount, rule_counts
from reqlint.reporters.shown_finding import ShownFinding

_MOST_FILES = 500  # rows of the table of files
_WIDEST = 160  # columns of a line that are shown
_BATCH = 64  # findings whose lines are read together
_ADDRESSES = ("https://", "http://")


def render(report: Report, rendering: Rendering, write: Write) -> None:
    """
    Write the page; findings that are suppressed are left out.

    Of each rule at most the first 100 findings are on it, and how many more there are, so that a browser opens the page
    of a batch file in which every line is wrong. No script but ours may run, and nothing is loaded.
    """
    put = write if rendering.unicode else lambda text: write(in_ascii(text))
    findings = [finding for finding in report if not finding.suppressed]
    counts = rule_counts(findings)
    files = Counter(finding.source for finding in findings)
    numbers = {source: number for number, source in enumerate(files)}
    for part in _head(report, findings, rendering):
        put(part)
    if findings:
        anchors = {count.rule: fill("r{}", number) for number, count in enumerate(counts)}
        gravest = {count.rule: count.severity for count in counts}
        drawn = join("", pictures(report, findings, anchors, gravest))
        if drawn:
            put(fill("<h2>Where they stand</h2>\n{}", drawn))
        put(_table_of_rules(counts))
        for part in _table_of_files(findings, files, numbers):
            put(part)
        if not rendering.statistics:
            put(_bar(counts, files))
            for part in _sections(findings, counts, numbers, rendering):
                put(part)
    for part in _end(report, findings, rendering):
        put(part)


def _head(report: Report, findings: Sequence[Finding], rendering: Rendering) -> Iterator[Shown]:
    sources = {finding.source for finding in findings} | set(rendering.read)
    names = [_file(source) for source in islice(sources, 2)]
    what = counted(len(findings), "finding") if findings or report.has_judged else literal("no requests")
    where = names[0] if len(names) == 1 else counted(max(report.files, len(sources)), "file")
    yield fill(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="{}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        "<title>{} in {} · reqlint</title>\n<style>{}</style>\n</head>\n<body>\n",
        _policy(), what, where, STYLE,
    )  # fmt: skip
    yield fill("<header>\n<h1>{} in {}</h1>\n", what, where)
    yield fill('<p class="dim">reqlint {}</p>\n', _text(rendering.version))
    by_severity = Counter(finding.severity for finding in findings)
    tiles = [
        *(
            (by_severity[each], fill("{}s" if by_severity[each] != 1 else "{}", each), fill("{}", each))
            for each in Severity
        ),
        (sum(finding.fix is not None for finding in findings), literal("fixable"), literal("")),
        (report.requests, literal("requests" if report.requests != 1 else "request"), literal("")),
        (report.files, literal("files" if report.files != 1 else "file"), literal("")),
    ]
    shown = (fill('<li class="{}"><b>{:,}</b>{}</li>', css, number, noun) for number, noun, css in tiles)
    yield fill('<ul class="tiles">{}</ul>\n</header>\n<main>\n', join("", shown))


def _policy() -> Shown:
    return fill(
        "default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'",
        _hash(SCRIPT), _hash(STYLE),
    )  # fmt: skip


def _hash(text: Shown) -> Shown:
    digest = base64.b64encode(hashlib.sha256(text.encode("ascii")).digest()).decode("ascii")
    return escape(verbatim(f"sha256-{digest}"))


def _table_of_rules(counts: Sequence[RuleCount]) -> Shown:
    rows = (
        fill(
            '<tr><td class="name"><a href="#r{}">{}</a></td><td class="{}">{}</td><td class="num">{:,}</td>'
            '<td class="num less">{:,}</td><td class="num less">{:,}</td></tr>\n',
            number,
            _text(count.rule),
            count.severity,
            count.severity,
            count.findings,
            count.documents,
            count.fixable,
        )
        for number, count in enumerate(counts)
    )
    return fill(
        '<h2>By rule</h2>\n<div class="wide"><table>\n<thead><tr><th>rule</th><th>severity</th><th class="num">findings'
        '</th><th class="num less">requests</th><th class="num less">fixable</th></tr></thead>\n<tbody>\n{}</tbody>'
        "</table></div>\n",
        join("", rows),
    )


def _table_of_files(
    findings: Sequence[Finding], files: Counter[str | None], numbers: Mapping[str | None, int]
) -> Iterator[Shown]:
    if len(files) == 1:
        name = _file(next(iter(files)))
        yield fill('<div id="files" hidden><span data-f="0">{}</span></div>\n', name)
        return
    by_severity = Counter((finding.source, finding.severity) for finding in findings)
    yield literal(
        '<h2>By file</h2>\n<div class="wide"><table id="files">\n<thead><tr><th>file</th><th class="num">errors</th>'
        '<th class="num">warnings</th><th class="num">notes</th></tr></thead>\n<tbody>\n'
    )
    for source in islice(files, _MOST_FILES):
        cells = (fill('<td class="num">{:,}</td>', by_severity[source, severity]) for severity in Severity)
        number, name = numbers[source], _file(source)
        yield fill('<tr><td class="name"><a href="#f{}" data-f="{}">{}</a></td>', number, number, name)
        yield fill("{}</tr>\n", join("", cells))
    yield literal("</tbody></table></div>\n")
    if len(files) > _MOST_FILES:
        yield fill('<p class="left">{} not listed.</p>\n', counted(len(files) - _MOST_FILES, "more file"))


def _bar(counts: Sequence[RuleCount], files: Iterable[str | None]) -> Shown:
    boxes = (
        fill('<label class="{0}"><input type="checkbox" value="{0}" checked> {0}s</label>\n', each) for each in Severity
    )
    rules = (fill('<option value="{}">{}</option>', number, _text(count.rule)) for number, count in enumerate(counts))
    shown = list(islice(files, _MOST_FILES))
    names = (fill('<option value="{}">{}</option>', number, _file(source)) for number, source in enumerate(shown))
    return fill(
        '<h2>Findings</h2>\n<div id="bar" role="search" hidden>\n{}'
        '<select id="group" aria-label="Group"><option value="rule">by rule</option><option value="file">by file'
        '</option></select>\n<select id="rule" aria-label="Rule"><option value="">every rule</option>{}</select>\n'
        '<select id="file" aria-label="File"{}><option value="">every file</option>{}</select>\n'
        '<input id="words" type="search" placeholder="words" aria-label="Words">\n'
        '<button id="reset" type="button">Show all</button> <span id="shown" role="status"></span>\n</div>\n'
        '<p id="none" hidden>No finding matches these filters.</p>\n<div id="list">\n',
        join("", boxes), join("", rules), literal(" hidden" if len(shown) == 1 else ""), join("", names),
    )  # fmt: skip


def _sections(
    findings: Sequence[Finding], counts: Sequence[RuleCount], numbers: Mapping[str | None, int], rendering: Rendering
) -> Iterator[Shown]:
    """Yield a section for each rule; the lines of the sources are read once, in the order in which they stand."""
    of_rule = {count.rule: number for number, count in enumerate(counts)}
    articles: dict[str, list[Shown]] = {count.rule: [] for count in counts}
    chosen = selected(findings)
    for start in range(0, len(chosen), _BATCH):
        batch = chosen[start : start + _BATCH]
        texts = _texts([findings[index] for index in batch], rendering)
        for index in batch:
            finding = findings[index]
            place = fill('data-r="{}" data-f="{}" data-i="{}"', of_rule[finding.rule], numbers[finding.source], index)
            articles[finding.rule].append(_article(finding, place, texts[finding.source], rendering))
    for number, count in enumerate(counts):
        yield _section_head(number, count, rendering)
        yield fill("<div>\n{}</div>\n", join("", articles[count.rule]))
        if left := count.findings - len(articles[count.rule]):
            yield fill('<p class="left">and {:,} more {}</p>\n', left, _text(count.rule))
        yield literal("</section>\n")
    yield literal("</div>\n")


def _texts(findings: Sequence[Finding], rendering: Rendering) -> Mapping[str | None, Mapping[int, str]]:
    wanted: dict[str | None, set[int]] = {}
    for finding in findings:
        lines = wanted.setdefault(finding.source, set())
        lines.update(region.line for region in _regions(finding))
    return {source: rendering.lines(source, sorted(lines)) if source else {} for source, lines in wanted.items()}


def _regions(finding: Finding) -> list[Region]:
    return [region for region in (finding.region, *(link.region for link in finding.related[:1])) if region]


def _section_head(number: int, count: RuleCount, rendering: Rendering) -> Shown:
    card = rendering.rules.get(count.rule)
    parts = [
        fill('<section id="r{}">\n<h3><span class="name">{}</span> ', number, _text(count.rule)),
        fill('<span class="chip {0}">{0}</span> <span class="dim">{1:,}</span></h3>\n', count.severity, count.findings),
    ]
    if card:
        why = " ".join(card.why.split())
        parts.append(fill("<p>{}. {}", _text(card.summary), _text(why)))
        if card.docs_url is not None and card.docs_url.startswith(_ADDRESSES):
            url = _text(card.docs_url)
            parts.append(fill(' <a href="{}" rel="noopener noreferrer">{}</a>', url, url))
        parts.append(literal("</p>\n"))
    return join("", parts)


def _article(finding: Finding, place: Shown, texts: Mapping[int, str], rendering: Rendering) -> Shown:
    shown = ShownFinding(finding)
    yaml = (finding.source or "").lower().endswith((".yaml", ".yml"))
    look = Look(_WIDEST, rendering.show_values, True, yaml)
    where = [shown.position]
    if shown.custom_id is not None:
        where.append(fill('custom_id "{}"', shown.custom_id))
    if finding.pointer:
        where.append(shown.pointer)
    remarks = [fill("<dt>{}</dt><dd>{}</dd>", label, escape_markup(text)) for label, text in _remarks(finding, shown)]
    return fill(
        '<article class="{0}" data-s="{0}" {1}>\n<h4>{2}</h4>\n<p class="where">{3} · {4}</p>\n{5}{6}</article>\n',
        finding.severity,
        place,
        escape_markup(shown.message),
        escape_markup(shown.rule),
        join(" · ", map(escape_markup, where)),
        marked_lines(finding, texts, look),
        fill("<dl>{}</dl>\n", join("", remarks)) if remarks else literal(""),
    )


def _remarks(finding: Finding, shown: ShownFinding) -> Iterator[tuple[Shown, Shown]]:
    yield from shown.remarks()
    if finding.fix:
        yield literal("fix"), fill("{} ({})", sanitize(finding.fix.description), option_of(finding.fix))
    if finding.profile:
        yield literal("profile"), sanitize(finding.profile)


def _end(report: Report, findings: Sequence[Finding], rendering: Rendering) -> Iterator[Shown]:
    if rendering.notifications:
        rows = (fill("<li>{}</li>\n", _text(text)) for text in rendering.notifications)
        yield fill('<h2>Not fully checked</h2>\n<ul class="covered">\n{}</ul>\n', join("", rows))
    if not rendering.quiet:
        closed = closing(report, findings, rendering)
        lines = (fill("<li>{}</li>\n", escape_markup(join(" · ", parts))) for parts in closed)
        yield fill('<h2>What was covered</h2>\n<ul class="covered">\n{}</ul>\n', join("", lines))
    yield fill("</main>\n<footer>Written by reqlint {}. ", _text(rendering.version))
    yield literal("This page loads nothing and sends nothing.</footer>\n")
    if findings and not rendering.statistics:
        yield fill("<script>{}</script>\n", SCRIPT)
    yield literal("</body>\n</html>\n")


def _file(source: str | None) -> Shown:
    return escape_markup(escape(mask_path(source or "request")))


def _text(text: str) -> Shown:
    return escape_markup(sanitize(text))
