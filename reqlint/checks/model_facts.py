"""What dated lists say of a model in every wire shape: whether it is still served, and how long its answers can be."""

from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.checks.model_lists import first_row, severity_of
from reqlint.core.findings import Hit
from reqlint.dialects.vocabulary import Dialect

_RETIRED = "retired-models"


@check
def retired_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a model that is no longer served, or will soon not be."""
    model = dialect.model(request)
    row = first_row(model, facts, _RETIRED) if model else None
    if row is not None:
        shown = {"model": model, "what": _fate(row, str(row.get("read") or facts[_RETIRED]["read"]))}
        successor = {"replacement": row["successor"]} if "successor" in row else {}
        yield Hit((dialect.keys["model"],), facts={**shown, **successor})


@check
def token_limit_above_that_of_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every limit of the answer's length that is above what the model can write."""
    model = dialect.model(request)
    row = first_row(model, facts, "output-limits") if model else None
    if row is None:
        return
    for place, value in dialect.token_limits(request):
        name, most = place[-1], row["most"]
        if isinstance(value, int | float) and value > most and name in row.get("parameters", (name,)):
            shown = {"name": name, "value": value, "model": model, "most": most}
            yield Hit(place, facts=shown, severity=severity_of(row))


def _fate(row: Mapping[str, Any], read: str) -> str:
    """Return what happens to a model, as known on the day the list was read: the same request has the same findings."""
    if "day" in row:
        return f"was retired on {row['day']}" if str(row["day"]) <= read else f"retires on {row['day']}"
    return "is deprecated" if row.get("deprecated") else "is retired"
