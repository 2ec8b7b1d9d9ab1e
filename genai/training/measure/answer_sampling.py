"""Has a model write answers to conversations, by plain sampling, to measure them or to learn from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, cast

import torch
from pydantic import Field
from rich.console import Console
from rich.progress import track
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from genai.request import Turn
from genai.training.data.encoding import ConversationEncoder
from genai.training.run.config import settings
from genai.training.run.distributed import is_main

_BATCH: Final = 32


@settings
class Writing:
    """How answers are drawn: nucleus sampling (Holtzman et al. 2020, arXiv 1904.09751)."""

    temperature: Annotated[float, Field(gt=0, le=5)] = 0.8
    """Below 1, likely tokens become likelier."""
    top_p: Annotated[float, Field(gt=0, le=1)] = 0.95
    """Probability that the tokens to draw from have together."""
    longest: Annotated[int, Field(ge=1)] = 400
    """Tokens after which an answer is broken off."""


@dataclass(frozen=True, slots=True)
class Written:
    """An answer, and whether the model ended it itself."""

    text: str
    finished: bool


def write_answers(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[Sequence[Turn]],
    writing: Writing,
    seed: int,
) -> list[Written]:
    """One answer to each prompt, in order; the same seed gives the same answers on the same machine."""
    encoder = ConversationEncoder(tokenizer)
    encoded = [encoder.prompt(turns) for turns in prompts]
    order = sorted(range(len(encoded)), key=lambda index: len(encoded[index]))
    torch.manual_seed(seed)
    found: dict[int, Written] = {}
    batches = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
    console = Console(stderr=True)
    for batch in track(batches, "Writing", console=console, disable=not is_main(), transient=True):
        ids = _generate(model, [encoded[index] for index in batch], encoder.end, writing)
        found |= {index: _decoded(tokenizer, row, encoder.end) for index, row in zip(batch, ids, strict=True)}
    return [found[index] for index in range(len(encoded))]


@torch.inference_mode()
def _generate(
    model: PreTrainedModel, prompts: Sequence[Sequence[int]], end: int, writing: Writing
) -> list[list[int]]:
    width = max(map(len, prompts))
    room = getattr(model.config.get_text_config(), "max_position_embeddings", None) or width + writing.longest
    ids = torch.tensor([[end] * (width - len(prompt)) + list(prompt) for prompt in prompts])
    mask = torch.tensor([[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts])
    made = cast(Any, model).generate(
        input_ids=ids.to(model.device),
        attention_mask=mask.to(model.device),
        do_sample=True,
        temperature=writing.temperature,
        top_p=writing.top_p,
        top_k=0,
        max_new_tokens=max(1, min(writing.longest, room - width)),
        eos_token_id=end,
        pad_token_id=end,
    )
    return cast(list[list[int]], made[:, width:].tolist())


def _decoded(tokenizer: PreTrainedTokenizerBase, ids: list[int], end: int) -> Written:
    finished = end in ids
    text = tokenizer.decode(ids[: ids.index(end)] if finished else ids, skip_special_tokens=True)
    return Written(str(text).strip(), finished)
