"""
Write the tiny model as a file that llama.cpp reads.

    python make_gguf.py FOLDER FILE.gguf
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import gguf
import numpy as np
from safetensors.numpy import load_file

_OUTSIDE = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
_IN_LAYER = {
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
}  # fmt: skip


def renamed(name: str) -> str:
    """Return llama.cpp's name of a tensor by the one that Hugging Face's libraries give it."""
    owner, _, kind = name.rpartition(".")
    if owner in _OUTSIDE:
        return f"{_OUTSIDE[owner]}.{kind}"
    _, _, number, inside = owner.split(".", 3)
    return f"blk.{number}.{_IN_LAYER[inside]}.{kind}"


def tokens(tokenizer: dict[str, object]) -> Iterator[tuple[str, bool]]:
    """Yield every token in the order of its id, with whether it is a special one."""
    special = {each["content"]: each["id"] for each in tokenizer["added_tokens"]}  # type: ignore[index,attr-defined]
    ids = {**tokenizer["model"]["vocab"], **special}  # type: ignore[index,dict-item]
    for token, _ in sorted(ids.items(), key=lambda item: item[1]):
        yield token, token in special


def main(folder: Path, file: Path) -> None:
    """Write the model in *folder* to *file*."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    tokenizer = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    writer = gguf.GGUFWriter(str(file), "qwen2")
    writer.add_name("tiny")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    listed = list(tokens(tokenizer))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([token for token, _ in listed])
    control, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    writer.add_token_types([control if is_special else normal for _, is_special in listed])
    merges = tokenizer["model"]["merges"]
    writer.add_token_merges([" ".join(pair) if isinstance(pair, list) else pair for pair in merges])
    writer.add_eos_token_id(config["eos_token_id"])
    writer.add_pad_token_id(0)
    writer.add_add_bos_token(False)
    writer.add_chat_template(json.loads((folder / "tokenizer_config.json").read_text("utf-8"))["chat_template"])
    for name, tensor in load_file(folder / "model.safetensors").items():
        writer.add_tensor(renamed(name), tensor.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
