"""The quick proof that no text of a request is a credential: none of the words that each credential has is there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reqlint.core.json_values import may_have_non_finite
from reqlint.schema.accelerated import compile_linear
from reqlint.schema.validators import compile_gate
from reqlint.text.json.plain_text import ESCAPED, look_for

RULE = "credential-in-request"
WORDS = (
    "sk-", "AKIA", "gh[pousr]_", "AIza", "xox", "Bearer ", "-----BEGIN ",
    "data_sources", "api_key", "apiKey", "api-key", "uthorization",
)  # fmt: skip
"""As patterns; a request that the rule refuses has one of them in a text or in a key."""

_NULL = "null"
_SomeWord = Callable[[str], bool]


class CredentialWords:
    """
    Looks for the words in the JSON of some members, which is quicker than to look into each text of theirs.

    Args:
        schemas: those of a gate; that of the rule is among them where it is on.
    """

    def __init__(self, schemas: Sequence[Mapping[str, Any]]) -> None:
        self._rule = [schema for schema in schemas if schema.get("$id") == f"reqlint:rule/{RULE}"]
        has_words, has_any = compile_linear("|".join(WORDS)), compile_linear("|".join((_NULL, *WORDS)))
        if has_words is None or has_any is None:
            self._rule = []
        if self._rule and (has_telling := compile_linear("|".join((ESCAPED, *WORDS)))):
            look_for(has_telling)
        self._has_words: _SomeWord = has_words or _is_any
        self._has_any: _SomeWord = has_any or _is_any
        #: What else the gate is made of.
        self.other_schemas = [schema for schema in schemas if not any(schema is each for each in self._rule)]
        self._accepts: Callable[[object], bool] | None = None  # the rule alone; compiled on first use

    def are_absent(self, text: str, members: object, *, has_null_checked: bool) -> bool:
        """
        Return whether *members*, whose JSON is *text*, hold no credential; False may mean that this is not known.

        Without *has_null_checked*, a null in the text may stand for a number that is not finite; then False is
        returned.
        """
        if not self._has_any(text):
            return True
        if not has_null_checked and _NULL in text and may_have_non_finite(members):
            return False
        if not self._rule or not self._has_words(text):
            return True
        if self._accepts is None:
            self._accepts = compile_gate(self._rule)
        return self._accepts(members)


def _is_any(_: str) -> bool:
    return True
