"""Fixes as code actions: one for each finding that has one, and all safe ones at once."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from reqlint.core.errors import ReqlintError
from reqlint.core.findings import Finding, Report
from reqlint.display.cached import sanitize
from reqlint.fixes.apply import apply_fixes
from reqlint.lsp.diagnostics import diagnostic
from reqlint.lsp.positions import Range, overlaps
from reqlint.lsp.workspace import Analysis, EditorWorkspace, OpenDocument, check_text
from reqlint.project.project import Project
from reqlint.reporters.shown_finding import shown_fix
from reqlint.text.forms import form_by_name
from reqlint.text.sources import Source

Action = dict[str, Any]

QUICK_FIX = "quickfix"
FIX_ALL = "source.fixAll.reqlint"
_UNSAFE = " (may change the meaning)"


def actions(
    workspace: EditorWorkspace, uri: str, span: Range, only: Collection[str] | None = None, *, versioned: bool = True
) -> list[Action]:
    """
    Return the code actions at a range of a document.

    Args:
        workspace: the open documents.
        uri: the document.
        span: the range that the user looks at.
        only: the kinds that the editor asks for; any if None.
        versioned: whether the editor takes edits of one version of a document, and refuses them for another.
    """
    analysis = workspace.analyse(uri)
    if analysis is None:
        return []
    made: list[Action] = []
    if _asks_for(QUICK_FIX, only):
        made += _quick_fixes(analysis, span, versioned)
    has_safe = any(fix and fix.safe for fix in map(shown_fix, analysis.findings))
    if has_safe and _asks_for(FIX_ALL, only):
        action: Action = {"title": "reqlint: make all safe fixes", "kind": FIX_ALL}
        # NOTE: editors ask at each move of the cursor; only then is the edit made when it is chosen.
        if only is None:
            made.append({**action, "data": {"uri": uri, "version": analysis.version, "versioned": versioned}})
        elif edit := fix_all(workspace, uri, versioned=versioned):
            made.append({**action, "edit": edit})
    return made


def resolved(workspace: EditorWorkspace, action: Action) -> Action:
    """Return an action that was chosen, with its edit; without one if the document has changed since."""
    asked = action.get("data")
    if not isinstance(asked, dict) or action.get("kind") != FIX_ALL:
        return action
    document = workspace.document(str(asked.get("uri")))
    if document is None or document.version != asked.get("version"):
        return action
    edit = fix_all(workspace, document.uri, versioned=bool(asked.get("versioned", True)))
    return {**action, "edit": edit} if edit else action


def _asks_for(kind: str, only: Collection[str] | None) -> bool:
    return only is None or any(kind == each or kind.startswith(f"{each}.") for each in only)


def _quick_fixes(analysis: Analysis, span: Range, versioned: bool) -> Iterator[Action]:
    """Yield an action for each fix at a range, safe ones first."""
    found = []
    for finding in analysis.findings:
        if finding.fix is not None and overlaps(analysis.positions.range(finding.region), span):
            fix = shown_fix(finding)
            if fix is not None:
                found.append((finding, fix))
    found.sort(key=lambda each: not each[1].safe)
    for finding, fix in found:
        edits = [
            {"range": analysis.positions.range(edit.region), "newText": edit.replacement} for edit in fix.edits
        ]  # fmt: skip
        title = sanitize(fix.description)
        yield {
            "title": f"reqlint: {title}{'' if fix.safe else _UNSAFE}",
            "kind": QUICK_FIX,
            "diagnostics": [diagnostic(analysis, finding)],
            "isPreferred": fix.safe,
            "edit": _workspace_edit(analysis.document, edits, versioned),
        }


def fix_all(workspace: EditorWorkspace, uri: str, *, versioned: bool = True) -> dict[str, Any] | None:
    """Return the edit that makes all safe fixes of a document; None if there are none."""
    analysis, project = workspace.analyse(uri), workspace.judged_by(uri)
    if project is None or analysis is None:
        return None
    document = analysis.document
    fixed = _fixed(project, document)
    if fixed is None or fixed == document.text:
        return None
    start, end, new = _difference(document.text, fixed)
    edit = {"range": analysis.positions.range_of(start, end), "newText": new}
    return _workspace_edit(document, [edit], versioned)


def _fixed(project: Project, document: OpenDocument) -> str | None:
    """Return the text of a document with all safe fixes made; in memory, whatever its form is."""

    def check(source: Source) -> Report:
        report = check_text(project, document, source.read().decode())
        return Report(tuple(filter(_may_fix, report.findings)), report.files, report.requests)

    try:
        data = document.text.encode("utf-8", "replace")
        named = document.name if form_by_name(document.name) else f"{document.name}.{document.form}"
        repair = apply_fixes(Source(named, None, data), check)
        return repair.source.read().decode()
    except (ReqlintError, UnicodeDecodeError):
        return None


def _may_fix(finding: Finding) -> bool:
    """Return whether a finding has no fix, or one that may be shown; others are left out, and so is what they say."""
    return finding.fix is None or not finding.fix.safe or shown_fix(finding) is not None


def _difference(before: str, after: str) -> tuple[int, int, str]:
    """Return the stretch of *before* that differs from *after*, and what stands there."""
    start, most = 0, min(len(before), len(after))
    while start < most and before[start] == after[start]:
        start += 1
    end = 0
    while end < most - start and before[-1 - end] == after[-1 - end]:
        end += 1
    if start and before[start - 1] == "\r":  # no edit begins inside of a line end
        start -= 1
    if end and before[len(before) - end] == "\n":
        end -= 1
    return start, len(before) - end, after[start : len(after) - end]


def _workspace_edit(document: OpenDocument, edits: Sequence[dict[str, Any]], versioned: bool) -> dict[str, Any]:
    if versioned:
        named = {"uri": document.uri, "version": document.version}
        return {"documentChanges": [{"textDocument": named, "edits": list(edits)}]}
    return {"changes": {document.uri: list(edits)}}
