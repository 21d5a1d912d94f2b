"""The last lines of the human report: how many findings, what was covered, and by which profile."""

from collections import Counter
from collections.abc import Iterator, Sequence

from reqlint.core.findings import Finding, Report, Severity
from reqlint.dialects.registry import Stranger, What
from reqlint.display.cached import escape, mask_path, sanitize
from reqlint.display.escaping import counted
from reqlint.display.shown import Shown, fill, join, literal
from reqlint.reporters.rendering import Rendering

_MANY = 100  # findings


def closing(report: Report, findings: Sequence[Finding], rendering: Rendering) -> Iterator[list[Shown]]:
    """Yield the closing lines, each as its parts; *findings* are those that are not suppressed."""
    requests, files = judged(report), counted(report.files, "file")
    if rendering.fixed:
        from reqlint.reporters.fix_remarks import fixed

        yield [fixed(rendering.fixed)]
    if findings:
        from reqlint.reporters.fix_remarks import fixable

        counts = Counter(finding.severity for finding in findings)
        for more in report.more:
            counts[more.severity] += more.count
        kinds = join(", ", (counted(counts[severity], severity) for severity in Severity if counts[severity]))
        total = fill("{} ({}) in {}, {}", counted(counts.total(), "finding"), kinds, requests, files)
        yield list(filter(None, [total, fixable(findings, report.more)]))
    elif report.has_judged:
        yield [fill("No findings in {} ({})", requests, files)]
    else:
        yield [fill("No requests found in {}; nothing was checked", files)]
    coverage = list(_coverage(report, findings, rendering))
    if coverage:
        yield coverage
    if findings and report.worth_trying:
        shown = (escape(mask_path(name), rendering.unicode) for name in report.worth_trying[:3])
        names = join(" or ", (fill("-p {}", name) for name in shown))
        yield [fill("the same models are served elsewhere: {} judges by another contract", names)]
    if meant := _wrong_on_purpose(report, findings, rendering):
        yield [meant]
    if report.unlisted_models:
        models = counted(report.unlisted_models, "request")
        yield [fill("{} with a model that no list knows; [tool.reqlint.models] says what a name stands for", models)]
    if report.passed_over:
        most_first = sorted(report.passed_over, key=lambda each: -each[2])
        named = (sanitize(Stranger(What(what), of).counted(n), rendering.unicode) for what, of, n in most_first)
        yield [fill("passed over: {}", join("; ", named))]
    if rendering.verbose:
        for source, reason in report.skipped:
            name = escape(mask_path(source), rendering.unicode)
            yield [fill("skipped {}: {}", name, sanitize(reason, rendering.unicode))]


def _wrong_on_purpose(report: Report, findings: Sequence[Finding], rendering: Rendering) -> Shown:
    shown = [*findings, *(each for each in report if each.explained)] if rendering.verbose else findings
    if not shown:
        return literal("")
    from reqlint.reporters.on_purpose import wrong_on_purpose  # a clean report has no such files

    return wrong_on_purpose(shown, rendering.unicode)


def _coverage(report: Report, findings: Sequence[Finding], rendering: Rendering) -> Iterator[Shown]:
    reasons = Counter(each.suppression.kind for each in report if each.suppression is not None)
    baselined, explained = reasons["baseline"], reasons["recording"]
    suppressed = len(report) - len(findings) - baselined - explained
    if suppressed:
        yield fill("{:,} suppressed", suppressed)
    if baselined:
        yield fill("{:,} in the baseline", baselined)
    if explained:
        hint = literal("" if rendering.verbose else " (-v shows them)")
        yield fill("{} explained{}", counted(report.explained_refusals, "recorded refusal"), hint)
    if report.thin:
        yield fill("{} on thinner evidence left out", counted(report.thin, "finding"))
    if report.skipped:
        hint = literal("" if rendering.verbose else " (-v names them)")
        yield fill("{} skipped{}", counted(len(report.skipped), "file"), hint)
    if rendering.notifications:
        yield fill("{} not fully checked", counted(len(rendering.notifications), "input"))
    for name in report.profiles:
        yield _profile(name, report, rendering)
    if rendering.seconds is not None:
        yield fill("{:.2f} s", rendering.seconds)
    if findings:
        first = {finding.severity: finding for finding in reversed(findings)}
        gravest = first[min(first, key=lambda severity: severity.rank)]
        yield fill("explain any of these: reqlint explain {}", sanitize(gravest.rule, rendering.unicode))
    if len(findings) + sum(more.count for more in report.more) >= _MANY and not rendering.statistics:
        yield literal("--statistics counts by rule")


def _profile(name: str, report: Report, rendering: Rendering) -> Shown:
    read = next((card.read for card in rendering.profiles if card.name == name), None)
    facts = [] if read is None else [fill("read {}", sanitize(read, rendering.unicode))]
    reasons = [(why, count) for profile, why, count in report.judged_by if profile == name and why]
    facts += [
        fill("{}: {}", counted(count, _noun(why)), sanitize(why, rendering.unicode))
        for why, count in _in_short(reasons)
    ]
    shown = escape(mask_path(name), rendering.unicode)
    return fill("profile {} ({})", shown, join("; ", facts)) if facts else fill("profile {}", shown)


def judged(report: Report) -> Shown:
    """Return how many requests were judged, and how many tools without one."""
    tools = [counted(report.tools, "tool")] if report.tools else []
    requests = [counted(report.requests, "request")] if report.requests or not tools else []
    return join(" and ", [*requests, *tools])


def _noun(why: str) -> str:
    """Return what a reason for a profile is about; only tools without a request have a form."""
    return "tool" if why.startswith("form ") or why.endswith(" forms") else "request"


def _in_short(reasons: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Yield the reasons why a profile was chosen, with all that begin with the same word as one: ``12 models``."""
    by_kind: dict[str, list[tuple[str, int]]] = {}
    for why, count in reasons:
        by_kind.setdefault(why.partition(" ")[0], []).append((why, count))
    for kind, alike in by_kind.items():
        why = alike[0][0] if len(alike) == 1 else f"{len(alike):,} {kind}s"
        yield why, sum(count for _, count in alike)
