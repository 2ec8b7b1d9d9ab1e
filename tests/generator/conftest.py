"""Tiny models with random weights and tokenizers trained on a line of text, made once for all tests."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    AutoModelForCausalLM,
    ByT5Tokenizer,
    GPT2Config,
    LlamaConfig,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PreTrainedTokenizerFast,
    Qwen2Config,
)

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
INSTRUCT = (
    "{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system') }}"
    "{% elif m.role == 'user' %}{% if loop.index0 % 2 %}{{ raise_exception('must alternate') }}{% endif %}"
    "[INST] {{ m.content }} [/INST]{% else %} {{ m.content }}</s>{% endif %}{% endfor %}"
)
TEXT = ["Brainstorm five ideas about green tea for a small bakery, please. Slogans: bread, honest bread!"] * 8


def byte_level_tokenizer() -> PreTrainedTokenizerFast:
    """Byte-level BPE with ChatML, and a marker that nobody flagged as special."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        TEXT,
        trainers.BpeTrainer(
            vocab_size=330,
            special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    tokenizer.add_tokens([AddedToken("<tool_call>", special=False, normalized=False)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token="<|endoftext|>",  # noqa: S106
        additional_special_tokens=["<|im_start|>", "<|im_end|>"],
        chat_template=CHATML,
    )


def metaspace_tokenizer() -> PreTrainedTokenizerFast:
    """SentencePiece-like unigrams, whose vocabulary lists the control tokens as if they were words."""
    controls = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]"]
    spelling = [f"<0x{byte:02X}>" for byte in range(256)] + ["▁"] + [chr(code) for code in range(33, 127)]
    words = ["▁bread", "▁tea", "honest", "▁brain", "storm"]
    scores = [(piece, 0.0) for piece in controls] + [(piece, -9.0) for piece in spelling]
    tokenizer = Tokenizer(models.Unigram([*scores, *((word, -5.0) for word in words)], 0, byte_fallback=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="<unk>",  # noqa: S106
        bos_token="<s>",  # noqa: S106
        eos_token="</s>",  # noqa: S106
        additional_special_tokens=["[INST]", "[/INST]"],
        chat_template=INSTRUCT,
    )


def slow_tokenizer() -> PreTrainedTokenizerBase:
    """A tokenizer in Python, over bytes."""
    return ByT5Tokenizer(extra_ids=2, chat_template=CHATML.replace("<|im_end|>", "</s>"))


def random_model(config: PretrainedConfig, seed: int = 0) -> PreTrainedModel:
    """A model whose next tokens are decided clearly, so that rounding cannot change them."""
    torch.manual_seed(seed)
    model = AutoModelForCausalLM.from_config(config).eval()
    for parameter in model.parameters():
        if parameter.dim() > 1:
            parameter.data.normal_(0, 0.2)
    return model


def tiny_config(kind: str, vocabulary: int, context: int = 256) -> PretrainedConfig:
    """The configuration of a two-layer model; every width is a multiple of 64, as 4-bit blocks want."""
    common = {"vocab_size": vocabulary, "bos_token_id": 0, "eos_token_id": 0, "tie_word_embeddings": False}
    if kind == "gpt2":
        return GPT2Config(n_embd=64, n_layer=2, n_head=4, n_positions=context, **common)
    shape = {
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": context,
    }
    if kind == "qwen2":
        return Qwen2Config(**common, **shape, use_sliding_window=True, sliding_window=8, max_window_layers=1)
    return LlamaConfig(**common, **shape)


ModelFolder = Callable[..., Path]


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> ModelFolder:
    """Makes (once) a folder with a tiny model of a kind: llama, gpt2 or qwen2."""
    made: dict[tuple[str, int], Path] = {}

    def make(kind: str = "llama", context: int = 256) -> Path:
        if (kind, context) not in made:
            folder = tmp_path_factory.mktemp(kind)
            tokenizer = byte_level_tokenizer()
            tokenizer.save_pretrained(folder)
            random_model(tiny_config(kind, len(tokenizer), context)).save_pretrained(folder)
            made[kind, context] = folder
        return made[kind, context]

    return make
