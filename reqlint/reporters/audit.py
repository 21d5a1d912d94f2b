"""The result of `reqlint audit`, as text and as JSON."""

from collections.abc import Iterable, Iterator, Mapping

from reqlint.display.credentials import mask, mask_path, mask_pointer
from reqlint.display.escaping import counted, sanitize, to_json
from reqlint.run.audit import Audit, Case, Recorded

_ROWS: Mapping[Recorded, str] = {
    "accepted": "recorded as accepted",
    "refused": "recorded as refused",
    "other": "other answers, such as 401 or 429",
}
_LISTS: Mapping[Recorded, str] = {
    "accepted": "Recorded as accepted, judged an error",
    "refused": "Recorded as refused, judged clean",
}


def as_text(result: Audit, unicode: bool = True) -> str:
    """Return a table of the agreement for each profile, every disagreement, and what was left out, for people."""
    parts = [*(_table(result, profile) for profile in result.profiles)]
    for recorded, title in _LISTS.items():
        cases = [case for case in result.cases if case.recorded == recorded]
        if cases:
            parts.append("\n".join([title, *(sanitize(line, unicode) for line in _listed(cases))]))
    if left := list(_left_out(result)):
        parts.append("\n".join(left))
    return "\n\n".join(parts) + "\n" if parts else ""


def _table(result: Audit, profile: str) -> str:
    agree, decided = result.agreement(profile)
    share = f": {agree:,} of {decided:,} agree ({100 * agree / decided:.1f} %)" if decided else ""
    lines = [f"{profile}{share}", f"  {'':34}{'judged clean':>14}{'judged an error':>18}"]
    for recorded, title in _ROWS.items():
        clean, error = result.counts[profile, recorded, "clean"], result.counts[profile, recorded, "error"]
        if recorded != "other" or clean or error:
            lines.append(f"  {title:34}{clean:>14,}{error:>18,}")
    return "\n".join(lines)


def _listed(cases: Iterable[Case]) -> Iterator[str]:
    for case in cases:
        file = mask_path(case.source)
        where = f"{file}:{case.line}" if case.line else file
        without_status = "answered" if case.recorded == "accepted" else "error"
        answer = "no answer" if case.assumed else str(case.status or without_status)
        server = ", ".join(f"{name} {word}" for name, word in (("code", case.code), ("parameter", case.param)) if word)
        about = ", ".join(case.rules) or server or "no more is known"
        yield f"  {where}  {mask_pointer(case.pointer) or '/'}  {answer}  {case.profile}: {about}"


def _left_out(result: Audit) -> Iterator[str]:
    if result.assumed:
        yield f"{counted(result.assumed, 'request')} without a recorded answer counted as accepted"
    rest = {
        "recorded for other endpoints": result.other_endpoints,
        "recorded with a body that is not JSON": result.opaque,
        "not from a recording": result.unrecorded,
        "to an API that no profile is for": result.stood_in,
    }
    for what, number in rest.items():
        if number:
            yield f"left out: {counted(number, 'request')} {what}"


def as_json(result: Audit, version: str) -> str:
    """Return the same as one JSON object; keys may be added, never renamed."""
    profiles = []
    for profile in result.profiles:
        agree, decided = result.agreement(profile)
        counts: Mapping[str, object] = {
            recorded: {judged: result.counts[profile, recorded, judged] for judged in ("clean", "error")}
            for recorded in _ROWS
        }
        profiles.append({"profile": profile, "agree": agree, "decided": decided, **counts})
    cases = [
        {
            "profile": case.profile,
            "file": mask_path(case.source),
            "line": case.line,
            "pointer": mask_pointer(case.pointer),
            "status": case.status,
            "recorded": case.recorded,
            "assumed": case.assumed,
            "rules": list(case.rules),
            "code": case.code and mask(case.code),
            "param": case.param and mask(case.param),
        }
        for case in result.cases
    ]
    return to_json(
        {
            "version": 1,
            "tool": {"name": "reqlint", "version": version},
            "profiles": profiles,
            "disagreements": cases,
            "assumed": result.assumed,
            "left_out": {
                "other_endpoints": result.other_endpoints,
                "not_json": result.opaque,
                "not_recorded": result.unrecorded,
                "no_profile": result.stood_in,
            },
            "unreadable": [{"file": name, "reason": mask(reason)} for name, reason in result.unread],
        }
    )
