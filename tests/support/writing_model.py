"""A language model of a hundred kilobytes that writes ideas, whatever it is asked: titles, sentences, an end.

Its layers add nothing, so the next token follows from the last one alone, by weights that are written down here. All
that a large model goes through it goes through as well, in milliseconds; what it says means nothing.
"""

from pathlib import Path
from random import Random

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from torch import Tensor
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from genai.training.tokenizer import CHAT_TEMPLATE, PADDING, TURN_END, TURN_START

TITLES = (
    "Swap Shelf",
    "Quiet Hour",
    "Night Tour",
    "Repair Table",
    "Seed Library",
    "Open Kitchen",
    "Story Wall",
    "Tool Pool",
    "Walking Map",
    "Long Table",
)
SENTENCES = (
    "Put up a box by the door where everybody may leave one thing and take another.",
    "Ask three neighbours each month to show what they know.",
    "Lend it out for a weekend against a small deposit.",
    "Print a card with five questions and collect the answers.",
    "Start every Tuesday at noon with a short walk.",
    "Let children paint the signs.",
    "Give the first ten visitors a cup of soup.",
    "Keep a book in which everyone writes one line.",
    "Mend what is broken together with a retired joiner.",
    "Open an hour earlier in winter.",
    "Pay with stamps that a baker accepts.",
    "Move it to the courtyard as soon as the sun shines.",
)
_KINDS = ("typed", "title", "sentence", "next")
_SURE, _NEVER = 20.0, 0.0
_WIDTH = 64


def save_writing_model(folder: Path) -> Path:
    """The model as an ordinary folder; the same to the last bit every time."""
    tokenizer, kinds = _tokenizer()
    config = LlamaConfig(
        vocab_size=len(kinds),
        hidden_size=_WIDTH,
        intermediate_size=_WIDTH,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=4096,
        tie_word_embeddings=False,
        pad_token_id=0,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
    )
    torch.manual_seed(0)
    model = LlamaForCausalLM(config)
    layer = model.model.layers[0]
    for adding in (layer.self_attn.o_proj, layer.mlp.down_proj):
        torch.nn.init.zeros_(adding.weight)
    model.model.embed_tokens.weight.data = _places(kinds)
    model.lm_head.weight.data = _wanted(kinds, config.eos_token_id) / _WIDTH**0.5
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _tokenizer() -> tuple[PreTrainedTokenizerFast, list[str]]:
    """Whatever is typed is spelled byte by byte; titles and sentences are tokens. Also the kind of each token."""
    spelling = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    written = {f"1. **{title}**:": "title" for title in TITLES} | {f" {one}": "sentence" for one in SENTENCES}
    written |= {f"\n2. **{title}**:": "next" for title in TITLES}
    tokens = dict.fromkeys((PADDING, TURN_START, TURN_END, *sorted(spelling.alphabet())), "typed")
    for text, kind in written.items():
        ((spelled, _),) = spelling.pre_tokenize_str(text)
        tokens[spelled] = kind
    backend = Tokenizer(models.BPE(vocab={token: place for place, token in enumerate(tokens)}, merges=[]))
    backend.pre_tokenizer, backend.decoder = spelling, decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend,
        eos_token=TURN_END,
        pad_token=PADDING,
        additional_special_tokens=[TURN_START],
        chat_template=CHAT_TEMPLATE,
        clean_up_tokenization_spaces=False,
    )
    return tokenizer, list(tokens.values())


def _places(kinds: list[str]) -> Tensor:
    """[tokens, width]: a one where the kind is; the norm before the output layer makes it the root of the width."""
    places = torch.zeros(len(kinds), _WIDTH)
    places[range(len(kinds)), [_KINDS.index(kind) for kind in kinds]] = 1.0
    return places


def _wanted(kinds: list[str], end: int) -> Tensor:
    """[tokens, width]: how much each token is wanted after each kind."""
    weights = Random(1)
    wanted = torch.full((len(kinds), _WIDTH), _NEVER)
    for token, kind in enumerate(kinds):
        if kind == "title":
            wanted[token, _KINDS.index("typed")] = _SURE + weights.random()
        if kind == "sentence":
            for before in ("title", "next", "sentence"):
                wanted[token, _KINDS.index(before)] = _SURE + weights.random()
        if kind == "next":
            wanted[token, _KINDS.index("sentence")] = _SURE + weights.random() + 2.0
    wanted[end, _KINDS.index("sentence")] = _SURE + 3.0
    return wanted
