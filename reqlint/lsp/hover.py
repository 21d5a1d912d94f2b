"""What an editor shows of the place under the mouse: findings with the page of their rule, or the parameter."""

from typing import Any

from reqlint.core.findings import Finding, Part
from reqlint.display.cached import sanitize
from reqlint.display.shown import Shown
from reqlint.lsp.parameters import at_cursor, documentation
from reqlint.lsp.positions import Position, Range, overlaps
from reqlint.lsp.workspace import Analysis
from reqlint.pages.rules import rule_markdown
from reqlint.project.docs_urls import docs_url
from reqlint.reporters.markdown import escape_markdown
from reqlint.reporters.shown_finding import ShownFinding

_MOST = 3  # findings at one place


def hover(analysis: Analysis, position: Position) -> dict[str, Any] | None:
    """Return what to show at a *position*; None if there is nothing to say."""
    at: Range = {"start": position, "end": position}
    found = [each for each in analysis.findings if each.region and overlaps(analysis.positions.range(each.region), at)]
    if found:
        found.sort(key=_length)  # the innermost first
        pages = [_page(analysis, finding) for finding in found[:_MOST]]
        return {"contents": _markdown("\n\n---\n\n".join(pages)), "range": analysis.positions.range(found[0].region)}
    offset = analysis.positions.offset(position)
    known = at_cursor(analysis, offset)
    if known is None or known.cursor.part is not Part.KEY:
        return None
    key = known.cursor.token.strip("\"'")
    parameter = known.keys.get(key)
    if parameter is None:
        return None
    span = analysis.positions.range_of(known.cursor.start, known.cursor.end)
    return {"contents": _markdown(documentation(parameter, known.judge)), "range": span}


def _length(finding: Finding) -> int:
    return finding.region.end - finding.region.start if finding.region else 0


def _page(analysis: Analysis, finding: Finding) -> str:
    """Return a finding, and what is known of its rule under the profile that judged it."""
    shown = ShownFinding(finding)
    parts = [f"**{shown.rule}** ({finding.severity}): {_plain(shown.message)}"]
    parts += [f"{label}: {_plain(sanitize(text))}" for label, text in _remarks(finding)]
    if url := docs_url(analysis.settings.docs_url, finding.rule):
        parts.append(f"[{finding.rule}]({url})")
    catalog = analysis.linter.catalog if analysis.linter else None
    if catalog is not None and finding.rule in catalog.rules:
        parts.append(rule_markdown(catalog.rule(finding.rule), catalog, [finding.profile] if finding.profile else ()))
    return "\n\n".join(parts)


def _remarks(finding: Finding) -> list[tuple[str, str]]:
    return [(label, text) for label, text in (("help", finding.help), ("note", finding.note)) if text]


def _plain(text: Shown) -> str:
    """Return text that may quote a request, so that Markdown makes nothing of it."""
    return escape_markdown(text)


def _markdown(text: str) -> dict[str, str]:
    return {"kind": "markdown", "value": text}
