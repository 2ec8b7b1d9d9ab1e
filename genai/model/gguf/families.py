"""Says in the words of `transformers` what a GGUF file describes: its configuration and its tensors' names.

The families are those whose layers all attend in an ordinary way: Llama, Mistral, Qwen2, Qwen3, Gemma 1 to 3, Phi-3.
What the converter of llama.cpp changes about a family's weights is undone here or told to whoever reads them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from gguf.constants import MODEL_ARCH_NAMES
from gguf.tensor_mapping import TensorNameMap, get_tensor_name_map
from transformers import AutoConfig, PretrainedConfig

from genai.errors import BadCheckpoint, UnsupportedModel
from genai.model.gguf.header import GgufFile

_GEMMA3_PATTERN = 6
"""Every sixth layer of Gemma 3 sees everything."""


@dataclass(frozen=True, slots=True)
class Family:
    """How a family is called in `transformers`, and what its converter did to the weights.

    `pairs`: rows of queries and keys lie in llama.cpp's order. `raised`: 1 was added to the weights of norms.
    """

    kind: str
    pairs: bool = False
    raised: bool = False
    more: Callable[["Values"], dict[str, Any]] = lambda _: {}


class Values:
    """The values under a file's architecture. Raises BadCheckpoint for one that is missing."""

    def __init__(self, file: GgufFile) -> None:
        self.file = file

    def __call__(self, name: str, default: Any = None) -> Any:
        found = self.file.values.get(f"{self.file.architecture}.{name}", default)
        if found is None:
            raise BadCheckpoint(
                f"The model file {self.file.path.name} does not say its {name}; download another conversion."
            )
        return found

    def number(self, name: str, default: Any = None) -> Any:
        """A number that some conversions write once for each layer; those must be alike."""
        found = self(name, default)
        if not isinstance(found, list):
            return found
        if len({*found}) != 1:
            raise UnsupportedModel(
                f"The layers of {self.file.path.name} differ in their {name}, which cannot be served here."
            )
        return found[0]

    @property
    def head_size(self) -> int:
        """Numbers of a head."""
        return int(
            self.number(
                "attention.key_length", self("embedding_length") // self.number("attention.head_count")
            )
        )


_GEMMA: dict[str, Any] = {"hidden_activation": "gelu_pytorch_tanh"}


def _gemma2(values: Values) -> dict[str, Any]:
    layers = values("block_count")
    return _GEMMA | {
        "sliding_window": values("attention.sliding_window", 4096),
        "attn_logit_softcapping": values("attn_logit_softcapping", 50.0),
        "final_logit_softcapping": values("final_logit_softcapping", 30.0),
        "query_pre_attn_scalar": _asked(values, layers == 46),
        "layer_types": ["full_attention" if layer % 2 else "sliding_attention" for layer in range(layers)],
    }


def _gemma3(values: Values) -> dict[str, Any]:
    layers = values("block_count")
    everything = _rope(values)
    nearby = {"rope_type": "default", "rope_theta": values("rope.freq_base_swa", 10_000.0)}
    return _GEMMA | {
        "sliding_window": values("attention.sliding_window", 512),
        "query_pre_attn_scalar": _asked(values, layers == 62),
        "layer_types": [
            "sliding_attention" if (layer + 1) % _GEMMA3_PATTERN else "full_attention"
            for layer in range(layers)
        ],
        "rope_parameters": {"full_attention": everything, "sliding_attention": nearby},
    }


def _asked(values: Values, largest: bool) -> int:
    """What scores are divided by the root of; the largest of a Gemma's models takes another than the others."""
    heads = int(values.number("attention.head_count"))
    return int(values("embedding_length")) // heads if largest else values.head_size


def _phi3(values: Values) -> dict[str, Any]:
    window = values("attention.sliding_window", 0)
    return {"sliding_window": window or None, "original_max_position_embeddings": _original(values)}


def _sliding(values: Values) -> dict[str, Any]:
    window = values("attention.sliding_window", 0)
    return {"sliding_window": window} if window else {}


_FAMILIES: dict[str, Family] = {
    "llama": Family("llama", pairs=True),
    "mistral": Family("mistral", pairs=True, more=lambda values: {"sliding_window": None} | _sliding(values)),
    "qwen2": Family("qwen2"),
    "qwen3": Family("qwen3"),
    "gemma": Family("gemma", raised=True, more=lambda _: _GEMMA),
    "gemma2": Family("gemma2", raised=True, more=_gemma2),
    "gemma3": Family("gemma3_text", raised=True, more=_gemma3),
    "phi3": Family("phi3", more=_phi3),
}


def family_of(file: GgufFile) -> Family:
    """The family of `file`. Raises UnsupportedModel."""
    if not file.architecture:
        raise BadCheckpoint(
            f"The model file {file.path.name} does not say what it is; download another conversion."
        )
    if file.architecture not in _FAMILIES:
        raise UnsupportedModel(
            f"{file.path.name} holds a model of the architecture {file.architecture}, which I cannot read; "
            f"I know {', '.join(_FAMILIES)}."
        )
    if file.architecture == "llama" and "llama.attention.sliding_window" in file.values:
        return _FAMILIES["mistral"]
    return _FAMILIES[file.architecture]


def configuration(file: GgufFile) -> PretrainedConfig:
    """What `transformers` calls all that. Raises BadCheckpoint or UnsupportedModel."""
    family, values = family_of(file), Values(file)
    if "token_embd.weight" not in file.tensors:
        raise BadCheckpoint(f"The model file {file.path.name} has no embedding; download it again.")
    heads = values.number("attention.head_count")
    found = {
        "vocab_size": file.tensors["token_embd.weight"].shape[0],
        "hidden_size": values("embedding_length"),
        "intermediate_size": values.number("feed_forward_length"),
        "num_hidden_layers": values("block_count"),
        "num_attention_heads": heads,
        "num_key_value_heads": values.number("attention.head_count_kv", heads),
        "head_dim": values.head_size,
        "max_position_embeddings": values("context_length"),
        "rms_norm_eps": values("attention.layer_norm_rms_epsilon"),
        "rope_parameters": _rope(values),
        "tie_word_embeddings": "output.weight" not in file.tensors,
        "attention_bias": "blk.0.attn_output.bias" in file.tensors
        or (family.kind == "llama" and "blk.0.attn_q.bias" in file.tensors),
        "bos_token_id": file.values.get("tokenizer.ggml.bos_token_id"),
        "eos_token_id": file.values.get("tokenizer.ggml.eos_token_id"),
        "pad_token_id": file.values.get("tokenizer.ggml.padding_token_id"),
    }
    try:
        config: PretrainedConfig = AutoConfig.for_model(family.kind, **found | family.more(values))
    except (TypeError, ValueError) as error:
        raise BadCheckpoint(
            f"The model file {file.path.name} contradicts itself about its shape; download it again."
        ) from error
    return config


def _rope(values: Values) -> dict[str, Any]:
    """How positions turn numbers, in the words of `transformers`."""
    found: dict[str, Any] = {"rope_type": "default", "rope_theta": values("rope.freq_base", 10_000.0)}
    kind = values("rope.scaling.type", "none")
    if "rope_factors_long.weight" in values.file.tensors:
        return found | _long_rope(values)
    if kind == "linear":
        return found | {"rope_type": "linear", "factor": values("rope.scaling.factor")}
    if kind == "yarn":
        return found | {
            "rope_type": "yarn",
            "factor": values("rope.scaling.factor"),
            "original_max_position_embeddings": _original(values),
        }
    if kind not in ("none", "", "longrope"):
        raise UnsupportedModel(f"{values.file.path.name} places its tokens by {kind}, which I cannot read.")
    return found


def _long_rope(values: Values) -> dict[str, Any]:
    from genai.model.gguf.blocks import values as weights

    long, short = (
        weights(values.file, f"rope_factors_{which}.weight").tolist() for which in ("long", "short")
    )
    return {
        "rope_type": "longrope",
        "long_factor": long,
        "short_factor": short,
        "original_max_position_embeddings": _original(values),
    }


def _original(values: Values) -> int:
    return int(values("rope.scaling.original_context_length", values("context_length")))


def stored_name(file: GgufFile, name: str) -> str | None:
    """What the parameter `name` of `transformers` is called in `file`; None where it has no such tensor."""
    layers = int(file.values.get(f"{file.architecture}.block_count", 0))
    found = _names(file.architecture, layers).get_name(name, (".weight", ".bias"))
    return found if found in file.tensors else None


@cache
def _names(architecture: str, layers: int) -> TensorNameMap:
    known = {text: kind for kind, text in MODEL_ARCH_NAMES.items()}
    # Mistral's names are those of Llama, whichever of the two its converter says.
    return get_tensor_name_map(known["llama" if architecture == "mistral" else architecture], layers)
