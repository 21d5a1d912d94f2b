"""The fix of a finding as reports may give it."""

from collections.abc import Sequence

from reqlint.core.findings import Finding, Fix
from reqlint.display.escaping import counted
from reqlint.reporters._shown import is_secret, mask


def shown_fix(finding: Finding) -> Fix | None:
    """Give the fix of *finding*, if there is one and it repeats nothing that a report has to hide."""
    fix = finding.fix
    if fix and not is_secret(finding.pointer) and all(mask(edit.replacement) == edit.replacement for edit in fix.edits):
        return fix
    return None


def how_to_fix(fix: Fix) -> str:
    """Say which option writes a fix."""
    return "safe fix, --fix" if fix.safe else "unsafe fix, --fix --unsafe-fixes"


def fixable(findings: Sequence[Finding]) -> str:
    """Say how many of *findings* can be fixed; empty when none can."""
    safe = sum(finding.fix is not None and finding.fix.safe for finding in findings)
    unsafe = sum(finding.fix is not None and not finding.fix.safe for finding in findings)
    if not unsafe:
        return f"{safe:,} fixable with --fix" if safe else ""
    return f"{safe:,} fixable with --fix, {unsafe:,} more with --unsafe-fixes"


def fixed(findings: Sequence[Finding]) -> str:
    """Say how many findings of which rules were fixed."""
    rules: dict[str, int] = {}
    for finding in findings:
        rules[finding.rule] = rules.get(finding.rule, 0) + 1
    named = ", ".join(f"{count:,} {rule}" for rule, count in sorted(rules.items()))
    return f"Fixed {counted(len(findings), 'finding')}: {named}"
