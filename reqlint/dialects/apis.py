"""The APIs there are, by the names that reports give them, and what else a value can be than a request to one here."""

from enum import StrEnum
from typing import NamedTuple


class What(StrEnum):
    """What sort of thing a value is that is not judged."""

    ANSWER = "answer"  #: what an API sent back
    CHUNK = "stream chunk"  #: one event of a streamed answer
    REQUEST = "request"  #: a request to an API that no profile is for
    DEFINITION = "definition"  #: something stored with an API, such as an assistant
    TRANSCRIPT = "transcript"  #: a conversation that somebody kept, in a form of their own
    TRAINING = "training example"  #: of a form that is no conversation
    DOCUMENT = "document"  #: of another program


class Stranger(NamedTuple):
    """A value, or where it was sent to, that is known not to be a request of a dialect here."""

    what: What
    of: str  #: whose it is, to follow "of": ``Cohere's chat API``; for a document what it is: ``notebook``
    dialect: str | None = None  #: the wire shape of a request, if profiles may have it

    def counted(self, count: int) -> str:
        """Return how many there are, in words: ``3 requests of Cohere's chat API: no profile``."""
        plural = "" if count == 1 else "s"
        if self.what is What.DOCUMENT:
            return f"{count:,} {self.of}{plural}"
        words = f"{count:,} {self.what}{plural} of {self.of}"
        if self.what is not What.REQUEST:
            return words
        return f"{words}: for another profile" if self.dialect else f"{words}: no profile"


CHAT = "Chat Completions"
RESPONSES = "OpenAI's Responses API"
ANTHROPIC = "Anthropic's Messages API"
GEMINI = "the Gemini API"
CONVERSE = "Bedrock's Converse API"
MCP = "an MCP server"
JSON_RPC = "a JSON-RPC server"
INVOKE = "Bedrock's InvokeModel API"
COMPLETIONS = "the legacy Completions API"
EMBEDDINGS = "an embeddings API"
OLLAMA = "Ollama's API"
COHERE = "Cohere's chat API"
DASHSCOPE = "DashScope's own API"
ASSISTANTS = "OpenAI's Assistants API"

CHAT_REQUEST = Stranger(What.REQUEST, CHAT, "openai-chat")
RESPONSES_REQUEST = Stranger(What.REQUEST, RESPONSES, "openai-responses")
ANTHROPIC_REQUEST = Stranger(What.REQUEST, ANTHROPIC, "anthropic-messages")
GEMINI_REQUEST = Stranger(What.REQUEST, GEMINI, "gemini-generate")
CONVERSE_REQUEST = Stranger(What.REQUEST, CONVERSE, "bedrock-converse")
