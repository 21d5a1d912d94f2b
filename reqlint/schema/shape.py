"""The gate: whether a request satisfies the schemas of a profile and of its rules, and why not."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reqlint.schema.first_values import first_gate
from reqlint.schema.request_rules import RequestRule, as_resource
from reqlint.schema.validators import compile_validator

if TYPE_CHECKING:
    from reqlint.schema.explain import Explainer, Explanation
    from reqlint.schema.failures import Known


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
        bulk: str = "",
        repeated: Sequence[str] = (),
    ) -> None:
        self._explained_by = schema, rules, engine, unproven, bulk, repeated
        self._explainer: Explainer | None = None  # made for the first refused request
        self.schemas = [schema, *map(as_resource, rules)]  #: those of the gate, the profile's first
        self._engine_name = engine
        #: Whether a request passes the gate; may raise on what is no JSON value.
        self.accepts: Callable[[object], bool] = first_gate(self.schemas, engine, self._compile)

    def _compile(self) -> Callable[[object], bool]:
        self.accepts = compile_validator(self.schemas, self._engine_name).is_valid
        return self.accepts

    def explain(self, request: object, known: "Known | None" = None) -> "Explanation":
        """
        Return the hits of a refused request, and which of its keys are broken.

        *known* is what the caller knows of it.
        """
        explainer = self._explainer
        if explainer is None:
            from reqlint.schema.explain import Explainer  # a clean run needs none

            explainer = self._explainer = Explainer(*self._explained_by)
        return explainer.explain(request, known)
