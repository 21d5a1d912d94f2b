"""The gate: whether a request satisfies the schemas of a profile and of its rules."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reqlint.schema.explain import GENERIC_RULES, ROOT_NAME, Explainer, Explanation, RequestRule, as_resource
from reqlint.schema.validators import Engine, compile_validator

__all__ = ["GENERIC_RULES", "ROOT_NAME", "Explanation", "RequestRule", "Shape"]


class Shape:
    """A profile's schema and the ``request:`` schemas of its rules, compiled into one gate."""

    def __init__(self, schema: Mapping[str, Any], rules: Sequence[RequestRule], engine: str | None = None) -> None:
        self._explainer = Explainer(schema, rules, engine)
        self.schemas = [schema, *map(as_resource, rules)]  #: what a request has to satisfy, the profile's own first
        self._engine: Engine = compile_validator(self.schemas, engine)
        #: Whether a request has nothing to explain; may raise on what is no JSON value.
        self.accepts: Callable[[object], bool] = self._engine.is_valid

    def explain(self, request: object) -> Explanation:
        """Say which rules a refused request meets, and where."""
        return self._explainer.explain(request)
