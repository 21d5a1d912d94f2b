"""
Make a tiny model with random weights in the shape of Qwen2, with a tokenizer of its own; nothing is downloaded.

    python make_model.py FOLDER

writes FOLDER as Hugging Face's libraries read it. What it answers is noise, but a server treats requests to it as
those to any model. It runs in the environment of a server, which has numpy, safetensors and tokenizers.
"""

import json
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

TEMPLATE = Path(__file__).with_name("chat_template.jinja")
SPECIAL = (
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>", "<tool_call>", "</tool_call>",
    "<tool_response>", "</tool_response>",
)  # fmt: skip
END, STOP = 0, 2  # ids of <|endoftext|> and <|im_end|>
TOKENS = 131072
WIDTH, INNER, LAYERS, HEADS = 64, 128, 2, 2


def write_tokenizer(folder: Path) -> int:
    """Write a byte-level tokenizer trained on this file and the template, and return the size of its vocabulary."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=1024, special_tokens=list(SPECIAL), initial_alphabet=alphabet)
    tokenizer.train_from_iterator([Path(__file__).read_text("utf-8"), TEMPLATE.read_text("utf-8")], trainer)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": SPECIAL[STOP],
        "pad_token": SPECIAL[END],
        "model_max_length": TOKENS,
        "clean_up_tokenization_spaces": False,
        "chat_template": TEMPLATE.read_text("utf-8"),
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=1), "utf-8")
    return int(tokenizer.get_vocab_size())


def weights(vocabulary: int) -> dict[str, np.ndarray]:
    """Return random weights by the names that Qwen2 gives them."""
    random = np.random.default_rng(0)

    def matrix(rows: int, columns: int) -> np.ndarray:
        return random.normal(0, 0.02, (rows, columns)).astype(np.float32)

    made = {
        "model.embed_tokens.weight": matrix(vocabulary, WIDTH),
        "lm_head.weight": matrix(vocabulary, WIDTH),
        "model.norm.weight": np.ones(WIDTH, np.float32),
    }
    for layer in range(LAYERS):
        inside = f"model.layers.{layer}."
        for name in ("input_layernorm", "post_attention_layernorm"):
            made[f"{inside}{name}.weight"] = np.ones(WIDTH, np.float32)
        for name in ("q", "k", "v"):
            made[f"{inside}self_attn.{name}_proj.weight"] = matrix(WIDTH, WIDTH)
            made[f"{inside}self_attn.{name}_proj.bias"] = np.zeros(WIDTH, np.float32)
        made[f"{inside}self_attn.o_proj.weight"] = matrix(WIDTH, WIDTH)
        made[f"{inside}mlp.gate_proj.weight"] = matrix(INNER, WIDTH)
        made[f"{inside}mlp.up_proj.weight"] = matrix(INNER, WIDTH)
        made[f"{inside}mlp.down_proj.weight"] = matrix(WIDTH, INNER)
    return made


def main(folder: Path) -> None:
    """Write the model into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = write_tokenizer(folder)
    config = {
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "vocab_size": vocabulary,
        "hidden_size": WIDTH,
        "intermediate_size": INNER,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": HEADS,
        "max_position_embeddings": TOKENS,
        "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0,
        "hidden_act": "silu",
        "tie_word_embeddings": False,
        "eos_token_id": STOP,
        "bos_token_id": None,
        "torch_dtype": "float32",
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1), "utf-8")
    (folder / "generation_config.json").write_text(json.dumps({"eos_token_id": STOP}), "utf-8")
    save_file(weights(vocabulary), folder / "model.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
