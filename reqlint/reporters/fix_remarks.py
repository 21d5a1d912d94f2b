"""What reports say about fixes: the option that writes one, and how many there are."""

from collections.abc import Sequence

from reqlint.core.findings import Finding, Fix, MoreFindings
from reqlint.display.escaping import counted, sanitize
from reqlint.display.shown import Shown, fill, join, literal


def option_of(fix: Fix) -> Shown:
    """Return the option that writes *fix*."""
    return literal("safe fix, --fix" if fix.safe else "unsafe fix, --fix --unsafe-fixes")


def fixable(findings: Sequence[Finding], more: Sequence[MoreFindings] = ()) -> Shown:
    """Return how many of *findings* can be fixed, and at the most of *more*; empty when none can."""
    safe = sum(finding.fix is not None and finding.fix.safe for finding in findings)
    unsafe = sum(finding.fix is not None and not finding.fix.safe for finding in findings)
    if more:
        safe += sum(each.safe_fixes for each in more)
        unsafe += sum(each.unsafe_fixes for each in more)
        if unsafe:
            return fill("up to {:,} fixable with --fix, {:,} more with --unsafe-fixes", safe, unsafe)
        return fill("up to {:,} fixable with --fix", safe) if safe else literal("")
    if unsafe:
        return fill("{:,} fixable with --fix, {:,} more with --unsafe-fixes", safe, unsafe)
    return fill("{:,} fixable with --fix", safe) if safe else literal("")


def fixed(findings: Sequence[Finding]) -> Shown:
    """Return how many findings of which rules were fixed."""
    rules: dict[str, int] = {}
    for finding in findings:
        rules[finding.rule] = rules.get(finding.rule, 0) + 1
    counts = (fill("{:,} {}", count, sanitize(rule)) for rule, count in sorted(rules.items()))
    return fill("Fixed {}: {}", counted(len(findings), "finding"), join(", ", counts))
