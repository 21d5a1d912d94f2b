"""The result of `reqlint probe`, as text and as JSON."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from reqlint.display.credentials import mask, mask_pointer
from reqlint.display.escaping import counted, sanitize, to_json
from reqlint.run.probing.mutations import GENERATOR
from reqlint.run.probing.probe import Disagreement, Probed

_SHOWN = 20  #: disagreements of a kind that are listed in full


class Asked(NamedTuple):
    """What was asked, and of whom."""

    server: str
    model: str
    seed: int
    left_out: int  #: mutations that would have asked for more than a few tokens
    stopped: str | None  #: why not all were sent


def as_text(result: Probed, asked: Asked, unicode: bool = True) -> str:
    """Return how often profile and server agree, and every kind of disagreement, for people."""
    agree, decided = result.agreement
    answers = Counter(_said(each.status) for each in result.exchanges)
    said = ", ".join(f"{number:,} {word}" for word, number in sorted(answers.items()))
    sent = counted(len(result.exchanges), "request")
    lines = [
        f"asked {asked.server} (model {asked.model}) {sent} of seed {asked.seed}: {said}",
    ]
    if asked.left_out:
        lines.append(f"left out: {counted(asked.left_out, 'request')} that would have asked for a long answer")
    if decided:
        lines.append(f"{result.profile}: {agree:,} of {decided:,} agree ({100 * agree / decided:.1f} %)")
    else:
        lines.append(f"{result.profile}: no answer says anything about a request")
    parts = ["\n".join(sanitize(line, unicode) for line in lines)]
    for is_answered, title in (
        (True, f"Answered, and an error of {result.profile}"),
        (False, f"Refused, and clean for {result.profile}"),
    ):
        some = [each for each in result.disagreements if bool(each.rules) is is_answered]
        if some:
            parts.append("\n".join([title, *(sanitize(line, unicode) for line in _listed(some))]))
    return "\n\n".join(parts) + "\n"


def _said(status: int | None) -> str:
    if status is None:
        return "without an answer"
    return "answered" if status < 300 else "refused" if status in (400, 422) else f"with status {status}"


def _listed(some: Sequence[Disagreement]) -> Iterator[str]:
    for each in some[:_SHOWN]:
        changes = mask_pointer(", ".join(each.exchange.mutation.changes))
        server = ", ".join(f"{name} {word}" for name, word in (("code", each.code), ("parameter", each.param)) if word)
        about = ", ".join(each.rules) or mask(server)
        yield f"  {each.exchange.mutation.case}  {each.exchange.status}  {changes}{f'  ({about})' if about else ''}"
    if len(some) > _SHOWN:
        yield f"  and {len(some) - _SHOWN:,} more; --pairs FILE keeps all"


def as_json(result: Probed, asked: Asked, version: str) -> str:
    """Return the same as one JSON object; keys may be added, never renamed."""
    agree, decided = result.agreement
    answers: Mapping[str, int] = Counter(str(each.status or "none") for each in result.exchanges)
    return to_json(
        {
            "version": 1,
            "tool": {"name": "reqlint", "version": version},
            "server": asked.server,
            "model": mask(asked.model),
            "profile": result.profile,
            "generator": GENERATOR,
            "seed": asked.seed,
            "sent": len(result.exchanges),
            "left_out": asked.left_out,
            "stopped": asked.stopped,
            "statuses": dict(sorted(answers.items())),
            "agree": agree,
            "decided": decided,
            "disagreements": [
                {
                    "case": each.exchange.mutation.case,
                    "changes": [mask_pointer(change) for change in each.exchange.mutation.changes],
                    "status": each.exchange.status,
                    "rules": list(each.rules),
                    "code": each.code and mask(each.code),
                    "param": each.param and mask(each.param),
                }
                for each in result.disagreements
            ],
        }
    )
