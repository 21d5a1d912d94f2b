"""What the worker asks for: findings, the table of APIs, and the choices. Each answer is JSON."""

import json
from functools import lru_cache
from typing import Any

from reqlint import __version__
from reqlint.core.findings import Finding, Region, Report
from reqlint.display.cached import mask, sanitize
from reqlint.knowledge.catalog import shipped
from reqlint.reporters.compat import compat_reporter
from reqlint.reporters.rendering import Rendering
from reqlint.reporters.shown_finding import ShownFinding, shown_fix
from reqlint.run.compat.columns import columns
from reqlint.run.compat.judging import Compat
from reqlint.run.judges import Judges
from reqlint.run.linter import Linter
from reqlint.run.scope import Scope
from reqlint.run.source_run import judge_source
from reqlint.text.mended import mended
from reqlint.text.sources import Source

_MOST = 500  # findings that the page gets


@lru_cache(maxsize=8)
def _linter(profile: str) -> Linter:
    return Linter(profile, engine="reference")


def choices() -> str:
    """Return the version, and the names and titles of all profiles."""
    profiles = [{"name": each.name, "title": each.title, "read": each.read} for each in shipped().summaries.values()]
    return json.dumps({"version": __version__, "profiles": profiles})


def judge(text: str, name: str, profile: str) -> str:
    """Return the findings in *text*; *name* says by its suffix how it is written, and may be empty."""
    source = Source(name or "<text>", None, text.encode("utf-8", "surrogatepass"))
    # As in an editor, what is only half typed is judged as far as it holds whatever comes next.
    report = judge_source(_linter(profile).judges, source, name or None, mend=mended, most_findings=_MOST)
    return json.dumps(
        {
            "findings": [_finding(each) for each in report.findings[:_MOST]],
            "left": max(0, len(report) - _MOST),
            "summary": _summary(report),
        }
    )


def compat(text: str, name: str) -> str:
    """Return which APIs take the tools in *text*, as ``reqlint compat --output-format json`` prints it."""
    judges = _linter("auto").judges
    run = Compat(judges, _columns(judges), prefix=lambda _: "", together=False, show_values=False, jobs=1)
    run.read(Source(name or "tools.json", None, text.encode("utf-8", "surrogatepass")), Scope.NAMED, None)
    written: list[str] = []
    compat_reporter("json")(run.finish(), Rendering(version=__version__), written.append)
    return "".join(written)


@lru_cache(maxsize=1)
def _columns(judges: Judges) -> Any:
    return columns(judges, ())


def _summary(report: Report) -> dict[str, Any]:
    return {
        "requests": report.requests,
        "tools": report.tools,
        "judged": [
            {"profile": profile, "why": mask(why), "requests": count} for profile, why, count in report.judged_by
        ],
        "skipped": [mask(reason) for _, reason in report.skipped],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    shown, fix = ShownFinding(finding), shown_fix(finding)
    rule = shipped().rules.get(finding.rule)
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "message": shown.message,
        "pointer": shown.pointer,
        "place": _place(finding.region),
        "remarks": [[label, text] for label, text in shown.remarks()],
        "why": " ".join(rule.why.split()) if rule else "",
        "profile": finding.profile,
        "fix": fix
        and {
            "safe": fix.safe,
            "title": f"{sanitize(fix.description)} ({'safe' if fix.safe else 'changes the meaning'})",
            "edits": [{"place": _place(edit.region), "text": edit.replacement} for edit in fix.edits],
        },
    }


def _place(region: Region | None) -> list[int] | None:
    """Return line and column of start and end, in the UTF-16 code units that JavaScript counts in."""
    if region is None:
        return None
    return [region.line, region.utf16_column, region.end_line, region.utf16_end_column]
