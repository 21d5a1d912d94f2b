"""Whether the schema of the answer is correct JSON Schema that the server can follow, strict or not."""

from collections.abc import Iterator

from reqlint.checks import Facts, Request, check
from reqlint.checks.json_schema import TYPES, subschemas
from reqlint.checks.parameters import is_ordinary, milder
from reqlint.checks.patterns import looks_around
from reqlint.core.findings import Hit, Severity
from reqlint.dialects.vocabulary import Dialect


@check
def malformed_answer_schema(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find every keyword that breaks its draft of JSON Schema.

    Also every reference that leads nowhere, unless the schema is strict, of which another rule tells; where it is not
    strict, no refusal of this one is known.
    """
    for place, schema, is_strict in dialect.answers(request):
        if not is_ordinary(schema):
            from reqlint.checks.drafts import mistakes  # imports jsonschema, which a clean run never needs

            for mistake in mistakes(schema):
                is_reference = mistake.facts.get("name") == "$ref"
                if not mistake.older and not (is_reference and is_strict):
                    severity = Severity.WARNING if is_reference else milder(mistake.place, mistake.facts, facts)
                    yield Hit((*place, *mistake.place), facts={**mistake.facts}, severity=severity)


@check
def non_object_answer_schema(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every schema whose root is of another type than object, unless it is strict, of which another rule tells."""
    for place, schema, is_strict in dialect.answers(request):
        kind = schema.get("type")
        if not is_strict and isinstance(kind, str) and kind in TYPES and kind != "object":
            yield Hit((*place, "type"), facts={"type": kind})


@check
def answer_pattern_with_lookaround(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every pattern with a look-around in a strict schema."""
    for place, schema in dialect.strict_answers(request):
        for inner, each in subschemas(schema):
            pattern = each.get("pattern")
            if isinstance(pattern, str) and looks_around(pattern):
                yield Hit((*place, *inner, "pattern"))
