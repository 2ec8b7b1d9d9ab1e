"""Writes a Llama in llama.cpp's format: linear layers in Q4_0, embedding and output layer in Q8_0."""

import json
from importlib.util import find_spec
from pathlib import Path

_NAMES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "post_attention_layernorm": "ffn_norm",
    "input_layernorm": "attn_norm",
    "model.layers": "blk",
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
}


def reason_against(model: str) -> str:
    """Why llama.cpp cannot be measured with `model`; '' when it can."""
    if not (find_spec("llama_cpp") and find_spec("gguf")):
        return "it is not installed (pip install llama-cpp-python gguf)"
    if model == "embedded" or model.endswith(".gguf"):
        return ""
    config = Path(model) / "config.json"
    kind = json.loads(config.read_text("utf-8")).get("model_type") if config.is_file() else "no folder"
    return "" if kind == "llama" else "only folders with a Llama are written in its format here"


def write_gguf(folder: Path, file: Path) -> None:
    """The Llama in `folder` in llama.cpp's format, without its tokenizer."""
    from gguf import GGMLQuantizationType, GGUFWriter, quants
    from safetensors.numpy import load_file

    config = json.loads((folder / "config.json").read_text("utf-8"))
    writer = GGUFWriter(str(file), "llama")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_tokenizer_model("no_vocab")
    heads = {"q_proj": config["num_attention_heads"], "k_proj": config["num_key_value_heads"]}
    for name, weight in load_file(folder / "model.safetensors").items():
        part = name.split(".")[-2]
        if part in heads:  # llama.cpp rotates neighbouring numbers, transformers the two halves of a head
            halves = weight.reshape(heads[part], 2, -1, weight.shape[1])
            weight = halves.swapaxes(1, 2).reshape(weight.shape)
        kind = GGMLQuantizationType.Q8_0 if part in {"embed_tokens", "lm_head"} else GGMLQuantizationType.Q4_0
        if weight.ndim == 1:
            kind = GGMLQuantizationType.F32
        writer.add_tensor(_renamed(name), quants.quantize(weight.astype("float32"), kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _renamed(name: str) -> str:
    for theirs, its in _NAMES.items():
        name = name.replace(theirs, its)
    return name
