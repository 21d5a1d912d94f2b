"""The page of results, made from the committed verdicts and from what is recorded beside them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.oracles.comparing import Comparison, compare
from benchmarks.oracles.known import Known, known_of
from benchmarks.oracles.servers import SERVERS
from benchmarks.oracles.verdicts import Committed, read, servers_with_verdicts
from benchmarks.oracles.votes import PROFILE, VOTERS, asked_of_all, listed, set_up

PAGE = Path(__file__).parent / "RESULTS.md"
CONTRAST = ("openai", "dashscope", "gptproto-qwen", "openai-compatible")
"""Profiles of other APIs, which need not agree with a server that one runs oneself."""

_MOST_SHOWN = 12
"""Cases that are shown for one reason."""

_HEAD = """# Profiles measured against servers

Each server below ran on one machine beside reqlint: the same seeded mutations of requests went to the server and to
reqlint's profile of that server, and every request that one refused and the other did not is a disagreement. An error
of reqlint on a request that the server answered is a false alarm, a refusal without one a miss.

What a verdict depends on beside the version is named: the flags, and the chat template, which is that of
`benchmarks/oracles/starters`. What the tiny random model cannot do, and what would need a network, is set apart. The
servers' sentences are not stored.

<!-- Written by `python benchmarks/oracles/run.py results` from the committed verdicts. -->
"""


def compared(name: str) -> Comparison:
    """Return how the profile of a server compares with its committed verdicts."""
    committed = read(name)
    return compare(name, committed.made, committed.verdicts, SERVERS[name].counts)


def page(comparison_of: Callable[[str], Comparison] = compared) -> str:
    """Return the page for all servers that have committed verdicts."""
    sections = (line for name in servers_with_verdicts() for line in _section(name, comparison_of(name)))
    return "\n".join([_HEAD, *sections, *_votes()])


def _section(name: str, own: Comparison) -> Iterator[str]:
    committed, known = read(name), known_of(name)
    asked = committed.asked
    yield f"## {name} {asked['version']}\n"
    took = _set_up(known.set_up)
    yield f"`{asked['package']}`, started with `{asked['flags']}`, measured on {asked['day']}. {took}\n"
    if known.how:
        yield f"{known.how}\n"
    yield "| profile | mutations | agreement | false alarms | misses |"
    yield "|---|---:|---:|---:|---:|"
    draft = f", {known.first_try['generator']} of the generator" if "generator" in known.first_try else ""
    yield _recorded(f"{name}, first try, seed {known.first_try['seed']}{draft}", known.first_try)
    yield _recorded(f"{name}, finished, seed {known.unseen['seed']}, asked afterwards", known.unseen)
    yield _row(f"**{name}, now, seed {asked['seed']}**", own)
    for profile, figures in known.contrast.items():
        yield _recorded(f"{profile}, for contrast", figures)
    yield f"\n{own.apart} of {len(committed.made)} mutations are set apart. {_places(own)}\n"
    if known.documented:
        yield f"{_documented(known, own)}\n"
    yield from _named(known, committed)
    yield f"Repeat: `python benchmarks/oracles/run.py {name} --seed {asked['seed']} --count {asked['count']}`\n"


def _votes() -> Iterator[str]:
    """Yield the section on what most servers refuse and the profile of OpenAI does not."""
    committed, left = asked_of_all(), listed()
    names = [f"{name} {each.asked['version']} (`{each.asked['flags']}`)" for name, each in committed.items()]
    seed = committed[VOTERS[0]].asked["seed"]
    yield "## Votes\n"
    yield (
        f"On seed {seed} the verdicts of five servers are compared with profile `{PROFILE}`: {', '.join(names)}. smg "
        "and Dynamo stand in front of servers and have no profile here; a worker that answers everything stands behind "
        "the one, and an engine of its own that repeats what it is sent behind the other. Where at least three refuse "
        f"a request in which `{PROFILE}` finds no error, it is worth a look at what OpenAI documents. A vote is no "
        "evidence of OpenAI's servers.\n"
    )
    for name, took in set_up().items():
        yield f"{name} {committed[name].asked['version']}. {_set_up(took)}\n"
    yield f"{sum(map(len, left.values()))} requests of {len(committed[VOTERS[0]].made)} are left:\n"
    changes = {mutation.case: mutation.changes for mutation in committed[VOTERS[0]].made}
    for why, cases in left.items():
        yield f"- {why}: " + ", ".join(f"{case} ({'; '.join(changes[case])})" for case in cases)
    yield "\nRepeat: `python benchmarks/oracles/run.py votes`\n"


def _set_up(of: Mapping[str, Any]) -> str:
    return (
        f"It takes {of['seconds']} seconds and {of['megabytes']} MB to install and {of['start']} seconds to start, "
        f"and answered {of['requests']} requests in {of['answers']} seconds."
    )


def _recorded(label: str, of: Mapping[str, Any]) -> str:
    """Return a row of figures that were recorded when they were measured."""
    wrong = of["false-alarms"] + of["misses"]
    return (
        f"| {label} | {of['compared']:,} | {1 - wrong / of['compared']:.2%} | {of['false-alarms']} | {of['misses']} |"
    )


def _row(label: str, of: Comparison) -> str:
    alarms = sum(each.is_false_alarm for each in of.disagreements)
    return f"| {label} | {of.compared:,} | {of.agreement:.2%} | {alarms} | {len(of.disagreements) - alarms} |"


def _places(of: Comparison) -> str:
    if not of.placed:
        return "The server names no places."
    return (
        f"Where the server names a place, reqlint has an error at or around it in {of.same_place} of {of.placed} cases."
    )


def _documented(known: Known, own: Comparison) -> str:
    decided = sum(map(len, known.documented.values()))
    agreed = 1 - (len(own.disagreements) - decided) / (own.compared - decided)
    return (
        "What only the library is known to refuse is a warning of the profile, so warnings count here. On "
        f"{decided} of these mutations the documents of the API say otherwise than the library, and the profile "
        f"follows them; {agreed:.2%} of the others agree."
    )


def _named(known: Known, committed: Committed) -> Iterator[str]:
    changes: dict[str, Sequence[str]] = {mutation.case: mutation.changes for mutation in committed.made}
    for head, cases_by_reason in (
        ("Disagreements that are left:", known.disagreements),
        ("Where the documents of the API say otherwise, and the profile follows them:", known.documented),
    ):
        if cases_by_reason:
            yield f"{head}\n"
        for why, cases in cases_by_reason.items():
            shown = [f"{case} ({'; '.join(changes[case])})" for case in cases]
            is_short = len(cases) <= _MOST_SHOWN
            yield f"- {why}: {', '.join(shown) if is_short else f'{len(cases)} mutations, such as {shown[0]}'}"
        if cases_by_reason:
            yield ""
