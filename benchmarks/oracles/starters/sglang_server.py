"""
Run SGLang's HTTP server in this process, until it is ended; only its engine is replaced.

    python sglang_server.py MODEL PORT

Its application, its reading of requests, its chat handler, its tokenizer manager and its grammars are its own. The
scheduler and the model behind them need a graphics card: here each request that reaches them has its grammar made, by
the scheduler's own grammar manager, and is then answered with two words, or refused if there is no such grammar.
"""

import asyncio
import os
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

os.environ.update(HF_HUB_OFFLINE="1", SGLANG_USE_CPU_ENGINE="1", TOKENIZERS_PARALLELISM="false")
os.environ["SGLANG_ENABLE_HEALTH_ENDPOINT_GENERATION"] = "0"
sys.path[0:0] = [str(Path(__file__).parent)]

from absent import stand_in_for  # noqa: E402 - needs the line above

# Asked before there are stand-ins, since what it finds out is kept.
from transformers.utils import import_utils  # noqa: E402, isort: skip

for _asks in [name for name in dir(import_utils) if name.startswith("is_") and name.endswith("_available")]:
    try:
        getattr(import_utils, _asks)()
    except Exception:  # noqa: S112 - some ask about a package by an argument
        continue

NOT_INSTALLED = (
    "torchvision", "torchaudio", "torchcodec", "sgl_kernel", "flashinfer", "decord", "triton", "cuda", "tilelang",
    "deep_gemm", "cutlass", "timm", "modelscope", "torch_memory_saver", "kernels", "pynvml",
)  # fmt: skip
stand_in_for(NOT_INSTALLED)

import uvicorn  # noqa: E402 - these need the stand-ins
from sglang.srt import runtime_context  # noqa: E402
from sglang.srt.constrained.grammar_manager import GrammarManager  # noqa: E402
from sglang.srt.entrypoints import http_server  # noqa: E402
from sglang.srt.entrypoints.engine import init_tokenizer_manager  # noqa: E402
from sglang.srt.managers.tokenizer_manager import ServerStatus, TokenizerManager  # noqa: E402
from sglang.srt.server_args import PortArgs, ServerArgs  # noqa: E402

TOKENS = 131072
NAME = "tiny"


class Asked:
    """A request as the grammar manager sees it."""

    def __init__(self, sent: Any) -> None:
        self.rid = sent.rid
        self.sampling_params = sent.sampling_params
        self.origin_input_ids = list(sent.input_ids)
        self.require_reasoning = sent.require_reasoning
        self.grammar: Any = None
        self.grammar_key: Any = None
        self.grammar_wait_ct = 0
        self.fault = ""

    def set_finish_with_abort(self, message: str, *_: Any, **__: Any) -> None:
        """Remember why the request is refused."""
        self.fault = message

    def finished(self) -> bool:
        """Return whether the request was refused."""
        return bool(self.fault)


class Engine:
    """What stands where the scheduler and the model would be."""

    def __init__(self, manager: TokenizerManager) -> None:
        self._manager = manager
        group = SimpleNamespace(world_size=1, first_rank=0, is_first_rank=True)
        scheduler = SimpleNamespace(
            server_args=manager.server_args, tokenizer=manager.tokenizer, model_config=manager.model_config,
            dp_tp_cpu_group=None, dp_tp_group=group, pp_group=None,
        )  # fmt: skip
        self._grammars = GrammarManager(scheduler)
        self._one_at_a_time = threading.Lock()

    def send(self, sent: Any) -> None:
        """Answer a request, or each of a list, soon."""
        for each in getattr(sent, "batch", None) or [sent]:
            if hasattr(each, "sampling_params"):
                task = asyncio.get_running_loop().create_task(self._answer(each))
                self._manager.asyncio_tasks.add(task)
                task.add_done_callback(self._manager.asyncio_tasks.discard)

    async def _answer(self, sent: Any) -> None:
        asked = Asked(sent)
        await asyncio.to_thread(self._make_grammar, asked)
        state = self._manager.rid_to_state.pop(asked.rid, None)
        if state is None:
            return
        tokens = [1, 2]
        reason: dict[str, Any] = {"type": "stop", "matched": None}
        if asked.fault:
            reason = {"type": "abort", "message": asked.fault, "status_code": 400, "err_type": "BadRequestError"}
        likely = [(-1.0, token, "ok") for token in tokens]
        about = {
            "id": asked.rid, "finish_reason": reason, "prompt_tokens": len(asked.origin_input_ids),
            "completion_tokens": len(tokens), "cached_tokens": 0, "reasoning_tokens": 0, "weight_version": "default",
            "output_token_logprobs": likely, "output_top_logprobs": [[each] for each in likely],
        }  # fmt: skip
        state.finished = True
        state.out_list.append({"text": "ok ok", "output_ids": tokens, "meta_info": about})
        state.event.set()

    def _make_grammar(self, asked: Asked) -> None:
        with self._one_at_a_time:
            try:
                self._grammars.process_req_with_grammar(asked)
                while self._grammars.has_waiting_grammars():
                    self._grammars.get_ready_grammar_requests()
            finally:
                self._grammars.grammar_queue.clear()


def main(model: str, port: int) -> None:
    """Serve *model* on *port* of this machine alone."""
    arguments = ServerArgs(
        model_path=model, served_model_name=NAME, host="127.0.0.1", port=port, context_length=TOKENS,
        tool_call_parser="qwen", device="cpu", attention_backend="torch_native", skip_server_warmup=True,
    )  # fmt: skip
    runtime_context.publish(arguments, role="tokenizer")
    runtime_context.get_parallel().override_permanently(pp_rank=0)
    manager, templates = init_tokenizer_manager(arguments, PortArgs.init_new(arguments))
    manager.server_status = ServerStatus.Up
    manager.max_req_input_len = TOKENS
    engine = Engine(manager)
    manager._dispatch_to_scheduler = engine.send
    about = {"max_req_input_len": TOKENS}
    http_server.set_global_state(
        http_server._GlobalState(tokenizer_manager=manager, template_manager=templates, scheduler_info=about)
    )
    application = http_server.app
    application.is_single_tokenizer_mode = True
    application.server_args = arguments
    application.warmup_thread_kwargs = {"server_args": arguments}
    http_server._wait_and_warmup = lambda *_, **__: None
    uvicorn.run(application, host="127.0.0.1", port=port, log_level="error")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
