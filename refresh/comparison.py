"""What the sources say otherwise than the facts of a profile, as lines to read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from refresh.sources import Claim
from reqlint.checks.model_lists import first_row

Facts = Mapping[str, Any]

_LIMITS, _RETIRED = "output-limits", "retired-models"


def differences(facts: Facts, claims: Iterable[Claim], until: str) -> Iterator[str]:
    """
    Yield a line for each difference between the facts of a profile and what sources say of its models.

    What is said of several models alike is one line. Days after *until* are not yet of interest.
    """
    by_model: dict[str, list[Claim]] = defaultdict(list)
    for claim in dict.fromkeys(claims):
        by_model[claim.model].append(claim)
    models: dict[str, list[str]] = defaultdict(list)  # by what is said of them
    for model, said in sorted(by_model.items()):
        for line in dict.fromkeys((*_of_limit(model, facts, said), *_of_retirement(model, facts, said, until))):
            models[line].append(model)
    yield from (f"{line}: {', '.join(names)}" for line, names in sorted(models.items()))
    if named := list(_unknown_to_sources(facts, by_model)):
        yield f"listed, and no source knows it: {', '.join(named)}"


def _of_limit(model: str, facts: Facts, said: Sequence[Claim]) -> Iterator[str]:
    row = first_row(model, facts, _LIMITS)
    sources: dict[int, list[str]] = defaultdict(list)
    for claim in said:
        if claim.output is not None and claim.source not in sources[claim.output]:
            sources[claim.output].append(claim.source)
    if not sources:
        return
    told = "; ".join(f"{limit:,} ({', '.join(names)})" for limit, names in sorted(sources.items()))
    if row is None:
        # One source alone would be no more than a guess; that two differ is one as well.
        if len(sources) == 1 and len(next(iter(sources.values()))) > 1:
            yield f"limit: not listed; sources agree on {told}"
    elif row["most"] not in sources:
        yield f"limit: listed with {row['most']:,}; {told}"
    elif len(sources) > 1 and "status" not in row:
        yield f"limit: listed with {row['most']:,} and as certain; sources differ: {told}"


def _of_retirement(model: str, facts: Facts, said: Sequence[Claim], until: str) -> Iterator[str]:
    row = first_row(model, facts, _RETIRED)
    for claim in said:
        if claim.retires is None:
            continue
        told = f"{claim.retires}{f', then {claim.successor}' if claim.successor else ''} ({claim.source})"
        if row is None and (claim.retires == "deprecated" or claim.retires <= until):
            yield f"retirement: not listed; {told}"
        elif row is not None and claim.retires != "deprecated" and str(row.get("day", claim.retires)) != claim.retires:
            yield f"retirement: listed with {row['day']}; {told}"


def _unknown_to_sources(facts: Facts, known: Mapping[str, object]) -> Iterator[str]:
    """Yield the names in lists that stand for one model, of which no source has a word: they may be misspelled."""
    names = (
        name for fact in (_LIMITS, _RETIRED) for row in facts.get(fact, {}).get("value", ()) for name in row["models"]
    )
    yield from (name for name in dict.fromkeys(names) if "*" not in name and name not in known)
