"""The line above a document that says which profile judges it, and why."""

from typing import Any

from reqlint.display.cached import sanitize
from reqlint.lsp.positions import START
from reqlint.lsp.workspace import Analysis

_MOST = 3  # profiles that are named


def code_lenses(analysis: Analysis) -> list[dict[str, Any]]:
    """Return the lens of a document: none if nothing in it was judged."""
    title = judged_by(analysis)
    return [{"range": START, "command": {"title": title, "command": ""}}] if title else []


def judged_by(analysis: Analysis) -> str:
    """Return in words which profiles judge a document, and why; an empty text if none does."""
    rows = analysis.report.judged_by
    if not rows:
        return ""
    several = sum(count for _, _, count in rows) > 1
    parts = []
    for profile, why, count in sorted(rows, key=lambda row: -row[2])[:_MOST]:
        times = f" × {count:,}" if several else ""
        parts.append(sanitize(f"{profile}{times} ({why or 'named in the settings'})"))
    rest = f" and {len(rows) - _MOST} more" if len(rows) > _MOST else ""
    return f"reqlint: judged by {', '.join(parts)}{rest}"
