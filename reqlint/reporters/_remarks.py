"""What a finding says besides its message, for reports that give it line by line."""

from collections.abc import Iterator

from reqlint.core.findings import Finding
from reqlint.reporters._shown import said


def remarks(finding: Finding, unicode: bool = True) -> Iterator[tuple[str, str]]:
    """Yield what each remark is (``see line 3``, ``help``, ``note``) and its text, safe to show."""
    for related in finding.related:
        yield f"see line {related.region.line}" if related.region else "see", said(related.message, unicode)
    if finding.help:
        yield "help", said(finding.help, unicode)
    if finding.note:
        yield "note", said(finding.note, unicode)
