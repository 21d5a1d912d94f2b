"""The pages about rules and profiles: what `reqlint explain`, `rules` and `profiles` print, as text and as Markdown."""

import json
from collections.abc import Iterator, Mapping, Sequence
from textwrap import fill, indent
from typing import Any

from reqlint.core.findings import Severity
from reqlint.knowledge.catalog import NO_CUSTOM, CustomFolders
from reqlint.knowledge.profile import Profile, load_profile, profile_names, words_of_schema
from reqlint.knowledge.rule import Evidence, Rule, all_rules, subjects

_DOES = {
    "refused": "refuses it",
    "ignored": "ignores it",
    "altered": "accepts it, but not as it reads",
    "discouraged": "advises against it",
    "accepted": "accepts it",
}


def verdicts(rule: Rule, own: CustomFolders = NO_CUSTOM) -> Iterator[tuple[Profile, Severity | None, Evidence | None]]:
    """Give for each profile how grave the rule is there (None: off) and the evidence for it."""
    for name in profile_names(own):
        profile = load_profile(name, own)
        evidence = rule.evidence_for(profile.lineage)
        severity = evidence.severity if evidence else None
        settings = profile.settings or {}
        yield profile, settings.get(rule.id, severity), evidence


def source_of(evidence: Evidence, profile: Profile) -> tuple[str, str]:
    """Give where a claim is from and the day it was read."""
    if evidence.url == "profile":
        return profile.url, profile.read
    return evidence.url or evidence.basis or "", evidence.read


def rule_page(rule: Rule, width: int = 100, own: CustomFolders = NO_CUSTOM) -> str:
    """Write what `reqlint explain` shows."""
    parts = [f"{rule.id} ({rule.subject})", f"{rule.summary}.", _wrapped(rule.why, width), "What each API does"]
    for profile, severity, evidence in verdicts(rule, own):
        if evidence is None:
            parts[-1] += f"\n  {profile.name:14} {'off':8} nothing is known, so the rule is off"
            continue
        source, read = source_of(evidence, profile)
        parts[-1] += (
            f"\n  {profile.name:14} {severity or 'off':8} {_DOES[evidence.effect]} ({evidence.status}, read {read})"
        )
        if evidence.says:
            parts[-1] += "\n" + _wrapped(evidence.says, width, 26)
        parts[-1] += f"\n{' ' * 26}{source}"
    for example in rule.examples:
        parts.append("Wrong, with the place between « »\n" + indent(_pretty(example.bad), "  "))
        parts.append("Right\n" + indent(_pretty(example.good), "  "))
    if rule.help:
        parts.append("What to do\n" + _wrapped(plain_template(rule.help), width, 2))
    if rule.related:
        parts.append("See also " + ", ".join(rule.related))
    return "\n\n".join(parts) + "\n"


def _wrapped(text: str, width: int, margin: int = 0) -> str:
    return fill(text, width, initial_indent=" " * margin, subsequent_indent=" " * margin, break_on_hyphens=False)


def plain_template(template: str) -> str:
    """Give a message or help template as text, its placeholders as ‹names›."""
    return template.replace("[", "").replace("]", "").replace("{", "‹").replace("}", "›")


def _pretty(text: str) -> str:
    return text.rstrip("\n")


def rules_table(
    rules: Sequence[Rule], profile: Profile, *, markdown: bool = False, own: CustomFolders = NO_CUSTOM
) -> str:
    """Write a line for each rule: severity under *profile*, id, summary."""
    rows: list[list[str]] = []
    for rule in rules:
        severity = next(severity for known, severity, _ in verdicts(rule, own) if known.name == profile.name)
        rows.append([severity or "off", rule.id, rule.subject, rule.summary])
    return _table(["severity", "rule", "group", "what it finds"], rows, markdown)


def profiles_table(*, markdown: bool = False, own: CustomFolders = NO_CUSTOM) -> str:
    """Write a line for each profile."""
    rows = [[p.name, p.read, p.title, p.url] for p in (load_profile(name, own) for name in profile_names(own))]
    return _table(["profile", "read", "title", "source"], rows, markdown)


_PARAMETER_HEAD = ["path", "type", "required", "default", "values"]


def profile_page(profile: Profile, width: int = 100) -> str:
    """Write a profile's parameter table and its error table."""
    parts = [
        f"{profile.name}: {profile.title}\nread {profile.read} from {profile.url}",
        "\n".join(f"POST {endpoint}" for endpoint in profile.endpoints),
        "Parameters\n" + indent(_table(_PARAMETER_HEAD, list(parameters(profile.schema))), "  "),
    ]
    if profile.statuses:
        parts.append("Errors\n" + indent(_table(["status", "name", "meaning"], _status_rows(profile)), "  "))
    if profile.notes:
        parts.append("Notes\n" + "\n".join("- " + _wrapped(note, width - 2, 2).lstrip() for note in profile.notes))
    return "\n\n".join(part.rstrip("\n") for part in parts if part) + "\n"


def profile_markdown(profile: Profile, own: CustomFolders = NO_CUSTOM) -> str:
    """Write the same page as Markdown, for the documentation."""
    endpoints = "".join(f"- `POST {endpoint}`\n" for endpoint in profile.endpoints)
    parts = [
        f"# {profile.name}\n\n{profile.title}; [source]({profile.url}) read {profile.read}.\n\n{endpoints}",
        "## Parameters\n\n" + _table(_PARAMETER_HEAD, list(parameters(profile.schema)), markdown=True),
    ]
    if profile.statuses:
        rows = _status_rows(profile)
        parts.append("## Errors\n\n" + _table(["status", "name", "meaning"], rows, markdown=True))
    if profile.notes:
        parts.append("## Notes\n\n" + "".join(f"- {note}\n" for note in profile.notes))
    rows = [
        [severity, f"`{rule.id}`", rule.summary, _cited(evidence, profile)]
        for rule in all_rules(own).values()
        for known, severity, evidence in verdicts(rule, own)
        if known.name == profile.name and severity and evidence
    ]
    rows.sort(key=lambda row: (Severity(row[0]).rank, row[1]))
    parts.append("## Rules\n\n" + _table(["severity", "rule", "what it finds", "how it is known"], rows, markdown=True))
    return "\n".join(parts)


def rule_book() -> str:
    """Write the overview of all rules as Markdown: by subject, with the severity under each profile."""
    names = profile_names()
    parts = [
        "# The rule book\n\n"
        "Each rule is one YAML file in this folder; `reqlint explain RULE` shows its page. The columns say how\n"
        "grave a rule is under each profile: an error is a refusal that is documented or was observed, a warning is\n"
        "accepted but not as it reads (or refused on thinner evidence), a note is about portability or deprecation,\n"
        "– is off.\n\n"
        f"{len(all_rules())} rules, {sum(len(rule.examples) for rule in all_rules().values())} examples, "
        f"{sum(len(rule.evidence) for rule in all_rules().values())} pieces of evidence.\n"
    ]
    for subject in subjects():
        rows = [
            [
                f"[`{rule.id}`]({subject}/{rule.id}.yaml)",
                *(severity or "–" for _, severity, _ in verdicts(rule)),
                rule.summary,
            ]
            for rule in all_rules().values()
            if rule.subject == subject
        ]
        parts.append(f"## {subject}\n\n" + _table(["rule", *names, "what it finds"], rows, markdown=True))
    return "\n".join(parts)


def _cited(evidence: Evidence, profile: Profile) -> str:
    source, read = source_of(evidence, profile)
    linked = f"[{evidence.status}]({source})" if source.startswith("http") else f"{evidence.status}: {source}"
    return f"{linked}, read {read}"


def profile_as_json(profile: Profile) -> dict[str, Any]:
    """Give what is known of a profile as JSON values; its schema is `reqlint schema`."""
    return {
        "name": profile.name,
        "title": profile.title,
        "source": profile.url,
        "read": profile.read,
        "endpoints": list(profile.endpoints),
        "defaults": dict(profile.defaults or {}),
        "parameters": [dict(zip(_PARAMETER_HEAD, row, strict=True)) for row in parameters(profile.schema)],
        "errors": [
            {"status": row.status, "name": row.name, "meaning": row.meaning, "really": row.really}
            for row in profile.statuses
        ],
        "notes": list(profile.notes),
    }


def _status_rows(profile: Profile) -> list[list[str]]:
    return [
        [str(row.status), row.name, row.meaning + (f" (sent as HTTP {row.really})" if row.really else "")]
        for row in profile.statuses
    ]


def _table(head: list[str], rows: list[list[str]], markdown: bool = False) -> str:
    if markdown:
        escaped = [[cell.replace("|", "\\|") for cell in row] for row in rows]
        lines = ["| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *escaped]]
    else:
        widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
        lines = ["  ".join(cell.ljust(wide) for cell, wide in zip(row, widths, strict=True)) for row in [head, *rows]]
    return "".join(line.rstrip() + "\n" for line in lines)


def parameters(schema: Mapping[str, Any]) -> Iterator[list[str]]:
    """Give the rows of a profile's parameter table: path, type, required, default, values."""
    yield from _rows(schema, schema, "", ())


def _rows(
    schema: Mapping[str, Any], root: Mapping[str, Any], prefix: str, inside: tuple[str, ...]
) -> Iterator[list[str]]:
    seen: set[str] = set()
    for part, needed in _parts(schema, root):
        for key, member in part.get("properties", {}).items():
            if key in seen or not isinstance(member, Mapping):
                continue
            seen.add(key)
            path = f"{prefix}.{key}" if prefix else key
            resolved = _resolved(member, root)
            yield [path, _types(resolved), "yes" if key in needed else "no", _default(resolved), _values(resolved)]
            reference = str(member.get("$ref", ""))
            if reference and reference in inside:
                continue
            below = (*inside, reference) if reference else inside
            yield from _rows(resolved, root, path, below)
            items = resolved.get("items")
            if isinstance(items, Mapping):
                item_reference = str(items.get("$ref", ""))
                if item_reference not in below or not item_reference:
                    resolved_item = _resolved(items, root)
                    yield from _rows(resolved_item, root, f"{path}[]", (*below, item_reference))


def _parts(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], frozenset[str]]]:
    """Give a schema and the branches that describe the same object, each with what it requires."""
    schema = _resolved(schema, root)
    yield schema, frozenset(schema.get("required", ()))
    for branch in schema.get("allOf", ()):
        for name in ("then", "else"):
            if isinstance(branch.get(name), Mapping):
                yield from _parts(branch[name], root)
    for name in ("then", "else"):
        if isinstance(schema.get(name), Mapping):
            yield from _parts(schema[name], root)


def _resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return schema
    node: Any = root
    for step in reference[2:].split("/"):
        node = node[step]
    return {**node, **{key: value for key, value in schema.items() if key != "$ref"}}


def _types(schema: Mapping[str, Any]) -> str:
    types = schema.get("type", ())
    return " / ".join([types] if isinstance(types, str) else types)


def _default(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema["default"], ensure_ascii=False) if "default" in schema else ""


def _values(schema: Mapping[str, Any]) -> str:
    if words := words_of_schema(schema):
        return " | ".join(json.dumps(word, ensure_ascii=False) for word in words)
    bounds = [
        f"{sign} {schema[key]}"
        for sign, key in (("≥", "minimum"), (">", "exclusiveMinimum"), ("≤", "maximum"), ("<", "exclusiveMaximum"))
        if key in schema
    ]
    bounds += [f"{schema['minItems']}+ items"] if "minItems" in schema else []
    bounds += [f"at most {schema['maxItems']} items"] if "maxItems" in schema else []
    bounds += [f"at most {schema['maxLength']} characters"] if "maxLength" in schema else []
    bounds += [f"pattern {schema['pattern']}"] if "pattern" in schema else []
    return ", ".join(bounds)


def rule_markdown(rule: Rule) -> str:
    """Write a rule's help as Markdown, for SARIF and the documentation."""
    lines = [rule.why, "", "| API | severity | what it does | how it is known |", "|---|---|---|---|"]
    for profile, severity, evidence in verdicts(rule):
        if evidence is None:
            continue
        does = _DOES[evidence.effect]
        lines.append(f"| {profile.name} | {severity or 'off'} | {does} | {_cited(evidence, profile)} |")
    for example in rule.examples:
        lines += ["", "Wrong:", "", f"```{example.form}", _pretty(example.bad), "```", "", "Right:", ""]
        lines += [f"```{example.form}", _pretty(example.good), "```"]
    return "\n".join(lines) + "\n"


def rule_by_id(rule_id: str, own: CustomFolders = NO_CUSTOM) -> Rule:
    """
    Give a rule by its id.

    Raises:
        UnknownRule: there is none; the message has a suggestion.
    """
    from reqlint.core.errors import UnknownRule

    if rule_id not in all_rules(own):
        raise UnknownRule(rule_id, all_rules(own))
    return all_rules(own)[rule_id]


def rule_as_json(rule: Rule, own: CustomFolders = NO_CUSTOM) -> dict[str, Any]:
    """Give everything known of a rule as JSON values, for `--output-format json`."""
    return {
        "id": rule.id,
        "subject": rule.subject,
        "summary": rule.summary,
        "why": rule.why,
        "message": rule.message,
        "help": rule.help,
        "related": list(rule.related),
        "profiles": {
            profile.name: {
                "severity": severity or "off",
                "effect": evidence.effect,
                "status": evidence.status,
                "source": source_of(evidence, profile)[0],
                "read": source_of(evidence, profile)[1],
                "says": evidence.says,
            }
            for profile, severity, evidence in verdicts(rule, own)
            if evidence
        },
        "examples": [{"bad": e.bad, "good": e.good, "form": e.form} for e in rule.examples],
    }
