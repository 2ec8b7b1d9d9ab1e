"""Makes a new language model of a wanted size: Llama (Touvron et al. 2023, arXiv 2302.13971), untrained."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerBase

from genai.training.data.packing import document_end
from genai.training.run.errors import TrainingError


@dataclass(frozen=True, slots=True)
class Architecture:
    """Size of a new Llama model; zeros follow from the others."""

    hidden: Annotated[int, Field(ge=8)] = 256
    intermediate: Annotated[int, Field(ge=0)] = 0
    """Feed-forward width; 0 is 8/3 of `hidden`, rounded up to a multiple of 64."""
    layers: Annotated[int, Field(ge=1)] = 6
    heads: Annotated[int, Field(ge=1)] = 4
    key_value_heads: Annotated[int, Field(ge=0)] = 0
    """Fewer than `heads` share keys and values (Ainslie et al. 2023, arXiv 2305.13245); 0 is `heads`."""
    context: Annotated[int, Field(ge=16)] = 1024
    tie_embeddings: bool = True


def new_model(size: Architecture, tokenizer: PreTrainedTokenizerBase) -> LlamaForCausalLM:
    """A model with random weights, drawn from PyTorch's generator. Raises TrainingError."""
    return LlamaForCausalLM(llama_config(size, tokenizer))


def llama_config(size: Architecture, tokenizer: PreTrainedTokenizerBase) -> LlamaConfig:
    """The configuration in this size for the tokenizer's vocabulary. Raises TrainingError."""
    key_value_heads = size.key_value_heads or size.heads
    if size.hidden % size.heads or size.heads % key_value_heads:
        raise TrainingError("hidden must be a multiple of heads, and heads one of key_value_heads.")
    return LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=size.hidden,
        intermediate_size=size.intermediate or -(-size.hidden * 8 // 3 // 64) * 64,
        num_hidden_layers=size.layers,
        num_attention_heads=size.heads,
        num_key_value_heads=key_value_heads,
        max_position_embeddings=size.context,
        tie_word_embeddings=size.tie_embeddings,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.bos_token_id or document_end(tokenizer),
        eos_token_id=tokenizer.eos_token_id,
    )
