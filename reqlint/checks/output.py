"""Whether the requested form of the answer suits the conversation."""

import re
from collections.abc import Iterator

from reqlint.checks import Facts, Request, check
from reqlint.core.findings import Hit
from reqlint.dialects.vocabulary import Dialect

_mentions_json = re.compile("json", re.IGNORECASE).search


@check
def json_mode_without_json_word(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find what asks for JSON mode when no text of the conversation contains the word "json"."""
    place = dialect.json_mode(request)
    if place is not None and dialect.has_turns(request) and not any(map(_mentions_json, dialect.texts(request))):
        yield Hit(place)
