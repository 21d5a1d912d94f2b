"""The gate: whether a request satisfies the schemas of a profile and of its rules, and why not."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reqlint.schema.engine import Engine
from reqlint.schema.explain import Explainer, Explanation
from reqlint.schema.failures import RequestRule, as_resource
from reqlint.schema.validators import compile_validator


class Shape:
    """
    A profile's schema and the ``request:`` schemas of its rules, compiled into one gate.

    The arguments are those of `Explainer`.
    """

    def __init__(
        self,
        schema: Mapping[str, Any],
        rules: Sequence[RequestRule],
        engine: str | None = None,
        unproven: frozenset[str] = frozenset(),
    ) -> None:
        self._explainer = Explainer(schema, rules, engine, unproven)
        self.schemas = [schema, *map(as_resource, rules)]  #: those of the gate, the profile's first
        self._engine: Engine = compile_validator(self.schemas, engine)
        #: Whether a request passes the gate; may raise on what is no JSON value.
        self.accepts: Callable[[object], bool] = self._engine.is_valid

    def explain(self, request: object) -> Explanation:
        """Return the hits of a refused request, and which of its keys are broken."""
        return self._explainer.explain(request)
