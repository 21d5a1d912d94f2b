"""Whether what stands in a document is a request beyond doubt, so that it may be edited."""

from collections.abc import Callable, Collection, Mapping

from reqlint.containers.batch import has_body, is_message_line
from reqlint.containers.envelope import RECORDINGS, Envelope, Kind
from reqlint.core.pointer import Place, value_at
from reqlint.dialects.registry import certainly_a_request, has_conversation, is_endpoint, looks_like_request
from reqlint.dialects.vocabulary import Dialect

_LINE_KEYS = frozenset({"body", "custom_id", "method", "url"})
_ANSWER_KEYS = frozenset(
    {
        "answer", "answers", "choices", "completion", "completions", "error", "expected", "output", "outputs", "reply",
        "response", "responses", "result", "results", "status", "status_code", "usage",
    }
)  # fmt: skip


class Certainty:
    """
    Answers for the envelopes of one document; what an array holds is looked at once.

    Args:
        root: the value of the document.
    """

    def __init__(self, root: object) -> None:
        self._root = root
        self._arrays: dict[Place, bool] = {}

    def of(self, envelope: Envelope, dialect: Dialect, keys: Collection[str]) -> bool:
        """
        Return whether *envelope* holds a request of *dialect* beyond doubt, or is a line of a batch file with one.

        *keys* are further keys that such a request may have. A recorded request is none that may be edited, however it
        was recorded; and neither is one in an array that holds other things too, such as its answer.
        """
        if envelope.inner is not None or envelope.answer is not None or envelope.kind in RECORDINGS:
            return False
        if envelope.kind is Kind.FINETUNE:
            return False  # a conversation to learn from, which cannot be told from a transcript
        place = envelope.place

        def is_certain(value: object) -> bool:
            return certainly_a_request(value, dialect, keys)

        if envelope.kind is Kind.BATCH:
            line = place[:-1] if place[-1:] in (("body",), ("params",)) else place
            is_line = is_batch_line(value_at(self._root, line), is_certain, dialect, keys)
            return is_line and self._is_among_its_like(line)
        return is_certain(envelope.value) and self._is_among_its_like(place)

    def _is_among_its_like(self, place: Place) -> bool:
        """Return whether nothing around *place* records an answer."""
        for length in range(len(place)):
            around = value_at(self._root, place[:length])
            if isinstance(around, Mapping) and not _ANSWER_KEYS.isdisjoint(around):
                return False
            if isinstance(around, list) and not self._holds_only_requests(place[:length], around):
                return False
        return True

    def _holds_only_requests(self, place: Place, array: list[object]) -> bool:
        known = self._arrays.get(place)
        if known is None:
            known = self._arrays[place] = all(map(_may_be_request, array))
        return known


def _may_be_request(value: object) -> bool:
    if not isinstance(value, Mapping) or not _ANSWER_KEYS.isdisjoint(value):
        return False
    return has_conversation(value) or looks_like_request(value) or has_body(value) or is_message_line(value)


def is_batch_line(
    line: object, is_certain: Callable[[object], bool], dialect: Dialect, keys: Collection[str] = ()
) -> bool:
    """Return whether *line* is one of a batch file and its body a request, by its URL or by its own marks."""
    if not isinstance(line, Mapping) or "custom_id" not in line:
        return False
    if is_message_line(line):
        return len(line) == len(("custom_id", "params")) and is_certain(line["params"])
    if not all(key in _LINE_KEYS or (key in keys and key not in _ANSWER_KEYS) for key in line):
        return False
    body, url = line.get("body"), line.get("url")
    if isinstance(url, str) and is_endpoint(url):
        return not dialect.is_foreign(body)
    return is_certain(body)
