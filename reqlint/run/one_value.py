"""How one value or one short text is judged right before it is sent: the way of nearly every call of the library."""

from collections.abc import Mapping
from typing import Any

from reqlint.containers.envelope import Envelope, Kind
from reqlint.containers.finder import find_tools
from reqlint.core.findings import Finding, Report
from reqlint.core.headers import kept_headers
from reqlint.dialects.registry import has_turn_list, stranger_of
from reqlint.judge.judge import Judge, Verdict
from reqlint.run.judges import Judges
from reqlint.text.forms import Form
from reqlint.text.json.reader import read_json

# NOTE: imports inside functions below keep out of a clean call what only findings need.


def judge_value(judges: Judges, request: object, show_values: bool) -> list[Finding]:
    """Return the findings of a value that may be a request, the tools of one, or something else."""
    if type(request) is list or (type(request) is dict and not has_turn_list(request)):
        found = find_tools(request)
        if found is not None:
            return _judge_tools(judges, found, show_values)
    if judges.named_one is not None:
        judge = judges.named_one[0]
    elif stranger_of(request) is not None:
        return []
    else:
        judge = judges.choose(Envelope(Kind.REQUEST, (), request))[0]
    return findings_of(judge, request, judge.judge(request, from_text=False), show_values)


def judge_sent(
    judges: Judges, request: object, url: str, headers: Mapping[str, str] | None, show_values: bool
) -> list[Finding]:
    """Return the findings of a value that is sent to *url*, whatever it looks like."""
    kept = kept_headers((headers or {}).items())
    judge = judges.choose(Envelope(Kind.REQUEST, (), request, url=url, headers=kept))[0]
    return findings_of(judge, request, judge.judge_sent(request, url, kept, from_text=False), show_values)


def judge_clean_text(judges: Judges, text: bytes, source: str | None, form: Form | str | None) -> Report | None:
    """
    Return the report of a text that is one JSON request without findings; None if it may be something else.

    The long way says what is wrong with the others.
    """
    if form not in (None, Form.JSON) or (source and not source.endswith(".json")):
        return None
    try:
        request = read_json(text)
    except ValueError:
        return None
    if type(request) is not dict or "custom_id" in request:
        return None
    if judges.is_auto and stranger_of(request) is not None:
        return None
    judge, choice = judges.named_one or judges.choose(Envelope(Kind.REQUEST, (), request))
    if not judge.dialect.has_turns(request) or judge.judge(request) is not None:
        return None
    others = choice.others if choice.stands_in else ()
    return Report((), 1, 1, (), ((choice.profile, choice.why, 1),), (), choice.has_unlisted_model, others)


def findings_of(judge: Judge, request: object, verdict: Verdict | None, show_values: bool) -> list[Finding]:
    """Return the findings of a verdict on *request*."""
    if verdict is None:
        return []
    try:
        return _described(judge, verdict, show_values)
    except MemoryError:
        raise
    except Exception:  # another thread changed the request meanwhile; a bug of ours fails again below
        verdict = judge.judge_copy(request)
        return _described(judge, verdict, show_values) if verdict else []


_TEXTS: tuple[Any, ...] = (str, bytes, bytearray)


def text_of(value: object) -> str | bytes | bytearray | None:
    """Return the text in *value*, also of a subclass that pretends to hold another; None if it is no text."""
    for kind in _TEXTS:
        if issubclass(type(value), kind):
            text: str | bytes | bytearray = kind.__getitem__(value, slice(None))
            return text
    return None


def _described(judge: Judge, verdict: Verdict, show_values: bool) -> list[Finding]:
    from reqlint.judge.describe import Describer
    from reqlint.judge.origin import Origin

    describer = Describer(None, show_values)
    origin = Origin(verdict.value, hashes={})
    return [describer.finding(judge, hit, origin) for hit in verdict.hits]


def _judge_tools(judges: Judges, envelope: Envelope, show_values: bool) -> list[Finding]:
    """Judge tools without a request."""
    from reqlint.judge.describe import Describer
    from reqlint.judge.offered import judge_tools
    from reqlint.run.describe import origin_of

    if envelope.tools is None:
        return []
    judge, describer = judges.choose(envelope)[0], Describer(None, show_values)
    hits = judge_tools(judge, envelope.tools)
    return [describer.finding(judge, hit, origin_of(envelope, hit)) for hit in hits]
