"""The page of a profile and the list of profiles, as `reqlint profiles` prints them."""

from textwrap import indent
from typing import Any

from reqlint.core.findings import Severity
from reqlint.knowledge.catalog import Catalog
from reqlint.knowledge.profile import Profile
from reqlint.pages.evidence import cite, under_profile
from reqlint.pages.layout import wrap, write_table
from reqlint.pages.parameters import PARAMETER_HEAD, parameters

_STATUS_HEAD = ["status", "name", "meaning"]


def profile_page(profile: Profile, width: int = 100) -> str:
    """Return a profile's page as text: its source, endpoints, parameters, errors and notes."""
    parts = [
        f"{profile.name}: {profile.title}\nread {profile.read} from {profile.url}",
        "\n".join(f"POST {endpoint}" for endpoint in profile.endpoints),
        "Parameters\n" + indent(write_table(PARAMETER_HEAD, list(parameters(profile.schema))), "  "),
    ]
    if profile.statuses:
        parts.append("Errors\n" + indent(write_table(_STATUS_HEAD, _status_rows(profile)), "  "))
    if profile.notes:
        parts.append("Notes\n" + "\n".join("- " + wrap(note, width - 2, 2).lstrip() for note in profile.notes))
    return "\n\n".join(part.rstrip("\n") for part in parts if part) + "\n"


def profile_markdown(profile: Profile, catalog: Catalog) -> str:
    """Return the same page as Markdown, with the rules that are on."""
    endpoints = "".join(f"- `POST {endpoint}`\n" for endpoint in profile.endpoints)
    parts = [
        f"# {profile.name}\n\n{profile.title}; [source]({profile.url}) read {profile.read}.\n\n{endpoints}",
        "## Parameters\n\n" + write_table(PARAMETER_HEAD, list(parameters(profile.schema)), markdown=True),
    ]
    if profile.statuses:
        parts.append("## Errors\n\n" + write_table(_STATUS_HEAD, _status_rows(profile), markdown=True))
    if profile.notes:
        parts.append("## Notes\n\n" + "".join(f"- {note}\n" for note in profile.notes))
    rows = [
        [severity, f"`{rule.id}`", rule.summary, cite(evidence, profile)]
        for rule in catalog.rules.values()
        for _, severity, evidence in [under_profile(rule, profile)]
        if severity and evidence
    ]
    rows.sort(key=lambda row: (Severity(row[0]).rank, row[1]))
    head = ["severity", "rule", "what it finds", "how it is known"]
    parts.append("## Rules\n\n" + write_table(head, rows, markdown=True))
    return "\n".join(parts)


def profile_as_json(profile: Profile) -> dict[str, Any]:
    """Return what is known of a profile as JSON values; `reqlint schema` prints its schema."""
    return {
        "name": profile.name,
        "title": profile.title,
        "source": profile.url,
        "read": profile.read,
        "endpoints": list(profile.endpoints),
        "defaults": dict(profile.defaults or {}),
        "parameters": [dict(zip(PARAMETER_HEAD, row, strict=True)) for row in parameters(profile.schema)],
        "errors": [
            {"status": row.status, "name": row.name, "meaning": row.meaning, "really": row.really}
            for row in profile.statuses
        ],
        "notes": list(profile.notes),
    }


def profiles_table(catalog: Catalog, *, markdown: bool = False, columns: int | None = None) -> str:
    """Return a table of all profiles: name, day read, title, and the source if a terminal has enough *columns*."""
    rows = [[profile.name, profile.read, profile.title, profile.url] for profile in catalog.summaries.values()]
    table = write_table(["profile", "read", "title", "source"], rows, markdown=markdown)
    if columns is None or markdown or max(map(len, table.splitlines())) <= columns:
        return table
    return write_table(["profile", "read", "title"], [row[:3] for row in rows], columns=columns)


def _status_rows(profile: Profile) -> list[list[str]]:
    return [
        [str(row.status), row.name, row.meaning + (f" (sent as HTTP {row.really})" if row.really else "")]
        for row in profile.statuses
    ]
